"""Pages that the merchant does not show: no link leads there, their addresses lead nowhere."""

from __future__ import annotations

import pytest
from nicegui.testing import User

from app.actions import Services
from app.auth import CalendarFeeds
from app.pages import Frame, register
from components import NextDelivery, ScheduleTimeline, SubscriptionCard
from components.html import Button
from components.testing import button, press
from tests.actions.shop import Shop
from tests.auth.world import StandingClock
from tests.pages.test_pages import navigate, shown, the
from tests.pages.test_schedule_and_activity import all_of, links
from tests.pages.visits import portals, until, until_gone

SCHEDULE, SUBSCRIPTIONS = "view_order_schedule", "view_subscriptions"
ALWAYS = ["/orders", "/account"]


def in_navigation(user: User) -> list[str]:
    frame = the(user, Frame)
    assert isinstance(frame, Frame)
    assert not any(link.is_deleted for link in frame.links.values())
    return list(frame.links)


def leading_to(user: User, place: str) -> list[str]:
    return [text for text, path in links(user).items() if path.startswith(place)]


@pytest.mark.parametrize(
    ("switch", "path"),
    [
        (SCHEDULE, "/schedule"),
        (SCHEDULE, "/schedule/"),
        (SCHEDULE, "/schedule/month"),
        (SUBSCRIPTIONS, "/subscriptions"),
        (SUBSCRIPTIONS, "/subscriptions/301"),
        ("show_credits", "/credit"),
    ],
)
async def test_the_address_of_what_is_not_shown_leads_nowhere(
    services: Services, shop: Shop, switch: str, path: str
) -> None:
    await shop.mirror.customer(101).snapshot()
    await shop.switch(**{switch: False})
    async with portals(services) as page:
        user = page.visitor(101)
        response = await user.http_client.get(path)
        assert response.status_code == 404
        assert "There is nothing here" in response.text

        await user.open("/")
        await navigate(user, path)
        await until(user, "There is nothing here")
        assert not all_of(user, ScheduleTimeline)
        assert not all_of(user, SubscriptionCard)


async def test_without_the_schedule_the_next_delivery_stays(services: Services, shop: Shop) -> None:
    await shop.mirror.customer(101).snapshot()
    await shop.switch(view_order_schedule=False)
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/")
        assert in_navigation(user) == ["/", "/subscriptions", *ALWAYS]
        assert all_of(user, NextDelivery)
        assert all_of(user, SubscriptionCard)
        assert not all_of(user, ScheduleTimeline)
        assert "Coming deliveries" not in shown(user)
        assert leading_to(user, "/schedule") == []

        await user.open("/subscriptions/301")
        assert "What has come" in shown(user)
        assert "Its coming deliveries" not in shown(user)
        assert leading_to(user, "/schedule") == []


async def test_without_the_subscriptions_the_schedule_stays(services: Services, shop: Shop) -> None:
    await shop.mirror.customer(101).snapshot()
    await shop.switch(view_subscriptions=False)
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/")
        assert in_navigation(user) == ["/", "/schedule", *ALWAYS]
        assert all_of(user, NextDelivery)
        assert all_of(user, ScheduleTimeline)
        assert not all_of(user, SubscriptionCard)
        assert "Your subscriptions" not in shown(user)
        assert leading_to(user, "/subscriptions") == []


async def test_without_the_subscriptions_the_way_out_stays(services: Services, shop: Shop) -> None:
    await shop.mirror.customer(101).snapshot()
    await shop.switch(view_subscriptions=False)
    async with portals(services) as page:
        user = page.visitor(101)
        for path in ("/subscriptions/301/cancelled", "/subscriptions/cancel"):
            assert (await user.http_client.get(path)).status_code == 404
        for path in ("/subscriptions/301/cancel", "/subscriptions/301/cancel/confirm"):
            assert (await user.http_client.get(path)).status_code == 200
        await user.open("/subscriptions/301/cancel")
        await until(user, "Not cancelled yet")
        assert links(user)["Keep my subscription"] == "/"
        (end,) = [
            one
            for one in all_of(user, Button)
            if isinstance(one, Button) and one.props.get("data-key") == "end"
        ]
        await press(end)
        await until(user, "Receipt number")
        assert (await shop.client.subscriptions.get(301)).status == "cancelled"
        assert links(user)["To the overview"] == "/"
        led_to = leading_to(user, "/subscriptions")
        assert led_to
        assert set(led_to) == {"Cancel"}, "what goes on has no page to lead to"


async def test_where_nothing_is_planned_no_link_leads_to_what_is_not_shown(
    services: Services, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.state.portal.comes", lambda _: False)
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/")
        assert "No delivery is planned" in shown(user)
        assert links(user)["Your subscriptions"] == "/subscriptions"
        await shop.switch(view_subscriptions=False)
        user = page.visitor(101)
        await user.open("/")
        assert "No delivery is planned" in shown(user)
        assert leading_to(user, "/subscriptions") == []


async def test_no_calendar_is_offered_where_the_schedule_is_not_shown(
    services: Services, shop: Shop
) -> None:
    async with portals(services) as page:
        feeds = CalendarFeeds(services.database, StandingClock())
        register(services, page.owners, services.settings, feeds)
        user = page.visitor(102)
        await user.open("/schedule")
        assert "Add to your calendar" in shown(user)
        await shop.switch(view_order_schedule=False)
        await until(user, "There is nothing here")
        assert "Add to your calendar" not in shown(user)


async def test_an_open_page_follows_the_merchant(services: Services, shop: Shop) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        client = await user.open("/schedule")
        before = in_navigation(user)
        await shop.switch(view_order_schedule=False)
        await until(user, "There is nothing here")
        assert user.client is client
        assert in_navigation(user) == ["/", "/subscriptions", *ALWAYS]
        assert client.title == "Not found"

        await shop.switch(view_order_schedule=True)
        await until(user, "Ready to be charged")
        assert in_navigation(user) == before
        frame = the(user, Frame)
        assert isinstance(frame, Frame)
        marked = [to for to, one in frame.links.items() if one.props.get("aria-current")]
        assert marked == ["/schedule"]


async def test_a_view_that_is_still_shown_is_left_as_it_is(services: Services, shop: Shop) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions")
        cards = all_of(user, SubscriptionCard)
        await shop.switch(view_order_schedule=False)
        await until_gone(user, "Schedule")
        assert all_of(user, SubscriptionCard) == cards


async def test_what_is_not_known_yet_is_not_taken_for_switched_off(
    services: Services, shop: Shop
) -> None:
    await shop.switch(view_order_schedule=False)
    await shop.fault("GET", "/customers/*", "500", times=99)
    async with portals(services) as page:
        user = page.visitor(106)
        await user.open("/schedule")
        await until(user, "Try again")
        assert "There is nothing here" not in shown(user)
        await shop.no_faults()
        await press(button(user.current_layout, "Try again"))
        await until(user, "There is nothing here")

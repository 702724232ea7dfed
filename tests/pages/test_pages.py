"""The page: its views, its addresses, and who sees what."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from nicegui import Client, ui
from nicegui.testing import User

from app.actions import Services
from app.pages import Frame, Overview, View
from app.pages import page as page_module
from components import (
    NextDelivery,
    NoticeBar,
    SkipDialog,
    SubscriptionCard,
    SubscriptionDetails,
    html,
    overridden,
)
from components.testing import button, press, words
from tests.actions.shop import Shop
from tests.pages.visits import portals, until, until_gone


def shown(user: User) -> str:
    """Everything on the page, a line for each text."""
    return "\n".join(words(user.current_layout))


def the(user: User, kind: type[ui.element]) -> ui.element:
    return next(one for one in user.current_layout.descendants() if isinstance(one, kind))


async def test_the_overview_shows_what_comes_next_first(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/")
        text = shown(user)
        assert "Hello, Mara" in text
        assert "Your next delivery" in text
        assert text.index("Your next delivery") < text.index("Coming deliveries")
        assert text.index("Coming deliveries") < text.index("Your subscriptions")
        assert user.client
        assert user.client.title == "Overview · Northbound Coffee & Pantry"
        cards = [
            one for one in user.current_layout.descendants() if isinstance(one, SubscriptionCard)
        ]
        assert len(cards) == 8


async def test_every_page_belongs_to_who_asked_for_it(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        client = await user.open("/")
        assert page.owners.pages == {client.id: 101}


async def test_a_busy_machine_is_late_with_a_page_and_does_not_give_it_up(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ui.page] = []

    class Noted(ui.page):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            made.append(self)

    patience = page_module.PATIENCE
    monkeypatch.setattr(ui, "page", Noted)
    async with portals(services):
        assert made
        assert all(one.response_timeout > 100 * patience for one in made)
        assert all(one.response_timeout > page_module.PATIENCE for one in made), "in tests too"


async def test_two_customers_never_see_each_other(services: Services) -> None:
    async with portals(services) as page:
        mara, tom = page.visitor(101), page.visitor(104)
        await mara.open("/")
        await tom.open("/")
        assert "Mara" in shown(mara)
        assert "Mara" not in shown(tom)
        assert "Tom" in shown(tom)
        before = shown(tom)
        await skip_next(mara)
        assert shown(tom) == before


async def skip_next(user: User) -> None:
    """Skip the next delivery: two presses."""
    await press(button(the(user, NextDelivery), "Skip this delivery"))
    dialog = the(user, SkipDialog)
    confirm = [one for one in dialog.descendants() if isinstance(one, html.Button)][-1]
    await press(confirm)


async def test_skip_and_undo(services: Services, shop: Shop) -> None:
    async with portals(services) as page:
        user = page.visitor(102)
        await user.open("/")
        first = words(the(user, NextDelivery))
        await skip_next(user)
        assert words(the(user, NextDelivery)) != first, "the one after it is next"
        notice = the(user, NoticeBar)
        assert "skipped" in words(notice)[0]
        assert sum((await shop.executed()).values()) == 1

        await press(button(notice, "Undo"))
        assert words(the(user, NextDelivery)) == first
        assert sum((await shop.executed()).values()) == 2


async def test_the_question_says_what_changes_and_keeps_without_the_server(
    services: Services, shop: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(102)
        await user.open("/")
        await press(button(the(user, NextDelivery), "Skip this delivery"))
        dialog = the(user, SkipDialog)
        assert dialog.tag == "dialog"
        text = words(dialog)
        assert text[0].startswith("Skip")
        assert any("$" in line for line in text), "it names the money"
        keep = next(one for one in dialog.descendants() if getattr(one, "text", "") == "Keep it")
        assert keep.props["type"] == "submit"
        assert keep.parent_slot
        assert keep.parent_slot.parent.props["method"] == "dialog"

        user.find(kind=SkipDialog).trigger("close")
        await until_gone(user, SkipDialog)
        assert await shop.executed() == {}


async def test_two_presses_on_the_confirmation_make_one_write(
    services: Services, shop: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(102)
        await user.open("/")
        await press(button(the(user, NextDelivery), "Skip this delivery"))
        dialog = the(user, SkipDialog)
        confirm = [one for one in dialog.descendants() if isinstance(one, html.Button)][-1]
        await asyncio.gather(press(confirm), press(confirm))
        assert sum((await shop.executed()).values()) == 1


async def test_an_upstream_failure_says_that_nothing_changed(
    services: Services, shop: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(102)
        await user.open("/")
        before = words(the(user, NextDelivery))
        await shop.fault("POST", "/charges/*/skip", "422")
        await skip_next(user)
        notice = the(user, NoticeBar)
        assert notice.props["data-tone"] == "error"
        assert words(the(user, NextDelivery)) == before


async def test_a_first_visit_that_fails_says_so_and_can_be_repeated(
    services: Services, shop: Shop
) -> None:
    await shop.fault("GET", "/customers/*", "500", times=99)
    async with portals(services) as page:
        user = page.visitor(106)
        await user.open("/")
        await until(user, "Try again")
        text = shown(user)
        assert "No delivery is planned" not in text, "unknown is not empty"
        assert "500" not in text
        await shop.no_faults()
        await press(button(user.current_layout, "Try again"))
        await until(user, "Your next delivery")


async def test_each_view_has_its_address_heading_and_mark(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        for path, heading in (
            ("/", "Hello, Mara"),
            ("/subscriptions", "Subscriptions"),
            ("/schedule", "Schedule"),
        ):
            await user.open(path)
            (h1,) = [one for one in user.current_layout.descendants() if one.tag == "h1"]
            assert words(h1) == [heading]
            frame = the(user, Frame)
            assert isinstance(frame, Frame)
            marked = [to for to, one in frame.links.items() if one.props.get("aria-current")]
            assert marked == [path]


async def test_views_change_without_a_new_page(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        client = await user.open("/")
        await navigate(user, "/schedule")
        assert user.client is client
        assert client.title == "Schedule · Northbound Coffee & Pantry"
        assert "Your next delivery" not in shown(user)
        frame = the(user, Frame)
        assert isinstance(frame, Frame)
        assert frame.links["/schedule"].props["aria-current"] == "page"
        assert "aria-current" not in frame.links["/"].props


async def navigate(user: User, path: str) -> None:
    """Follow a link of the page, as the browser tells the server of it."""
    assert user.client
    with user.client:
        await user.client.sub_pages_router._handle_navigate(path)


async def test_a_subscription_has_a_page_of_its_own(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions/301")
        text = shown(user)
        assert "Its coming deliveries" in text
        (h1,) = [one for one in user.current_layout.descendants() if one.tag == "h1"]
        assert words(h1)[0] in text


async def test_unknown_foreign_and_malformed_ids_look_the_same(services: Services) -> None:
    async with portals(services) as page:
        answers = []
        for id in ("999999", "304000", "1_0", "0301", "abc", "٣٠١", "1" * 30):
            user = page.visitor(104)
            response = await user.http_client.get(f"/subscriptions/{id}")
            assert response.status_code == 404
            answers.append(words(list(Client.instances.values())[-1].layout))
        foreign = page.visitor(102)
        response = await foreign.http_client.get("/subscriptions/301")  # Mara's
        assert response.status_code == 404
        assert [text for text in answers if text != answers[0]] == []
        assert "There is nothing here" in answers[0]


async def test_an_unknown_address_is_not_found_in_our_words(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        response = await user.http_client.get("/nowhere/at/all")
        assert response.status_code == 404
        assert "There is nothing here" in response.text
        await user.open("/")
        await navigate(user, "/nowhere")
        await until(user, "There is nothing here")


@pytest.mark.parametrize("name", ["_handle_open", "_handle_navigate"])
@pytest.mark.parametrize("start", ["/schedule", "/nowhere"])
async def test_what_is_no_address_leads_nowhere(services: Services, name: str, start: str) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/")
        await navigate(user, start)
        assert user.client
        before = shown(user)
        router = user.client.sub_pages_router
        for strange in (None, 1, True, {}, {"path": "/"}, ["/"], "", "//[", "/\t/[", "/" * 2001,
                        "//evil.example/", "https://evil.example/"):  # fmt: skip
            with user.client:
                await getattr(router, name)(strange)
            assert router.current_path == start
        assert shown(user) == before
        await navigate(user, "/subscriptions")
        await until(user, "Subscriptions")


async def test_a_view_that_fails_says_so_without_the_exception(services: Services) -> None:
    class Broken(Overview):
        def __init__(self, *_: object) -> None:
            raise RuntimeError("sk_live_123")

    async with portals(services) as page:
        user = page.visitor(101)
        with overridden(Overview, Broken):
            await user.open("/")
        text = shown(user)
        assert "This page cannot be shown right now" in text
        assert "sk_live_123" not in text


async def test_the_way_out_is_a_form_with_its_token(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/")
        (form,) = [
            one
            for one in user.current_layout.descendants()
            if one.props.get("action") == "/sign-out"
        ]
        assert form.props["method"] == "post"
        (field,) = [one for one in form.descendants() if one.tag == "input"]
        assert (field.props["name"], field.props["value"]) == ("form", "a-token")


async def test_a_closed_page_follows_nothing_any_more(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        client = await user.open("/")
        assert services.mirror.changes._callbacks
        client.delete()
        assert not services.mirror.changes._callbacks


async def test_a_page_costs_no_call_upstream_the_second_time(
    services: Services, shop: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/")
        await shop.forget_counters()
        await page.visitor(101).open("/")
        assert (await shop.counters())["requests"] == {}


async def test_a_view_can_be_replaced(services: Services) -> None:
    class Greeting(Overview):
        def ready(self) -> None:
            html.p("Good morning from the roastery")
            super().ready()

    async with portals(services) as page:
        user = page.visitor(101)
        with overridden(Overview, Greeting):
            await user.open("/")
        assert "Good morning from the roastery" in shown(user)
        assert issubclass(Greeting, View)


async def test_the_page_of_one_subscription_says_everything(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions/301")
        text = words(the(user, SubscriptionDetails))
        for part in (
            "Harbor Blend", "12 oz / Filter", "$31.50", "$28.35", "Every 2 weeks",
            "Visa ending in 4242", "Delivery", "Products", "How often", "Stop",
        ):  # fmt: skip
            assert part in text
        assert any(line.startswith("Change until") for line in text)
        assert text.index("Delivery") < text.index("Stop")
        assert "What has come" in shown(user)


async def test_a_menu_is_made_when_it_is_opened(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/")
        next_delivery = the(user, NextDelivery)
        assert "Order now" not in words(next_delivery)
        await press(button(next_delivery, "More"))
        assert "Order now" in words(next_delivery)

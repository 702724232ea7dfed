"""Memberships on the page: where there are any, and the way out of one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from nicegui import ui
from nicegui.testing import User

from app.actions import Services
from components import CancelFlow, MembershipCard
from components.html import Button, Tag
from components.testing import button, press
from tests.actions.shop import Shop
from tests.pages.test_pages import navigate, shown, the
from tests.pages.test_schedule_and_activity import all_of
from tests.pages.visits import portals, until

MARAS, ELENAS, SAMS = 941, 942, 943


@pytest.fixture
async def with_memberships(shop: Shop) -> Shop:
    """The shop has them, and the mirror has read those of three customers."""
    await shop.switch(enable_membership_programs=True)
    for customer_id in (101, 105, 106):
        await shop.mirror.customer(customer_id).snapshot()
        await shop.mirror.customer(customer_id).refresh()
    await shop.mirror.settled()
    return shop


def link(user: User, text: str) -> str:
    """Where the link leads that says this."""
    for element in user.current_layout.descendants():
        if isinstance(element, Tag) and element.tag == "a" and text in shown_in(element):
            return str(element.props["href"])
    raise AssertionError(f"no link says {text!r}")


def shown_in(element: ui.element) -> str:
    return " ".join(
        str(one.text)
        for one in element.descendants(include_self=True)
        if isinstance(one, Tag) and one.text
    )


def ending(user: User) -> Button:
    """The button that ends it."""
    (found,) = [
        one
        for one in all_of(user, Button)
        if isinstance(one, Button) and one.props.get("data-key") == "end"
    ]
    return found


def starting(user: User) -> Button:
    """The button that takes it up again, and says on which day it is paid."""
    (found,) = [
        one
        for one in all_of(user, Button)
        if isinstance(one, Button) and str(one.text).startswith("Start again, pay on")
    ]
    return found


async def cancelled(shop: Shop, id: int) -> bool:
    return (await shop.client.memberships.get(id)).is_cancelled


async def test_they_stand_below_the_subscriptions_under_a_heading_of_their_own(
    services: Services, with_memberships: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions")
        text = shown(user)
        assert text.index("Harbor") < text.index("Memberships")
        (card,) = all_of(user, MembershipCard)
        assert "Northbound Circle" in shown_in(card)
        assert "Free shipping" in shown_in(card)
        assert "Next payment on" in shown_in(card)
        assert link(user, "Cancel membership") == f"/memberships/{MARAS}/cancel"


async def test_nothing_is_drawn_for_who_has_none_nor_in_a_shop_without(
    services: Services, shop: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions")
        assert "Membership" not in shown(user)
        await shop.switch(enable_membership_programs=True)
        jonas = page.visitor(102)
        await jonas.open("/subscriptions")
        assert "Membership" not in shown(jonas)


async def test_a_merchant_who_does_not_show_them_shows_none_of_it(
    services: Services, with_memberships: Shop
) -> None:
    await with_memberships.switch(view_memberships=False)
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions")
        assert "Membership" not in shown(user)
        for path in (f"/memberships/{MARAS}", f"/memberships/{MARAS}/cancel"):
            assert (await user.http_client.get(path)).status_code == 404


async def test_it_is_cancelled_in_two_presses(services: Services, with_memberships: Shop) -> None:
    shop = with_memberships
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions")
        await navigate(user, link(user, "Cancel membership"))  # the first press
        await until(user, "Not cancelled yet")
        text = shown(user)
        assert "Cancel your membership" in text
        assert "You are not charged for Northbound Circle (Monthly) any more" in text
        assert "keep these benefits until then" in text
        assert not await cancelled(shop, MARAS)

        await press(ending(user))  # the second
        assert await cancelled(shop, MARAS)
        await until(user, "Receipt number")
        text = shown(user)
        assert "Your membership Northbound Circle is cancelled" in text
        assert "Not cancelled yet" not in text
        found = await shop.client.memberships.get(MARAS)
        assert (found.status, found.next_charge_scheduled_at) == ("active", None)

        await press(starting(user))
        assert not await cancelled(shop, MARAS)


async def test_where_the_shop_ends_them_itself_it_says_whom_to_write_to(
    services: Services, with_memberships: Shop
) -> None:
    await with_memberships.switch(membership_allow_membership_cancellation_in_customer_portal=False)
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions")
        await navigate(user, link(user, "Cancel membership"))
        await until(user, "Not cancelled yet")
        assert "This shop ends memberships itself" in shown(user)
        assert link(user, "Write to").startswith("mailto:")
        keys = [one.props.get("data-key") for one in all_of(user, Button)]
        assert "end" not in keys


async def test_one_that_goes_on_is_told_where_a_subscription_ends(
    services: Services, with_memberships: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions/301/cancel")
        await until(user, "Not cancelled yet")
        assert "Your membership goes on: Northbound Circle (Monthly)." in shown(user)
        await press(ending(user))
        await until(user, "Receipt number")
        assert link(user, "Northbound Circle") == f"/memberships/{MARAS}"


async def test_a_reason_reaches_the_merchant(services: Services, with_memberships: Shop) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(f"/memberships/{MARAS}/cancel/confirm")
        await until(user, "Not cancelled yet")
        flow = the(user, CancelFlow)
        assert isinstance(flow, CancelFlow)
        reason = flow.model.plan.reasons[1]
        await flow.model.choose(reason)
        await press(ending(user))
        found = await with_memberships.client.memberships.get(MARAS)
        assert found.cancellation_reason == reason.for_merchant


async def test_an_end_that_is_not_answered_is_never_called_cancelled(
    services: Services, with_memberships: Shop
) -> None:
    shop = with_memberships
    await shop.fault("POST", "/memberships/*/cancel", kind="500", times=5)
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(f"/memberships/{MARAS}/cancel")
        await until(user, "Not cancelled yet")
        await press(ending(user))
        assert not await cancelled(shop, MARAS)
        assert "is cancelled" not in shown(user)


async def test_one_that_is_cancelled_tells_until_when_it_is_paid_and_can_be_taken_up(
    services: Services, with_memberships: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(106)
        await user.open(f"/memberships/{SAMS}")
        card = the(user, MembershipCard)
        assert "Cancelled" in shown_in(card)
        assert "then it ends" in shown_in(card)
        await press(button(card, "Start again"))
        assert "You are charged" in shown(user)
        await press(starting(user))
        found = await with_memberships.client.memberships.get(SAMS)
        assert not found.is_cancelled
        await until(user, "Next payment on")


async def test_another_customers_membership_is_not_found(
    services: Services, with_memberships: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        for path in (
            f"/memberships/{SAMS}",
            f"/memberships/{SAMS}/cancel",
            f"/memberships/{SAMS}/cancel/confirm",
            "/memberships/0",
            "/memberships/x/cancel",
            "/memberships",
        ):
            answer = await user.http_client.get(path)
            assert answer.status_code == 404, path
            assert "There is nothing here" in answer.text


async def test_an_ended_one_says_when(services: Services, with_memberships: Shop) -> None:
    async with portals(services) as page:
        user = page.visitor(105)
        await user.open("/subscriptions")
        card = the(user, MembershipCard)
        assert "Ended on" in shown_in(card)
        assert "Free shipping" not in shown_in(card)


async def test_a_day_that_passes_ends_it(services: Services, with_memberships: Shop) -> None:
    shop = with_memberships
    async with portals(services) as page:
        user = page.visitor(106)
        await user.open("/subscriptions")
        assert "then it ends" in shown(user)
        await shop.advance(timedelta(days=90))
        await shop.mirror.customer(106).refresh()
        await until(user, "Ended on")

"""A membership as its card shows it, and what an open page knows of it."""

from __future__ import annotations

from typing import Any

import pytest

from app.actions import (
    CancelMembership,
    CancelTogether,
    Principal,
    ReactivateMembership,
    Services,
    which,
)
from app.recharge import Membership
from app.retention import Subject
from app.state import Leavings, MembershipRetention, MembershipState, Portal
from tests.actions.cases.memberships import ELENA, MARA, SAM, membership_of
from tests.actions.shop import TODAY, Shop, signed_in
from tests.state.page import English, opened, text


async def page_of(shop: Shop, services: Services, who: Principal = MARA) -> Portal:
    await membership_of(shop, services, who)
    return await opened(services, who)


def only(portal: Portal) -> MembershipState:
    (found,) = portal.memberships
    return found


def status(state: MembershipState) -> str:
    return state.status


def otherwise(state: MembershipState, **fields: Any) -> None:
    """Recharge tells something else of it."""
    document = state.membership.model_dump() | fields
    state.update(Membership.model_validate(document))


async def test_one_that_goes_on(shop: Shop, services: Services) -> None:
    portal = await page_of(shop, services)
    shown = only(portal)
    assert (shown.title, shown.variant_title) == ("Northbound Circle", "Monthly")
    assert shown.price is not None
    assert English.money(shown.price) == "US$5.00"
    assert shown.interval is not None
    assert English.render(shown.interval) == "every month"
    assert (shown.status, English.render(shown.status_text)) == ("active", "Active")
    assert shown.next_date == shown.ends_on
    assert shown.benefits == ("Free shipping", "5 % off everything", "First pick of new roasts")
    assert shown.subject == Subject("membership", shown.key)
    assert shown.rules.region == "US"
    assert shown.can_cancel
    portal.close()


@pytest.mark.parametrize(
    ("who", "standing", "words"), [(SAM, "ending", "Cancelled"), (ELENA, "ended", "Ended")]
)
async def test_one_that_is_cancelled(
    shop: Shop, services: Services, who: Principal, standing: str, words: str
) -> None:
    portal = await page_of(shop, services, who)
    shown = only(portal)
    assert (shown.status, English.render(shown.status_text)) == (standing, words)
    assert shown.is_over
    assert shown.next_date is None
    assert not shown.can_cancel
    assert portal.can(ReactivateMembership(membership_id=shown.key))
    portal.close()


async def test_what_recharge_may_tell_of_tomorrow(shop: Shop, services: Services) -> None:
    portal = await page_of(shop, services)
    shown = only(portal)
    told: list[str] = []
    shown.changed.subscribe(lambda: told.append("changed"))
    otherwise(shown, status="sleeping", price=None, charge_interval_unit="moon")
    assert (shown.status, shown.price, shown.interval) == ("unknown", None, None)
    assert English.render(shown.status_text) == "Status not known"
    assert told == ["changed"]
    otherwise(shown, cancelled_at="2026-11-01", expires_at=TODAY, status="active")
    assert status(shown) == "ended", "the day to which it was paid has come"
    otherwise(shown, cancelled_at="2026-11-01", expires_at=None, status="active")
    assert status(shown) == "ending"
    otherwise(shown, product_title="", cancelled_at=None, status="active")
    assert shown.title == "Northbound Circle", "the name of its program"
    portal.close()


async def test_there_are_none_where_the_shop_has_none(services: Services) -> None:
    portal = await opened(services, MARA)
    assert portal.memberships == []
    portal.close()


async def test_an_end_is_shown_when_it_is_read_back_and_not_before(
    shop: Shop, services: Services
) -> None:
    portal = await page_of(shop, services)
    shown = only(portal)
    seen: list[tuple[bool, bool]] = []
    portal.changed.subscribe(lambda: seen.append((shown.is_pending, shown.is_over)))

    assert await portal.do(CancelMembership(membership_id=shown.key)) is not None

    assert only(portal) is shown
    assert (True, False) in seen, "it is being saved, and not over yet"
    assert (True, True) not in seen
    assert (shown.is_pending, shown.is_over) == (False, True)
    assert text(portal.notice) == "Your membership Northbound Circle (Monthly) is cancelled."
    await portal.undo()
    assert not shown.is_over
    portal.close()


async def test_while_nobody_knows_it_is_being_checked(shop: Shop, services: Services) -> None:
    portal = await page_of(shop, services)
    shown = only(portal)
    await shop.fault("POST", "/memberships/*/cancel", kind="cut_after", times=1)
    await shop.fault("GET", "/memberships", kind="500", times=99)
    await portal.do(CancelMembership(membership_id=shown.key))
    assert (shown.is_checked, shown.is_over) == (True, False)
    assert not shown.can_cancel
    assert "not confirmed yet" in text(portal.notice)
    portal.close()


async def test_the_way_out_stays_the_same_and_is_nobody_elses(
    shop: Shop, services: Services
) -> None:
    portal = await page_of(shop, services)
    leavings, shown = Leavings(portal), only(portal)
    retention = leavings.of(shown.subject)
    assert isinstance(retention, MembershipRetention)
    assert leavings.of(shown.subject) is retention
    assert leavings.of(Subject("membership", 943)) is None
    assert leavings.of(Subject("subscription", shown.key)) is None
    assert leavings.of(Subject("membership", 301)) is None
    leavings.close()
    portal.close()


async def test_leaving_asks_for_memberships_own_reasons_and_offers_nothing_to_move(
    shop: Shop, services: Services
) -> None:
    portal = await page_of(shop, services)
    leavings = Leavings(portal)
    retention = leavings.of(only(portal).subject)
    assert retention is not None
    await retention.arrive("reason")
    assert [one.said("en") for one in retention.plan.reasons] == [
        "I do not use it enough",
        "The membership costs too much",
        "Another reason",
    ]
    await retention.choose(retention.plan.reasons[0])
    assert await retention.go_on() == "/memberships/941/cancel/confirm"
    assert retention.offer is None
    await retention.end()
    assert retention.is_over
    assert retention.step == "done"
    assert retention.take_destination() == "/memberships/941/cancel/done"
    assert retention.flow is not None
    flow = await services.flows.find(retention.flow.id)
    assert flow is not None
    assert (flow.subject, flow.decision, flow.reason) == (
        Subject("membership", 941), "cancelled", retention.plan.reasons[0].key,
    )  # fmt: skip
    assert retention.reactivation is not None
    await retention.reactivation.confirm()
    assert not retention.is_over
    leavings.close()
    portal.close()


async def test_reloading_reads_them_too(shop: Shop, services: Services) -> None:
    portal = await page_of(shop, services)
    await shop.client.memberships.cancel(941, cancellation_reason="By telephone")
    await portal.reload()
    assert only(portal).is_over
    portal.close()


async def test_who_has_none_sees_none(shop: Shop, services: Services) -> None:
    await membership_of(shop, services, MARA)
    portal = await opened(services, signed_in(102))
    assert portal.memberships == []
    portal.close()


async def test_one_that_is_not_listed_any_more_is_not_called_over(
    shop: Shop, services: Services
) -> None:
    portal = await page_of(shop, services)
    leavings = Leavings(portal)
    retention = leavings.of(Subject("membership", 941))
    assert isinstance(retention, MembershipRetention)
    refusal = {"errors": "this store has no memberships"}
    await shop.fault("GET", "/memberships", "500", status=403, times=99, body=refusal)

    await portal.reload()
    await retention.arrive("done")

    assert portal.memberships == []
    assert retention.step != "done"
    leavings.close()
    portal.close()


async def test_an_end_of_several_things_is_the_end_of_each(shop: Shop, services: Services) -> None:
    portal = await page_of(shop, services)
    ways, mine = Leavings(portal), portal.subscriptions[0]
    both = CancelTogether(
        subscriptions=(which(mine.subscription),), memberships=(only(portal).key,)
    )
    other = Subject("subscription", portal.subscriptions[1].key)
    for subject, is_ended in (
        (Subject("subscription", mine.key), True),
        (only(portal).subject, True),
        (other, False),
    ):
        leaving = ways.of(subject)
        assert leaving is not None
        assert leaving.ends(both) == is_ended
    ways.close()
    portal.close()

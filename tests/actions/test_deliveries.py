"""Skipping a delivery and putting it back: what only these two promise. See `test_every_action`."""

from __future__ import annotations

import pytest

from app.actions import DeliveryAction, Services, SkipDelivery, perform, preview
from tests.actions.case import Case
from tests.actions.cases.deliveries import CASES
from tests.actions.shop import Shop, press

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
async def test_only_what_is_named_changes_and_costs_what_was_told(
    case: Case, shop: Shop, services: Services
) -> None:
    action = await case.find(shop, services, case.who)
    assert isinstance(action, DeliveryAction)
    before = await shop.schedule(case.who.customer_id)
    situation = await shop.situation(services, case.who.customer_id)
    seen = await preview(services, case.who, action)
    concerned = set(action.spelled_out(situation).purchase_item_ids or ())
    is_skip = isinstance(action, SkipDelivery)
    holds = "queued" if is_skip else "skipped"
    charged = await shop.charged(action.address_id, action.date, holds)

    await perform(services, case.who, action, key=press(), revision=seen.revision)

    after = await shop.schedule(case.who.customer_id)
    subscriptions = {id for _, id, _ in before}
    changed = {(action.date, id) for id in concerned & subscriptions}
    assert {entry for entry in after - before if entry[1] < 400} == {
        (day, id, is_skip) for day, id in changed
    }
    assert {entry for entry in before - after if entry[1] < 400} == {
        (day, id, not is_skip) for day, id in changed
    }
    following = seen.effect.change("next")
    if is_skip and following and following.after:
        days = [day for day, id, skipped in after if id in concerned and not skipped]
        assert min(day for day in days if day > action.date) == following.after
    if charged and action.purchase_item_ids is None:
        # What an item without a charge will add is an estimate; all else is Recharge's own total.
        assert seen.effect.amount
        assert (seen.effect.amount == charged) == ("without" not in case.name or not is_skip)

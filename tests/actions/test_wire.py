"""What is kept of an effect comes back as it was, whatever release has kept it."""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal

import pytest

from app.actions.comparison import DatesPromise, NewItemPromise
from app.actions.discounts.promises import CodePromise, TotalPromise
from app.actions.effect import PROMISE_KINDS, Effect, Promise
from app.actions.ending.membership_rules import MembershipPromise
from app.actions.payments.add import PaidPromise, PaysPromise
from app.actions.products.subscriptions import PricePromise
from app.actions.promises import DeliveryPromise, GiftPromise
from app.actions.wire import effect_from_json, effect_to_json
from app.i18n import Money, say

DAY = date(2026, 11, 30)
PROMISES: tuple[Promise, ...] = (
    DatesPromise(310, (DAY, date(2026, 12, 14)), 2, "House Blend"),
    DatesPromise(310, ()),
    NewItemPromise(203, DAY, "Oats", 1, frozenset({401, 402})),
    DeliveryPromise(203, DAY, frozenset({310})),
    GiftPromise(203, DAY, ("Oats", "Oats")),
    TotalPromise(203, DAY, Money(Decimal("12.50"), "USD")),
    TotalPromise(203, DAY, None),
    CodePromise(203, DAY, "NEIGHBOR10"),
    PricePromise(310, Decimal("9.00"), "USD"),
    MembershipPromise(941, None, DAY),
    PaysPromise("pm_card_visa", (201, 202)),
    PaidPromise((901,)),
)


def effect(*promises: Promise) -> Effect:
    return Effect(say("Really?"), say("Really"), say("Done."), (), promises=promises)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: type(promise).__name__)
def test_a_promise_comes_back_as_it_was(promise: Promise) -> None:
    kept = json.loads(json.dumps(effect_to_json(effect(promise))))
    assert effect_from_json(kept) == effect(promise)


def test_promises_of_another_release_are_left_out() -> None:
    kept = effect_to_json(effect(PROMISES[0]))
    strange = {"kind": "horoscope", "sign": "lion"}
    changed = {"kind": "dates of an item", "item": 310}
    kept["promises"] = [strange, *kept["promises"], changed]
    assert effect_from_json(kept) == effect(PROMISES[0])
    del kept["promises"]
    assert effect_from_json(kept) == effect()


def test_a_promise_of_dates_that_was_kept_without_a_title_still_holds() -> None:
    kept = effect_to_json(effect(PROMISES[0]))
    del kept["promises"][0]["title"]
    assert effect_from_json(kept) == effect(DatesPromise(310, (DAY, date(2026, 12, 14)), 2))


def test_every_kind_of_promise_has_a_name() -> None:
    there = {
        one
        for name, module in list(sys.modules.items())
        if name.startswith("app.actions")
        for one in vars(module).values()
        if isinstance(one, type) and one.__name__.endswith("Promise") and one is not Promise
    }
    assert there == set(PROMISE_KINDS.values())
    assert {type(promise) for promise in PROMISES} == there

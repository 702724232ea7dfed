"""Who may not, and when not: nothing reaches Recharge, and the customer learns why. The checks that
every action makes are in `test_every_action` too; here is what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

import pytest

from app.actions import (
    DeliveryAction,
    InvalidInput,
    KeyReused,
    Level,
    NeedsStepUp,
    NotPossible,
    PutBackDelivery,
    Services,
    SignedOut,
    Situation,
    SkipDelivery,
    Stale,
    TooMany,
    UnknownObject,
    perform,
    preview,
    undo,
)
from app.i18n import Message, Texts
from tests.actions.shop import TODAY, Shop, press, signed_in

JONAS, MARA = signed_in(102), signed_in(101)
HERS = TODAY + timedelta(days=9)
HIS = TODAY + timedelta(days=6)

English = Texts("en")
both = pytest.mark.parametrize("kind", [SkipDelivery, PutBackDelivery])


async def ready(shop: Shop, services: Services) -> None:
    """Both customers are in the mirror, and nothing has been counted."""
    for who in (JONAS, MARA):
        await shop.situation(services, who.customer_id)
    await shop.mirror.settled()
    await shop.forget_counters()


async def sent(shop: Shop) -> dict[str, int]:
    """All that was sent to Recharge."""
    return (await shop.counters())["requests"]


@both
async def test_another_customers_delivery_looks_like_none(
    kind: type[DeliveryAction], shop: Shop, services: Services
) -> None:
    await ready(shop, services)
    hers = kind(address_id=201, date=HERS)
    nobodys = kind(address_id=999_999, date=HERS)
    her_item = kind(address_id=203, date=HIS, purchase_item_ids=(301,))

    notices = []
    for action in (hers, nobodys, her_item):
        with pytest.raises(UnknownObject) as refused:
            await perform(services, JONAS, action, key=press())
        notices.append(refused.value.notice)
        with pytest.raises(UnknownObject):
            await preview(services, JONAS, action)

    assert notices[0] == notices[1] == notices[2]
    assert await sent(shop) == {}


async def test_who_is_signed_out_undoes_nothing(shop: Shop, services: Services) -> None:
    await ready(shop, services)
    shop.signed_out.add(JONAS.session)

    with pytest.raises(SignedOut):
        await undo(services, JONAS, "0" * 32, key=press())

    assert await sent(shop) == {}


@both
async def test_a_sign_in_with_too_little_proof_is_refused(
    kind: type[DeliveryAction], shop: Shop, services: Services
) -> None:
    class Careful(kind):  # type: ignore[valid-type, misc]
        level: ClassVar[Level] = Level.CODE

    await ready(shop, services)
    shop.unproven.add(JONAS.session)
    action = Careful(address_id=203, date=HIS)

    with pytest.raises(NeedsStepUp):
        await perform(services, JONAS, action, key=press())
    assert await sent(shop) == {}
    if kind is SkipDelivery:
        sure = replace(JONAS, level=Level.CODE)
        await perform(services, sure, action, key=press())


@pytest.mark.parametrize(
    "values",
    [
        {"address_id": "203", "date": HIS},
        {"address_id": 203, "date": "2026-11-29"},
        {"address_id": 0, "date": HIS},
        {"address_id": 10**19, "date": HIS},
        {"address_id": 203, "date": HIS, "purchase_item_ids": ()},
        {"address_id": 203, "date": HIS, "purchase_item_ids": (-1,)},
        {"address_id": 203, "date": HIS, "charge_id": 501},
        {"address_id": 203},
    ],
)
def test_input_is_taken_only_as_it_should_be(values: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        SkipDelivery.of(**values)


async def test_input_is_checked_again_where_it_counts(shop: Shop, services: Services) -> None:
    forged = SkipDelivery.model_construct(address_id="203", date=HIS)  # type: ignore[arg-type]

    with pytest.raises(InvalidInput):
        await perform(services, JONAS, forged, key=press())
    with pytest.raises(InvalidInput):
        await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key="short")


@both
async def test_a_delivery_that_changed_meanwhile_is_left_alone(
    kind: type[DeliveryAction], shop: Shop, services: Services
) -> None:
    if kind is PutBackDelivery:
        await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    action = kind(address_id=203, date=HIS)
    seen = await preview(services, JONAS, action)
    await shop.client.subscriptions.update(310, quantity=3, commit=True)
    if kind is PutBackDelivery:  # a skipped charge stays as it is: another tab has put it back
        await perform(services, JONAS, action, key=press())
    await shop.mirror.customer(102).refresh("charges", "subscriptions")
    await shop.forget_counters()

    with pytest.raises(Stale) as refused:
        await perform(services, JONAS, action, key=press(), revision=seen.revision)

    told = English.render(refused.value.notice)
    assert "we did nothing" in told
    if kind is SkipDelivery:
        assert "It now holds 3 × Colombia Huila (12 oz / Whole bean). It now costs $" in told
    else:
        assert "is planned already." in told
    assert await shop.executed() == {}


@both
@pytest.mark.usefixtures("unrepaired")
async def test_after_the_cut_off_it_is_too_late(
    kind: type[DeliveryAction], shop: Shop, services: Services
) -> None:
    if kind is PutBackDelivery:
        await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    action = kind(address_id=203, date=HIS)
    await shop.advance(timedelta(days=5))
    assert await preview(services, JONAS, action)  # noon of the day before: still time
    await shop.advance(timedelta(hours=12))
    await shop.forget_counters()

    with pytest.raises(NotPossible) as refused:
        await perform(services, JONAS, action, key=press())

    told = English.render(refused.value.notice)
    assert told.startswith("This delivery could be changed until Sat, Nov 28, 11:59")
    assert await shop.executed() == {}


async def test_a_flood_of_presses_is_stopped(shop: Shop) -> None:
    services = shop.services(writes_a_minute=2)
    for _ in range(2):
        with pytest.raises(UnknownObject):
            await perform(services, JONAS, SkipDelivery(address_id=1, date=HIS), key=press())

    with pytest.raises(TooMany) as refused:
        await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    assert 0 < refused.value.retry_after <= 60
    await perform(services, MARA, SkipDelivery(address_id=201, date=HERS), key=press())


async def test_a_key_is_for_one_change(shop: Shop, services: Services) -> None:
    key = press()
    await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=key)

    other = SkipDelivery(address_id=203, date=HIS + timedelta(weeks=2))
    with pytest.raises(KeyReused):
        await perform(services, JONAS, other, key=key)
    with pytest.raises(KeyReused):
        await perform(services, JONAS, PutBackDelivery(address_id=203, date=HIS), key=key)

    her_press = await perform(services, MARA, SkipDelivery(address_id=201, date=HERS), key=key)
    assert her_press.is_confirmed  # keys of two customers have nothing to do with each other


async def test_a_refusal_before_the_write_leaves_the_key_free(
    shop: Shop, services: Services
) -> None:
    key = press()
    action = PutBackDelivery(address_id=203, date=HIS)
    with pytest.raises(NotPossible):
        await perform(services, JONAS, action, key=key)

    await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    assert (await perform(services, JONAS, action, key=key)).is_confirmed


async def test_a_date_far_away_is_no_work(shop: Shop, services: Services) -> None:
    with pytest.raises(NotPossible):
        await preview(services, JONAS, SkipDelivery(address_id=203, date=date(9999, 12, 31)))
    with pytest.raises(NotPossible):
        await preview(services, JONAS, SkipDelivery(address_id=203, date=date(1, 1, 1)))


@both
async def test_what_can_be_done_is_told_without_its_effect(
    kind: type[DeliveryAction], shop: Shop, services: Services
) -> None:
    """A timeline asks for each delivery; the sentences of the effect are for the question only."""

    def refusal(check: Callable[[Situation], object], situation: Situation) -> Message | None:
        try:
            check(situation)
        except NotPossible as error:
            return error.notice
        return None

    first = await shop.next_delivery(services, JONAS)
    skip = SkipDelivery(address_id=first.address_id, date=first.date)
    await perform(services, JONAS, skip, key=press(), revision=None)
    found: set[bool] = set()
    for customer_id in (101, 102, 103, 104):
        situation = await shop.situation(services, customer_id)
        days = {(each.address_id, each.date) for each in situation.deliveries}
        for address_id, day in sorted(days):
            action = kind(address_id=address_id, date=day)
            reason = refusal(action.check, situation)
            assert reason == refusal(action.effect, situation)
            found.add(reason is None)
    assert found == {True, False}


async def test_the_whole_minute_that_is_named_counts(shop: Shop, services: Services) -> None:
    """The page says "until 11:59 PM": 20 seconds into that minute it is still true."""
    action = SkipDelivery(address_id=203, date=(await shop.next_delivery(services, JONAS)).date)
    until = (await shop.situation(services, 102)).change_until(action.date)
    shop.sandbox.clock.set(until + timedelta(seconds=20))
    outcome = await perform(services, JONAS, action, key=press())
    assert outcome.undo_until is not None
    assert timedelta(0) < until + timedelta(minutes=1) - outcome.undo_until < timedelta(seconds=1)
    await undo(services, JONAS, outcome.activity_id, key=press())

    shop.sandbox.clock.set(until + timedelta(seconds=60))
    with pytest.raises(NotPossible, match="could be changed until"):
        await preview(services, JONAS, action)

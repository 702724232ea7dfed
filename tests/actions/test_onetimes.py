"""One-time products: what is said, what is refused, and what Recharge is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.actions import (
    AddOnetime,
    ChangeOnetime,
    NothingKnown,
    NotPossible,
    Principal,
    RemoveOnetime,
    Result,
    Services,
    Situation,
    UnknownObject,
    activities,
    perform,
    preview,
    undo,
)
from app.i18n import Texts
from app.mirror import DeliveryStatus
from tests.actions.cases.deliveries import first
from tests.actions.cases.onetimes import add_alone, add_to_later_charge, add_to_next, cup, shelf
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS, TOM = signed_in(101), signed_in(102), signed_in(104)
ENGLISH = Texts("en")


async def told(services: Services, who: Principal, action: Any) -> list[str]:
    """What the customer reads before it is done."""
    effect = (await preview(services, who, action)).effect
    return [ENGLISH.render(change.text) for change in effect.changes]


def reason(error: pytest.ExceptionInfo[NotPossible]) -> str:
    return ENGLISH.render(error.value.notice)


async def test_the_new_total_is_told_before_and_is_what_it_costs(
    shop: Shop, services: Services
) -> None:
    action = await add_to_next(shop, services, JONAS)
    sentences = await told(services, JONAS, action)
    assert sentences == [
        "Your delivery of Sun, Nov 29 costs about $44.00 instead of $22.00.",
        "Northbound Enamel Cup (Cream) comes with your delivery of Sun, Nov 29.",
    ]
    effect = (await preview(services, JONAS, action)).effect
    assert ENGLISH.render(effect.confirm) == "Add to Sun, Nov 29"
    assert effect.amount is not None
    assert effect.amount.amount == Decimal("22.00")


async def test_the_next_charge_is_named_as_such_and_other_days_by_their_date(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    create = type(shop.client.onetimes).create

    async def noted(self: Any, **values: Any) -> Any:
        sent.append(values)
        return await create(self, **values)

    monkeypatch.setattr(type(shop.client.onetimes), "create", noted)
    for find in (add_to_next, add_to_later_charge):
        action = await find(shop, services, MARA)
        await perform(services, MARA, action, key=press())
        named = sent[-1].get("next_charge_scheduled_at")
        if find is add_to_next:
            assert sent[-1]["add_to_next_charge"] is True
            assert named is None
        else:
            assert "add_to_next_charge" not in sent[-1]
            assert named == action.date


async def test_a_code_on_the_delivery_is_said_to_be_lost(shop: Shop, services: Services) -> None:
    action = await add_to_next(shop, services, JONAS)
    charge = await shop.client.charges.list(address_id=203, status="queued").first()
    assert charge is not None
    await shop.client.charges.apply_discount(charge.id, discount_code="NEIGHBOR10")
    await shop.mirror.customer(102).refresh()
    assert "The discount NEIGHBOR10 on your delivery of Sun, Nov 29 is lost." in await told(
        services, JONAS, action
    )


async def test_what_comes_alone_says_so(shop: Shop, services: Services) -> None:
    action = await add_alone(shop, services, JONAS)
    sentences = await told(services, JONAS, action)
    assert sentences[1] == "You will get Northbound Enamel Cup (Cream) on Mon, Nov 30."
    assert sentences[0].startswith("A delivery comes on Mon, Nov 30, for about $")


async def test_after_the_last_minute_nothing_is_added_changed_or_taken_out(
    shop: Shop, services: Services
) -> None:
    add = await add_to_next(shop, services, MARA)
    situation = await shop.situation(services, 101)
    late = replace(situation, now=situation.changes_end(add.date))
    for action in (
        add,
        ChangeOnetime(address_id=201, onetime_id=401, quantity=2),
        RemoveOnetime(address_id=201, onetime_id=401),
    ):
        with pytest.raises(NotPossible) as error:
            action.effect(late)
        assert reason(error).startswith("This delivery could be changed until Tue, Dec 1, 11:59")


async def test_nothing_moves_to_a_day_that_is_too_near(shop: Shop, services: Services) -> None:
    situation = await situated(shop, services)
    action = ChangeOnetime(address_id=201, onetime_id=401, date=situation.today)
    with pytest.raises(NotPossible):
        action.effect(situation)


async def test_a_delivery_whose_payment_failed_is_left_alone(
    shop: Shop, services: Services
) -> None:
    failed = await first(shop, services, TOM, DeliveryStatus.FAILED)
    ahead = timedelta(days=400)
    situation = await shop.situation(services, 104)
    early = replace(situation, now=situation.now - ahead)
    action = AddOnetime(
        address_id=failed.address_id,
        date=failed.date,
        variant_id=await cup(shop, services, 104),
    )
    with pytest.raises(NotPossible) as error:
        action.effect(early)
    assert "is being dealt with" in reason(error)


async def test_what_the_shop_does_not_sell_cannot_be_added(shop: Shop, services: Services) -> None:
    action = (await add_to_next(shop, services, JONAS)).model_copy(update={"variant_id": "1"})
    with pytest.raises(NotPossible) as error:
        await preview(services, JONAS, action)
    assert reason(error).startswith("The shop does not offer this product any more.")


async def test_what_changes_nothing_is_not_sent(shop: Shop, services: Services) -> None:
    situation = await situated(shop, services)
    with pytest.raises(NotPossible):
        ChangeOnetime(address_id=201, onetime_id=401, quantity=1).effect(situation)


async def test_what_has_a_price_of_its_own_is_not_put_back_at_another(
    shop: Shop, services: Services
) -> None:
    await shelf(shop, services, 101)
    await shop.client.onetimes.update(401, price=Decimal("5.00"))
    await shop.mirror.customer(101).refresh()
    remove = RemoveOnetime(address_id=201, onetime_id=401)
    done = await perform(services, MARA, remove, key=press())
    assert done.undo_until is None


async def test_undo_takes_out_the_one_that_was_added_and_no_other(
    shop: Shop, services: Services
) -> None:
    action = await add_to_next(shop, services, JONAS)
    await perform(services, JONAS, action, key=press())
    second = await perform(services, JONAS, action, key=press())
    before = {one.id for one in (await shop.situation(services, 102)).snapshot.onetimes}
    await undo(services, JONAS, second.activity_id, key=press())
    after = {one.id for one in (await shop.situation(services, 102)).snapshot.onetimes}
    assert len(before) == 2
    assert after == {min(before)}


async def test_an_item_of_another_address_is_not_found(shop: Shop, services: Services) -> None:
    with pytest.raises(UnknownObject):
        await preview(services, MARA, RemoveOnetime(address_id=202, onetime_id=401))
    with pytest.raises(NotPossible):
        await preview(services, JONAS, RemoveOnetime(address_id=203, onetime_id=401))


@pytest.mark.parametrize("fault", [None, "cut_before"])
async def test_what_was_paid_for_meanwhile_is_not_said_to_be_taken_out(
    fault: str | None, shop: Shop, services: Services
) -> None:
    situation = await situated(shop, services)
    cup = situation.snapshot.onetime(401)
    assert cup is not None
    remove = RemoveOnetime(address_id=201, onetime_id=401)
    charge = await shop.client.charges.list(purchase_item_id=401, status="queued").first()
    assert charge is not None
    await shop.client.charges.process(charge.id)  # the mirror does not know yet
    if fault:
        await shop.fault("DELETE", "/onetimes/*", fault)
    key = press()

    for _ in range(2):
        with pytest.raises(NotPossible) as error:
            await perform(services, MARA, remove, key=key)
        assert reason(error).startswith(f"{cup.product_title} is paid for with your delivery of ")
    assert (await activities(services, MARA))[0].result is Result.REFUSED


async def test_what_was_paid_for_is_told_when_it_is_known_late(shop: Shop) -> None:
    services = shop.services(settle_after=(0.0, 0.0))
    await situated(shop, services)
    remove = RemoveOnetime(address_id=201, onetime_id=401)
    charge = await shop.client.charges.list(purchase_item_id=401, status="queued").first()
    assert charge is not None
    await shop.client.charges.process(charge.id)
    await shop.fault("DELETE", "/onetimes/*", "cut_before")
    await shop.fault("GET", "/onetimes", "500", times=3)
    news: asyncio.Queue[None] = asyncio.Queue()
    shop.mirror.changes.subscribe(101, lambda: news.put_nowait(None))
    key = press()

    with pytest.raises(NothingKnown):
        await perform(services, MARA, remove, key=key)
    while (await activities(services, MARA))[0].result is Result.UNKNOWN:
        await news.get()

    with pytest.raises(NotPossible) as error:
        await perform(services, MARA, remove, key=key)
    assert "is paid for" in reason(error)


async def test_what_somebody_else_took_out_is_done(shop: Shop, services: Services) -> None:
    await situated(shop, services)
    await shop.client.onetimes.delete(401)
    remove = RemoveOnetime(address_id=201, onetime_id=401)

    assert (await perform(services, MARA, remove, key=press())).is_confirmed


async def situated(shop: Shop, services: Services) -> Situation:
    await shelf(shop, services, 101)
    return await shop.situation(services, 101)

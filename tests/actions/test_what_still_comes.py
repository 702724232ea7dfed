"""What a receipt says of things that are no subscription and come all the same: products that were
added once, and whatever else is paid at that address."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.actions import (
    Action,
    CancelMembership,
    CancelSeveral,
    CancelSubscription,
    CancelTogether,
    PartlyDone,
    Principal,
    Receipt,
    Services,
    UpstreamRefused,
    WithdrawFromSubscription,
    perform,
    receipt_of,
    which,
)
from app.actions.receipts import NOTHING_ARRIVES, receipt_from_json, receipt_to_json
from app.i18n import Message, Texts
from app.recharge import ChargeStatus, LineItem
from tests.actions.cases.cancel import cancel_first
from tests.actions.cases.memberships import membership_of
from tests.actions.cases.onetimes import add_to_next
from tests.actions.cases.withdraw import HIS, moves_to_berlin
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS = signed_in(101), signed_in(102)
ENGLISH = Texts("en")
CUP = "Northbound Enamel Cup (Cream) still comes on Sun, Nov 29, and is paid for then."
HER_CUP = "Northbound Enamel Cup (Forest) still comes on Wed, Dec 2, and is paid for then."


def said(messages: Sequence[Message]) -> list[str]:
    return [ENGLISH.render(each) for each in messages]


async def receipt_after(services: Services, who: Principal, action: Action) -> Receipt:
    done = await perform(services, who, action, key=press())
    issued = await receipt_of(services, who, done.activity_id)
    assert issued is not None
    return issued.content


async def a_cup_as_well(shop: Shop, services: Services) -> None:
    """Jonas adds a cup to his next delivery."""
    await perform(services, JONAS, await add_to_next(shop, services, JONAS), key=press())


async def all_of(shop: Shop, services: Services, who: Principal) -> CancelSeveral:
    snapshot = (await shop.situation(services, who.customer_id)).snapshot
    active = [one for one in snapshot.subscriptions if one.status == "active"]
    return CancelSeveral(subscriptions=tuple(map(which, active)))


async def queued_items(shop: Shop, who: Principal) -> list[int | None]:
    """All that a payment is planned for, in Recharge."""
    charges = shop.client.charges.list(customer_id=who.customer_id, status=[ChargeStatus.QUEUED])
    return [line.purchase_item_id async for one in charges for line in one.line_items]


async def test_what_was_added_once_is_named_when_the_last_subscription_ends(
    shop: Shop, services: Services
) -> None:
    await a_cup_as_well(shop, services)
    (cup,) = (await shop.situation(services, 102)).snapshot.onetimes

    receipt = await receipt_after(services, JONAS, await cancel_first(shop, services, JONAS))

    assert await queued_items(shop, JONAS) == [cup.id], "its payment stays planned"
    assert CUP in said(receipt.all_arrivals)
    assert NOTHING_ARRIVES not in receipt.all_arrivals
    assert list(receipt.comes or {}) == [f"onetime {cup.id}"]


async def test_that_nothing_comes_is_said_where_nothing_is_planned(
    shop: Shop, services: Services
) -> None:
    receipt = await receipt_after(services, JONAS, await cancel_first(shop, services, JONAS))
    assert await queued_items(shop, JONAS) == []
    assert receipt.all_arrivals == (NOTHING_ARRIVES,)


async def test_of_the_end_of_all_it_is_named_once(shop: Shop, services: Services) -> None:
    receipt = await receipt_after(services, MARA, await all_of(shop, services, MARA))

    assert await queued_items(shop, MARA) == [401]
    told = said(receipt.all_arrivals)
    assert told.count(HER_CUP) == 1
    assert NOTHING_ARRIVES not in [one for part in receipt.all_parts for one in part.arrives]


async def test_it_is_named_as_well_where_some_were_not_ended(
    shop: Shop, services: Services
) -> None:
    await shop.fault("POST", "/subscriptions/303/cancel", "422")
    with pytest.raises(PartlyDone) as partly:
        await perform(services, MARA, await all_of(shop, services, MARA), key=press())
    issued = await receipt_of(services, MARA, partly.value.activity_id or "")
    assert issued is not None
    assert said(issued.content.all_arrivals).count(HER_CUP) == 1


async def test_what_was_refused_is_said_to_go_on(shop: Shop, services: Services) -> None:
    await shop.fault("POST", "/subscriptions/303/cancel", "422")
    with pytest.raises(PartlyDone) as partly:
        await perform(services, MARA, await all_of(shop, services, MARA), key=press())
    issued = await receipt_of(services, MARA, partly.value.activity_id or "")
    assert issued is not None
    (left,) = issued.content.not_done
    assert left.reason is not None
    assert said([left.reason]) == [
        "The shop's system did not accept it. Nothing was changed: this goes on as before. "
        "Please try again, or write to the shop."
    ]


async def test_one_that_was_refused_is_said_to_go_on(shop: Shop, services: Services) -> None:
    await shop.fault("POST", "/subscriptions/*/cancel", "422")
    with pytest.raises(UpstreamRefused) as refused:
        await perform(services, JONAS, await cancel_first(shop, services, JONAS), key=press())
    assert "this goes on as before" in ENGLISH.render(refused.value.notice)


async def test_what_the_customer_wrote_goes_with_each_of_several(
    shop: Shop, services: Services
) -> None:
    words = {"reason": "Too much", "comments": "The cellar is full."}
    several = (await all_of(shop, services, MARA)).model_copy(update=words)
    await perform(services, MARA, several, key=press())
    for one in several.subscriptions:
        found = await shop.client.subscriptions.get(one.subscription_id)
        assert found.cancellation_reason_comments == "The cellar is full."


async def test_it_goes_with_memberships_too(shop: Shop, services: Services) -> None:
    found = await membership_of(shop, services, MARA)
    both = CancelTogether(
        subscriptions=(await all_of(shop, services, MARA)).subscriptions,
        memberships=(found.id,),
        comments="The cellar is full.",
    )
    steps = both.steps(await shop.situation(services, 101))
    assert {step.model_dump()["comments"] for step in steps} == {"The cellar is full."}


async def test_what_goes_to_another_address_is_not_told(shop: Shop, services: Services) -> None:
    snapshot = (await shop.situation(services, 101)).snapshot
    (cup,) = snapshot.onetimes
    elsewhere = next(
        one
        for one in snapshot.subscriptions
        if one.status == "active" and one.address_id != cup.address_id
    )
    action = CancelSubscription(address_id=elsewhere.address_id, subscription_id=elsewhere.id)
    receipt = await receipt_after(services, MARA, action)
    assert HER_CUP not in said(receipt.all_arrivals)


async def test_a_withdrawal_names_it_too(shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)
    await a_cup_as_well(shop, services)
    action = WithdrawFromSubscription(**dict(HIS))
    receipt = await receipt_after(services, JONAS, action)
    assert CUP in said(receipt.all_arrivals)


async def test_the_end_of_a_membership_names_it_too(shop: Shop, services: Services) -> None:
    found = await membership_of(shop, services, MARA)
    situation = await shop.situation(services, 101)
    snapshot = situation.snapshot
    moved = found.model_copy(update={"address_id": snapshot.onetimes[0].address_id})
    situation = replace(situation, snapshot=replace(snapshot, memberships=(moved,)))
    action = CancelMembership(membership_id=found.id)

    receipt = action.receipt(situation, action.effect(situation))

    assert HER_CUP in said(receipt.all_arrivals)
    assert NOTHING_ARRIVES not in receipt.arrives


async def test_a_membership_that_goes_on_is_named_as_active(shop: Shop, services: Services) -> None:
    await membership_of(shop, services, MARA)
    situation = await shop.situation(services, 101)
    (one,) = situation.snapshot.memberships
    ending = await all_of(shop, services, MARA)
    alone = ending.receipt(situation, ending.effect(situation))
    both = CancelTogether(subscriptions=ending.subscriptions, memberships=(one.id,))
    together = both.receipt(situation, both.effect(situation))
    assert alone is not None
    assert together is not None
    assert len(alone.active_beside) == 1
    assert together.active_beside == ()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (
            ChargeStatus.ERROR,
            "Northbound Enamel Cup (Cream) still comes if its payment for Sun, Nov 29 succeeds, "
            "which has failed so far.",
        ),
        (
            ChargeStatus.PENDING,
            "Northbound Enamel Cup (Cream) still comes if its payment for Sun, Nov 29 succeeds, "
            "which is under way.",
        ),
        (ChargeStatus.SKIPPED, None),
    ],
)
async def test_how_its_payment_stands_is_told(
    status: ChargeStatus, sentence: str | None, shop: Shop, services: Services
) -> None:
    await a_cup_as_well(shop, services)
    situation = await shop.situation(services, 102)
    (cup,) = situation.snapshot.onetimes
    charges = tuple(
        one.model_copy(update={"status": status})
        if any(line.purchase_item_id == cup.id for line in one.line_items)
        else one
        for one in situation.snapshot.charges
    )
    situation = replace(situation, snapshot=replace(situation.snapshot, charges=charges))
    action = await cancel_first(shop, services, JONAS)

    receipt = action.receipt(situation, action.effect(situation))

    assert said(list((receipt.comes or {}).values())) == ([sentence] if sentence else [])


async def test_what_is_planned_and_not_known_is_named_as_the_payment_has_it(
    shop: Shop, services: Services
) -> None:
    situation = await shop.situation(services, 102)
    first, *rest = (one for one in situation.snapshot.charges if one.status == "queued")
    more = LineItem(purchase_item_id=999_999, title="Spoon", quantity=2)
    first = first.model_copy(update={"line_items": (*first.line_items, more)})
    snapshot = replace(situation.snapshot, charges=(first, *rest))
    situation = replace(situation, snapshot=snapshot)
    action = await cancel_first(shop, services, JONAS)

    receipt = action.receipt(situation, action.effect(situation))

    assert said(list((receipt.comes or {}).values())) == [
        "2 × Spoon still comes on Sun, Nov 29, and is paid for then."
    ]


async def test_it_is_kept_and_earlier_receipts_are_still_read(
    shop: Shop, services: Services
) -> None:
    action = await all_of(shop, services, MARA)
    situation = await shop.situation(services, 101)
    receipt = action.receipt(situation, action.effect(situation))
    assert receipt is not None
    document = json.loads(json.dumps(receipt_to_json(receipt)))
    assert receipt_from_json(document) == receipt
    del document["comes"]
    assert receipt_from_json(document) == replace(receipt, comes=None)

"""What the customer reads before and after: dates, amounts and items, in whole sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.actions import (
    Action,
    AddOnetime,
    ApplyDiscount,
    DelaySubscription,
    DeliveryAction,
    MoveDelivery,
    MoveSubscription,
    NotPossible,
    PauseSubscription,
    Principal,
    PutBackDelivery,
    RemoveDiscount,
    ReplaceDiscount,
    Services,
    SkipDelivery,
    perform,
    preview,
)
from app.i18n import Texts
from app.mirror import DeliveryStatus
from tests.actions.shop import TODAY, Shop, press, signed_in

ELENA, MARA, JONAS, PRIYA, TOM = (signed_in(id) for id in (105, 101, 102, 103, 104))
SOON = TODAY + timedelta(days=9)
HIS = TODAY + timedelta(days=6)
English = Texts("en-GB")


async def told(services: Services, who: Principal, action: DeliveryAction) -> list[str]:
    """All that the customer reads before saying yes."""
    effect = (await preview(services, who, action)).effect
    messages = [
        effect.question,
        *(change.text for change in effect.changes),
        *effect.stays,
        effect.confirm,
    ]
    return [English.render(message) for message in messages]


async def reason(services: Services, who: Principal, action: DeliveryAction) -> str:
    """Why it cannot be done, as the customer reads it."""
    with pytest.raises(NotPossible) as refused:
        await preview(services, who, action)
    assert refused.value.changed == "no"
    return English.render(refused.value.notice)


async def test_skipping_a_whole_delivery(services: Services) -> None:
    assert await told(services, MARA, SkipDelivery(address_id=201, date=SOON)) == [
        "Skip your delivery of Wed 2 Dec to 18 Lantern Row?",
        "You will not be charged US$77.24 on Wed 2 Dec.",
        "You will not get 2 × Harbor Blend (12 oz / Filter), Maple Pecan Granola (400 g) and "
        "3 × Dark Chocolate 72 % (One bar) this time.",
        "Northbound Enamel Cup (Forest) will come on Wed 16 Dec instead.",
        "The next delivery with these items is on Wed 16 Dec, for about US$79.44.",
        "All later deliveries keep their dates.",
        "Your other deliveries still come: Sat 5 Dec (402 Ropewalk Lane), "
        "Wed 9 Dec (402 Ropewalk Lane) and Sun 13 Dec (18 Lantern Row).",
        "Skip Wed 2 Dec",
    ]


async def test_skipping_one_item(services: Services) -> None:
    action = SkipDelivery(address_id=201, date=SOON, purchase_item_ids=(302,))
    assert await told(services, MARA, action) == [
        "Skip Maple Pecan Granola (400 g) on Wed 2 Dec?",
        "You will be charged about US$10.93 less on Wed 2 Dec.",
        "You will not get Maple Pecan Granola (400 g) this time.",
        "Maple Pecan Granola (400 g) will come again on Wed 16 Dec.",
        "You will still get 2 × Harbor Blend (12 oz / Filter), 3 × Dark Chocolate 72 % (One bar) "
        "and Northbound Enamel Cup (Forest) on Wed 2 Dec.",
        "All later deliveries keep their dates.",
        "Your other deliveries still come: Sat 5 Dec (402 Ropewalk Lane), "
        "Wed 9 Dec (402 Ropewalk Lane) and Sun 13 Dec (18 Lantern Row).",
        "Skip Maple Pecan Granola (400 g)",
    ]


async def test_skipping_the_only_subscription(services: Services) -> None:
    assert await told(services, JONAS, SkipDelivery(address_id=203, date=HIS)) == [
        "Skip your delivery of Sun 29 Nov?",
        "You will not be charged US$22.00 on Sun 29 Nov.",
        "You will not get Colombia Huila (12 oz / Whole bean) this time.",
        "Your next delivery is on Sun 13 Dec, for about US$22.00.",
        "All later deliveries keep their dates.",
        "Skip Sun 29 Nov",
    ]


async def test_putting_a_delivery_back(services: Services) -> None:
    await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    assert await told(services, JONAS, PutBackDelivery(address_id=203, date=HIS)) == [
        "Put your delivery of Sun 29 Nov back?",
        "You will get Colombia Huila (12 oz / Whole bean).",
        "You will be charged US$22.00 on Sun 29 Nov.",
        "It is your next delivery again.",
        "All later deliveries keep their dates.",
        "Put Sun 29 Nov back",
    ]


async def test_numbers_stand_beside_the_words(services: Services) -> None:
    effect = (await preview(services, JONAS, SkipDelivery(address_id=203, date=HIS))).effect

    following = effect.change("next")
    charge = effect.change("charge")
    assert following is not None
    assert charge is not None
    assert (following.before, following.after) == (HIS, HIS + timedelta(weeks=2))
    assert charge.before == effect.amount


async def test_reasons_why_not(shop: Shop, services: Services) -> None:
    prepaid = (await shop.situation(services, 103)).deliveries[0]
    failed = (await shop.situation(services, 104)).deliveries[0]
    assert failed.status is DeliveryStatus.FAILED
    day = TODAY + timedelta(days=1)

    reasons = [
        await reason(services, PRIYA, SkipDelivery(address_id=204, date=prepaid.date)),
        await reason(services, TOM, SkipDelivery(address_id=205, date=failed.date)),
        await reason(services, JONAS, SkipDelivery(address_id=203, date=day)),
        await reason(services, JONAS, PutBackDelivery(address_id=203, date=day)),
        await reason(services, JONAS, PutBackDelivery(address_id=203, date=HIS)),
        await reason(
            services, MARA, SkipDelivery(address_id=201, date=SOON, purchase_item_ids=(304,))
        ),
        await reason(
            services, MARA, SkipDelivery(address_id=201, date=SOON, purchase_item_ids=(401,))
        ),
        await reason(services, ELENA, SkipDelivery(address_id=206, date=SOON)),
    ]

    assert reasons == [
        "You have paid for this delivery in advance, so it cannot be skipped.",
        "The payment for Fri 20 Nov has failed, so this delivery cannot be skipped.",
        "There is no delivery on Tue 24 Nov, so nothing was changed.",
        "There is nothing to put back on Tue 24 Nov, so nothing was changed.",
        "Your delivery of Sun 29 Nov is planned already.",
        "Not all that you chose is in your delivery of Wed 2 Dec. Nothing was changed.",
        "One-time products cannot be skipped.",
        "There is no delivery on Wed 2 Dec, so nothing was changed.",
    ]


async def test_what_was_cancelled_after_the_skip_is_not_put_back(
    shop: Shop, services: Services
) -> None:
    await perform(services, JONAS, SkipDelivery(address_id=203, date=HIS), key=press())
    skipped = (await shop.situation(services, 102)).delivery(203, HIS, skipped=True)
    await shop.client.subscriptions.cancel(310, cancellation_reason="Too much")
    await shop.mirror.customer(102).refresh("subscriptions")
    assert skipped is not None

    assert await reason(services, JONAS, PutBackDelivery(address_id=203, date=HIS)) == (
        "Colombia Huila (12 oz / Whole bean) cannot be put back, "
        "because the subscription has ended."
    )


async def test_no_figure_is_made_up_where_a_price_is_not_known(services: Services) -> None:
    snapshot = await services.mirror.customer(102).snapshot()
    [subscription] = snapshot.subscriptions
    priceless = replace(
        snapshot,
        subscriptions=(subscription.model_copy(update={"price": None}),),
        charges=(),
    )
    situation = services.situation(priceless)
    effect = SkipDelivery(address_id=203, date=HIS).effect(situation)
    said = [English.render(change.text) for change in effect.changes]
    assert said == [
        "You will not be charged on Sun 29 Nov.",
        "You will not get Colombia Huila (12 oz / Whole bean) this time.",
        "Your next delivery is on Sun 13 Dec.",
    ]
    assert effect.amount is None


@pytest.mark.parametrize("day", [date.min, date(1970, 1, 1), date.max])
async def test_a_day_of_any_year_has_its_answer(shop: Shop, services: Services, day: date) -> None:
    where: dict[str, Any] = {"address_id": 203, "date": day}
    actions: list[Action] = [
        AddOnetime(**where, variant_id="8001"),
        ApplyDiscount(**where, code="NEIGHBOR10"),
        MoveDelivery(**where, to=TODAY),
        RemoveDiscount(**where),
        ReplaceDiscount(**where, code="NEIGHBOR10"),
        SkipDelivery(**where),
    ]
    for action in actions:
        with pytest.raises(NotPossible):
            await preview(services, signed_in(102), action)


async def test_there_is_no_way_back_to_today(shop: Shop, services: Services) -> None:
    situation = await shop.situation(services, 102)
    delivery = situation.deliveries[0]
    noon = situation.now + (delivery.date - situation.today)
    due = replace(situation, today=delivery.date, now=noon, change_until_days=0)
    later = delivery.date + timedelta(days=20)
    which: dict[str, Any] = {"address_id": 203, "subscription_id": 310}
    actions: list[Action] = [
        MoveDelivery(address_id=203, date=delivery.date, to=later),
        MoveSubscription(**which, date=later),
        DelaySubscription(**which, count=3, unit="week"),
        PauseSubscription(**which, until=later),
    ]
    for action in actions:
        action.effect(due)
        assert action.inverse(due) is None
        assert action.inverse(situation) is not None

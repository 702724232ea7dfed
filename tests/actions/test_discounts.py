"""Discount codes: what they are said to take off, and which are refused without telling secrets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.actions import (
    ApplyDiscount,
    ApplyDiscountToAll,
    NotPossible,
    PartlyDone,
    Principal,
    RemoveDiscount,
    ReplaceDiscount,
    Services,
    SignedOut,
    SwitchedOff,
    Terms,
    TooMany,
    UpstreamRefused,
    check_code,
    perform,
    preview,
    undo,
)
from app.i18n import Texts
from app.mirror import DeliveryStatus
from app.recharge import Charge
from tests.actions.cases.deliveries import first
from tests.actions.cases.discounts import replace_own, replace_standing, use_tenth
from tests.actions.shop import TODAY, Shop, press, signed_in

MARA, JONAS, SAM = signed_in(101), signed_in(102), signed_in(106)
ENGLISH = Texts("en")


def words(error: pytest.ExceptionInfo[Any]) -> str:
    return ENGLISH.render(error.value.notice)


async def told(services: Services, who: Principal, action: Any) -> list[str]:
    effect = (await preview(services, who, action)).effect
    return [ENGLISH.render(change.text) for change in effect.changes]


async def test_what_a_code_takes_off_is_told_before_it_is_used(
    shop: Shop, services: Services
) -> None:
    action = await use_tenth(shop, services, JONAS)
    sentences = await told(services, JONAS, action)
    assert sentences[:2] == [
        "NEIGHBOR10 takes $1.71 off.",
        "Your delivery of Sun, Nov 29 costs $20.29 instead of $22.00.",
    ]
    done = await perform(services, JONAS, action, key=press())
    assert "which now costs $20.29" in ENGLISH.render(done.notice)


@pytest.mark.parametrize("code", ["STAFF40", "OLDFRIENDS", "NOSUCHCODE"])
async def test_codes_that_are_not_for_the_portal_look_like_none(
    code: str, shop: Shop, services: Services
) -> None:
    with pytest.raises(NotPossible) as error:
        await check_code(services, JONAS, code)
    assert words(error) == (
        f"The code {code} does not work here. Nothing was changed. Please check how it is written."
    )


async def test_a_code_that_is_not_for_the_portal_is_not_applied_either(
    shop: Shop, services: Services
) -> None:
    found = await first(shop, services, JONAS, DeliveryStatus.QUEUED)
    where: dict[str, Any] = {"address_id": found.address_id, "date": found.date}
    await shop.forget_counters()
    for action in (
        ApplyDiscount(**where, code="STAFF40"),
        ApplyDiscountToAll(address_id=found.address_id, code="STAFF40"),
    ):
        with pytest.raises(NotPossible):
            await perform(services, JONAS, action, key=press())
    assert await shop.executed() == {}


async def test_a_code_that_has_ended_says_so(shop: Shop, services: Services) -> None:
    with pytest.raises(NotPossible) as error:
        await check_code(services, JONAS, "summerporch")
    assert words(error).startswith("The code SUMMERPORCH has ended.")


async def test_trying_codes_is_limited_together_with_changes(shop: Shop) -> None:
    services = shop.services(writes_a_minute=3)
    for _ in range(3):
        with pytest.raises(NotPossible):
            await check_code(services, JONAS, "GUESS")
    with pytest.raises(TooMany):
        await check_code(services, JONAS, "NEIGHBOR10")


async def test_who_may_not_cannot_ask_about_codes(shop: Shop, services: Services) -> None:
    shop.signed_out.add(JONAS.session)
    with pytest.raises(SignedOut):
        await check_code(services, JONAS, "NEIGHBOR10")
    shop.signed_out.clear()
    await shop.switch(discount_input=False)
    await shop.forget_counters()
    with pytest.raises(SwitchedOff):
        await check_code(services, JONAS, "NEIGHBOR10")
    assert (await shop.counters())["requests"] == {}


async def test_when_codes_cannot_be_looked_up_nothing_is_claimed(
    shop: Shop, services: Services
) -> None:
    await shop.situation(services, 102)
    await shop.mirror.settled()
    await shop.fault("GET", "/discounts", "500", times=20)
    with pytest.raises(UpstreamRefused):
        await check_code(services, JONAS, "NEIGHBOR10")


async def test_a_minimum_that_is_not_reached_is_named(shop: Shop, services: Services) -> None:
    found = await first(shop, services, JONAS, DeliveryStatus.QUEUED)
    terms = await check_code(services, JONAS, "PANTRY5")
    action = ApplyDiscount(address_id=found.address_id, date=found.date, **terms.values)
    with pytest.raises(NotPossible) as error:
        await preview(services, JONAS, action)
    assert words(error) == (
        "PANTRY5 is for deliveries from $30.00, and this one has $17.10 that count. "
        "Nothing was changed."
    )


async def test_a_delivery_without_a_charge_takes_no_code(shop: Shop, services: Services) -> None:
    found = await first(shop, services, JONAS, DeliveryStatus.PROJECTED)
    action = ApplyDiscount(address_id=203, date=found.date, code="NEIGHBOR10")
    with pytest.raises(NotPossible) as error:
        await preview(services, JONAS, action)
    assert "has not prepared your delivery" in words(error)


async def test_what_a_code_takes_the_place_of_is_told(shop: Shop, services: Services) -> None:
    standing = await told(services, MARA, await replace_standing(shop, services, MARA))
    assert standing[0] == (
        "NEIGHBOR10 ends for all your deliveries to this address: "
        "the shop takes one discount at a time."
    )
    own = await told(services, JONAS, await replace_own(shop, services, JONAS))
    assert own[0] == "NEIGHBOR10 on this delivery is lost."


async def test_the_old_code_stays_when_the_new_one_does_not_work(
    shop: Shop, services: Services
) -> None:
    action = await replace_own(shop, services, JONAS)
    discount = await shop.client.discounts.list(discount_code="STAY20").first()
    assert discount is not None
    await shop.client.discounts.update(discount.id, status="disabled")
    with pytest.raises(NotPossible):
        await perform(services, JONAS, action, key=press())
    charge = await shop.client.charges.list(address_id=203, status="queued").first()
    assert charge is not None
    assert [one.code for one in charge.discounts] == ["NEIGHBOR10"]


async def test_a_code_that_is_refused_after_the_old_one_went_is_called_partly_done(
    shop: Shop, services: Services
) -> None:
    action = await replace_own(shop, services, JONAS)
    await shop.fault("POST", "/charges/*/apply_discount", "422")
    with pytest.raises(PartlyDone):
        await perform(services, JONAS, action, key=press())


async def test_terms_that_have_changed_are_not_used(shop: Shop, services: Services) -> None:
    action = await use_tenth(shop, services, JONAS)
    discount = await shop.client.discounts.list(discount_code="NEIGHBOR10").first()
    assert discount is not None
    await shop.client.discounts.update(discount.id, value=Decimal("1.00"))
    await shop.forget_counters()
    with pytest.raises(NotPossible) as error:
        await perform(services, JONAS, action, key=press())
    assert "gives something else now" in words(error)
    assert await shop.executed() == {}


async def test_a_standing_code_is_not_taken_off_one_delivery(
    shop: Shop, services: Services
) -> None:
    found = await first(shop, services, MARA, DeliveryStatus.QUEUED)
    action = RemoveDiscount(address_id=found.address_id, date=found.date)
    with pytest.raises(NotPossible) as error:
        await preview(services, MARA, action)
    assert words(error) == (
        "NEIGHBOR10 is on all your deliveries to this address. Remove it there."
    )


async def test_nothing_is_replaced_where_nothing_is(shop: Shop, services: Services) -> None:
    found = await first(shop, services, JONAS, DeliveryStatus.QUEUED)
    action = ReplaceDiscount(address_id=203, date=found.date, code="NEIGHBOR10")
    with pytest.raises(NotPossible):
        await preview(services, JONAS, action)


def charge(*lines: tuple[str, str, str], shipping: str | None = "4.90") -> Charge:
    """A charge of lines: their kind, product and price."""
    return Charge.model_validate(
        {
            "id": 1,
            "address_id": 2,
            "customer": {"id": 3},
            "status": "queued",
            "scheduled_at": TODAY.isoformat(),
            "total_price": "0.00",
            "shipping_lines": [] if shipping is None else [{"price": shipping}],
            "line_items": [
                {
                    "purchase_item_id": number,
                    "purchase_item_type": kind,
                    "external_product_id": {"ecommerce": product},
                    "total_price": price,
                }
                for number, (kind, product, price) in enumerate(lines, 10)
            ],
        }
    )


@pytest.mark.parametrize("replace", [replace_own, replace_standing])
async def test_what_comes_back_is_not_called_another_cost(
    shop: Shop, services: Services, replace: Any
) -> None:
    who = JONAS if replace is replace_own else MARA
    action = await replace(shop, services, who)
    # Without its terms nobody knows beforehand what the code takes off.
    unknown = ReplaceDiscount(address_id=action.address_id, date=action.date, code=action.code)

    done = await perform(services, who, unknown, key=press())
    undone = await undo(services, who, done.activity_id, key=press())

    assert (done.differences, undone.differences) == ((), ())


BOTH = charge(("subscription", "8001", "17.33"), ("onetime", "8002", "22.00"))


@pytest.mark.parametrize(
    ("terms", "off"),
    [
        (Terms("T", Decimal("10"), "percentage"), "3.93"),
        (Terms("T", Decimal("15"), "percentage", item_kind="subscription"), "2.60"),
        (Terms("T", Decimal("50"), "percentage", product_ids=("8002",)), "11.00"),
        (Terms("T", Decimal("5"), "fixed_amount"), "5.00"),
        (Terms("T", Decimal("90"), "fixed_amount"), "39.33"),
        (Terms("T", Decimal("90"), "fixed_amount", item_kind="onetime"), "22.00"),
        (Terms("T", Decimal("5"), "fixed_amount", minimum=Decimal("39.34")), "0.00"),
        (Terms("T", Decimal("5"), "fixed_amount", minimum=Decimal("39.33")), "5.00"),
        (Terms("T", Decimal("50"), "shipping"), "2.45"),
        (Terms("T", Decimal("150"), "shipping"), "4.90"),
    ],
)
def test_what_a_code_takes_off(terms: Terms, off: str) -> None:
    assert terms.off(BOTH) == Decimal(off)


def test_what_cannot_be_told_is_not_guessed() -> None:
    assert Terms("T").off(BOTH) is None
    unsent = charge(("subscription", "8001", "17.33"), shipping=None)
    assert Terms("T", Decimal("50"), "shipping").off(unsent) is None

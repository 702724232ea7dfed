"""Giving a delivery away: to whom it can go, and what is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.actions import (
    NotPossible,
    Recipient,
    Services,
    SkipAndGift,
    SwitchedOff,
    WrongParts,
    perform,
    preview,
)
from app.i18n import Texts
from tests.actions.cases.gift import GRANDMOTHER, give_next
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS = signed_in(101), signed_in(102)
ENGLISH = Texts("en")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, None),
        ({"city": " "}, "city"),
        ({"email": "edith"}, "email"),
        ({"zip": ""}, "zip"),
        ({"zip": "ABC"}, "zip"),
        ({"province": ""}, "province"),
        ({"country_code": "ZZ"}, "country_code"),
        ({"country_code": "FR", "zip": "69001", "province": ""}, "country_code"),
        ({"country_code": "DE", "zip": "10115", "province": ""}, None),
        ({"country_code": "IE", "zip": "", "province": ""}, None),
    ],
    ids=str,
)
def test_what_an_address_needs(changes: dict[str, str], wrong: str | None) -> None:
    recipient = GRANDMOTHER.model_copy(update=changes)
    if wrong is None:
        recipient.checked({"DE", "IE", "US"})
        return
    with pytest.raises(WrongParts) as refused:
        recipient.checked({"DE", "IE", "US"})
    assert set(refused.value.parts) == {wrong}


async def test_several_things_go_to_the_recipient_and_the_customer_pays(
    shop: Shop, services: Services
) -> None:
    action = await give_next(shop, services, MARA)
    seen = await preview(services, MARA, action)
    words = " ".join(ENGLISH.render(change.text) for change in seen.effect.changes)
    assert "Edith Weber, 7 Mill Lane, Burlington" in words
    assert "You pay for it on" in words
    assert "cannot be undone here" in words

    outcome = await perform(services, MARA, action, key=press(), revision=seen.revision)

    assert outcome.undo_until is None
    snapshot = (await shop.situation(services, 101)).snapshot
    given = [one for one in snapshot.addresses if one.address1 == GRANDMOTHER.address1]
    assert given
    assert all(one.is_gift for one in given)


async def test_only_the_next_delivery_and_only_to_a_whole_address(
    shop: Shop, services: Services
) -> None:
    action = await give_next(shop, services, JONAS)
    later = action.model_copy(update={"date": action.date + timedelta(weeks=2)})
    nowhere = action.model_copy(update={"recipient": GRANDMOTHER.model_copy(update={"zip": ""})})
    with pytest.raises(NotPossible):
        await preview(services, JONAS, later)
    with pytest.raises(WrongParts):
        await preview(services, JONAS, nowhere)


async def test_it_is_not_offered_where_nothing_can_be_skipped(
    shop: Shop, services: Services
) -> None:
    action = await give_next(shop, services, JONAS)
    await shop.switch(skip_scheduled_order=False)
    with pytest.raises(SwitchedOff):
        await preview(services, JONAS, action)


def test_a_recipient_is_checked_strictly() -> None:
    for wrong in ({"city": "Bur\0lington"}, {"zip": 5401}, {"state": "Vermont"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Recipient(**(GRANDMOTHER.model_dump() | wrong))
    assert SkipAndGift.is_safe_to_repeat is False

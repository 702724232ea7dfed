"""What Recharge says of single parts of an address, in our words and at the part."""

from __future__ import annotations

import pytest

from app.actions import AddAddress, PostalInput, Services, WrongParts, perform
from app.actions.addresses.postal import refused_parts
from app.i18n import NOT_TAKEN
from tests.actions.shop import Shop, press, signed_in

MARA = signed_in(101)
NEW = AddAddress(
    postal=PostalInput(
        first_name="Mara",
        last_name="Lindqvist",
        address1="7 Mill Lane",
        city="Burlington",
        province="Vermont",
        zip="05401",
        country_code="US",
    )
)
SAYS = {"errors": {"zip": ["is invalid for Vermont"], "province": ["is invalid"]}}


async def test_a_refusal_names_its_parts_and_changes_nothing(
    shop: Shop, services: Services
) -> None:
    await shop.fault("POST", "/addresses", "422", status=422, body=SAYS)
    key = press()
    with pytest.raises(WrongParts) as refused:
        await perform(services, MARA, NEW, key=key)
    assert refused.value.parts == {"zip": NOT_TAKEN, "province": NOT_TAKEN}
    assert refused.value.changed == "no"
    assert "nothing was changed" in str(refused.value.notice)
    with pytest.raises(WrongParts) as again:  # the same press gets the same answer
        await perform(services, MARA, NEW, key=key)
    assert again.value.parts == refused.value.parts
    assert again.value.activity_id == refused.value.activity_id


async def test_what_is_wrong_by_our_own_rules_never_leaves(shop: Shop, services: Services) -> None:
    wrong = NEW.model_copy(update={"postal": NEW.postal.model_copy(update={"zip": "90210"})})
    with pytest.raises(WrongParts) as refused:
        await perform(services, MARA, wrong, key=press())
    assert set(refused.value.parts) == {"zip"}
    assert await shop.executed() == {}


@pytest.mark.parametrize(
    ("field", "part"),
    [
        ("zip", "zip"),
        ("billing_address.zip", "zip"),
        ("recipient_address.country", "country_code"),
        ("address1.0", "address1"),
        ("_schema", None),
        ("subscriptions", None),
    ],
)
def test_a_part_is_found_wherever_the_address_stands(field: str, part: str | None) -> None:
    assert set(refused_parts(NEW, {field: ["wrong"]})) == ({part} if part else set())


def test_of_what_we_can_explain_the_customer_gets_the_explanation() -> None:
    short = NEW.model_copy(update={"postal": NEW.postal.model_copy(update={"zip": "054"})})
    assert "looks like" in str(refused_parts(short, {"zip": ["wrong"]})["zip"].text)

"""The customer's own record: what is refused, what is kept, and who is told."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.actions import (
    ChangeEmail,
    ChangeName,
    ChangePhone,
    NeedsStepUp,
    NotPossible,
    ReceiptState,
    Services,
    UpstreamRefused,
    UseBackupPayment,
    WrongParts,
    perform,
    preview,
    undo,
)
from app.i18n import Texts
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS, NEW = signed_in(101), signed_in(102), "mara.new@example.org"
English = Texts("en-GB")


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        ("", "Lindqvist", {"first_name"}),
        ("Mara", " \u00a0 ", {"last_name"}),
        ("", "", {"first_name", "last_name"}),
    ],
)
async def test_both_names_are_needed(
    shop: Shop, services: Services, first: str, last: str, wrong: set[str]
) -> None:
    action = ChangeName(customer_id=101, first_name=first, last_name=last)
    with pytest.raises(WrongParts) as refused:
        await preview(services, MARA, action)
    assert set(refused.value.parts) == wrong
    assert await shop.executed() == {}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]),
        min_size=1,
        max_size=60,
    )
)
async def test_a_name_in_any_script_comes_back_as_it_was_written(
    shop: Shop, services: Services, name: str
) -> None:
    services.rate._writes.clear()
    current = (await shop.situation(services, 101)).snapshot.customer
    if current.first_name == name:
        return
    action = ChangeName(customer_id=101, first_name=name, last_name="Lindqvist")
    await perform(services, MARA, action, key=press())
    assert (await shop.client.customers.get(101)).first_name == name
    assert (await shop.situation(services, 101)).snapshot.customer.first_name == name


async def test_what_is_so_already_is_not_written(shop: Shop, services: Services) -> None:
    customer = (await shop.situation(services, 101)).snapshot.customer
    await shop.forget_counters()
    for action in (
        ChangeName(customer_id=101, first_name=customer.first_name, last_name=customer.last_name),
        ChangePhone(customer_id=101, phone=customer.phone),
        ChangeEmail(customer_id=101, email=customer.email.upper()),
    ):
        with pytest.raises(NotPossible, match="already"):
            await perform(services, MARA, action, key=press())
    assert await shop.executed() == {}


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("(207) 555-0123", "US", "+12075550123"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("+81 3-1234-5678", "US", "+81312345678"),
        ("٠٥٠١٢٣٤٥٦٧", "AE", "+971501234567"),
    ],
)
async def test_a_number_is_kept_so_that_it_can_be_rung_from_anywhere(
    shop: Shop, services: Services, written: str, country: str, kept: str
) -> None:
    action = ChangePhone(customer_id=101, phone=written, country_code=country)
    done = await perform(services, MARA, action, key=press())
    assert (await shop.client.customers.get(101)).phone == kept
    before = "+1 207-555-0101"  # not as we would keep it: it goes back as it was
    await undo(services, MARA, done.activity_id, key=press())
    assert (await shop.client.customers.get(101)).phone == before


@pytest.mark.parametrize("written", ["12", "my number", "+999 12", "1" * 40])
async def test_what_is_no_number_is_told_at_the_field(
    shop: Shop, services: Services, written: str
) -> None:
    action = ChangePhone(customer_id=101, phone=written, country_code="US")
    with pytest.raises(WrongParts) as refused:
        await preview(services, MARA, action)
    assert set(refused.value.parts) == {"phone"}


async def test_an_address_is_not_changed_without_its_code(shop: Shop, services: Services) -> None:
    shop.unproven.add(MARA.session)
    action = ChangeEmail(customer_id=101, email=NEW)
    assert (await preview(services, MARA, action)).effect, "what it comes to can be looked at"
    with pytest.raises(NeedsStepUp):
        await perform(services, MARA, action, key=press())
    assert await shop.executed() == {}
    assert (await shop.client.customers.get(101)).email != NEW


async def test_where_nobody_can_prove_anything_no_address_is_changed(
    shop: Shop, services: Services
) -> None:
    forgetful = shop.services()
    setattr(forgetful, "is_proven", Services.__dataclass_fields__["is_proven"].default)  # noqa: B010
    with pytest.raises(NeedsStepUp):
        await perform(forgetful, MARA, ChangeEmail(customer_id=101, email=NEW), key=press())


async def test_the_look_up_by_e_mail_follows(shop: Shop, services: Services) -> None:
    old = (await shop.situation(services, 101)).snapshot.customer.email
    assert await shop.mirror.find_customer(email=NEW) is None, "remembered as nobody's"
    await perform(services, MARA, ChangeEmail(customer_id=101, email=NEW), key=press())
    assert await shop.mirror.find_customer(email=NEW.upper()) == 101
    assert await shop.mirror.find_customer(email=old) is None


async def test_the_address_from_before_is_told_and_what_to_do(
    shop: Shop, services: Services
) -> None:
    old = (await shop.situation(services, 101)).snapshot.customer.email
    done = await perform(services, MARA, ChangeEmail(customer_id=101, email=NEW), key=press())
    (row,) = await services.journal.receipts.take(services.clock())
    assert (row.activity_id, row.state) == (done.activity_id, ReceiptState.WAITING)
    assert row.receipt.to == old
    words = " ".join(
        English.render(each)
        for each in (row.receipt.title, *row.receipt.changes, *row.receipt.hints)
    )
    assert NEW not in words, "whoever reads the old mailbox need not know the new one"
    assert "m…@example.org" in words
    assert re.search(r"Was this not you\? Then write to \S+@\S+ at once", words)
    assert not done.undo_until


async def test_an_address_of_another_customer_is_refused_and_nothing_changes(
    shop: Shop, services: Services
) -> None:
    taken = (await shop.situation(services, 102)).snapshot.customer.email
    action = ChangeEmail(customer_id=101, email=taken)
    with pytest.raises(UpstreamRefused) as refused:
        await perform(services, MARA, action, key=press())
    assert "another account may have it" in English.render(refused.value.notice)
    assert await services.journal.receipts.take(services.clock()) == []
    assert await shop.mirror.find_customer(email=taken) == 102


async def test_a_customer_without_an_address_has_none_to_be_told(
    shop: Shop, services: Services
) -> None:
    customer = shop.sandbox.shop.read("customers", 101)
    shop.sandbox.shop.save("customers", {**customer, "email": ""})
    await shop.mirror.customer(101).refresh("customer")
    await perform(services, MARA, ChangeEmail(customer_id=101, email=NEW), key=press())
    assert await services.journal.receipts.take(services.clock()) == []


async def test_a_first_choice_cannot_be_made_undone(shop: Shop, services: Services) -> None:
    customer = shop.sandbox.shop.read("customers", 102)
    shop.sandbox.shop.save("customers", {**customer, "backup_payment_methods_enabled": None})
    await shop.mirror.customer(102).refresh("customer")
    action = UseBackupPayment(customer_id=102, is_on=False)
    done = await perform(services, JONAS, action, key=press())
    assert done.undo_until is None
    assert (await shop.client.customers.get(102)).backup_payment_methods_enabled is False

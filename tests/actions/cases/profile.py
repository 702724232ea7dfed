"""The customer's own record: name, phone, e-mail address, and what they leave to the shop."""

from __future__ import annotations

from app.actions import (
    Action,
    ChangeEmail,
    ChangeName,
    ChangePhone,
    Principal,
    Services,
    UseBackupPayment,
    UseCredit,
)
from tests.actions.case import Case
from tests.actions.shop import Shop, signed_in

MARA, JONAS = signed_in(101), signed_in(102)

UPDATE = "PUT /customers/{id}"


async def another_name(shop: Shop, services: Services, who: Principal) -> ChangeName:
    """A name in two scripts, with what is easily lost on the way."""
    return ChangeName(customer_id=who.customer_id, first_name="Zoë 明", last_name="O’Neill-ابن")


async def another_phone(shop: Shop, services: Services, who: Principal) -> ChangePhone:
    """A number as it is written in the customer's own country."""
    return ChangePhone(customer_id=who.customer_id, phone="(207) 555-0199", country_code="US")


async def no_phone(shop: Shop, services: Services, who: Principal) -> ChangePhone:
    return ChangePhone(customer_id=who.customer_id, phone=None)


async def another_email(shop: Shop, services: Services, who: Principal) -> ChangeEmail:
    return ChangeEmail(customer_id=who.customer_id, email="Mara.New@example.org")


async def backup_on(shop: Shop, services: Services, who: Principal) -> UseBackupPayment:
    """Turned on where it was turned off."""
    await shop.client.customers.update(who.customer_id, backup_payment_methods_enabled=False)
    await shop.mirror.customer(who.customer_id).refresh("customer")
    return UseBackupPayment(customer_id=who.customer_id, is_on=True)


async def use_credit(shop: Shop, services: Services, who: Principal) -> UseCredit:
    await shop.switch(show_credits=True)
    return UseCredit(customer_id=who.customer_id, is_on=True)


async def rename(shop: Shop, action: Action) -> None:
    await shop.client.customers.update(_id(action), first_name="Somebody", last_name="Else")


async def ring_elsewhere(shop: Shop, action: Action) -> None:
    await shop.client.customers.update(_id(action), phone="+12075550111")


async def write_elsewhere(shop: Shop, action: Action) -> None:
    await shop.client.customers.update(_id(action), email="elsewhere@example.org")


async def backup_undecided(shop: Shop, action: Action) -> None:
    """The shop's own rule holds again."""
    customer = shop.sandbox.shop.read("customers", _id(action))
    shop.sandbox.shop.save("customers", {**customer, "backup_payment_methods_enabled": None})


async def credit_used(shop: Shop, action: Action) -> None:
    await shop.client.customers.update(_id(action), apply_credit_to_next_recurring_charge=True)


def _id(action: Action) -> int:
    assert isinstance(action, ChangeName | ChangePhone | ChangeEmail | UseBackupPayment | UseCredit)
    return action.customer_id


CASES = (
    Case("change the name", MARA, another_name, UPDATE, rename),
    Case("change the phone number", JONAS, another_phone, UPDATE, ring_elsewhere),
    Case("remove the phone number", MARA, no_phone, UPDATE, ring_elsewhere),
    # The way back takes a code too, which nobody has given.
    Case(
        "change the e-mail address", MARA, another_email, UPDATE, write_elsewhere, is_undoable=False
    ),
    Case("turn backup payment on", MARA, backup_on, UPDATE, backup_undecided),
    Case("use store credit", JONAS, use_credit, UPDATE, credit_used),
)

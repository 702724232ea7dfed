"""A customer's records, with nothing in them that a link may not show. Pure.

Whoever holds a link sees one thing: what it does. A mail is forwarded, and read on other people's
screens. So what stands on its page is told from records that hold that one address's deliveries
and no more, without names, streets, telephone numbers, or what is paid with. The change itself is
checked and made with the real ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from app.actions.situation import Situation
from app.i18n import Message
from app.mirror import Snapshot
from app.recharge import Address, PaymentMethod
from app.recharge.payment_methods import PaymentDetails

R = TypeVar("R")


def discreet(situation: Situation, address_id: int, place: str) -> Situation:
    """The situation, as far as it is about one address.

    place: what is said in place of the address, in the reader's language: "your address"
    """
    return replace(situation, snapshot=_only(situation.snapshot, address_id, place))


def speaks_of(message: Message, situation: Situation) -> bool:
    """Whether a sentence holds something that only the customer should read: where they live, what
    they are called, or what they pay with. Then it is not shown."""
    private = {part.casefold() for part in _private(situation.snapshot) if len(part) > 2}
    said = str(message).casefold()
    return any(part in said for part in private)


def _only(snapshot: Snapshot, address_id: int, place: str) -> Snapshot:
    coming = zip(snapshot.coming_documents, snapshot.prepaid_orders, strict=True)
    return replace(
        snapshot,
        customer=snapshot.customer.model_copy(
            update={"email": "", "first_name": "", "last_name": "", "phone": None}
        ),
        addresses=tuple(
            _bare(address, place) for address in snapshot.addresses if address.id == address_id
        ),
        payment_methods=tuple(map(_nameless, snapshot.payment_methods)),
        subscriptions=_at(snapshot.subscriptions, address_id),
        onetimes=_at(snapshot.onetimes, address_id),
        charges=_at(snapshot.charges, address_id),
        memberships=(),
        order_documents=(),
        coming_documents=tuple(
            document for document, order in coming if order.address_id == address_id
        ),
    )


def _at(records: tuple[R, ...], address_id: int) -> tuple[R, ...]:
    return tuple(one for one in records if one.address_id == address_id)  # type: ignore[attr-defined]


def _bare(address: Address, place: str) -> Address:
    return address.model_copy(
        update={
            "address1": place,
            "address2": None,
            "city": "",
            "company": None,
            "first_name": "",
            "last_name": "",
            "order_note": None,
            "order_attributes": (),
            "phone": None,
            "zip": None,
        }
    )


def _nameless(method: PaymentMethod) -> PaymentMethod:
    return method.model_copy(
        update={
            "payment_details": PaymentDetails(),
            "payment_type": None,
            "billing_address": None,
        }
    )


def _private(snapshot: Snapshot) -> list[str]:
    customer = snapshot.customer
    found = [customer.email, customer.phone, customer.last_name]
    for address in snapshot.addresses:
        found += [address.address1, address.address2, address.zip, address.phone]
    for method in snapshot.payment_methods:
        details = method.payment_details
        found += [details.last4, details.paypal_email]
    return [str(one) for one in found if one]

"""A new address."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import Field

from app.actions.addresses.delete import DeleteAddress
from app.actions.addresses.note import Note
from app.actions.addresses.postal import PostalInput
from app.actions.addresses.texts import place, whole
from app.actions.at_address import Id
from app.actions.base import Action, Upstream
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible, UnknownObject
from app.actions.foresight import NEW_ID, with_address
from app.actions.payments.names import card_named
from app.actions.principal import Level
from app.actions.situation import Situation
from app.i18n import PARTS, Message, say
from app.mirror import Snapshot
from app.recharge import Address

OBJECT: Final = "addresses"
"""What a new address is written to: the list of them."""

_PLACED: Final = tuple(name for name in PARTS if name != "phone")


class AddAddress(Action):
    """Add an address: ``POST /addresses``. Nothing goes there yet.

    A second POST would add a second address, so it is never repeated by itself; `known` are the
    addresses that were there before, by which the new one is recognised.

    payment_method_id: what pays for deliveries to it; without one nothing that goes there can be
                       paid
    currency:          in which they are paid, where that is not the shop's own
    """

    name = "add address"
    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE
    is_safe_to_repeat = False

    postal: PostalInput
    payment_method_id: Id | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    note: Note = ""
    known: Annotated[tuple[Id, ...], Field(max_length=1000)] | None = None

    @property
    def object(self) -> str:
        return OBJECT

    def check_owner(self, situation: Situation) -> None:
        id = self.payment_method_id
        if id is not None and situation.snapshot.payment_method(id) is None:
            raise UnknownObject(f"payment method {id}")

    def check(self, situation: Situation) -> None:
        self._new(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        there = self._same(situation)
        now = _there_already(there[0]) if there else say("You do not have this address.")
        return (Shown("same", " ".join(str(one.id) for one in there), now),)

    def foreseen(self, situation: Situation) -> Snapshot:
        return with_address(situation.snapshot, self._new(situation))

    def effect(self, situation: Situation) -> Effect:
        new = self._new(situation)
        return Effect(
            question=say("Add this address?"),
            confirm=say("Add this address"),
            done=say("{place} is added.", place=place(new)),
            changes=(
                Change("address", say("New address: {address}", address=whole(new))),
                paid_with(situation, self.payment_method_id),
            ),
            stays=(say("Your deliveries go where they went before."),),
        )

    def spelled_out(self, situation: Situation) -> Self:
        if self.known is not None:
            return self
        ids = (one.id for one in situation.snapshot.addresses)
        known = tuple(sorted(id for id in ids if id < NEW_ID))
        return self.model_copy(update={"known": known})

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("addresses",)

    async def run(self, upstream: Upstream) -> None:
        more: dict[str, Any] = {}
        if self.payment_method_id is not None:
            more["payment_method_id"] = self.payment_method_id
        if self.currency is not None:
            more["presentment_currency"] = self.currency
        if self.note.strip():
            more["order_note"] = self.note.strip()
        customer_id = upstream.situation.snapshot.customer.id
        answer = await upstream.client.addresses.create(
            customer_id=customer_id, **self.postal.document(), **more
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        return self.made(upstream.situation) is not None

    def made(self, situation: Situation) -> int | None:
        known = set(self.known or ())
        for one in situation.snapshot.addresses:
            if one.id not in known and one.id < NEW_ID and is_same_place(one, self.postal):
                return one.id
        return None

    def inverse_after(self, before: Situation, after: Situation) -> DeleteAddress | None:
        id = self.made(after)
        return DeleteAddress(address_id=id) if id is not None else None

    def _new(self, situation: Situation) -> Address:
        """The address as Recharge will make it.

        Raises:
            WrongParts: something in it is not right.
            NotPossible: the customer has it already.
        """
        self.postal.checked(situation.snapshot.shop.shipping_countries)
        there = self._same(situation)
        if there:
            raise NotPossible(notice=_there_already(there[0]))
        return Address(
            id=NEW_ID,
            customer_id=situation.snapshot.customer.id,
            payment_method_id=self.payment_method_id,
            presentment_currency=self.currency,
            order_note=self.note.strip() or None,
            **_record(self.postal),
        )

    def _same(self, situation: Situation) -> list[Address]:
        """Addresses that were there before and are the same."""
        return [
            one
            for one in situation.snapshot.addresses
            if one.id < NEW_ID
            and (self.known is None or one.id in self.known)
            and is_same_place(one, self.postal)
        ]


def is_same_place(address: Address, postal: PostalInput) -> bool:
    """Whether they name the same person at the same place, however it is spaced or capitalised."""
    parts, theirs = postal.parts(), PostalInput.of(address).parts()
    return all(_folded(parts[name]) == _folded(theirs[name]) for name in _PLACED)


def paid_with(situation: Situation, payment_method_id: int | None) -> Change:
    """What pays for deliveries to a new address."""
    method = situation.snapshot.payment_method(payment_method_id)
    if method is None:
        text = say("No card pays for deliveries there yet. Please choose one before you use it.")
        return Change("card", text)
    text = say("{card} pays for deliveries there.", card=card_named(method))
    return Change("card", text)


def _there_already(address: Address) -> Message:
    return say("You have this address already: {address}.", address=whole(address))


def _record(postal: PostalInput) -> dict[str, Any]:
    """The parts of an address as they stand in a record."""
    return dict(postal.document())


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())

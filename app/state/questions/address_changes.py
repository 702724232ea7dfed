"""What is asked about addresses: a new one, what it holds, what pays there, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.actions import (
    Action,
    AddAddress,
    Answer,
    ChangeNote,
    DeleteAddress,
    EditAddress,
    GiveCard,
    MergeAddresses,
    MoveToNewAddress,
    PostalInput,
    SendElsewhereOnce,
)
from app.actions.addresses.uses import Use, subscriptions_at
from app.actions.foresight import NEW_ID
from app.actions.products.texts import name_of
from app.i18n import say
from app.recharge import Address, PaymentMethod
from app.recharge.addresses import MOST_MERGED
from app.state.question import Question
from app.state.questions.addresses import Scope, ScopeChoice, can_send, is_alone, next_one
from app.state.questions.postal import PostalQuestion

if TYPE_CHECKING:
    from app.state.address import AddressState
    from app.state.portal import Portal

MOST_SCOPES: Final = 6
"""Subscriptions that are offered one by one for another address."""


class AddAddressQuestion(PostalQuestion):
    """A new address. Its name, country and number are at first those of the account.

    payment_method_id: what pays for deliveries there; at first the default
    """

    def __init__(self, portal: Portal) -> None:
        records = portal.records
        known = records.addresses[0] if records.addresses else None
        super().__init__(portal, country_code=known.country_code if known else "")
        customer = records.customer
        self.draft.give(
            {
                "first_name": customer.first_name or "",
                "last_name": customer.last_name or "",
                "phone": (known.phone if known else None) or "",
            }
        )
        methods = sorted(records.payment_methods, key=lambda one: not one.default)
        self.payment_method_id = methods[0].id if methods else None

    @property
    def methods(self) -> tuple[PaymentMethod, ...]:
        """What can pay there."""
        return self.portal.records.payment_methods

    def with_address(self, address: PostalInput) -> AddAddress:
        known = {one.id for one in self.methods}
        method = self.payment_method_id if self.payment_method_id in known else None
        return AddAddress.of(postal=address, payment_method_id=method)


class EditAddressQuestion(PostalQuestion):
    """What an address is changed to, and for what.

    scope: everything that goes there, its next delivery alone, or one subscription by its id; at
           first everything
    """

    def __init__(self, address: AddressState) -> None:
        super().__init__(address.portal, before=PostalInput.of(address.address))
        self.address = address
        self.scope: Scope | int = "all"

    @property
    def scopes(self) -> tuple[tuple[Scope | int, ScopeChoice], ...]:
        """What it can be for, as far as that makes a difference."""
        portal, key = self.portal, self.address.key
        here = subscriptions_at(portal.records, key)
        whole = ScopeChoice("all", say("Everything that goes there, from now on"))
        found: list[tuple[Scope | int, ScopeChoice]] = [("all", whole)]
        if not is_alone(portal, key):
            for one in here[:MOST_SCOPES]:
                name = say("Only {name}, from now on", name=name_of(one))
                found.append((one.id, ScopeChoice("subscription", name)))
        delivery = next_one(portal, key)
        if delivery is not None and here and can_send(portal, delivery):
            once = say("Only the delivery of {date}", date=delivery.date)
            found.append(("delivery", ScopeChoice("delivery", once)))
        return tuple(found)

    @property
    def chosen(self) -> Scope | int:
        """What it is for: what was chosen, or the first that is left."""
        offered = [scope for scope, _ in self.scopes]
        return self.scope if self.scope in offered else offered[0]

    def with_address(self, address: PostalInput) -> Action | None:
        if not self.draft.is_changed:
            return None
        key, chosen = self.address.key, self.chosen
        if chosen == "all":
            return EditAddress.of(address_id=key, postal=address)
        if isinstance(chosen, int):
            return MoveToNewAddress.of(address_id=key, subscription_id=chosen, postal=address)
        delivery = next_one(self.portal, key)
        if delivery is None:
            return None
        return SendElsewhereOnce.of(address_id=key, date=delivery.date, postal=address)


class DeleteAddressQuestion(Question):
    """Whether to delete an address; and where something still goes there, where that goes instead.

    to_address_id: where it goes; None at first, and where nothing goes there
    """

    def __init__(self, address: AddressState) -> None:
        super().__init__(address.portal)
        self.address = address
        self.to_address_id: int | None = None

    @property
    def uses(self) -> tuple[Use, ...]:
        """What the address is needed for."""
        return self.address.uses

    @property
    def others(self) -> tuple[Address, ...]:
        """Where it could go instead."""
        if not any(use.can_move for use in self.uses):
            return ()
        return tuple(
            one
            for one in _real(self.portal)
            if one.id != self.address.key and _currency(self.portal, one) == self._own
        )

    @property
    def action(self) -> Action:
        known = {one.id for one in self.others}
        if self.to_address_id is None or self.to_address_id not in known:
            return DeleteAddress(address_id=self.address.key)
        return MergeAddresses.of(
            to_address_id=self.to_address_id, from_address_ids=(self.address.key,)
        )

    @property
    def _own(self) -> str:
        return _currency(self.portal, self.address.address)


class MergeQuestion(Question):
    """Which addresses become one, and which of them that is.

    to_address_id:    the one that stays; at first the one where most goes
    from_address_ids: those that become one with it; the other one, where there is only one
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        records = portal.records
        ranked = sorted(_real(portal), key=lambda one: -len(subscriptions_at(records, one.id)))
        usable = [one for one in ranked if one.payment_method_id is not None]
        self.to_address_id: int | None = usable[0].id if usable else None
        others = self.others
        self.from_address_ids: tuple[int, ...] = (others[0].id,) if len(others) == 1 else ()

    @property
    def addresses(self) -> tuple[Address, ...]:
        """All that could stay."""
        return _real(self.portal)

    @property
    def others(self) -> tuple[Address, ...]:
        """Those that can become one with it: paid in the same currency."""
        target = self.portal.records.address(self.to_address_id)
        if target is None:
            return ()
        currency = _currency(self.portal, target)
        return tuple(
            one
            for one in self.addresses
            if one.id != target.id and _currency(self.portal, one) == currency
        )

    @property
    def left_out(self) -> tuple[Address, ...]:
        """Those that cannot, as they are paid in another currency."""
        if self.to_address_id is None:
            return ()
        known = {self.to_address_id, *(one.id for one in self.others)}
        return tuple(one for one in self.addresses if one.id not in known)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Those that are chosen and can be."""
        known = {one.id for one in self.others}
        return tuple(id for id in self.from_address_ids if id in known)[:MOST_MERGED]

    @property
    def is_too_many(self) -> bool:
        """Whether more are chosen than one call takes in."""
        return len(self.from_address_ids) > MOST_MERGED

    @property
    def action(self) -> MergeAddresses | None:
        if self.to_address_id is None or not self.chosen:
            return None
        return MergeAddresses.of(to_address_id=self.to_address_id, from_address_ids=self.chosen)


class NoteQuestion(Question):
    """What the shop reads with every order to an address.

    note:    the delivery note
    answers: what stands in the shop's own fields, by their names
    """

    def __init__(self, address: AddressState) -> None:
        super().__init__(address.portal)
        self.address = address
        self.note = address.note
        self.answers = {one.name: one.value for one in address.answers}

    async def answer(self, name: str, value: str) -> None:
        """The customer has written this in one of the shop's fields."""
        await self.choose(answers=self.answers | {name: value})

    @property
    def action(self) -> ChangeNote | None:
        before = {one.name: one.value for one in self.address.answers}
        changed = tuple(
            Answer(name=name, value=value)
            for name, value in self.answers.items()
            if name in before and before[name] != value
        )
        if self.note == self.address.note and not changed:
            return None
        return ChangeNote.of(address_id=self.address.key, note=self.note, answers=changed)


class AddressCardQuestion(Question):
    """What should pay for deliveries to an address.

    payment_method_id: at first the only other one, where there is only one
    """

    def __init__(self, address: AddressState) -> None:
        super().__init__(address.portal)
        self.address = address
        others = self.others
        self.payment_method_id = others[0].id if len(others) == 1 else None

    @property
    def others(self) -> tuple[PaymentMethod, ...]:
        """What does not pay there."""
        now = self.address.address.payment_method_id
        return tuple(one for one in self.portal.records.payment_methods if one.id != now)

    @property
    def action(self) -> GiveCard | None:
        if self.payment_method_id not in {one.id for one in self.others}:
            return None
        return GiveCard.of(address_id=self.address.key, payment_method_id=self.payment_method_id)


def can_edit_address(address: AddressState) -> bool:
    """Whether to offer it. What it is refused for, such as a cut-off, the question says."""
    return not address.is_pending and address.portal.is_offered(EditAddress)


def can_delete_address(address: AddressState) -> bool:
    """Whether to offer it: where something goes there, the question says what, and can move it."""
    return not address.is_pending and address.portal.is_offered(DeleteAddress)


def can_change_note(address: AddressState) -> bool:
    """Whether to offer it."""
    return not address.is_pending and address.portal.is_offered(ChangeNote)


def can_choose_card(address: AddressState) -> bool:
    """Whether to offer it: there is something else to pay with."""
    portal, now = address.portal, address.address.payment_method_id
    is_any = any(one.id != now for one in portal.records.payment_methods)
    return is_any and not address.is_pending and portal.is_offered(GiveCard)


def can_add_address(portal: Portal) -> bool:
    """Whether to offer it."""
    return portal.is_offered(AddAddress)


def can_merge(portal: Portal) -> bool:
    """Whether to offer it: there are two that can become one."""
    if not portal.is_offered(MergeAddresses):
        return False
    found = [_currency(portal, one) for one in _real(portal)]
    return len(found) > len(set(found))


def _real(portal: Portal) -> tuple[Address, ...]:
    """The addresses that Recharge has made."""
    return tuple(one for one in portal.records.addresses if one.id != NEW_ID)


def _currency(portal: Portal, address: Address) -> str:
    return address.presentment_currency or portal.records.shop.currency

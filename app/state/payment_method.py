"""One card or wallet on file: what it is, whether it can pay, and what it pays for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.actions import (
    PostalInput,
    RemoveCard,
    Standing,
    billing_of,
    card_named,
    card_titled,
    is_hosted,
    standing_of,
)
from app.actions.addresses.texts import place
from app.actions.comparison import cost
from app.actions.payments.standing import READ_ONLY, addresses_of, last_day, why_invalid
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryStatus
from app.recharge import Address, PaymentMethod, PaymentMethodStatus
from app.state.base import State
from app.state.payment_trouble import ADD_CARD
from app.state.places import PAYMENT_METHODS

if TYPE_CHECKING:
    from app.state.portal import Portal

_STATUS: dict[Standing, Message] = {
    Standing.EXPIRED: say("Expired"),
    Standing.INVALID: say("Cannot be charged"),
    Standing.EMPTY: say("No details"),
    Standing.EXPIRES_FIRST: say("Expires too early"),
    Standing.UNKNOWN: say("State not known"),
    Standing.UNCHECKED: say("Not checked yet"),
}


@dataclass(frozen=True)
class Use:
    """An address whose deliveries a method pays for.

    next:   the next delivery there that comes; None when none is planned
    failed: the date of a delivery there whose payment has failed; None when there is none
    """

    address: Address
    next: Delivery | None = None
    failed: date | None = None

    @property
    def place(self) -> Message:
        """The address as the customer calls it."""
        return place(self.address)

    @property
    def text(self) -> Message:
        """What comes next there, and what it costs."""
        if self.next is None:
            return say("No delivery is planned")
        return say("Next on {date}, {cost}", date=self.next.date, cost=cost(self.next))


class PaymentMethodState(State):
    """One payment method. It stays the same object while the method is in the account."""

    def __init__(self, portal: Portal, method: PaymentMethod) -> None:
        super().__init__()
        self.portal = portal
        self.method = method
        self._seen: tuple[object, ...] = ()

    @property
    def key(self) -> int:
        return self.method.id

    @property
    def path(self) -> str:
        """Where its own page is."""
        return f"{PAYMENT_METHODS}/{self.key}"

    @property
    def title(self) -> Message:
        """What it is called, as it stands alone."""
        return card_titled(self.method)

    @property
    def name(self) -> Message:
        """What it is called within a sentence."""
        return card_named(self.method)

    @property
    def has_details(self) -> bool:
        """Whether anything is told by which its owner knows it from another."""
        known = self.method.payment_details
        return bool(known.last4 or known.paypal_email)

    @property
    def is_default(self) -> bool:
        return self.method.default

    @property
    def is_read_only(self) -> bool:
        """Whether Recharge's API changes neither its billing address nor that it is the default."""
        return self.method.processor_name in READ_ONLY

    @property
    def is_hosted(self) -> bool:
        """Whether only its processor changes it, by a link in a mail."""
        return is_hosted(self.method)

    @property
    def is_pending(self) -> bool:
        """A change of it awaits its answer, or is not known to be made or not."""
        return self.key in self.portal.unconfirmed.methods or self.is_checked

    @property
    def is_checked(self) -> bool:
        """Whether it is being looked up if a change of it was made."""
        return self.key in self.portal.checked.methods

    @property
    def standing(self) -> Standing:
        """Whether it can pay for what comes next."""
        return standing_of(self.portal.situation, self.method)

    @property
    def expires(self) -> date | None:
        """The last day on which it is valid; None where it has none, or none is told."""
        return last_day(self.method)

    @property
    def status_text(self) -> Message:
        """Its state in a word or two."""
        if known := _STATUS.get(self.standing):
            return known
        if self.method.status == PaymentMethodStatus.VALID:
            return say("Ready to pay")
        return say("On file")

    @property
    def explanation(self) -> Message | None:
        """What its state means and what to do, in a sentence or two; None where it is fine."""
        return _explained(self.standing, self.method)

    @property
    def uses(self) -> tuple[Use, ...]:
        """What it pays for."""
        situation, planned = self.portal.situation, self.portal.schedule.planned
        return tuple(_use(one, planned) for one in addresses_of(situation, self.key))

    @property
    def billing(self) -> PostalInput:
        """Its billing address; all parts empty where none is told."""
        return billing_of(self.method)

    @property
    def why_not_removed(self) -> Message | None:
        """Why it cannot be removed, with the places where it is used; None where it can."""
        return self.portal.reason_against(RemoveCard(payment_method_id=self.key))

    @property
    def others(self) -> tuple[PaymentMethod, ...]:
        """The customer's other methods: what could pay in its place."""
        found = self.portal.records.payment_methods
        return tuple(each for each in found if each.id != self.key)

    @property
    def update_path(self) -> str:
        """Where a new card is added that takes its place."""
        return ADD_CARD

    def update(self, method: PaymentMethod) -> None:
        """The method as it was read last."""
        before, self.method = self._seen, method
        self._seen = (method, self.is_pending, self.is_checked, self.standing, self.uses)
        if self._seen != before:
            self.changed.emit()


def _use(address: Address, planned: Iterable[Delivery]) -> Use:
    coming = failed = None
    for delivery in planned:
        if delivery.address_id != address.id:
            continue
        if delivery.status is DeliveryStatus.FAILED:
            failed = failed or delivery.date
        elif delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED):
            coming = delivery
            break
    return Use(address, coming, failed)


def _explained(standing: Standing, method: PaymentMethod) -> Message | None:
    match standing:
        case Standing.EXPIRED:
            return say("It has expired, so payments with it fail.")
        case Standing.INVALID:
            return say("{reason} Payments with it fail.", reason=why_invalid(method))
        case Standing.EMPTY:
            return say("The payment service has no details of it any more. Please add it again.")
        case Standing.EXPIRES_FIRST:
            return say("It expires before your next delivery. Please update it before then.")
        case Standing.UNKNOWN:
            return say(
                "The shop tells a state that we do not know. If a payment fails, please ask "
                "the shop."
            )
        case Standing.UNCHECKED:
            return say("It has not been checked yet. The next payment shows if it works.")
    return None

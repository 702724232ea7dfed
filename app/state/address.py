"""The customer's addresses, as cards show them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.actions.addresses.note import Answer, answers_of, note_of
from app.actions.addresses.texts import place
from app.actions.addresses.uses import Use, subscriptions_at, uses
from app.actions.foresight import NEW_ID
from app.i18n import Message, address_lines
from app.mirror import Delivery, DeliveryStatus, Snapshot
from app.recharge import Address, PaymentMethod, Subscription
from app.state.base import State
from app.state.places import ADDRESSES

if TYPE_CHECKING:
    from app.state.portal import Portal

_COMING = (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)


class AddressState(State):
    """One address. It stays the same object while the address is in the account."""

    def __init__(self, portal: Portal, address: Address) -> None:
        super().__init__()
        self.portal = portal
        self.address = address
        self._seen: tuple[object, ...] = ()

    @property
    def key(self) -> int:
        return self.address.id

    @property
    def path(self) -> str:
        """Where its own page is."""
        return f"{ADDRESSES}/{self.key}"

    @property
    def place(self) -> Message:
        """The address as the customer calls it."""
        return place(self.address)

    @property
    def name(self) -> str:
        """Whose name it bears; empty where it bears none."""
        parts = (self.address.first_name, self.address.last_name)
        return " ".join(part for part in parts if part)

    @property
    def lines(self) -> list[str]:
        """The address without the name, in the order of its country."""
        known = self.address
        return address_lines(
            known.country_code,
            company=known.company or "",
            street=(known.address1, known.address2 or ""),
            city=known.city,
            province=known.province or "",
            postcode=known.zip or "",
        )

    @property
    def country(self) -> str:
        """The country's name in the customer's language; its code where that is not known."""
        code = self.address.country_code
        return str(self.portal.texts.locale.territories.get(code.upper(), code))

    @property
    def phone(self) -> str:
        """The telephone number, as it is kept."""
        return self.address.phone or ""

    @property
    def note(self) -> str:
        """What the shop reads with every order to it; empty where there is nothing."""
        return note_of(self.address)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What stands in the shop's own fields."""
        return answers_of(self.address)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """Those that go there."""
        return subscriptions_at(self.portal.records, self.key)

    @property
    def uses(self) -> tuple[Use, ...]:
        """What it is needed for."""
        return uses(self.portal.situation, self.key)

    @property
    def payment_method(self) -> PaymentMethod | None:
        """What pays for deliveries to it."""
        return self.portal.records.payment_method(self.address.payment_method_id)

    @property
    def next(self) -> Delivery | None:
        """The next delivery there that comes; None when none is planned."""
        planned = self.portal.schedule.planned
        return next(
            (one for one in planned if one.address_id == self.key and one.status in _COMING), None
        )

    @property
    def next_date(self) -> date | None:
        """Its day."""
        found = self.next
        return found.date if found else None

    @property
    def is_pending(self) -> bool:
        """A change of it awaits its answer."""
        return self.key == NEW_ID or self.portal.confirmed.address(self.key) != self.address

    def update(self, address: Address) -> None:
        """The address as it was read last."""
        before, self.address = self._seen, address
        self._seen = (
            address,
            self.is_pending,
            self.uses,
            self.next,
            self.payment_method,
        )
        if self._seen != before:
            self.changed.emit()


class AddressesState(State):
    """All addresses of a customer, for a page that shows them. Close it when the page goes."""

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self.addresses: list[AddressState] = []
        self._found_in: Snapshot | None = None
        self._leave = portal.changed.subscribe(self.update)
        self.update()

    def of(self, address_id: int | None) -> AddressState | None:
        """The state of one; None where it is not there, or not this customer's."""
        return next((one for one in self.addresses if one.key == address_id), None)

    def update(self) -> None:
        """The page's records may be others now, or mean something else: those addresses that are
        known stay the same objects."""
        snapshot = self.portal.snapshot
        if snapshot is None:
            return
        known = {state.key: state for state in self.addresses}
        found = []
        for address in snapshot.addresses:
            state = known.pop(address.id, None) or AddressState(self.portal, address)
            state.update(address)
            found.append(state)
        for gone in known.values():
            gone.close()
        is_other = [one.key for one in found] != [one.key for one in self.addresses]
        self.addresses = found
        if is_other or self._found_in is None:
            self._found_in = snapshot
            self.changed.emit()

    def close(self) -> None:
        self._leave()
        for state in self.addresses:
            state.close()
        super().close()

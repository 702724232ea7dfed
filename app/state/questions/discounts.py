"""Codes that take something off."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from app.actions import (
    Action,
    ActionError,
    ApplyDiscount,
    ApplyDiscountToAll,
    RemoveDiscount,
    RemoveDiscountFromAll,
    ReplaceDiscount,
    Terms,
    check_code,
)
from app.recharge import Charge, ChargeStatus
from app.state.notice import Notice, notice_of
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState
    from app.state.portal import Portal
    from app.state.subscription import SubscriptionState

Scope = Literal["one", "all"]


class DiscountQuestion(Question):
    """Which code, and for what.

    code:  as the customer has written it
    scope: for this delivery alone, or for all to its address
    terms: what the code gives, once it has been looked up; None before, and where it cannot be used

    A code is looked up when it is written, with one call: so the customer sees what it takes off
    before anything is changed.
    """

    def __init__(self, portal: Portal, address_id: int, day: date | None = None) -> None:
        super().__init__(portal)
        self.address_id = address_id
        self.date = day
        self.code = ""
        self.terms: Terms | None = None
        self.scope: Scope = "one" if self.can_be_for_one else "all"
        self._refused: Notice | None = None

    @classmethod
    def of(cls, delivery: DeliveryState) -> DiscountQuestion:
        """For this delivery, or for all to its address."""
        return cls(delivery.portal, delivery.delivery.address_id, delivery.delivery.date)

    @classmethod
    def of_address(cls, subscription: SubscriptionState) -> DiscountQuestion:
        """For all deliveries to the address of this subscription."""
        return cls(subscription.portal, subscription.subscription.address_id)

    @property
    def street(self) -> str:
        """The address, as far as it takes to tell it from the customer's others."""
        address = self.portal.records.address(self.address_id)
        return address.address1 if address else ""

    @property
    def can_be_for_one(self) -> bool:
        """Whether the shop has prepared the delivery: only then a code can be for it alone."""
        return self._charge is not None

    @property
    def action(self) -> Action | None:
        terms, charge = self.terms, self._charge
        if terms is None:
            return None
        if self.scope == "all" or self.date is None or charge is None:
            return ApplyDiscountToAll.of(address_id=self.address_id, **terms.values)
        address = self.portal.records.address(self.address_id)
        is_taken = bool(charge.discounts) or bool(address and address.discounts)
        kind = ReplaceDiscount if is_taken else ApplyDiscount
        return kind.of(address_id=self.address_id, date=self.date, **terms.values)

    async def choose(self, **choices: object) -> None:
        code = choices.get("code", self.code)
        if code != self.code:
            self.terms = self._refused = None
        await super().choose(**choices)

    async def ask(self) -> None:
        if self.code and self.terms is None and self._refused is None:
            self.preview, self.failure, self.is_asking = None, None, True
            self.changed.emit()
            code = self.code
            await self._look_up(code)
            if code != self.code:
                return  # another one has been written meanwhile
        if self._refused is not None:
            refused = self._refused
            if refused.can_retry:
                self._refused = None
            self._show(None, None, refused)
            return
        await super().ask()

    async def check(self) -> None:
        """The customer wants to know what the code gives."""
        if not self.is_asking:
            await self.ask()

    @property
    def _charge(self) -> Charge | None:
        for charge in self.portal.records.charges:
            if (charge.address_id, charge.scheduled_at, charge.status) == (
                self.address_id,
                self.date,
                ChargeStatus.QUEUED,
            ):
                return charge
        return None

    async def _look_up(self, code: str) -> None:
        terms: Terms | None = None
        refused: Notice | None = None
        try:
            terms = await check_code(self.portal.services, self.portal.principal, code)
        except ActionError as error:
            refused = notice_of(error)
        if code == self.code:
            self.terms, self._refused = terms, refused


class RemoveDiscountQuestion(Question):
    """Whether to take a discount off: of one delivery, or the one that stands on its address."""

    def __init__(self, portal: Portal, address_id: int, day: date | None = None) -> None:
        super().__init__(portal)
        self.address_id = address_id
        self.date = day

    @classmethod
    def of(cls, delivery: DeliveryState) -> RemoveDiscountQuestion:
        """The discount that this delivery has."""
        return cls(delivery.portal, delivery.delivery.address_id, delivery.delivery.date)

    @classmethod
    def of_address(cls, subscription: SubscriptionState) -> RemoveDiscountQuestion:
        """The discount on all deliveries to the address of this subscription."""
        return cls(subscription.portal, subscription.subscription.address_id)

    @property
    def action(self) -> RemoveDiscount | RemoveDiscountFromAll:
        address = self.portal.records.address(self.address_id)
        if self.date is None or (address is not None and address.discounts):
            return RemoveDiscountFromAll.of(address_id=self.address_id)
        return RemoveDiscount.of(address_id=self.address_id, date=self.date)

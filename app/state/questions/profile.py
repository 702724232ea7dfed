"""What the customer wants to be called, how they can be rung up, what they leave to the shop."""

from __future__ import annotations

from app.actions import ChangeName, ChangePhone, UseBackupPayment, UseCredit, country_of
from app.state.portal import Portal
from app.state.question import Question


class NameQuestion(Question):
    """The customer's name."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        customer = portal.records.customer
        self.first_name = customer.first_name
        self.last_name = customer.last_name
        self._as_it_was = (self.first_name, self.last_name)

    @property
    def action(self) -> ChangeName | None:
        if (self.first_name, self.last_name) == self._as_it_was:
            return None
        return ChangeName.of(
            customer_id=self.portal.principal.customer_id,
            first_name=self.first_name,
            last_name=self.last_name,
        )


class PhoneQuestion(Question):
    """The customer's phone number; an empty one removes it."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self.phone = portal.records.customer.phone or ""
        self._as_it_was = self.phone

    @property
    def action(self) -> ChangePhone | None:
        if self.phone == self._as_it_was:
            return None
        return ChangePhone.of(
            customer_id=self.portal.principal.customer_id,
            phone=self.phone or None,
            country_code=country_of(self.portal.records),
        )


class BackupQuestion(Question):
    """Whether other payment methods may be tried when a payment fails."""

    def __init__(self, portal: Portal, is_on: bool) -> None:
        super().__init__(portal)
        self.is_on = is_on

    @property
    def action(self) -> UseBackupPayment:
        return UseBackupPayment(customer_id=self.portal.principal.customer_id, is_on=self.is_on)


class CreditQuestion(Question):
    """Whether store credit pays for the next delivery."""

    def __init__(self, portal: Portal, is_on: bool) -> None:
        super().__init__(portal)
        self.is_on = is_on

    @property
    def action(self) -> UseCredit:
        return UseCredit(customer_id=self.portal.principal.customer_id, is_on=self.is_on)

"""Made-up addresses."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from app.actions.addresses.uses import Use
from app.i18n import Texts
from app.recharge import Address, PaymentMethod, Subscription
from app.state import AddressState, State

_SHOWN: Any = SimpleNamespace(texts=Texts("en"), snapshot=None)
"""A page of which nothing is known yet: so all of the shop's pages are shown."""


class MadeUpAddress(AddressState):
    """An address card's state; what goes there is as given."""

    def __init__(
        self,
        address: Address,
        *,
        subscriptions: tuple[Subscription, ...] = (),
        uses: tuple[Use, ...] = (),
        payment_method: PaymentMethod | None = None,
        next_date: date | None = None,
        is_pending: bool = False,
        offers: tuple[str, ...] = ("edit", "card", "note", "delete"),
    ) -> None:
        State.__init__(self)
        self.portal = _SHOWN
        self.address = address
        self._given = (subscriptions, uses, payment_method, next_date, is_pending, offers)

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        return self._given[0]

    @property
    def uses(self) -> tuple[Use, ...]:
        return self._given[1]

    @property
    def payment_method(self) -> PaymentMethod | None:
        return self._given[2]

    @property
    def next_date(self) -> date | None:
        return self._given[3]

    @property
    def is_pending(self) -> bool:
        return self._given[4]

    def offers(self, key: str, is_possible: object) -> bool:
        return key in self._given[5]

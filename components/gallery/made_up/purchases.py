"""One order, and store credit, with nothing behind them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from app.i18n import Money
from app.recharge import Charge, LineItem, Order
from app.state import CreditState, DeliveryState, Notice, OrderState, State
from app.state.bill import Bill, bill_of
from app.state.credit import Account
from app.state.standing import day_of
from components.gallery.made_up.nothing import SHOP_ZONE
from components.gallery.made_up.portals import MadeUpPortal


class MadeUpOrder(OrderState):
    """An order, or a charge, with the offers that are given."""

    def __init__(
        self,
        record: Order | Charge,
        *,
        offers: Collection[str] = (),
        delivery: DeliveryState | None = None,
    ) -> None:
        State.__init__(self)
        self.portal = MadeUpPortal()
        self.kind = "charge" if isinstance(record, Charge) else "order"
        self.id = record.id
        self.status = "ready"
        self.record = record
        self.failure = None
        self._given_offers = offers
        self._given_delivery = delivery

    @property
    def day(self) -> date | None:
        return day_of(self.record, SHOP_ZONE) if self.record else None

    @property
    def currency(self) -> str:
        return self.record.currency if self.record else ""

    @property
    def bill(self) -> Bill | None:
        return bill_of(self.record, self.currency) if self.record else None

    @property
    def delivery(self) -> DeliveryState | None:
        return self._given_delivery

    def picture(self, line: LineItem) -> str | None:
        return line.images.medium

    def offers(self, key: str, is_possible: object) -> bool:
        return key in self._given_offers

    def close(self) -> None:
        State.close(self)


class MadeUpCredit(CreditState):
    """Store credit as it is given."""

    def __init__(
        self,
        balance: Money | None,
        accounts: tuple[Account, ...] | None = (),
        *,
        status: Literal["loading", "ready", "failed"] = "ready",
        is_told: bool = True,
        is_used_next: bool = False,
        failure: Notice | None = None,
    ) -> None:
        State.__init__(self)
        self.status = status
        self.failure = failure
        self.presses: list[str] = []
        self._given = balance, accounts, is_told, is_used_next

    @property
    def age(self) -> timedelta | None:
        return timedelta(minutes=3)

    @property
    def is_told(self) -> bool:
        return self._given[2]

    @property
    def balance(self) -> Money | None:
        return self._given[0]

    @property
    def is_used_next(self) -> bool:
        return self._given[3]

    @property
    def accounts(self) -> tuple[Account, ...] | None:
        return self._given[1]

    async def read(self) -> None:
        self.presses.append("read")

    def close(self) -> None:
        State.close(self)

"""One order on its own page, or one charge that no order has come of."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import structlog

from app.actions.orders.failures import Failure
from app.i18n import Message, say
from app.mirror import MirrorError
from app.recharge import Charge, LineItem, Order, OrderStatus, PostalAddress, RechargeError
from app.state.base import State
from app.state.bill import Bill, bill_of
from app.state.notice import Notice, notice_of
from app.state.standing import Standing, day_of, failure_of_charge, standing_of
from app.state.tracking import Parcel, parcels_of

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState
    from app.state.portal import Portal

_log = structlog.get_logger(__name__)

OrderKind = Literal["order", "charge"]

MOST_KNOWN: Final = 20
"""Orders that a page holds: each follows every change of the customer's records."""

_PATH: Final = re.compile(r"/orders/(charges/)?([1-9][0-9]{0,18})/?", re.ASCII)


def order_path(id: int) -> str:
    """Where an order's page is."""
    return f"/orders/{id}"


def charge_path(id: int) -> str:
    """Where the page of a charge is."""
    return f"/orders/charges/{id}"


class OrderState(State):
    """One order, or one charge: a payment that failed, is under way, or was skipped.

    The newest orders and all open charges are there at once. An older one is looked for in the
    mirror, and with one call where it is not there: see `open`.

    kind:    which of the two it is
    status:  "loading"; then "ready", "missing" (this customer has no such thing) or "failed"
    record:  the order or charge; None unless the status is "ready"
    failure: what happened, when the status is "failed": offer `open`
    """

    def __init__(self, portal: Portal, kind: OrderKind, id: int | None) -> None:
        super().__init__()
        self.portal = portal
        self.kind = kind
        self.id = id
        self.status: Literal["loading", "ready", "missing", "failed"] = "loading"
        self.record: Order | Charge | None = None
        self.failure: Notice | None = None
        self._was_listed = self._is_awaited = False
        self._looking: asyncio.Task[None] | None = None
        self._unfollow = portal.changed.subscribe(self._renew)
        self._renew()

    async def open(self) -> None:
        """Look for it where it is not known yet. Whatever goes wrong is told by the state."""
        if self.status == "ready" or self.id is None or self.is_busy:
            return
        if self.portal.snapshot is None:
            self._is_awaited = True
            return
        await self._look(self.id)

    @property
    def number(self) -> str:
        """What the shop calls it: its number, or its name where it has none; "" where neither."""
        if isinstance(self.record, Order):
            number = self.record.external_order_number.ecommerce
            return number or (self.record.external_order_name.ecommerce or "").lstrip("#")
        return ""

    @property
    def name(self) -> Message:
        """How a customer knows it."""
        if self.number:
            return say("Order No. {number}", number=self.number)
        if isinstance(self.record, Order):
            return say("Order")
        return say("Payment") if self.failure_reason else say("Delivery")

    @property
    def day(self) -> date | None:
        """The day by which the customer knows it, in the shop's zone."""
        if self.record is None:
            return None
        return day_of(self.record, self.portal.records.shop.timezone)

    @property
    def standing(self) -> Standing | None:
        """How it stands."""
        return standing_of(self.record) if self.record else None

    @property
    def failure_reason(self) -> Failure | None:
        """Why its payment failed, and what helps; None where it did not fail."""
        return failure_of_charge(self.record)

    @property
    def retry_date(self) -> date | None:
        """When the shop tries a failed payment again; None where it does not."""
        return self.record.retry_date if isinstance(self.record, Charge) else None

    @property
    def delivery(self) -> DeliveryState | None:
        """The delivery on the schedule that a charge pays for, as far as it is still open."""
        if not isinstance(self.record, Charge):
            return None
        found = (
            one for one in self.portal.schedule.deliveries if one.delivery.charge_id == self.id
        )
        return next(found, None)

    @property
    def items(self) -> tuple[LineItem, ...]:
        """What it holds."""
        return self.record.line_items if self.record else ()

    @property
    def currency(self) -> str:
        """What its prices are in."""
        own = self.record.currency if self.record else ""
        return own or self.portal.records.shop.currency

    @property
    def bill(self) -> Bill | None:
        """What it came to."""
        if self.record is None:
            return None
        return bill_of(self.record, self.portal.records.shop.currency)

    @property
    def shipping_address(self) -> PostalAddress | None:
        """Where it went."""
        return self.record.shipping_address if self.record else None

    @property
    def billing_address(self) -> PostalAddress | None:
        """Whom it was charged to; None where that is where it went."""
        if self.record is None or self.record.billing_address == self.record.shipping_address:
            return None
        return self.record.billing_address

    @property
    def note(self) -> str:
        """The delivery note that went with it; nothing where there was none."""
        return ((self.record.note if self.record else None) or "").strip()

    @property
    def parcels(self) -> tuple[Parcel, ...]:
        """Where its parcels are, as far as anything is told of that."""
        return parcels_of(self.record) if isinstance(self.record, Order) else ()

    @property
    def receipt_path(self) -> str | None:
        """Where its receipt is; None where there is nothing that was paid for."""
        if isinstance(self.record, Order) and has_receipt(self.record):
            return f"{order_path(self.record.id)}/receipt"
        return None

    def picture(self, line: LineItem) -> str | None:
        """The address of an item's picture: its own, else the product's."""
        own = line.images.medium or line.images.small or line.images.large
        product = line.external_product_id.ecommerce
        return own or self.portal.records.pictures.get(product or "")

    def close(self) -> None:
        self._unfollow()
        if self._looking is not None:
            self._looking.cancel()
        super().close()

    def _renew(self) -> None:
        """Take it up as the newest records have it."""
        snapshot = self.portal.snapshot
        if snapshot is None:
            return
        found: Order | Charge | None = None
        if self.id is None:
            self._show("missing", None)
        elif self.kind == "charge":
            found = snapshot.charge(self.id)
        else:
            found = next((one for one in snapshot.orders if one.id == self.id), None)
            found = found or next(
                (one for one in snapshot.prepaid_orders if one.id == self.id), None
            )
        if found is not None:
            self._was_listed = True
            self._show("ready", found)
            self.changed.emit()  # what can be done with it follows from all that is known
        elif (self._was_listed or self._is_awaited) and self.id is not None:
            # It is old; or was paid or made anew, and only Recharge knows what became of it.
            self._was_listed = self._is_awaited = False
            self._looking = asyncio.ensure_future(self._look(self.id))

    async def _look(self, id: int) -> None:
        mine = self.portal.services.mirror.customer(self.portal.principal.customer_id)
        self.is_busy = True
        try:
            found = await (mine.charge(id) if self.kind == "charge" else mine.order(id))
        except (RechargeError, MirrorError) as error:
            _log.warning("an order could not be looked for", error=str(error))
            if self.record is None:
                self.failure = notice_of(error)
                self._show("failed", None)
        else:
            self._show("ready" if found else "missing", found)
        finally:
            self.is_busy = False

    def _show(
        self, status: Literal["ready", "missing", "failed"], record: Order | Charge | None
    ) -> None:
        if (status, record) != (self.status, self.record):
            self.status, self.record = status, record
            self.changed.emit()


class OpenOrders:
    """The orders that this page has shown."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._known: dict[tuple[OrderKind, int | None], OrderState] = {}

    def of(self, kind: OrderKind, id: int | None) -> OrderState:
        """The state of one: the same as long as the page is open and not many others were shown."""
        key = kind, id
        if key not in self._known:
            while len(self._known) >= MOST_KNOWN:
                self._known.pop(next(iter(self._known))).close()
            self._known[key] = OrderState(self._portal, kind, id)
        return self._known[key]

    async def look(self, path: str) -> None:
        """Have what an address leads to ready, where it is that of an order or a charge."""
        if match := _PATH.fullmatch(path):
            kind: OrderKind = "charge" if match[1] else "order"
            await self.of(kind, int(match[2])).open()

    def close(self) -> None:
        """The page is gone."""
        for state in self._known.values():
            state.close()
        self._known.clear()


def has_receipt(order: Order) -> bool:
    """Whether an order was paid for and taken up, so that there is something to give a receipt
    for."""
    return order.status in (OrderStatus.SUCCESS, OrderStatus.QUEUED)

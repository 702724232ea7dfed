"""One order, or one payment that no order has come of."""

from __future__ import annotations

import asyncio

from app.i18n import Texts, say
from app.pages.view import RecordView
from app.state import ORDERS, OrderState, Portal
from components import ErrorState, Failure, OrderDetails, Skeleton


class OrderPage(RecordView):
    """``/orders/{id}`` and ``/orders/charges/{id}``.

    An old order may have to be asked for: meanwhile the page says that it is loading.
    """

    back = ORDERS, say("All orders")
    kind = say("Order")

    def __init__(self, state: Portal, texts: Texts, order: OrderState) -> None:
        self.order = order
        self._let_go = order.changed.subscribe(self.redraw)
        super().__init__(state, texts)
        if order.status in ("loading", "failed"):
            # It stays until it is done, though the customer may go on to another view.
            self._opening = asyncio.create_task(order.open())

    @property
    def is_missing(self) -> bool:
        """The records are known, and it is not among them."""
        return self.order.id is None or self.order.status == "missing"

    def name(self) -> str | None:
        return self.say(self.order.name) if self.order.status == "ready" else None

    def ready(self) -> None:
        status = self.seen(lambda: self.order.status)
        failure = self.seen(lambda: self.order.failure)
        if status == "loading":
            Skeleton.show(2, self.texts)
        elif status == "failed":
            ErrorState.show(
                Failure(
                    title=say("We cannot show this order right now"),
                    text=failure.message if failure else say("Please try again in a moment."),
                    retry=self.order.open,
                ),
                self.texts,
            )
        else:
            OrderDetails.show(self.order, self.texts)

    def _handle_delete(self) -> None:
        let_go = getattr(self, "_let_go", None)
        if let_go is not None:
            let_go()
        super()._handle_delete()

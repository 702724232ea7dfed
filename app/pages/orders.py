"""One order, or one payment that no order has come of."""

from __future__ import annotations

import asyncio

from app.i18n import Texts, say
from app.pages.view import View, not_found
from app.state import ORDERS, OrderState, Portal
from components import ErrorState, Failure, OrderDetails, Skeleton, html


class OrderPage(View):
    """``/orders/{id}`` and ``/orders/charges/{id}``.

    One that is not this customer's is not found, exactly as one that does not exist. An old order
    may have to be asked for: meanwhile the page says that it is loading.
    """

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

    def header(self) -> None:
        html.a(ORDERS, self.t("All orders"), class_="ds-back")
        super().header()

    def heading(self) -> str:
        if self.seen(lambda: self.is_missing):
            return self.t("Not found")
        if self.seen(lambda: self.order.status) != "ready":
            return self.t("Order")
        return self.say(self.seen(lambda: self.order.name))

    def content(self) -> None:
        if self.seen(lambda: self.is_missing):
            not_found(self.texts)
        else:
            super().content()

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

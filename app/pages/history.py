"""Everything that was ever bought."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from nicegui import ui

from app.i18n import Texts
from app.pages.view import View
from app.state import ORDERS, Portal
from components import OrderList, html


class OrdersPage(View):
    """``/orders``

    What is chosen stands in the address, as ``?status=failed&time=2025``, so that it can be kept
    and sent on; what is searched for does not.
    """

    def __init__(self, state: Portal, texts: Texts, status: str = "", time: str = "") -> None:
        super().__init__(state, texts)
        history = self.model.history
        self._asked_for = {"status": status, "time": time}
        self._written = {name: value for name, value in self._asked_for.items() if value}
        self._let_go = history.changed.subscribe(self._write_address)
        self._opening: asyncio.Task[None] | None = None
        self._begin()

    def heading(self) -> str:
        return self.t("Orders")

    def header(self) -> None:
        super().header()
        html.p(self.t("What you have ordered, and what became of it."))

    def ready(self) -> None:
        OrderList.show(self.state.history, self.texts)

    def redraw(self) -> None:
        super().redraw()
        self._begin()

    def _begin(self) -> None:
        """Once the records are known. It stays until it is done, though the customer may go on to
        another view."""
        if getattr(self, "_opening", self) is not None or self.model.status != "ready":
            return
        history = self.model.history
        if history.purchases is None or history.query != self._written:
            self._opening = asyncio.create_task(history.open(**self._asked_for))

    def _write_address(self) -> None:
        """Put what is chosen into the address, in the place of what stood there."""
        query = self.model.history.query
        if query != self._written and not self.client.is_deleted:
            self._written = query
            place = ORDERS.rpartition("/")[2]  # beside us, wherever the portal is mounted
            with self:
                ui.navigate.history.replace(f"{place}?{urlencode(query)}" if query else place)

    def _handle_delete(self) -> None:
        let_go = getattr(self, "_let_go", None)
        if let_go is not None:
            let_go()
        super()._handle_delete()

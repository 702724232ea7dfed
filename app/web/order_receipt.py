"""The receipt of one order: ``/orders/{id}/receipt`` to read and print, and the same as a PDF.

It is made when it is asked for, from the order as the mirror has it, and is of nobody but the
signed-in customer. An order that has nothing to give a receipt for has none.
"""

from __future__ import annotations

import asyncio
import math
import re
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.actions import Principal, Services
from app.auth import ORDER_FILES, Limits
from app.clock import utc_now
from app.mirror import MirrorError, Shop
from app.recharge import Order, RechargeError
from app.state import has_receipt, order_path
from app.web.errors import ErrorPages
from app.web.order_file import pdf_of
from app.web.order_sheet import sheet_of
from app.web.rendering import Pages

AT_ONCE: Final = 2
"""Files that are made at the same time: each keeps a processor busy for some tenths of a second."""

_ID: Final = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)


class OrderReceipts:
    """The two routes. `fonts` is a folder with letters for scripts that ours lack."""

    def __init__(
        self, services: Services, pages: Pages, errors: ErrorPages, fonts: Path | None = None
    ) -> None:
        self._services = services
        self._pages = pages
        self._errors = errors
        self._fonts = fonts
        self._limits = Limits(services.database)
        self._room = asyncio.Semaphore(AT_ONCE)

    def routes(self) -> list[Route]:
        return [
            Route("/orders/{id}/receipt", self.page, methods=["GET"]),
            Route("/orders/{id}/receipt.pdf", self.file, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """As a page, which prints well."""
        try:
            found = await self._found(request)
        except (RechargeError, MirrorError) as error:
            return await self._not_now(error)
        if found is None:
            return await self._errors.not_found(request)
        order, shop = found
        return await self._pages.page(
            "order_receipt.html",
            self._pages.texts.t("Receipt"),
            headers={"X-Robots-Tag": "noindex, nofollow"},
            sheet=sheet_of(order, shop, self._pages.texts),
            back=order_path(order.id),
            file=f"{order_path(order.id)}/receipt.pdf",
        )

    async def file(self, request: Request) -> Response:
        """As a PDF."""
        try:
            found = await self._found(request)
        except (RechargeError, MirrorError) as error:
            return await self._not_now(error)
        if found is None:
            return await self._errors.not_found(request)
        order, shop = found
        principal: Principal = request.scope["state"]["principal"]
        now = utc_now()  # real time: that of the shop stands still in the demo
        checks = [(limit, str(principal.customer_id)) for limit in ORDER_FILES]
        until = await self._limits.refused_until(checks, now)
        if until is not None:
            return await self._too_many(order, math.ceil((until - now).total_seconds()))
        texts = self._pages.texts
        link = f"{self._services.settings.origin}{order_path(order.id)}/receipt"
        note = texts.t(
            "Some signs are missing here, since this file has no letters for them. They stand on "
            "the page: {link}",
            link=link,
        )
        sheet = sheet_of(order, shop, texts)
        async with self._room:
            made = await asyncio.to_thread(pdf_of, sheet, self._services.clock(), note, self._fonts)
        return Response(
            made,
            media_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="receipt-{_safe_name(order)}.pdf"',
                "Cache-Control": "no-store",
                "X-Robots-Tag": "noindex, nofollow",
            },
        )

    async def _found(self, request: Request) -> tuple[Order, Shop] | None:
        """The order, when it is this customer's and has a receipt.

        Raises:
            RechargeError, MirrorError: it could not be looked for.
        """
        principal: Principal = request.scope["state"]["principal"]
        id = request.path_params["id"]
        if not _ID.fullmatch(id):
            return None
        mirror = self._services.mirror
        order = await mirror.customer(principal.customer_id).order(int(id))
        if order is None or not has_receipt(order):
            return None
        return order, await mirror.shop()

    async def _too_many(self, order: Order, seconds: int) -> Response:
        t = self._pages.texts.t
        return await self._pages.message(
            t("Not so often, please"),
            t(
                "You have downloaded many receipts in the last hour. Please try again in an hour, "
                "or print this one from its page."
            ),
            status=429,
            headers={"Retry-After": str(seconds)},
            link=f"{order_path(order.id)}/receipt",
            link_text=t("To the receipt"),
        )

    async def _not_now(self, error: RechargeError | MirrorError) -> Response:
        """It is not known if there is such an order, so nobody says that there is none."""
        t = self._pages.texts.t
        told = t("The shop's system does not answer at the moment. Please try again in a minute.")
        if isinstance(error, RechargeError):
            told = self._pages.texts.render(error.notice)
        return await self._pages.message(
            t("We cannot show this receipt right now"),
            told,
            status=503,
            headers={"Retry-After": "60"},
        )


def _safe_name(order: Order) -> str:
    """A part of a file's name: the shop's number of it where that is plain, else Recharge's."""
    number = (order.external_order_number.ecommerce or "").strip("#")
    return number if re.fullmatch(r"[A-Za-z0-9-]{1,40}", number) else str(order.id)

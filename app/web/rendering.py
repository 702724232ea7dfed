"""Plain HTML pages: no script, one style sheet, every value escaped by the template engine."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.i18n import Texts
from app.mirror import Shop
from app.recharge import RechargeError
from app.retention import WayOut, ways_out
from app.state import LookShown
from components import FAVICON

_HERE = Path(__file__).parent
_SHOP_SECONDS = 2.0
"""How long a page waits for the shop's name before it does without."""


@dataclass(frozen=True, slots=True)
class Band:
    """What pages have above them while one of the shop's people looks as the customer.

    until: when that ends, in words
    token: for the form that leads out
    """

    look: LookShown
    until: str
    token: str


BAND: ContextVar[Band | None] = ContextVar("band", default=None)
"""That of the request which is being answered; None mostly."""


class Pages:
    """Draws the plain pages in the reader's language.

    `shop_name` finds the shop's name; a page that cannot get it is drawn without. `shop` finds the
    shop, whose country decides the words of some links at the foot. `demo_inbox` is
    where the demo's mails can be read, `demo_door` where a visitor of the demo comes in without
    one; both are shown on the pages that send mail.
    """

    def __init__(
        self,
        texts: Texts,
        shop_name: Callable[[], Awaitable[str]],
        *,
        shop: Callable[[], Awaitable[Shop]] | None = None,
        demo_inbox: str = "",
        demo_door: str = "",
    ) -> None:
        self.texts = texts
        self._shop_name = shop_name
        self._shop = shop
        self._demo = {"demo_inbox": demo_inbox, "demo_door": demo_door}
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=select_autoescape(["html", "svg"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def page(
        self,
        template: str,
        title: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """A whole page."""
        text = self.render(
            template,
            title=title,
            shop=await self.shop(),
            ways=await self._ways_out(),
            stylesheet=self.stylesheet_url,
            band=BAND.get(),
            **self._demo,
            **values,
        )
        return HTMLResponse(text, status, dict(headers or {}))

    async def message(
        self,
        title: str,
        *paragraphs: str,
        status: int,
        incident: str = "",
        link: str = "/",
        link_text: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """A page that says what happened and leads on."""
        return await self.page(
            "message.html",
            title,
            status=status,
            headers=headers,
            paragraphs=paragraphs,
            incident=incident,
            link=link,
            link_text=link_text or self.texts.t("To your subscriptions"),
        )

    def render(self, template: str, **values: Any) -> str:
        return self._templates.get_template(template).render(texts=self.texts, **values)

    async def shop(self) -> str:
        """The shop's name, or nothing: a page must not fail for want of it."""
        with suppress(RechargeError, TimeoutError):
            async with asyncio.timeout(_SHOP_SECONDS):
                return await self._shop_name()
        return ""

    async def the_shop(self) -> Shop | None:
        """The shop; None where it cannot be had in time."""
        if self._shop is not None:
            with suppress(RechargeError, TimeoutError):
                async with asyncio.timeout(_SHOP_SECONDS):
                    return await self._shop()
        return None

    async def _ways_out(self) -> tuple[WayOut, ...]:
        """The links at the foot, in the words of the shop's country where that is known."""
        return ways_out(await self.the_shop(), self.texts.language)

    @cached_property
    def _stylesheet(self) -> str:
        names = (
            "plain.css",
            "leave.css",
            "picture.css",
            "cards.css",
            "order_receipt.css",
            "embed.css",
        )
        files = (_HERE / "static" / name for name in names)
        return "".join(file.read_text(encoding="utf-8") for file in files)

    @cached_property
    def stylesheet_url(self) -> str:
        """Names its content, so that it may be kept for ever."""
        return f"/plain.css?v={hashlib.sha256(self._stylesheet.encode()).hexdigest()[:12]}"

    async def stylesheet(self, _: Request) -> Response:
        return Response(
            self._stylesheet,
            media_type="text/css",
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )

    async def icon(self, _: Request) -> Response:
        return Response(
            FAVICON,
            media_type="image/svg+xml",
            headers={"Cache-Control": "public, max-age=86400"},
        )

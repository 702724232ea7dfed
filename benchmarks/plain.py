"""The other side of the comparison: the overview as plain HTML, drawn by the server.

It reads the same mirror on the same sandbox and writes the same content with the same style sheet.
What it lacks is what the comparison is about: a page that stays connected. There is no sign-in.

``python -m benchmarks.plain --customer 101`` serves it and prints its address.
"""

from __future__ import annotations

import asyncio
import re
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import httpx
import jinja2
import typer
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from app.database import Database
from app.i18n import Money, Texts
from app.mirror import DeliveryItem, Mirror, Snapshot
from app.recharge import Address, PaymentMethod, RechargeClient, Subscription
from app.sandbox import Sandbox

COMING = 6
"""Deliveries on the overview's timeline, as many as Doorstep shows there."""
HORIZON = timedelta(days=365)

HERE = Path(__file__).parent
STYLE_SHEET = HERE.parent / "components" / "doorstep.css"


class PlainPages:
    """Draws one customer's overview, and the question whether to skip."""

    def __init__(self, mirror: Mirror, customer_id: int) -> None:
        self._mirror = mirror
        self._customer_id = customer_id
        self._texts = Texts("en")
        templates = jinja2.Environment(
            autoescape=True,
            loader=jinja2.FileSystemLoader(HERE),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        templates.filters |= {
            "money": self._texts.money,
            "day": self._texts.date,
            "full_day": partial(self._texts.date, style="full"),
            "month": self._texts.month,
            "names": self._names,
            "street": _street,
            "card": _card,
            "rhythm": _rhythm,
            "price": _price,
        }
        self._page = templates.get_template("plain.html")
        self._style = re.sub(r"\s+", " ", STYLE_SHEET.read_text(encoding="utf-8"))

    async def overview(self, request: Request) -> Response:
        return await self._draw(is_asking=False)

    async def ask(self, request: Request) -> Response:
        """The answer to the button: the question whether to skip, on a page of its own."""
        return await self._draw(is_asking=True)

    async def _draw(self, *, is_asking: bool) -> Response:
        snapshot = await self._mirror.customer(self._customer_id).snapshot()
        today = self._mirror.today(snapshot.shop)
        return HTMLResponse(
            self._page.render(
                style=self._style,
                snapshot=snapshot,
                next=snapshot.next_delivery(today),
                coming=snapshot.schedule(today, today + HORIZON)[:COMING],
                current=[one for one in snapshot.subscriptions if str(one.status) == "active"],
                next_dates=_next_dates(snapshot, today),
                is_asking=is_asking,
            )
        )

    def _names(self, items: tuple[DeliveryItem, ...]) -> str:
        return self._texts.listing([item.title for item in items])


def _next_dates(snapshot: Snapshot, today: date) -> dict[int, date]:
    """The next day of each subscription."""
    found: dict[int, date] = {}
    for delivery in snapshot.schedule(today, today + HORIZON):
        for item in delivery.items:
            if item.purchase_item_id is not None and delivery.status != "skipped":
                found.setdefault(item.purchase_item_id, delivery.date)
    return found


def _street(address: Address) -> str:
    return ", ".join(part for part in (address.address1, address.city, address.zip) if part)


def _card(method: PaymentMethod) -> str:
    details = method.payment_details
    return f"{(details.brand or 'card').title()} ending in {details.last4}"


def _rhythm(subscription: Subscription) -> str:
    count, unit = subscription.order_interval_frequency, subscription.order_interval_unit
    return f"every {count} {unit}s"


def _price(subscription: Subscription, snapshot: Snapshot) -> Money | None:
    if subscription.price is None:
        return None
    currency = subscription.presentment_currency or snapshot.shop.currency
    return Money(subscription.price, currency) * subscription.quantity


@asynccontextmanager
async def plain_site(address: str, customer_id: int, folder: Path) -> AsyncIterator[Starlette]:
    """The site with a sandbox of its own under ``/sandbox``; its files lie in `folder`."""
    sandbox = Sandbox(public_url=f"{address}/sandbox")
    database = Database(f"sqlite+aiosqlite:///{folder / 'plain.db'}")
    client = RechargeClient(
        "sk_sandbox",
        base_url="http://sandbox",
        transport=httpx.ASGITransport(app=sandbox.app),
    )
    mirror = Mirror(database, client, clock=sandbox.clock.now)
    try:
        await database.upgrade()
        pages = PlainPages(mirror, customer_id)
        yield Starlette(
            routes=[
                Route("/", pages.overview),
                Route("/skip", pages.ask),
                Mount("/sandbox", sandbox.app),
            ],
            middleware=[Middleware(GZipMiddleware)],
        )
    finally:
        await mirror.close()
        await client.aclose()
        await database.close()
        await sandbox.close()


async def _serve(customer_id: int) -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://localhost:{listener.getsockname()[1]}"
        async with plain_site(address, customer_id, Path(folder)) as site:
            config = uvicorn.Config(site, log_level="warning", access_log=False, lifespan="off")
            listener.listen()
            print(address, flush=True)
            await uvicorn.Server(config).serve(sockets=[listener])


def main(customer: Annotated[int, typer.Option()] = 101) -> None:
    asyncio.run(_serve(customer))


if __name__ == "__main__":
    typer.run(main)

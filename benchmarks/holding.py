"""What strangers cost: memory, and the wait of those who are signed in meanwhile."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]

from benchmarks.table import table
from tests.browser.service import Service, running_service

_PAGE_EVERY = 0.5
"""Seconds between a customer's page and the next."""
_AT_ONCE = 20
_SETTLED = 3.0
_BETWEEN = 0.2
"""Seconds between a hundred connections and the next: 500 a second, from one machine."""


@dataclass(frozen=True)
class Held:
    """What a crowd of strangers cost.

    before, during, after: megabytes of memory that the process held; `during` is the most
    waits: seconds that each page of the signed-in customer took meanwhile
    seconds: how long it lasted
    """

    name: str
    before: float
    during: float
    after: float
    waits: tuple[float, ...]
    seconds: float

    @property
    def p95(self) -> float:
        """Seconds within which 95 of 100 pages of the customer came."""
        return statistics.quantiles(self.waits, n=20)[-1] if len(self.waits) > 1 else 0.0


class Watch:
    """Looks at a process, and opens a customer's page again and again."""

    def __init__(self, service: Service, customer_id: int = 101) -> None:
        self._service = service
        self._process = psutil.Process(service.pid)
        self._customer_id = customer_id

    def memory(self) -> float:
        """Megabytes that the process holds."""
        return float(self._process.memory_info().rss) / 1e6

    async def during(self, name: str, crowd: Callable[[], Awaitable[None]]) -> Held:
        """What a crowd costs while it is there, and after it has gone."""
        before = most = self.memory()
        waits: list[float] = []
        async with _browser("203.0.113.9", follow_redirects=True) as browser:
            await browser.get(self._service.sign_in_link(self._customer_id))
            started = time.monotonic()
            running = asyncio.create_task(_run(crowd))
            while not running.done():
                asked = time.monotonic()
                answer = await browser.get(f"{self._service.address}/")
                answer.raise_for_status()
                waits.append(time.monotonic() - asked)
                most = max(most, self.memory())
                await asyncio.sleep(_PAGE_EVERY)
            await running
            seconds = time.monotonic() - started
        await asyncio.sleep(_SETTLED)
        return Held(name, before, most, self.memory(), tuple(waits), seconds)


def _browser(network: str, **options: Any) -> httpx.AsyncClient:
    """A browser of another network than the others. Each request has a connection of its own."""
    return httpx.AsyncClient(
        timeout=60,
        headers={"X-Forwarded-For": network},
        limits=httpx.Limits(max_keepalive_connections=0),
        **options,
    )


async def _run(crowd: Callable[[], Awaitable[None]]) -> None:
    await crowd()


def strangers(address: str, number: int) -> Callable[[], Awaitable[None]]:
    """So many pages asked for without a cookie, over and over as new visitors."""

    async def crowd() -> None:
        async with _browser("198.51.100.7", base_url=address) as client:
            limit = asyncio.Semaphore(_AT_ONCE)

            async def ask(index: int) -> None:
                async with limit:
                    client.cookies.clear()
                    await client.get(("/", "/sign-in", "/orders", "/subscriptions/301")[index % 4])

            await asyncio.gather(*(ask(index) for index in range(number)))

    return crowd


def idle_sockets(
    port: int, number: int, seconds: float, said: bytes = b""
) -> Callable[[], Awaitable[None]]:
    """So many connections that say this and then nothing, held for so long."""

    async def crowd() -> None:
        writers: list[asyncio.StreamWriter] = []

        async def connect() -> None:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writers.append(writer)
                writer.write(said)

        for _ in range(number // 100):
            await asyncio.gather(*(connect() for _ in range(100)))
            await asyncio.sleep(_BETWEEN)
        await asyncio.sleep(seconds)
        for writer in writers:
            writer.close()

    return crowd


def handshake(port: int) -> bytes:
    """The first words of a page's socket, without a session."""
    path = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket&client_id=x"
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()


async def measure(pages: int, sockets: int, seconds: float, *, limited: bool) -> list[Held]:
    """Each crowd in turn, against a service of its own."""
    found = []
    settings = {"DOORSTEP_TRUSTED_PROXIES": "127.0.0.1"}
    if not limited:
        settings["DOORSTEP_REQUESTS_PER_MINUTE"] = "1000000"
    with tempfile.TemporaryDirectory() as folder, running_service(Path(folder), **settings) as it:
        port = int(it.address.rpartition(":")[2])
        watch = Watch(it)
        warm = strangers(it.address, 200)
        await warm()
        for name, crowd in (
            (f"{pages} anonymous pages", strangers(it.address, pages)),
            (f"{sockets} connections that say nothing", idle_sockets(port, sockets, seconds)),
            (
                f"{sockets} sockets without a session",
                idle_sockets(port, sockets, seconds, handshake(port)),
            ),
        ):
            found.append(await watch.during(name, crowd))
    return found


def holding_report(pages: int = 3000, sockets: int = 5000, seconds: float = 15.0) -> str:
    """A table of what each crowd cost, with and without the limit of requests."""
    rows = []
    for limited in (True, False):
        for one in asyncio.run(measure(pages, sockets, seconds, limited=limited)):
            rows.append(
                (
                    one.name + ("" if limited else ", no limit of requests"),
                    f"{one.before:.0f}",
                    f"{one.during:.0f}",
                    f"{one.after:.0f}",
                    f"{statistics.median(one.waits) * 1000:.0f}",
                    f"{one.p95 * 1000:.0f}",
                    f"{one.seconds:.0f}",
                )
            )
    head = ("", "MB before", "MB most", "MB after", "page, ms", "95 % in, ms", "lasted, s")
    return table(head, rows)

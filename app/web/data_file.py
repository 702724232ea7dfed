"""Everything that is kept about a customer, to take along: ``/account/data.zip``.

The archive is made while it is sent: nobody's data waits on our disk, and a customer with 10,000
orders needs no more memory than one with ten. Each kind of record is there twice: as JSON for
programs, and as a table (RFC 4180). What could not be read is named in its README, never left out
in silence.
"""

from __future__ import annotations

import asyncio
import json
import math
import tempfile
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app.actions import STEP_UP, Level, Principal, Services
from app.auth import DATA_FILES, Limits
from app.clock import Clock, utc_now
from app.i18n import say_many
from app.mirror import Shop
from app.recharge import Priority, RechargeError
from app.web.activity_file import line
from app.web.data_parts import Document, Part, parts_of
from app.web.errors import ErrorPages
from app.web.rendering import Pages
from app.web.step_up_page import to_step_up

_log = structlog.get_logger(__name__)

_IN_MEMORY: Final = 4_000_000
"""Bytes of one table that wait in memory while its JSON goes out; more of it waits in a file
without a name, which is gone with the request."""
_AT_ONCE: Final = 100
"""Records after which everybody else has a turn."""
_SENT_FROM: Final = 32_000
"""Bytes that are sent together."""
_SECONDS: Final = 120.0
"""How long a call may wait for its place behind what customers are waiting for."""


class DataFile:
    """The route ``/account/data.zip``, for the signed-in customer and of nobody else."""

    def __init__(
        self,
        services: Services,
        pages: Pages,
        errors: ErrorPages,
        limits: Limits,
        clock: Clock = utc_now,
    ) -> None:
        self._services = services
        self._pages = pages
        self._errors = errors
        self._limits = limits
        self._clock = clock

    def routes(self) -> list[Route]:
        return [Route("/account/data.zip", self.download, methods=["GET"])]

    async def download(self, request: Request) -> Response:
        principal: Principal = request.scope["state"]["principal"]
        # A link in a mail may have been passed on: it opens no file with everything in it.
        is_sure = principal.level >= Level.CODE
        if not is_sure and not await self._services.is_proven(principal, STEP_UP):
            return to_step_up(request)
        now = self._clock()
        checks = [(limit, str(principal.customer_id)) for limit in DATA_FILES]
        until = await self._limits.refused_until(checks, now)
        if until is not None:
            return await self._too_many(math.ceil((until - now).total_seconds()))
        try:
            shop = await self._services.mirror.shop()
        except RechargeError as error:
            return await self._errors.failed(request, error)
        day = self._services.mirror.today(shop)
        return StreamingResponse(
            self._archive(principal, shop),
            media_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="my-data-{day.isoformat()}.zip"',
                # Packed already; packing it again would hold it back until the end.
                "Content-Encoding": "identity",
                "Cache-Control": "no-store",
                "X-Robots-Tag": "noindex, nofollow",
            },
        )

    async def _too_many(self, seconds: int) -> Response:
        texts = self._pages.texts
        minutes = max(1, math.ceil(seconds / 60))
        again = say_many(
            "You have downloaded your data a few times just now. Please try again in {count} "
            "minute.",
            "You have downloaded your data a few times just now. Please try again in {count} "
            "minutes.",
            minutes,
        )
        return await self._pages.message(
            texts.t("Not so often, please"),
            texts.render(again),
            status=429,
            headers={"Retry-After": str(seconds)},
            link="/account",
            link_text=texts.t("To your account"),
        )

    async def _archive(self, principal: Principal, shop: Shop) -> AsyncIterator[bytes]:
        services = self._services
        client = services.client.with_options(
            priority=Priority.SYNC, customer_id=principal.customer_id, timeout=_SECONDS
        )
        sink = _Sink()
        made = services.clock().astimezone(shop.timezone)
        told: list[str] = []
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts_of(client, services.database, shop, principal.customer_id):
                async for count in _write(archive, part, made):
                    if sink.has_much:
                        yield sink.take()
                    if count is not None:
                        told.append(self._told(part, count))
            archive.writestr(_file("README.txt", made), self._readme(shop, made, told))
        yield sink.take()

    def _told(self, part: Part, count: int) -> str:
        t = self._pages.texts.t
        name = f"{part.folder}/{part.name}"
        if count < 0:
            return t("{name}: could not be read whole just now. Please try again later.", name=name)
        return t("{name}: {count}", name=name, count=count)

    def _readme(self, shop: Shop, made: datetime, told: list[str]) -> str:
        t = self._pages.texts.t
        return "\n".join(
            (
                t("Your data at {shop}", shop=shop.name),
                t("Made on {time}.", time=self._pages.texts.moment_in_full(made)),
                "",
                t('"recharge" is what the shop\'s subscription system keeps about you.'),
                t('"portal" is what these account pages keep about you.'),
                t("Each kind is there twice: .csv opens as a table, .json is for programs."),
                t(
                    "Left out are secrets, such as keys of payment services. Card numbers are not "
                    "kept here at all."
                ),
                "",
                *told,
                "",
            )
        )


async def _write(archive: zipfile.ZipFile, part: Part, made: datetime) -> AsyncIterator[int | None]:
    """Put both files of a part into the archive, unless there is nothing. Gives None now and then,
    so that what is there can be sent, and at the end how many records there are; -1 where they
    could not all be read."""
    count = 0
    is_whole = True
    columns: dict[str, None] = {}
    documents = _readable(part)
    first = await anext(documents, None)
    if first is None:
        yield 0
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as kept:
        with archive.open(_file(f"{part.folder}/{part.name}.json", made), "w") as file:
            file.write(b"[\n")
            one: Document | None = first
            while one is not None:
                if one is _UNREADABLE:
                    is_whole = False
                    break
                text = json.dumps(one, ensure_ascii=False)
                file.write((",\n" if count else "").encode() + text.encode())
                flat = _flat(one)
                columns |= dict.fromkeys(flat)
                kept.write(json.dumps(flat) + "\n")
                count += 1
                if count % _AT_ONCE == 0:
                    yield None
                    await asyncio.sleep(0)
                one = await anext(documents, None)
            file.write(b"\n]\n")
        yield None
        kept.seek(0)
        with archive.open(_file(f"{part.folder}/{part.name}.csv", made), "w") as file:
            file.write(("\ufeff" + line(list(columns))).encode())
            for number, row in enumerate(kept):
                cells = json.loads(row)
                file.write(line([cells.get(column, "") for column in columns]).encode())
                if number % _AT_ONCE == 0:
                    yield None
    yield count if is_whole else -1


_UNREADABLE: Final[Document] = {}
"""Stands where the records that follow could not be read."""


async def _readable(part: Part) -> AsyncGenerator[Document, None]:
    try:
        async for document in part.documents():
            yield document
    except RechargeError as error:
        _log.warning("a part of a data file could not be read", error=str(error))
        yield _UNREADABLE


def _file(name: str, made: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, made.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16  # a customer's own, when it is unpacked
    return info


def _flat(document: Document, start: str = "") -> dict[str, str]:
    """A record as one line of a table: "shipping_address.city". Lists stay JSON."""
    cells: dict[str, str] = {}
    for name, value in document.items():
        match value:
            case dict() if value:
                cells |= _flat(value, f"{start}{name}.")
            case dict() | list():
                cells[start + name] = json.dumps(value, ensure_ascii=False) if value else ""
            case None:
                cells[start + name] = ""
            case bool():
                cells[start + name] = "true" if value else "false"
            case _:
                cells[start + name] = str(value)
    return cells


class _Sink:
    """Where the archive is written to: what is there is taken away and sent."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    @property
    def has_much(self) -> bool:
        return self._size >= _SENT_FROM

    def write(self, data: bytes, /) -> int:
        self._parts.append(bytes(data))
        self._size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts, self._size = [], 0
        return data

"""Mails receipts in the background, until each has gone out or is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.actions import ActionError, ReceiptRow, ReceiptState, Services, address_of, shows
from app.mail import BadMail, Mailer, MailError
from app.mirror import MirrorError
from app.recharge import RechargeError
from app.web.receipt_words import receipt_copy, receipt_mail
from app.web.rendering import Pages

_log = structlog.get_logger(__name__)

PAUSES: Final = tuple(
    timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1800, 3600, 7200, 14400)
)
"""How long each further attempt waits for the one before; the last one again and again."""
GIVEN_UP_AFTER: Final = timedelta(hours=48)
_SECONDS: Final = 60.0
"""How long one mail may take. Shorter than others leave it alone (`receipt_rows.LEASE`)."""
_LOOK_EVERY: Final = 60.0
"""Seconds after which receipts are looked for that another process has left."""
_PATIENCE: Final = 5.0
"""Seconds that a mail on its way has left when the service stops. Cut off later than that, it may
go out twice."""

WAITING, SENT, NOT_SENT = ReceiptState.WAITING, ReceiptState.SENT, ReceiptState.NOT_SENT


class ReceiptPost:
    """Takes receipts from the database and mails them, each at least once and hardly ever twice.

    `start` it with the service: it begins with what an earlier run has left. `close` it at the end.
    `origin` is the address of the portal.
    """

    def __init__(self, services: Services, mailer: Mailer, pages: Pages, origin: str) -> None:
        self._services = services
        self._receipts = services.journal.receipts
        self._mailer = mailer
        self._pages = pages
        self._origin = origin
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    def start(self) -> None:
        """Send what waits, and from now on whatever comes."""
        self._task = asyncio.create_task(self._run(), name="receipts by mail")

    async def settle(self) -> None:
        """Send all that is due now. What fails is due again later."""
        while not self._is_closed and (rows := await self._receipts.take(self._services.clock())):
            await asyncio.gather(*(self._attempt(row) for row in rows))

    async def close(self) -> None:
        """Let the mails finish that are on their way, and stop. What is left goes out at the next
        start."""
        self._is_closed = True
        self._receipts.news.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=_PATIENCE)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while not self._is_closed:
            self._receipts.news.clear()
            pause = _LOOK_EVERY
            try:
                await self.settle()
                due = await self._receipts.next_due()
                if due is not None:
                    left = (due - self._services.clock()).total_seconds()
                    pause = min(max(left, 0.0), _LOOK_EVERY)
            except Exception as error:  # such as a busy database: nothing may end this
                _log.error("receipts could not be looked up", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._receipts.news.wait()

    async def _attempt(self, row: ReceiptRow) -> None:
        try:
            await _Attempt(self._services, self._mailer, self._pages, self._origin, row).run()
        except Exception as error:  # the others must not wait for it; it becomes due again
            _log.error(
                "a receipt could not be handled", receipt=row.number, error=type(error).__name__
            )


@dataclass
class _Attempt:
    """One attempt at the mails of one receipt."""

    services: Services
    mailer: Mailer
    pages: Pages
    origin: str
    row: ReceiptRow

    async def run(self) -> None:
        row = self.row
        if row.is_confirmed or await self._shows():
            if row.state is WAITING:
                row = await self._to_customer_first(row)
            if row.copy is WAITING:
                row = replace(row, copy=await self._try(self._send_copy, row))
        row = self._given_up(row) if WAITING in (row.state, row.copy) else row
        is_open = WAITING in (row.state, row.copy)
        await self._note(row, self._next() if is_open else None)
        if row.state is not self.row.state:
            self.services.mirror.changes.publish(row.customer_id)

    async def _to_customer_first(self, row: ReceiptRow) -> ReceiptRow:
        """Send the customer's mail, and keep that before the shop's copy goes out."""
        state = await self._try(self._send, row)
        row = replace(row, state=state, sent_at=self.services.clock() if state is SENT else None)
        if state is not WAITING and row.copy is WAITING:
            await self._note(row, row.due_at)
        return row

    async def _try(
        self, send: Callable[[ReceiptRow], Awaitable[ReceiptState]], row: ReceiptRow
    ) -> ReceiptState:
        """What became of one mail."""
        try:
            async with asyncio.timeout(_SECONDS):
                return await send(row)
        except BadMail as error:  # sending again is of no use
            self._tell("a receipt cannot be sent", error)
            return NOT_SENT
        except (MailError, RechargeError, MirrorError, TimeoutError) as error:
            self._tell("a receipt was not sent, and is tried again", error)
            return WAITING

    async def _send(self, row: ReceiptRow) -> ReceiptState:
        to = row.receipt.to or await address_of(self.services, row.customer_id)
        if not to:
            self._tell("a receipt is not sent: the customer has no e-mail address")
            return NOT_SENT
        shop = await self.services.mirror.shop()
        mail = receipt_mail(row, shop=shop, to=to, pages=self.pages, origin=self.origin)
        await self.mailer.send(mail)
        _log.info("receipt sent", receipt=row.number)
        return SENT

    async def _send_copy(self, row: ReceiptRow) -> ReceiptState:
        customer = await address_of(self.services, row.customer_id)
        shop = await self.services.mirror.shop()
        mail = receipt_copy(row, shop=shop, customer=customer, pages=self.pages, origin=self.origin)
        await self.mailer.send(mail)
        _log.info("copy of a receipt sent to the shop", receipt=row.number)
        return SENT

    async def _shows(self) -> bool:
        """Whether Recharge holds what the receipt says, where that was not read back yet."""
        row = self.row
        try:
            async with asyncio.timeout(_SECONDS):
                if await shows(self.services, row.customer_id, row.activity_id):
                    return True
        except (RechargeError, MirrorError, ActionError, TimeoutError) as error:
            self._tell("what a receipt says could not be read back yet", error)
        else:
            self._tell("what a receipt says does not show in Recharge")
        return False

    def _next(self) -> datetime:
        pause = PAUSES[min(self.row.tries, len(PAUSES)) - 1]
        return self.services.clock() + pause

    def _given_up(self, row: ReceiptRow) -> ReceiptRow:
        """The receipt with no mail waiting any more, when it has waited long enough."""
        if self._next() <= row.at + GIVEN_UP_AFTER:
            return row
        _log.error(
            "a receipt was given up",
            receipt=row.number,
            activity_id=row.activity_id,
            attempts=row.tries,
            is_copy=row.state is not WAITING,
        )
        return replace(
            row,
            state=NOT_SENT if row.state is WAITING else row.state,
            copy=NOT_SENT if row.copy is WAITING else row.copy,
        )

    async def _note(self, row: ReceiptRow, due_at: datetime | None) -> None:
        """Keep what became of it, unless another sender has it by now."""
        receipts = self.services.journal.receipts
        await receipts.note(row, state=row.state, copy=row.copy, due_at=due_at, sent_at=row.sent_at)

    def _tell(self, event: str, error: Exception | None = None) -> None:
        """Into the log, without the error's words: they may hold an address."""
        reason = {"reason": type(error).__name__} if error else {}
        _log.warning(event, receipt=self.row.number, attempt=self.row.tries, **reason)

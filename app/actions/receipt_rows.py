"""Receipts that wait to be mailed, kept in the database until it is known what became of them.

A row is written by the transaction that records the result (`issue`). Whoever sends takes due rows
(`take`), which hides them from every other sender for a while, and notes what came of each
(`note`). A sender that dies in between leaves rows that become due again: a mail may go out twice
then, but none is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.actions.claim import Claim
from app.actions.receipts import (
    Receipt,
    ReceiptKind,
    receipt_from_json,
    receipt_number,
    receipt_to_json,
    settled,
)
from app.actions.steps import states_in
from app.actions.tables import receipts
from app.database import Database
from app.i18n import Message

LEASE = timedelta(minutes=3)
"""How long a receipt that is being sent is hidden from other senders."""
AT_ONCE = 8
"""Receipts taken together."""


class ReceiptState(StrEnum):
    """What became of a mail. Stored, so a word never changes."""

    WAITING = "on its way"
    SENT = "sent"
    NOT_SENT = "not sent"


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt as it is kept.

    at:    when the customer asked for what it tells of
    is_confirmed: whether the result was read back
    copy:  what became of the shop's copy; None where it gets none
    due_at: the next attempt; None at the end
    tries: how many were begun
    """

    activity_id: str
    customer_id: int
    number: str
    at: datetime
    receipt: Receipt
    is_confirmed: bool
    state: ReceiptState
    copy: ReceiptState | None
    due_at: datetime | None
    tries: int
    sent_at: datetime | None


async def issue(
    connection: AsyncConnection,
    claim: Claim,
    *,
    is_partly: bool,
    notice: Message,
    differences: Sequence[Message],
    is_confirmed: bool,
    now: datetime,
) -> bool:
    """Put the receipt of a result into the table, if it has one, with the transaction that records
    the result. Whether there is one.

    An end whose result became known late has none where a later wish for the same has one.
    """
    if claim.receipt is None:
        return False
    receipt = settled(
        receipt_from_json(claim.receipt),
        is_partly=is_partly,
        notice=notice,
        steps=await states_in(connection, claim.activity_id),
        differences=differences,
    )
    if receipt is None or await _is_told(connection, claim, receipt):
        return False
    await connection.execute(
        insert(receipts).values(
            activity_id=claim.activity_id,
            customer_id=claim.customer_id,
            number=receipt_number(claim.activity_id),
            at=claim.claimed_at,
            content=receipt_to_json(receipt),
            is_confirmed=is_confirmed,
            state=ReceiptState.WAITING,
            copy=ReceiptState.WAITING if receipt.copy_to_shop else None,
            due_at=now,
            tries=0,
        )
    )
    return True


class Receipts:
    """Reads and writes the receipts. Every method is one transaction.

    `news` is set when there is a new one, in this process.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.news = asyncio.Event()

    async def of(self, customer_id: int, activity_id: str) -> ReceiptRow | None:
        """The receipt of an activity of this customer's, or None where it has none."""
        query = select(receipts).where(
            receipts.c.activity_id == activity_id, receipts.c.customer_id == customer_id
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _of(row) if row else None

    async def next_due(self) -> datetime | None:
        """The moment from which there is something to send; None where nothing waits."""
        async with self._database.read() as connection:
            found = await connection.execute(select(func.min(receipts.c.due_at)))
            moment: datetime | None = found.scalar()
            return moment

    async def take(self, now: datetime) -> list[ReceiptRow]:
        """Some receipts that are due, the longest waiting first. Nobody else gets them before
        `LEASE` is over."""
        due = (
            select(receipts)
            .where(receipts.c.due_at <= now)
            .order_by(receipts.c.due_at, receipts.c.activity_id)
            .limit(AT_ONCE)
        )
        taken: list[ReceiptRow] = []
        async with self._database.begin() as connection:
            for row in (await connection.execute(due)).all():
                values = {"tries": row.tries + 1, "due_at": now + LEASE}
                hidden = await connection.execute(
                    update(receipts)
                    .where(receipts.c.activity_id == row.activity_id, receipts.c.tries == row.tries)
                    .values(**values)
                )
                if hidden.rowcount:
                    taken.append(_of(row, **values))
        return taken

    async def note(
        self,
        row: ReceiptRow,
        *,
        state: ReceiptState,
        copy: ReceiptState | None,
        due_at: datetime | None,
        sent_at: datetime | None,
    ) -> bool:
        """Keep what came of an attempt. False when another sender has taken it over since."""
        async with self._database.begin() as connection:
            noted = await connection.execute(
                update(receipts)
                .where(receipts.c.activity_id == row.activity_id, receipts.c.tries == row.tries)
                .values(state=state, copy=copy, due_at=due_at, sent_at=sent_at)
            )
            return bool(noted.rowcount)


async def _is_told(connection: AsyncConnection, claim: Claim, receipt: Receipt) -> bool:
    """Whether all that this tells is told by receipts of what the customer asked for later, such as
    in another tab while nobody knew what came of the first wish."""
    if receipt.kind is not ReceiptKind.CANCELLED or receipt.not_done:
        return False
    later = (
        select(receipts.c.content)
        .where(
            receipts.c.customer_id == claim.customer_id,
            receipts.c.activity_id != claim.activity_id,
            receipts.c.at > claim.claimed_at,
        )
        .order_by(receipts.c.at)
    )
    told: dict[str, ReceiptKind] = {}
    for content in (await connection.execute(later)).scalars():
        told |= {part.about: part.kind for part in receipt_from_json(content).all_parts}
    return all(told.get(part.about) is receipt.kind for part in receipt.all_parts)


def _of(row: Row[Any], **newer: Any) -> ReceiptRow:
    values: dict[str, Any] = {**row._mapping, **newer}
    content = values.pop("content")
    values["state"] = ReceiptState(row.state)
    values["copy"] = ReceiptState(row.copy) if row.copy else None
    return ReceiptRow(receipt=receipt_from_json(content), **values)

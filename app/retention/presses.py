"""Which wish to leave a press belongs to, and what its result means for that wish.

The key of a press names its flow, so it is known after a restart too, and however late the result
comes. The flow is decided in the transaction that records the result (`app.actions.flow_rows`): a
flow is never called cancelled or saved by something that was not done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.retention.flow import Decision, Subject
from app.retention.flows import OPEN_FOR
from app.retention.plan import Incentive
from app.retention.tables import discounts
from app.retention.tables import flows as table

_END: Final = "end"


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a customer who wants to leave.

    offer: what was taken up; None where it is the end
    """

    flow_id: str
    offer: Incentive | None = None

    def key(self) -> str:
        """A new idempotency key that names the flow."""
        return f"{self.flow_id}.{self.offer or _END}.{uuid4().hex}"

    @classmethod
    def of(cls, key: str) -> Self | None:
        """What a key names; None where it is the key of any other press."""
        flow_id, _, rest = key.partition(".")
        offer, dot, _ = rest.partition(".")
        if not dot or len(flow_id) != len(uuid4().hex):
            return None
        if offer == _END:
            return cls(flow_id)
        return cls(flow_id, Incentive(offer)) if offer in set(Incentive) else None


async def taken_up(
    connection: AsyncConnection,
    press: Press,
    *,
    shop: str,
    customer_id: int,
    activity_id: str,
    now: datetime,
) -> None:
    """An offer was carried out: that decides a flow of this customer's that was not decided yet."""
    await connection.execute(
        update(table)
        .where(
            table.c.shop == shop,
            table.c.customer_id == customer_id,
            table.c.id == press.flow_id,
            table.c.decision.is_(None),
        )
        .values(
            decision=Decision.SAVED,
            decided_at=now,
            saved_by=press.offer,
            activity_id=activity_id,
            open_as=None,
        )
    )


async def not_taken_up(
    connection: AsyncConnection, press: Press, *, shop: str, customer_id: int
) -> None:
    """An offer could not be carried out: this customer's discount counts no more."""
    if press.offer is not Incentive.DISCOUNT:
        return
    used = select(table.c.id).where(
        table.c.id == press.flow_id,
        table.c.decision == Decision.SAVED,
        table.c.saved_by == Incentive.DISCOUNT,
    )
    await connection.execute(
        delete(discounts).where(
            discounts.c.shop == shop,
            discounts.c.customer_id == customer_id,
            discounts.c.flow_id == press.flow_id,
            ~used.exists(),
        )
    )


async def ended(
    connection: AsyncConnection,
    subject: Subject,
    decision: Decision,
    *,
    shop: str,
    customer_id: int,
    press: Press | None,
    activity_id: str,
    begun_at: datetime,
    now: datetime,
) -> None:
    """Something has ended. That decides the flow of the press, or, where it was pressed elsewhere,
    the newest one about it that was open then.

    begun_at: when the activity began
    """
    mine: tuple[ColumnElement[bool], ...] = (
        table.c.shop == shop,
        table.c.customer_id == customer_id,
        table.c.subject_kind == subject.kind,
        table.c.subject_id == subject.id,
    )
    found = None
    if press is not None:
        named = select(table.c.id).where(*mine, table.c.id == press.flow_id)
        found = (await connection.execute(named)).scalar()
    if found is None:
        newest = (
            select(table.c.id)
            .where(
                *mine,
                table.c.decision.is_(None),
                table.c.started_at <= begun_at,
                table.c.started_at > begun_at - OPEN_FOR,
            )
            .order_by(table.c.started_at.desc(), table.c.id)
            .limit(1)
        )
        found = (await connection.execute(newest)).scalar()
    await connection.execute(
        update(table)
        # One that was saved by an offer can be cancelled all the same.
        .where(
            table.c.id == found,
            or_(table.c.decision.is_(None), table.c.decision == Decision.SAVED),
        )
        .values(
            decision=decision,
            decided_at=now,
            saved_by=None,
            activity_id=activity_id,
            open_as=None,
        )
    )

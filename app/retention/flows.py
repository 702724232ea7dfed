"""How each wish to leave went: what was asked, what was offered, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.clock import Clock
from app.database import Database
from app.retention.flow import Decision, Flow, Subject, flow_of, group_of
from app.retention.plan import Incentive, Plan, Reason
from app.retention.tables import discounts, follow_ups
from app.retention.tables import flows as table

OPEN_FOR: Final = timedelta(hours=24)
"""How long a flow waits for its end. One that is still not decided then was left."""
FOLLOWED_UP: Final = (30, 60, 90)
"""Days after its beginning on which it is looked whether the subject is still active. They count
from the beginning, which no offer can put off, so that all groups are asked on the same day."""
_APPLYING: Final = timedelta(minutes=10)
"""How long applying a discount may take. A claim that is older, of a flow that is not decided, was
left behind by a process that ended half-way, and its flow may take it up again."""


class Flows:
    """Keeps the record. Each method is one transaction."""

    def __init__(self, database: Database, clock: Clock, shop: str = "default") -> None:
        self._database = database
        self._shop = shop
        self._clock = clock

    async def open(
        self,
        subject: Subject,
        *,
        customer_id: int,
        region: str,
        plan: Plan,
        door: Literal["portal", "mail"] = "portal",
        may_offer: bool = True,
    ) -> Flow:
        """The customer's open flow about this, if it was begun within a day, or a new one.

        may_offer: whether the region's rules let an offer be shown. By mail none ever is.
        """
        now = self._clock()
        open_as = f"{self._shop}:{customer_id}:{subject.kind}:{subject.id}:{door}"
        row = {
            "id": uuid4().hex,
            "shop": self._shop,
            "customer_id": customer_id,
            "subject_kind": subject.kind,
            "subject_id": subject.id,
            "door": door,
            "region": region,
            "may_offer": may_offer and door == "portal",
            "group": group_of(self._shop, customer_id, plan.hold_out),
            "started_at": now,
            "open_as": open_as,
            "reason": "",
            "reason_text": "",
            "comments": "",
            "presses": 1 if door == "portal" else 0,  # the one that led here
            "is_made_up": False,
        }
        async with self._database.begin() as connection:
            is_old = table.c.started_at <= now - OPEN_FOR
            await connection.execute(
                update(table).where(table.c.open_as == open_as, is_old).values(open_as=None)
            )
            # One statement begins a flow or finds the open one: of two tabs, one begins.
            new = _insert(connection)(table).values(row)
            new = new.on_conflict_do_update(
                index_elements=["open_as"], set_={"open_as": new.excluded.open_as}
            )
            flow = flow_of((await connection.execute(new.returning(table))).one())
            if flow.id == row["id"]:
                await connection.execute(insert(follow_ups), follow_ups_of(row))
            return flow

    async def find(self, flow_id: str) -> Flow | None:
        """The flow of this id, or None."""
        async with self._database.read() as connection:
            query = select(table).where(table.c.shop == self._shop, table.c.id == flow_id)
            row = (await connection.execute(query)).one_or_none()
        return flow_of(row) if row else None

    async def latest(self, subject: Subject, *, customer_id: int) -> Flow | None:
        """The newest flow about this, decided or not."""
        query = (
            select(table)
            .where(
                table.c.shop == self._shop,
                table.c.customer_id == customer_id,
                table.c.subject_kind == subject.kind,
                table.c.subject_id == subject.id,
            )
            # The open one first: two may have begun in the same moment.
            .order_by(table.c.started_at.desc(), table.c.decision.is_not(None), table.c.id)
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return flow_of(row) if row else None

    async def give_reason(
        self, flow_id: str, reason: Reason | None, comments: str | None = None
    ) -> None:
        """The customer has said why. An undecided flow only.

        comments: None leaves those that are there
        """
        values = {"reason": reason.key if reason else ""}
        values["reason_text"] = reason.said("") if reason else ""
        if comments is not None:
            values["comments"] = comments
        await self._change(flow_id, or_saved=False, **values)

    async def comment(self, flow_id: str, comments: str) -> None:
        """The customer has said more. An undecided flow only."""
        await self._change(flow_id, comments=comments)

    async def show_offer(self, flow_id: str, offer: Incentive) -> None:
        """An offer was shown. Counts the first time of each flow only."""
        first = func.coalesce(table.c.offered_at, self._clock())
        await self._change(flow_id, offer=offer, offered_at=first)

    async def press(self, flow_id: str) -> None:
        """One more press of the customer."""
        await self._change(flow_id, or_saved=True, presses=table.c.presses + 1)

    async def decide(
        self,
        flow_id: str,
        decision: Decision,
        *,
        activity_id: str | None = None,
        saved_by: Incentive | None = None,
    ) -> None:
        """It has ended. A flow that was cancelled stays so; a saved one can still be cancelled."""
        await self._change(
            flow_id,
            or_saved=decision is not Decision.SAVED,
            decision=decision,
            decided_at=self._clock(),
            activity_id=activity_id,
            # What was taken up before an end did not save it.
            saved_by=saved_by if decision is Decision.SAVED else None,
            open_as=None,
        )

    async def take_discount(self, customer_id: int, flow_id: str, plan: Plan) -> bool:
        """Take one of the discounts that a customer has within the plan's time; False when all are
        taken. Two tabs, and two processes, cannot both take the last one.

        A flow takes one at most: of two tabs of the same flow, the second one gets False.
        """
        now = self._clock()
        until = now - timedelta(days=plan.discount_days)
        try:
            async with self._database.begin() as connection:
                mine = select(discounts.c.taken_at).where(discounts.c.flow_id == flow_id)
                if (await connection.execute(mine)).first():
                    return await self._take_again(connection, flow_id, now)
                if await self._taken(connection, customer_id, plan, now) >= plan.discount_times:
                    return False
                for slot in range(plan.discount_times):
                    new = _insert(connection)(discounts).values(
                        shop=self._shop,
                        customer_id=customer_id,
                        slot=slot,
                        flow_id=flow_id,
                        taken_at=now,
                    )
                    # One statement asks and takes: a slot is free, or its time is over.
                    new = new.on_conflict_do_update(
                        index_elements=["shop", "customer_id", "slot"],
                        set_={"flow_id": flow_id, "taken_at": now},
                        where=discounts.c.taken_at <= until,
                    )
                    taken = await connection.execute(new.returning(discounts.c.slot))
                    if taken.first():
                        return True
                return False
        except IntegrityError:  # the same flow took another slot in this moment
            return False

    async def give_back_discount(self, flow_id: str) -> None:
        """The discount could not be applied: it counts no more. One that has saved its flow was
        applied, and stays taken."""
        saved = select(table.c.id).where(
            table.c.id == flow_id,
            table.c.decision == Decision.SAVED,
            table.c.saved_by == Incentive.DISCOUNT,
        )
        async with self._database.begin() as connection:
            await connection.execute(
                delete(discounts).where(
                    discounts.c.shop == self._shop,
                    discounts.c.flow_id == flow_id,
                    ~saved.exists(),
                )
            )

    async def can_take_discount(self, customer_id: int, plan: Plan) -> bool:
        """Whether a discount may still be offered."""
        async with self._database.read() as connection:
            taken = await self._taken(connection, customer_id, plan, self._clock())
        return taken < plan.discount_times

    async def _taken(
        self, connection: AsyncConnection, customer_id: int, plan: Plan, now: datetime
    ) -> int:
        query = select(func.count()).where(
            discounts.c.shop == self._shop,
            discounts.c.customer_id == customer_id,
            discounts.c.taken_at > now - timedelta(days=plan.discount_days),
        )
        return (await connection.execute(query)).scalar_one()

    async def _take_again(self, connection: AsyncConnection, flow_id: str, now: datetime) -> bool:
        """Take up the flow's own claim, which a process left behind."""
        undecided = select(table.c.id).where(table.c.id == flow_id, table.c.decision.is_(None))
        taken = await connection.execute(
            update(discounts)
            .where(
                discounts.c.shop == self._shop,
                discounts.c.flow_id == flow_id,
                discounts.c.taken_at <= now - _APPLYING,
                undecided.exists(),
            )
            .values(taken_at=now)
            .returning(discounts.c.slot)
        )
        return taken.first() is not None

    async def _change(self, flow_id: str, *, or_saved: bool = False, **values: Any) -> None:
        """Change a flow that is not decided, `or_saved`; any other stays as it is."""
        may: ColumnElement[bool] = table.c.decision.is_(None)
        if or_saved:
            may = or_(may, table.c.decision == Decision.SAVED)
        async with self._database.begin() as connection:
            await connection.execute(
                update(table)
                .where(table.c.shop == self._shop, table.c.id == flow_id, may)
                .values(values)
            )


def follow_ups_of(flow: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of `retention_follow_ups` that a new row of `retention_flows` needs."""
    return [
        {
            "flow_id": flow["id"],
            "days": days,
            "shop": flow["shop"],
            "due_at": flow["started_at"] + timedelta(days=days),
        }
        for days in FOLLOWED_UP
    ]


def _insert(connection: AsyncConnection) -> Any:
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

"""The record of what was done, and the keys that keep a change from being made twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, func, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.actions.base import Action
from app.actions.claim import OPEN, Claim, Result, body_of, claim_of
from app.actions.effect import Effect
from app.actions.errors import InProgress
from app.actions.flow_rows import decide_flows
from app.actions.journal_rows import first_row, has_key, is_lost, is_ours, newest_row, one_by_one
from app.actions.principal import Principal
from app.actions.receipt_rows import Receipts, issue
from app.actions.receipts import Receipt, receipt_to_json
from app.actions.steps import Steps, insert_steps
from app.actions.tables import action_keys, activities
from app.actions.wire import effect_to_json, message_to_json
from app.database import Database
from app.i18n import Message

RUNS_FOR = timedelta(seconds=60)
"""How long other processes leave a change alone: before it is written, and while it is."""
KEPT_FOR = timedelta(hours=48)
"""How long keys are kept: longer than anything can be undone."""

WhenDone = Callable[[AsyncConnection, Claim, str], Awaitable[None]]
"""Is given the change and the session that asked for it."""


class Overtaken(Exception):
    """Something of this customer's was recorded since the last look."""


class Journal:
    """Reads and writes both tables. Every method is one transaction."""

    def __init__(self, database: Database, shop: str = "default") -> None:
        """`shop` is that of the record of flows."""
        self._database = database
        self._shop = shop
        self.steps = Steps(database)
        self.receipts = Receipts(database)
        self.when_done: list[WhenDone] = []
        """What follows from a change, in the transaction that records that it was done."""

    async def claimed(self, principal: Principal, key: str, now: datetime) -> Claim | None:
        """The change that this customer's key stands for already, or None where it is free."""
        mine = (
            action_keys.c.shop == principal.shop,
            action_keys.c.customer_id == principal.customer_id,
            action_keys.c.key == key,
        )
        async with self._database.read() as connection:
            query = select(action_keys).where(*mine, not_(is_lost(now)))
            row = (await connection.execute(query)).one_or_none()
        return claim_of(row) if row else None

    async def claim(
        self, principal: Principal, action: Action, key: str, undoes: str | None, now: datetime
    ) -> tuple[Claim, bool]:
        """The change of this key, and whether the key was free and is now ours."""
        claim = Claim(
            shop=principal.shop,
            customer_id=principal.customer_id,
            key=key,
            body=body_of(action, undoes),
            activity_id=uuid4().hex,
            object=action.object,
            state=Result.RUNNING,
            claimed_at=now,
            runs_until=now + RUNS_FOR,
        )
        try:
            async with self._database.begin() as connection:
                await connection.execute(delete(action_keys).where(has_key(claim), is_lost(now)))
                await connection.execute(
                    insert(action_keys).values(
                        shop=claim.shop,
                        customer_id=claim.customer_id,
                        key=key,
                        body=claim.body,
                        state=claim.state,
                        claimed_at=claim.claimed_at,
                        runs_until=claim.runs_until,
                        activity_id=claim.activity_id,
                        action=action.name,
                        object=claim.object,
                    )
                )
            return claim, True
        except IntegrityError:
            async with self._database.read() as connection:
                row = (await connection.execute(select(action_keys).where(has_key(claim)))).one()
            return claim_of(row), False

    async def release(self, claim: Claim) -> None:
        """Nothing was written: the key is free again."""
        async with self._database.begin() as connection:
            await connection.execute(
                delete(action_keys).where(is_ours(claim), action_keys.c.input.is_(None))
            )

    async def newest(self, customer_id: int) -> int:
        """The newest row of the customer's record: it grows with all that is begun or known."""
        async with self._database.read() as connection:
            return await newest_row(connection, customer_id)

    async def begin(
        self,
        principal: Principal,
        claim: Claim,
        action: Action,
        effect: Effect,
        *,
        inverse: Action | None,
        undo_until: datetime | None,
        undoes: str | None,
        before: Mapping[str, str],
        now: datetime,
        steps: Sequence[Mapping[str, Any]] = (),
        newest: int | None = None,
        receipt: Receipt | None = None,
    ) -> Claim:
        """Record what is about to be written, before it is. Gives the claim with all of it.

        `steps` are those of a change of several: see `app.actions.steps.planned`.
        `newest` is what `newest` gave before anything was checked; None skips the comparison.
        `receipt` is what the customer gets by mail when it is done.

        Raises:
            Overtaken: since then another change was begun or ended.
            InProgress: what must not be under way twice (`Action.once`) is under way, or another
                process has taken the key.
        """
        document = action.model_dump(mode="json")
        receipt_document = receipt_to_json(receipt) if receipt else None
        async with self._database.begin() as connection:
            await one_by_one(connection, claim)
            if newest is not None and await newest_row(connection, claim.customer_id) != newest:
                raise Overtaken
            begun = (
                update(action_keys)
                .where(is_ours(claim))
                .values(
                    runs_until=now + RUNS_FOR,
                    input=document,
                    effect=effect_to_json(effect),
                    inverse_action=inverse.name if inverse else None,
                    inverse=inverse.model_dump(mode="json") if inverse else None,
                    undo_until=undo_until,
                    once=action.once,
                    receipt=receipt_document,
                )
            )
            try:
                has_it = (await connection.execute(begun)).rowcount
            except IntegrityError as error:
                raise InProgress(f"{action.once} is under way") from error
            if not has_it:
                raise InProgress(f"the key of {claim.activity_id} was taken over")
            await connection.execute(
                insert(activities).values(
                    activity_id=claim.activity_id,
                    shop=claim.shop,
                    customer_id=claim.customer_id,
                    at=now,
                    method=principal.method,
                    level=int(principal.level),
                    session=principal.session,
                    action=action.name,
                    object=claim.object,
                    input=document,
                    undoes=undoes,
                    result=Result.RUNNING,
                    text=message_to_json(effect.question),
                    before=dict(before),
                )
            )
            await insert_steps(connection, claim.activity_id, steps, now)
        return replace(
            claim,
            action=action,
            effect=effect,
            inverse=inverse,
            undo_until=undo_until,
            receipt=receipt_document,
        )

    async def finish(
        self,
        claim: Claim,
        result: Result,
        text: Message,
        *,
        now: datetime,
        answer: Mapping[str, Any] | None = None,
        after: Mapping[str, str] | None = None,
        undo_until: datetime | None = None,
        inverse: Action | None = None,
        reason: str | None = None,
        differences: Sequence[Message] = (),
        is_confirmed: bool = True,
    ) -> bool:
        """Record what came of it; `inverse` where the way back is known only now. False when that
        was recorded already. What the customer gets by mail is put in line with it, and the wish to
        leave that it belongs to is decided.

        differences:  what came out otherwise than was promised
        is_confirmed: whether it was read back from Recharge
        """
        is_receipt = False
        async with self._database.begin() as connection:
            news: dict[str, Any] = {"state": result, "answer": answer, "undo_until": undo_until}
            if inverse is not None:
                document = inverse.model_dump(mode="json")
                news |= {"inverse_action": inverse.name, "inverse": document}
            open_states: tuple[Result, ...] = OPEN
            if result is Result.UNKNOWN:  # the way back stays, for when it is known
                news, open_states = {"state": result, "runs_until": now}, (Result.RUNNING,)
            mine = update(action_keys).where(is_ours(claim)).values(**news)
            changed = await connection.execute(mine.where(action_keys.c.state.in_(open_states)))
            if changed.rowcount:
                if result in (Result.DONE, Result.PARTLY):
                    is_receipt = await issue(
                        connection,
                        claim,
                        is_partly=result is Result.PARTLY,
                        notice=text,
                        differences=differences,
                        is_confirmed=is_confirmed,
                        now=now,
                    )
            else:  # the rest of it may have been made later on, with a receipt of its own
                is_whole = result is Result.DONE
                whole = mine.where(action_keys.c.state == Result.PARTLY)
                if not is_whole or not (await connection.execute(whole)).rowcount:
                    return False
            await decide_flows(connection, claim, result, shop=self._shop, now=now)
            first = await first_row(connection, claim.activity_id)
            who_and_what = {
                name: value
                for name, value in first._mapping.items()
                if name not in ("row_id", "after", "reason")
            }
            await connection.execute(
                insert(activities).values(
                    {
                        **who_and_what,
                        "at": now,
                        "result": result,
                        "text": message_to_json(text),
                        "after": dict(after) if after is not None else None,
                        "undo_until": undo_until,
                        "reason": reason,
                        "differences": len(differences),
                    }
                )
            )
            for follow in self.when_done if result is Result.DONE else ():
                await follow(connection, claim, first.session)
        if is_receipt:
            self.receipts.news.set()
        return True

    async def take_up(self, claim: Claim, now: datetime) -> bool:
        """Whether this process may go on with an open change. Then no other one may meanwhile."""
        return await self._run_until(claim, now + RUNS_FOR, action_keys.c.runs_until <= now)

    async def let_go(self, claim: Claim, now: datetime) -> None:
        """This process does no more about an open change: another one may at once."""
        await self._run_until(claim, now)

    async def _run_until(self, claim: Claim, moment: datetime, *where: ColumnElement[bool]) -> bool:
        is_open = action_keys.c.state.in_(OPEN)
        async with self._database.begin() as connection:
            mine = update(action_keys).where(is_ours(claim), is_open, *where)
            changed = await connection.execute(mine.values(runs_until=moment))
            return bool(changed.rowcount)

    async def find(self, customer_id: int, activity_id: str) -> Claim | None:
        """The change behind an activity of this customer's."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    select(action_keys).where(
                        action_keys.c.customer_id == customer_id,
                        action_keys.c.activity_id == activity_id,
                    )
                )
            ).one_or_none()
        return claim_of(row) if row else None

    async def open_claims(
        self, customer_id: int | None = None, object: str | None = None
    ) -> list[Claim]:
        """Changes that have begun and whose result is not known, oldest first."""
        query = select(action_keys).where(
            action_keys.c.state.in_(OPEN), action_keys.c.input.is_not(None)
        )
        if customer_id is not None:
            query = query.where(action_keys.c.customer_id == customer_id)
        if object is not None:
            query = query.where(action_keys.c.object == object)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(action_keys.c.claimed_at))
            return [claim_of(row) for row in rows]

    async def is_undo(self, activity_id: str) -> bool:
        """Whether this activity takes another one back."""
        async with self._database.read() as connection:
            first = await first_row(connection, activity_id)
        return first.undoes is not None

    async def is_undone(self, customer_id: int, activity_id: str) -> bool:
        """Whether an undo of it was done, or may have been."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(activities.c.activity_id, activities.c.result)
                .where(activities.c.customer_id == customer_id, activities.c.undoes == activity_id)
                .order_by(activities.c.row_id)
            )
            results = {row.activity_id: row.result for row in rows}
        return any(result in (Result.DONE, *OPEN) for result in results.values())

    async def broken_promises(self, since: datetime) -> int:
        """How much came out otherwise than customers were promised, from a moment on."""
        async with self._database.read() as connection:
            query = select(func.sum(activities.c.differences)).where(activities.c.at >= since)
            return (await connection.execute(query)).scalar() or 0

    async def forget_old_keys(self, now: datetime) -> None:
        """Drop keys that nobody can ask for again."""
        async with self._database.begin() as connection:
            await connection.execute(
                delete(action_keys).where(
                    action_keys.c.claimed_at < now - KEPT_FOR,
                    or_(action_keys.c.state.not_in(OPEN), action_keys.c.input.is_(None)),
                )
            )

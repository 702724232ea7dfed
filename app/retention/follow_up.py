"""Whether what a customer wanted to leave is still active 30, 60 and 90 days later.

The days count from the beginning of each flow, decided or not. A look may come late, as when the
service was stopped: what was cancelled after the day was active on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.exc import DBAPIError

from app.clock import Clock
from app.database import Database, DatabaseError
from app.recharge import (
    Membership,
    MembershipStatus,
    NotFound,
    Priority,
    RechargeClient,
    RechargeError,
    Subscription,
    SubscriptionStatus,
)
from app.retention.tables import flows, follow_ups

_log = structlog.get_logger(__name__)

EVERY: Final = timedelta(hours=1)
BATCH: Final = 100
"""Questions that are taken at once. All subscriptions among them cost one call."""
_LOOKS_FOR: Final = timedelta(minutes=55)
"""How long a question that is taken is left to who took it. One without an answer, such as of a
record that cannot be read, is asked again at the next round, and holds up no other meanwhile."""
_SECONDS: Final = 300.0
"""How long a call waits for its turn: everything else goes before it."""


@dataclass(frozen=True)
class _Question:
    flow_id: str
    days: int
    due_at: datetime
    kind: str
    id: int


class FollowUp:
    """Looks, and keeps what it finds. Several processes share the work between them."""

    def __init__(
        self, database: Database, client: RechargeClient, clock: Clock, shop: str = "default"
    ) -> None:
        self._database = database
        self._client = client.with_options(priority=Priority.SYNC, timeout=_SECONDS)
        self._clock = clock
        self._shop = shop

    async def watch(self) -> None:
        """Look every hour, until it is cancelled."""
        while True:
            try:
                await self.look()
            except (DatabaseError, DBAPIError):
                _log.exception("what became of wishes to leave could not be kept")
            await asyncio.sleep(EVERY.total_seconds())

    async def look(self) -> int:
        """Answer all that is due and can be answered now. Gives the number of answers."""
        answered = 0
        while questions := await self._take():
            answers = await self._of_subscriptions(questions) + await self._of_memberships(
                questions
            )
            await self._keep(answers)
            answered += len(answers)
            if len(answers) < len(questions):
                _log.warning("follow-up incomplete", asked=len(questions), answered=len(answers))
            if len(questions) < BATCH or not answers:  # no more of them, or no answers now
                break
        return answered

    async def _take(self) -> list[_Question]:
        """The next questions that are due, for this process alone."""
        now = self._clock()
        is_due = (
            follow_ups.c.shop == self._shop,
            follow_ups.c.checked_at.is_(None),
            follow_ups.c.due_at <= now,
            (follow_ups.c.taken_until.is_(None)) | (follow_ups.c.taken_until <= now),
        )
        query = (
            select(follow_ups.c.flow_id, follow_ups.c.days, follow_ups.c.due_at)
            .add_columns(flows.c.subject_kind, flows.c.subject_id)
            .join(flows, flows.c.id == follow_ups.c.flow_id)
            # What the demo has planted has no subject that could be asked for.
            .where(*is_due, flows.c.is_made_up.is_(False))
            .order_by(follow_ups.c.due_at, follow_ups.c.flow_id, follow_ups.c.days)
            .limit(BATCH)
            # PostgreSQL: others go on with the next ones. SQLite has one writer at a time.
            .with_for_update(of=follow_ups, skip_locked=True)
        )
        async with self._database.begin() as connection:
            rows = (await connection.execute(query)).all()
            questions = [_Question(*row) for row in rows]
            for question in questions:
                await connection.execute(
                    update(follow_ups).where(_is(question)).values(taken_until=now + _LOOKS_FOR)
                )
        return questions

    async def _of_subscriptions(
        self, questions: Sequence[_Question]
    ) -> list[tuple[_Question, bool]]:
        asked = [each for each in questions if each.kind == "subscription"]
        ids = sorted({each.id for each in asked})
        listing = self._client.subscriptions.list(ids=ids, limit=250)
        try:
            found = {each.id: each for each in await listing.all()}
        except RechargeError as error:
            _log.warning("subscriptions could not be followed up", error=str(error))
            return []
        if None in listing.unreadable:  # then nothing that is missing is known to be deleted
            ids = [id for id in ids if id in found]
        unknown = set(listing.unreadable)
        answers = []
        for each in asked:
            if each.id not in ids or each.id in unknown:
                continue
            subscription = found.get(each.id)
            answer = subscription_was_active(subscription, each.due_at) if subscription else False
            if answer is not None:
                answers.append((each, answer))
        return answers

    async def _of_memberships(self, questions: Sequence[_Question]) -> list[tuple[_Question, bool]]:
        answers = []
        asked = [each for each in questions if each.kind == "membership"]
        for id in sorted({each.id for each in asked}):
            membership: Membership | None = None
            try:
                membership = await self._client.memberships.get(id)
            except NotFound:
                pass  # it was deleted
            except RechargeError as error:
                _log.warning("a membership could not be followed up", error=str(error))
                continue
            for each in asked:
                if each.id == id:
                    answer = membership_was_active(membership, each.due_at) if membership else False
                    if answer is not None:
                        answers.append((each, answer))
        return answers

    async def _keep(self, answers: Sequence[tuple[_Question, bool]]) -> None:
        now = self._clock()
        async with self._database.begin() as connection:
            for question, is_active in answers:
                await connection.execute(
                    update(follow_ups)
                    .where(_is(question), follow_ups.c.checked_at.is_(None))
                    .values(is_active=is_active, checked_at=now)
                )


def subscription_was_active(subscription: Subscription, at: datetime) -> bool | None:
    """Whether it was active at a moment that has passed; None where that cannot be told."""
    if subscription.status == SubscriptionStatus.ACTIVE:
        return True
    if subscription.status not in (SubscriptionStatus.CANCELLED, SubscriptionStatus.EXPIRED):
        return None
    return subscription.cancelled_at is not None and subscription.cancelled_at > at


def membership_was_active(membership: Membership, at: datetime) -> bool | None:
    """Whether it was still to be charged again at a moment that has passed. One that is cancelled
    is not, though its benefits may hold for a while; None where that cannot be told."""
    if membership.is_cancelled:
        return membership.cancelled_at is not None and membership.cancelled_at > at
    return True if membership.status == MembershipStatus.ACTIVE else None


def _is(question: _Question) -> ColumnElement[bool]:
    return and_(follow_ups.c.flow_id == question.flow_id, follow_ups.c.days == question.days)

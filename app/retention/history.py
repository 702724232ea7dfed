"""The record of wishes to leave, read back for the figures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Row, Select, func, or_, select

from app.database import Database
from app.retention.figures import Figures, Record, figures
from app.retention.flow import flow_of
from app.retention.flows import FOLLOWED_UP
from app.retention.tables import flows as table
from app.retention.tables import follow_ups

PAGE = 500
"""Flows that are read at once. Other requests are answered in between."""


@dataclass(frozen=True)
class Choice:
    """Which wishes to leave are looked at.

    since, until: began from the one on, and before the other
    region:       one region; "" is places without a row; None is all
    reason:       one reason; "" is none given; None is all
    """

    since: datetime | None = None
    until: datetime | None = None
    region: str | None = None
    reason: str | None = None


class History:
    """Reads the flows of one shop."""

    def __init__(self, database: Database, shop: str = "default") -> None:
        self._database = database
        self._shop = shop

    async def pages(self, choice: Choice) -> AsyncIterator[list[Record]]:
        """The flows, oldest first, some at a time."""
        last: Record | None = None
        while True:
            query = self._query(choice)
            if last is not None:
                at, id = last.flow.started_at, last.flow.id
                # The first of these two is what the index is searched by.
                query = query.where(table.c.started_at >= at)
                query = query.where(or_(table.c.started_at > at, table.c.id > id))
            page = await self._page(query)
            if page:
                yield page
            if len(page) < PAGE:
                return
            last = page[-1]

    async def figures(self, choice: Choice, now: datetime) -> Figures:
        """The figures of these flows, worked out beside the requests of others."""
        records = [record async for page in self.pages(choice) for record in page]

        def worked_out() -> Figures:
            found = figures(records, now)
            while records:  # freeing all of them at once would hold everyone up as well
                del records[-PAGE:]
            return found

        return await asyncio.to_thread(worked_out)

    async def regions(self) -> list[str]:
        """The regions that any flow is of."""
        query = select(table.c.region).where(table.c.shop == self._shop).distinct()
        async with self._database.read() as connection:
            return sorted((await connection.execute(query)).scalars())

    async def reasons(self) -> dict[str, str]:
        """The reasons that any flow has, by key, each as it was worded last."""
        newest = func.max(table.c.started_at)
        query = (
            select(table.c.reason, table.c.reason_text)
            .where(table.c.shop == self._shop, table.c.reason != "")
            .group_by(table.c.reason, table.c.reason_text)
            .order_by(newest, table.c.reason_text)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {row.reason: row.reason_text or row.reason for row in rows}

    def _query(self, choice: Choice) -> Select[Any]:
        query = _with_answers().where(table.c.shop == self._shop)
        if choice.since is not None:
            query = query.where(table.c.started_at >= choice.since)
        if choice.until is not None:
            query = query.where(table.c.started_at < choice.until)
        if choice.region is not None:
            query = query.where(table.c.region == choice.region)
        if choice.reason is not None:
            query = query.where(table.c.reason == choice.reason)
        return query.order_by(table.c.started_at, table.c.id).limit(PAGE)

    async def _page(self, query: Select[Any]) -> list[Record]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        # Half of all the time of a page, so it is spent beside the requests of others.
        return await asyncio.to_thread(lambda: [_record(row) for row in rows])


def _record(row: Row[Any]) -> Record:
    answers = row[-len(FOLLOWED_UP) :]
    return Record(flow_of(row), dict(zip(FOLLOWED_UP, answers, strict=True)))


def _with_answers() -> Select[Any]:
    """Flows with a column for each time at which they are followed up: one row each is read, where
    the answers apart would be three more."""
    answers = [follow_ups.alias(f"after_{days}") for days in FOLLOWED_UP]
    query = select(table, *(one.c.is_active for one in answers))
    joined: FromClause = table
    for days, one in zip(FOLLOWED_UP, answers, strict=True):
        joined = joined.outerjoin(one, (one.c.flow_id == table.c.id) & (one.c.days == days))
    return query.select_from(joined)

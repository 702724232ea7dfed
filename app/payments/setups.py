"""Keeps the cards that are being added, so that none is lost and none is added twice."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Row, delete, func, insert, select, update

from app.clock import Clock
from app.database import Database
from app.payments.base import CardSetup, SetupState, Tokens
from app.payments.tables import card_setups as table

FILLED_IN_WITHIN: Final = timedelta(hours=24)
"""How long a form may be filled in and come back to."""
ADDED_WITHIN: Final = timedelta(days=30)
"""How long a confirmed card waits to be put into the account."""
_KEPT_FOR: Final = timedelta(days=30)
"""How long a row stays after its end."""

OPEN: Final = (SetupState.STARTED, SetupState.CONFIRMED, SetupState.ADDING)
"""States that are not the last word."""


class CardSetups:
    """Reads and writes the table. Every method is one transaction.

    A state is left only from the states that lead to the next one: of two tabs or processes that
    do the same, one does it, and the other finds it done.
    """

    def __init__(self, database: Database, clock: Clock, shop: str = "default") -> None:
        self._database = database
        self._clock = clock
        self._shop = shop

    async def begin(
        self,
        customer_id: int,
        maker: str,
        address_ids: Sequence[int] = (),
        *,
        make_default: bool = False,
        retry_charges: bool = False,
    ) -> CardSetup:
        """A card that the customer wants to add, from now on."""
        now = self._clock()
        setup = CardSetup(
            id=secrets.token_urlsafe(32),
            customer_id=customer_id,
            maker=maker,
            state=SetupState.STARTED,
            key=uuid4().hex,
            created_at=now,
            expires_at=now + FILLED_IN_WITHIN,
            address_ids=tuple(address_ids),
            make_default=make_default,
            retry_charges=retry_charges,
        )
        row = {**asdict(setup), "shop": self._shop, "address_ids": list(setup.address_ids)}
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.expires_at < now - _KEPT_FOR))
            await connection.execute(insert(table).values(row))
        return setup

    async def begun_since(self, customer_id: int, moment: datetime) -> int:
        """How many the customer has begun from a moment on."""
        query = select(func.count()).where(
            table.c.shop == self._shop,
            table.c.customer_id == customer_id,
            table.c.created_at >= moment,
        )
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar() or 0)

    async def find(self, customer_id: int, id: str) -> CardSetup | None:
        """The customer's setup of this id; None where it is not there, or not theirs."""
        query = select(table).where(*self._is(customer_id, id))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return self._setup(row) if row else None

    async def open(self, customer_id: int) -> tuple[CardSetup, ...]:
        """What is not done with, newest first: forms that were opened, confirmed cards, and those
        that are being put into the account."""
        query = (
            select(table)
            .where(
                table.c.shop == self._shop,
                table.c.customer_id == customer_id,
                table.c.state.in_(OPEN),
                table.c.expires_at > self._clock(),
            )
            .order_by(table.c.created_at.desc(), table.c.id)
        )
        async with self._database.read() as connection:
            return tuple(map(self._setup, await connection.execute(query)))

    async def recent(self, customer_id: int, since: datetime) -> tuple[CardSetup, ...]:
        """What was begun from a moment on and put into the account, newest first."""
        query = (
            select(table)
            .where(
                table.c.shop == self._shop,
                table.c.customer_id == customer_id,
                table.c.state == SetupState.DONE,
                table.c.created_at >= since,
            )
            .order_by(table.c.created_at.desc(), table.c.id)
        )
        async with self._database.read() as connection:
            return tuple(map(self._setup, await connection.execute(query)))

    async def opened(
        self, setup: CardSetup, *, reference: str, customer_token: str, revision: str
    ) -> CardSetup:
        """Its form is shown: the processor's names of the attempt, and what the customer sees."""
        return await self._change(
            setup,
            (SetupState.STARTED,),
            reference=reference,
            customer_token=customer_token,
            revision=revision,
        )

    async def confirm(self, setup: CardSetup, tokens: Tokens) -> CardSetup:
        """The processor has the card."""
        return await self._change(
            setup,
            (SetupState.STARTED,),
            state=SetupState.CONFIRMED,
            tokens=asdict(tokens),
            expires_at=self._clock() + ADDED_WITHIN,
        )

    async def seen(self, setup: CardSetup, revision: str) -> CardSetup:
        """The customer was shown anew what will change."""
        return await self._change(setup, (SetupState.CONFIRMED,), revision=revision)

    async def adding(self, setup: CardSetup) -> CardSetup:
        """It is about to be put into the account, under its key."""
        return await self._change(setup, (SetupState.CONFIRMED,), state=SetupState.ADDING)

    async def known_as(self, setup: CardSetup, activity_id: str) -> CardSetup:
        """The activity that puts it into the account."""
        return await self._change(setup, (SetupState.ADDING,), activity_id=activity_id)

    async def again(self, setup: CardSetup, *, has_begun: bool) -> CardSetup:
        """It was not put into the account, and may be once more.

        has_begun: whether its key stands for a change that was refused, so that it needs another
        """
        key = uuid4().hex if has_begun else setup.key
        return await self._change(setup, (SetupState.ADDING,), state=SetupState.CONFIRMED, key=key)

    async def leave(self, setup: CardSetup) -> CardSetup:
        """It is given up, unless it is being put into the account: that is not broken off."""
        waiting = SetupState.STARTED, SetupState.CONFIRMED
        return await self._change(setup, waiting, state=SetupState.LEFT)

    async def end(self, setup: CardSetup, state: SetupState) -> CardSetup:
        """The last word: done, or left."""
        return await self._change(setup, OPEN, state=state)

    async def _change(
        self, setup: CardSetup, states: Sequence[SetupState], **values: Any
    ) -> CardSetup:
        """Change the row, if it is in one of these states under the same key. Gives it as it is
        then."""
        mine = self._is(setup.customer_id, setup.id)
        async with self._database.begin() as connection:
            await connection.execute(
                update(table)
                .where(*mine, table.c.state.in_(states), table.c.key == setup.key)
                .values(**values)
            )
            row = (await connection.execute(select(table).where(*mine))).one_or_none()
        return self._setup(row) if row else setup

    def _is(self, customer_id: int, id: str) -> tuple[Any, ...]:
        return table.c.id == id, table.c.customer_id == customer_id, table.c.shop == self._shop

    def _setup(self, row: Row[Any]) -> CardSetup:
        state = SetupState(row.state)
        if state in OPEN and state is not SetupState.ADDING and row.expires_at <= self._clock():
            state = SetupState.LEFT
        return CardSetup(
            id=row.id,
            customer_id=row.customer_id,
            maker=row.maker,
            state=state,
            key=row.key,
            created_at=row.created_at,
            expires_at=row.expires_at,
            address_ids=tuple(row.address_ids),
            make_default=row.make_default,
            retry_charges=row.retry_charges,
            reference=row.reference,
            customer_token=row.customer_token,
            tokens=Tokens(**row.tokens) if row.tokens else None,
            revision=row.revision,
            activity_id=row.activity_id,
        )

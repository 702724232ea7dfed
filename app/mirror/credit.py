"""Store credit: asked for when the customer looks at it, and kept with its age.

A customer's sum takes one call, the list of what was given another, and each of these a third for
what was added to it and spent from it. No page needs that at once, so it is not a part of the
snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from app.database import Database, upsert
from app.mirror import tables
from app.recharge import (
    Conflict,
    CreditAccount,
    CreditAdjustment,
    CreditSummary,
    RateLimited,
    RechargeClient,
    Refused,
)

_log = structlog.get_logger(__name__)

MOST_ACCOUNTS: Final = 10
"""Credits whose movements are read: a call for each. Of further ones the sum stands there."""

MOST_ENTRIES: Final = 50
"""Movements of one credit that are read: the newest."""


@dataclass(frozen=True)
class Credit:
    """One credit that was given, and what became of it.

    adjustments: the newest first; None where they cannot be read
    has_more:    whether there are older ones than those
    """

    account: CreditAccount
    adjustments: tuple[CreditAdjustment, ...] | None = None
    has_more: bool = False


@dataclass(frozen=True)
class StoreCredit:
    """A customer's store credit at one moment.

    summary: what can be spent; None where the shop has no store credit, or does not tell
    credits: what was given, the newest first; None where that is not told
    read_at: when Recharge was asked
    """

    summary: CreditSummary | None
    credits: tuple[Credit, ...] | None
    read_at: datetime

    @property
    def is_any(self) -> bool:
        """Whether there is, or was, anything to speak of."""
        balance = self.summary.total_available_balance if self.summary else None
        return bool(balance) or bool(self.credits)


class CreditRows:
    """What is kept of one customer's store credit: every statement names the customer. It is
    forgotten with everything else, by `CustomerRows.clear`."""

    def __init__(self, database: Database, customer_id: int) -> None:
        self.customer_id = customer_id
        self._database = database

    async def read(self) -> StoreCredit | None:
        """None where nothing is kept, or another release kept it with other ideas of it."""
        row = tables.credits.c
        query = select(row.document, row.read_at).where(row.customer_id == self.customer_id)
        async with self._database.read() as connection:
            found = (await connection.execute(query)).first()
        if found is None:
            return None
        try:
            return _credit_of(found.document, found.read_at)
        except (ValidationError, KeyError, TypeError) as error:
            _log.warning("kept store credit is read anew", error=type(error).__name__)
            return None

    async def keep(self, credit: StoreCredit) -> None:
        """Keep this in the place of what was known."""
        row = {
            "customer_id": self.customer_id,
            "document": _document_of(credit),
            "read_at": credit.read_at,
        }
        async with self._database.begin() as connection:
            await upsert(connection, tables.credits, [row], ("customer_id",))


async def ask(client: RechargeClient, customer_id: int, now: datetime) -> StoreCredit:
    """The customer's store credit as Recharge tells it. What it refuses to tell is left out: store
    credit comes with some plans of Recharge only, and a token may lack the scopes for it.

    Raises:
        RechargeError: it could not be asked.
    """
    try:
        summary: CreditSummary | None = await client.customers.credit_summary(customer_id)
    except (Conflict, RateLimited):
        raise
    except Refused as error:
        _log.info("the store tells no store credit", error=str(error))
        return StoreCredit(None, None, now)
    if summary is not None and summary.customer_id != customer_id:
        _log.warning("the store credit of another customer was sent")
        return StoreCredit(None, None, now)
    return StoreCredit(summary, await _credits(client, customer_id), now)


async def _credits(client: RechargeClient, customer_id: int) -> tuple[Credit, ...] | None:
    try:
        page = await client.credit_accounts.list(customer_id=customer_id, limit=250).page()
    except (Conflict, RateLimited):
        raise
    except Refused as error:
        _log.info("the store does not list credits", error=str(error))
        return None
    mine = [one for one in page.records if one.customer_id == customer_id]
    if len(mine) < len(page.records):
        _log.warning("credits of others were sent", others=len(page.records) - len(mine))
    mine.sort(key=lambda one: one.id, reverse=True)
    found: list[Credit] = []
    is_told = True
    for account in mine:
        if not is_told or len(found) >= MOST_ACCOUNTS:
            found.append(Credit(account))
            continue
        try:
            found.append(await _movements(client, account))
        except (Conflict, RateLimited):
            raise
        except Refused as error:
            # Known from third parties only. What is refused once will be again.
            _log.info("the store does not tell what was spent", error=str(error))
            is_told = False
            found.append(Credit(account))
    return tuple(found)


async def _movements(client: RechargeClient, account: CreditAccount) -> Credit:
    listing = client.credit_adjustments.list_of_account(account.id, limit=MOST_ENTRIES)
    page = await listing.page()
    mine = [one for one in page.records if one.credit_account_id in (None, account.id)]
    mine.sort(key=lambda one: one.id, reverse=True)
    return Credit(account, tuple(mine), has_more=len(page.records) >= MOST_ENTRIES)


_ADJUSTMENTS: Final = TypeAdapter(tuple[CreditAdjustment, ...])


def _document_of(credit: StoreCredit) -> dict[str, Any]:
    return {
        "summary": _dumped(credit.summary) if credit.summary else None,
        "credits": None
        if credit.credits is None
        else [
            {
                "account": _dumped(one.account),
                "adjustments": None
                if one.adjustments is None
                else [_dumped(each) for each in one.adjustments],
                "has_more": one.has_more,
            }
            for one in credit.credits
        ],
    }


def _dumped(record: CreditSummary | CreditAccount | CreditAdjustment) -> dict[str, Any]:
    """As it came, without the code by which whoever has it can spend a gift."""
    return record.model_dump(
        mode="json", exclude_unset=True, exclude={"include", "redemption_code"}
    )


def _credit_of(document: Any, read_at: datetime) -> StoreCredit:
    summary = document["summary"]
    credits: Sequence[Any] | None = document["credits"]
    return StoreCredit(
        CreditSummary.model_validate(summary) if summary else None,
        None
        if credits is None
        else tuple(
            Credit(
                CreditAccount.model_validate(one["account"]),
                None
                if one["adjustments"] is None
                else _ADJUSTMENTS.validate_python(one["adjustments"]),
                bool(one["has_more"]),
            )
            for one in credits
        ),
        read_at,
    )

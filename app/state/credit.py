"""Store credit, as the customer looks at it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final, Literal

import structlog

from app.i18n import Message, Money, say
from app.mirror import Credit, MirrorError, StoreCredit
from app.recharge import RechargeError
from app.state.base import State
from app.state.notice import Notice, notice_of

if TYPE_CHECKING:
    from app.state.portal import Portal

_log = structlog.get_logger(__name__)

FRESH_FOR: Final = timedelta(minutes=15)
"""What was read longer ago is shown, and read again."""

_KINDS: Final = {
    "reward": say("A reward"),
    "manual": say("From the shop"),
    "gift": say("A gift"),
}


@dataclass(frozen=True)
class Movement:
    """One line of the ledger.

    day:    in the shop's zone; None where it is not told
    amount: below zero where it was spent
    left:   what was left of the credit after it; None where that is not told
    """

    day: date | None
    text: Message
    amount: Money
    left: Money | None


@dataclass(frozen=True)
class Account:
    """One credit that was given.

    given, left: None where they are not told
    movements:   the newest first; None where nobody tells
    has_more:    whether there are older ones
    is_expired:  it can no longer be spent
    """

    key: int
    name: Message
    given: Money | None
    left: Money | None
    day: date | None
    expires: date | None
    is_expired: bool
    movements: tuple[Movement, ...] | None
    has_more: bool


class CreditState(State):
    """What a customer can spend, what it came from and what it was spent on.

    It is read when it is asked for, kept, and shown with its age.

    status:  "loading"; then "ready", or "failed" with `failure` where nothing is known at all
    balance: what can be spent; None where the shop has no store credit, or does not tell
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self.status: Literal["loading", "ready", "failed"] = "loading"
        self.failure: Notice | None = None
        self.credit: StoreCredit | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Show what is kept, and have it read anew where it is old or not there."""
        mine = self.portal.services.mirror.customer(self.portal.principal.customer_id)
        if self.credit is None and (kept := await mine.kept_credit()):
            self._show(kept)
        if self.credit is None:
            await self.read()
        elif self._is_old and self._reading is None:
            self._reading = asyncio.ensure_future(self._read_quietly())

    async def read(self) -> None:
        """Ask now. Where that fails, what was known stays."""
        if self.is_busy:
            return
        self.is_busy = True
        self.changed.emit()
        mine = self.portal.services.mirror.customer(self.portal.principal.customer_id)
        try:
            found = await mine.read_credit()
        except (RechargeError, MirrorError) as error:
            _log.warning("store credit could not be read", error=str(error))
            self.failure = notice_of(error)
            if self.credit is None:
                self.status = "failed"
        else:
            self._show(found)
        finally:
            self.is_busy = False
            self.changed.emit()

    @property
    def age(self) -> timedelta | None:
        """How long ago it was read; None before."""
        if self.credit is None:
            return None
        return max(self.portal.services.clock() - self.credit.read_at, timedelta(0))

    @property
    def is_told(self) -> bool:
        """Whether the shop has store credit and tells of it."""
        return self.credit is not None and self.credit.summary is not None

    @property
    def balance(self) -> Money | None:
        """What can be spent."""
        summary = self.credit.summary if self.credit else None
        if summary is None or summary.total_available_balance is None:
            return None
        return Money(summary.total_available_balance, summary.currency_code or self._currency)

    @property
    def is_used_next(self) -> bool:
        """Whether it pays a part of the next delivery."""
        return bool(self.portal.records.customer.apply_credit_to_next_recurring_charge)

    @property
    def accounts(self) -> tuple[Account, ...] | None:
        """What was given, the newest first; None where that is not told."""
        if self.credit is None or self.credit.credits is None:
            return None
        zone, now = self.portal.records.shop.timezone, self.portal.services.clock()
        return tuple(_account(one, self._currency, zone, now) for one in self.credit.credits)

    def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        super().close()

    @property
    def _currency(self) -> str:
        return self.portal.records.shop.currency

    @property
    def _is_old(self) -> bool:
        age = self.age
        return age is not None and age > FRESH_FOR

    async def _read_quietly(self) -> None:
        try:
            await self.read()
        finally:
            self._reading = None

    def _show(self, credit: StoreCredit) -> None:
        self.credit, self.status, self.failure = credit, "ready", None
        self.changed.emit()


def _account(one: Credit, currency: str, zone: tzinfo, now: datetime) -> Account:
    account = one.account
    own = account.currency_code or currency
    movements = None
    if one.adjustments is not None:
        movements = tuple(
            Movement(
                day=each.created_at.astimezone(zone).date() if each.created_at else None,
                text=_text_of(each.note, str(each.type)),
                amount=Money(
                    -abs(each.amount) if each.type == "debit" else each.amount,
                    each.currency_code or own,
                ),
                left=None
                if each.ending_balance is None
                else Money(each.ending_balance, each.currency_code or own),
            )
            for each in one.adjustments
            if each.amount is not None
        )
    kind = _KINDS.get(str(account.type), say("Store credit"))
    ends = account.expires_at
    return Account(
        key=account.id,
        name=say("{name}", name=account.name) if account.name else kind,
        given=None if account.initial_balance is None else Money(account.initial_balance, own),
        left=None if account.available_balance is None else Money(account.available_balance, own),
        day=account.created_at.astimezone(zone).date() if account.created_at else None,
        expires=ends.astimezone(zone).date() if ends else None,
        is_expired=ends is not None and ends <= now,
        movements=movements,
        has_more=one.has_more,
    )


def _text_of(note: str | None, kind: str) -> Message:
    if note:
        return say("{note}", note=note)
    return say("Spent") if kind == "debit" else say("Added")

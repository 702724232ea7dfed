"""Codes to the mailbox on record: whether it is still the customer who sits there."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Protocol

import structlog

from app.actions import STEP_UP, Acting, Principal
from app.actions.receipt_state import veiled
from app.auth import STEP_UPS_PER_CUSTOMER, WORKS_FOR, Codes, Given, Limits
from app.clock import Clock, utc_now
from app.i18n import say
from app.mail import Mailer, mail_address
from app.mirror import MirrorError, Snapshot
from app.recharge import RechargeError
from app.state import Asked
from app.web.code_post import CodePost
from app.web.rendering import Pages

_log = structlog.get_logger(__name__)

PAUSE: Final = timedelta(seconds=30)
"""How long after a code no other is sent: the one on its way may take that long to arrive."""


class Records(Protocol):
    """What is known of one customer: `app.mirror.Mirror.customer`."""

    async def snapshot(self) -> Snapshot: ...


class Customers(Protocol):
    """Who knows the customers: `app.mirror.Mirror`."""

    def customer(self, customer_id: int) -> Records: ...


class StepUpPost(CodePost):
    """Sends a code to the address that the shop has of a customer, and takes it back.

    Where it goes is never what the page says: whoever has got hold of a session would have it sent
    to themselves. What was given counts for ten minutes, in this session alone.
    """

    purpose = "step-up"

    def __init__(
        self,
        customers: Customers,
        codes: Codes,
        limits: Limits,
        mailer: Mailer,
        pages: Pages,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(codes, limits, mailer, pages, clock)
        self._customers = customers

    async def ask(self, principal: Principal) -> Asked:
        """Send a code to the customer."""
        if principal.acting is not Acting.SELF:
            return "not theirs"
        if await self.is_proven(principal, STEP_UP):
            return "proven"
        if await self.pause(principal):
            return "too soon"
        try:
            email = await self._address(principal)
        except (RechargeError, MirrorError):
            return "busy"
        if email is None:
            return "no address"
        checks = [(limit, f"{principal.customer_id}") for limit in STEP_UPS_PER_CUSTOMER]
        if await self._is_too_much(checks):
            _log.warning("step-up refused", reason="too many codes")
            return "too many"
        is_on_its_way = await self._start(
            principal,
            email,
            STEP_UP,
            say(
                "You are about to change something important in your account, such as a card, "
                "your e-mail address, or where your deliveries go."
            ),
            say("To confirm that it is you, enter this code on the page that is open:"),
            say(
                "It was not you? Then somebody else has your account open. Tell the code to "
                "nobody: without it they cannot change that. Sign in, and sign out all other "
                "devices under Account."
            ),
        )
        return "sent" if is_on_its_way else "busy"

    async def give(self, principal: Principal, code: str) -> Given:
        """Take a code back."""
        given = await super().give(principal, code)
        _log.info("step-up", result=given)
        return given

    async def pause(self, principal: Principal) -> float:
        """Seconds until another code may be sent; 0 where one may."""
        found = await self.find(principal)
        if found is None or found.is_proven:
            return 0.0
        sent_at = found.expires_at - WORKS_FOR
        return max(0.0, (sent_at + PAUSE - self._clock()).total_seconds())

    async def sent_to(self, principal: Principal) -> str:
        """Where codes go, told so that only who knows the address knows it: "m…@example.com".
        Empty where none is on record, or nobody can tell now."""
        try:
            return veiled(await self._address(principal) or "")
        except (RechargeError, MirrorError):
            return ""

    async def is_proven(self, principal: Principal, what: str) -> bool:
        """Whether this session has given a code a moment ago: for `Services.is_proven`."""
        if what != STEP_UP:
            return False
        found = await self.find(principal)
        return found is not None and found.is_proven

    async def _address(self, principal: Principal) -> str | None:
        records = await self._customers.customer(principal.customer_id).snapshot()
        return mail_address(records.customer.email or "")

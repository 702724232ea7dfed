"""Codes to new e-mail addresses: sent before an address becomes a customer's."""

from __future__ import annotations

from typing import Final, Literal

from app.actions import Acting, Principal, email_proof
from app.auth import CODES_PER_ADDRESS, CODES_PER_CUSTOMER
from app.i18n import say
from app.web.code_post import CodePost

PURPOSE: Final = "e-mail change"


class EmailCodePost(CodePost):
    """Sends a code to an address that a signed-in customer wants to have, and takes it back.

    Whether another customer has the address is not even asked: the answer, and the time it takes,
    are the same for all. Only who has given the code, and so reads that mailbox, is told that the
    shop does not take it.
    """

    purpose = PURPOSE

    async def ask(
        self, principal: Principal, email: str
    ) -> Literal["sent", "too many", "busy", "not theirs"]:
        """Send a code to `email`, which `mail_address` has found to be one."""
        if principal.acting is not Acting.SELF:
            return "not theirs"
        checks = [(limit, f"{principal.customer_id}") for limit in CODES_PER_CUSTOMER]
        checks += [(limit, email.casefold()) for limit in CODES_PER_ADDRESS]
        if await self._is_too_much(checks):
            return "too many"
        is_on_its_way = await self._start(
            principal,
            email,
            email,
            say("Somebody wants to use this address for their account. Is it you?"),
            say("Then enter this code on the page that is open:"),
            say(
                "It was not you? Then do nothing, and tell the code to nobody: without it your "
                "address is not used."
            ),
        )
        return "sent" if is_on_its_way else "busy"

    async def is_proven(self, principal: Principal, what: str) -> bool:
        """Whether this session has shown a moment ago that it reads a mailbox: for
        `Services.is_proven`."""
        found = await self.find(principal)
        return found is not None and found.is_proven and email_proof(found.about) == what

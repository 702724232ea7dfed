"""Codes to new e-mail addresses: sent before an address becomes a customer's."""

from __future__ import annotations

from typing import Final, Literal

from app.actions import Principal, email_proof
from app.auth import CODES_PER_ADDRESS, CODES_PER_CUSTOMER, Codes, Given, Limits, OpenCode
from app.clock import Clock, utc_now
from app.i18n import say_many
from app.mail import Mail, Mailer
from app.web.post import Post
from app.web.rendering import Pages

PURPOSE: Final = "e-mail change"
MINUTES: Final = 10


class EmailCodePost:
    """Sends a code to an address that a signed-in customer wants to have, and takes it back.

    Whether another customer has the address is not even asked: the answer, and the time it takes,
    are the same for all. Only who has given the code, and so reads that mailbox, is told that the
    shop does not take it. Call `settle` when the service stops.
    """

    def __init__(
        self,
        codes: Codes,
        limits: Limits,
        mailer: Mailer,
        pages: Pages,
        clock: Clock = utc_now,
    ) -> None:
        self._codes = codes
        self._limits = limits
        self._mailer = mailer
        self._pages = pages
        self._clock = clock
        self._post = Post()

    async def ask(self, principal: Principal, email: str) -> Literal["sent", "too many", "busy"]:
        """Send a code to `email`, which `mail_address` has found to be one."""
        address = email.casefold()
        checks = [(limit, f"{principal.customer_id}") for limit in CODES_PER_CUSTOMER]
        checks += [(limit, address) for limit in CODES_PER_ADDRESS]
        if await self._limits.refused_until(checks, self._clock()) is not None:
            return "too many"
        code = await self._codes.issue(
            PURPOSE,
            str(principal.customer_id),
            bound_to=principal.session,
            about=email,
            customer_id=principal.customer_id,
        )
        return "sent" if self._post.start("code", self._send(email, code)) else "busy"

    async def find(self, principal: Principal) -> OpenCode | None:
        """The code that was sent last for this session, while it counts."""
        return await self._codes.find(
            PURPOSE, str(principal.customer_id), bound_to=principal.session
        )

    async def give(self, principal: Principal, code: str) -> Given:
        """Take a code back."""
        return await self._codes.give(
            PURPOSE, str(principal.customer_id), code, bound_to=principal.session
        )

    async def forget(self, principal: Principal) -> None:
        """What was sent and given counts no more."""
        await self._codes.forget(PURPOSE, str(principal.customer_id), bound_to=principal.session)

    async def is_proven(self, principal: Principal, what: str) -> bool:
        """Whether this session has shown a moment ago that it reads a mailbox: for
        `Services.is_proven`."""
        found = await self.find(principal)
        return found is not None and found.is_proven and email_proof(found.about) == what

    async def settle(self) -> None:
        """Wait until everything asked for has been sent or given up."""
        await self._post.settle()

    async def _send(self, email: str, code: str) -> str:
        texts = self._pages.texts
        shop = " ".join((await self._pages.shop()).split())
        subject = (
            texts.t("Your code for {shop}", shop=shop)
            if shop
            else texts.t("Your code for your subscriptions")
        )
        values = {
            "subject": subject,
            "lead": texts.t("Somebody wants to use this address for their account. Is it you?"),
            "ask": texts.t("Then enter this code on the page that is open:"),
            "code": f"{code[:3]} {code[3:]}",
            "works": texts.render(
                say_many(
                    "It works once, for {count} minute.",
                    "It works once, for {count} minutes.",
                    MINUTES,
                )
            ),
            "ignore": texts.t(
                "It was not you? Then do nothing, and tell the code to nobody: without it your "
                "address is not used."
            ),
        }
        await self._mailer.send(
            Mail(
                to=email,
                subject=subject,
                text=self._pages.render("code_mail.txt", **values),
                html=self._pages.render("code_mail.html", **values),
            )
        )
        return ""

"""Codes by mail: sent where it has to be shown that somebody reads, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Final

from app.actions import Principal
from app.auth import WORKS_FOR, Codes, Given, Limit, Limits, OpenCode
from app.clock import Clock, utc_now
from app.i18n import Message, say_many
from app.mail import Mail, Mailer
from app.web.post import Post
from app.web.rendering import Pages

MINUTES: Final = WORKS_FOR // timedelta(minutes=1)


class CodePost:
    """Sends codes to a mailbox for a signed-in customer and takes them back.

    A code belongs to the purpose, the customer, and the session that asked: see `app.auth.Codes`. A
    subclass says what the code is for. Call `settle` when the service stops.
    """

    purpose: ClassVar[str]

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

    async def find(self, principal: Principal) -> OpenCode | None:
        """The code that was sent last for this session, while it counts."""
        return await self._codes.find(
            self.purpose, str(principal.customer_id), bound_to=principal.session
        )

    async def give(self, principal: Principal, code: str) -> Given:
        """Take a code back."""
        return await self._codes.give(
            self.purpose, str(principal.customer_id), code, bound_to=principal.session
        )

    async def forget(self, principal: Principal) -> None:
        """What was sent and given counts no more."""
        await self._codes.forget(
            self.purpose, str(principal.customer_id), bound_to=principal.session
        )

    async def settle(self) -> None:
        """Wait until everything asked for has been sent or given up."""
        await self._post.settle()

    async def _is_too_much(self, checks: Sequence[tuple[Limit, str]]) -> bool:
        return await self._limits.refused_until(checks, self._clock()) is not None

    async def _start(self, principal: Principal, email: str, about: str, *words: Message) -> bool:
        """Have a new code sent; False when no mail can be sent now.

        about: what the code proves when it is given
        words: what it is for, where to enter it, and what to do about it where nobody asked
        """
        code = await self._codes.issue(
            self.purpose,
            str(principal.customer_id),
            bound_to=principal.session,
            about=about,
            customer_id=principal.customer_id,
        )
        if self._post.start("code", self._send(email, code, *words)):
            return True
        await self.forget(principal)  # nobody will ever read it
        return False

    async def _send(
        self, email: str, code: str, lead: Message, ask: Message, ignore: Message
    ) -> str:
        texts = self._pages.texts
        shop = " ".join((await self._pages.shop()).split())
        subject = (
            texts.t("Your code for {shop}", shop=shop)
            if shop
            else texts.t("Your code for your subscriptions")
        )
        values = {
            "subject": subject,
            "lead": texts.render(lead),
            "ask": texts.render(ask),
            "code": f"{code[:3]} {code[3:]}",
            "works": texts.render(
                say_many(
                    "It works once, for {count} minute.",
                    "It works once, for {count} minutes.",
                    MINUTES,
                )
            ),
            "ignore": texts.render(ignore),
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

"""Where the shop's people look at the portal as a customer sees it: ``/merchant/customers``.

Plain HTML without a script. Nothing about a customer is shown here: who is looked for, and why, is
recorded before the portal is. Where the settings have no word for it, none of it is there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, tzinfo
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.auth import (
    LONGEST_REASON,
    SUPPORT_PER_NETWORK,
    Look,
    Looks,
    MerchantSessions,
    Sessions,
    is_form_token,
)
from app.clock import Clock, utc_now
from app.database import Database
from app.i18n import Message, say, say_many
from app.mail import mail_address
from app.mirror import Mirror, MirrorError
from app.recharge import NotFound, RechargeError
from app.web.errors import ErrorPages
from app.web.forms import STALE_FORM, read_form
from app.web.rendering import Pages
from app.web.word_door import DoorPlan, WordDoor

CUSTOMERS: Final = "/merchant/customers"
BEHALF: Final = f"{CUSTOMERS}/behalf"
LOOK_IS_OVER: Final = f"{CUSTOMERS}?why=over"
"""Where the way out of a look leads."""
_MOST: Final = 50
"""Looks that are listed."""
_ID: Final = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_LONGEST_WHO: Final = 254


class LookRoutes:
    """The routes ``/merchant/customers/…``.

    word:      of the shop's people; None where nobody looks
    demo_word: the same, where everybody may know it: in the demo
    example:   what the demo writes into the field for the customer
    clock:     real time, by which looks end
    """

    def __init__(
        self,
        pages: Pages,
        errors: ErrorPages,
        mirror: Mirror,
        database: Database,
        sessions: Sessions,
        looks: Looks,
        word: str | None,
        *,
        clock: Clock = utc_now,
        demo_word: str = "",
        example: str = "",
    ) -> None:
        self._pages = pages
        self._texts = pages.texts
        self._mirror = mirror
        self._sessions = sessions
        self._cookies = sessions.cookies
        self._looks = looks
        self._clock = clock
        self._example = example
        plan = DoorPlan(
            start=CUSTOMERS,
            home=CUSTOMERS,
            cookie=self._cookies.support,
            title=say("For the shop's people"),
            label=say("The word of the shop's people"),
            wrong=say(
                "This is not the word of the shop's people. It stands in the settings, as "
                "DOORSTEP_SUPPORT_TOKEN."
            ),
            asks_name=True,
            demo_word=demo_word,
        )
        people = MerchantSessions(database, word, clock, SUPPORT_PER_NETWORK)
        self._door = WordDoor(plan, pages, errors, self._cookies, people, clock)

    def routes(self) -> list[Route]:
        return [
            Route(CUSTOMERS, self.show, methods=["GET"]),
            Route(CUSTOMERS, self.look, methods=["POST"]),
            Route(BEHALF, self.change, methods=["POST"]),
            *self._door.routes(),
        ]

    async def show(self, request: Request) -> Response:
        """Asks for the customer and the reason, and lists who looked lately."""
        turned_away = await self._door.turned_away(request)
        return turned_away or await self._page(request)

    async def look(self, request: Request) -> Response:
        """Record the look, and lead to the portal as that customer sees it."""
        turned_away = await self._door.turned_away(request)
        if turned_away is not None:
            return turned_away
        fields = await read_form(request)
        given = fields or {}
        if not self._door.fits(request, fields, "look"):
            return await self._page(request, given, STALE_FORM, status=HTTPStatus.FORBIDDEN)
        who = given.get("customer", "").strip()
        reason = " ".join(given.get("reason", "").split())
        if not (_ID.fullmatch(who) or mail_address(who)):
            problem = say(
                "This is neither an e-mail address nor a customer's number in Recharge, such as "
                "123456789."
            )
            return await self._page(request, given, problem, at="customer")
        if not reason:
            problem = say("Please say why first: it stands in the record of who looked.")
            return await self._page(request, given, problem, at="reason")
        until = await self._looks.refused_until()
        if until is not None:
            return await self._too_many(request, given, (until - self._clock()).total_seconds())
        try:
            customer_id = await self._find(who)
        except RechargeError:
            problem = say(
                "Recharge does not answer, so the customer could not be looked up. Please try "
                "again in a moment."
            )
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return await self._page(request, given, problem, at="customer", status=status)
        if customer_id is None:
            problem = say(
                "We found no such customer. Where several share an e-mail address, use the number "
                "in Recharge."
            )
            return await self._page(request, given, problem, at="customer")
        cookie = await self._looks.start(
            customer_id,
            name=await self._door.name(request) or "",
            reason=reason,
            replacing=request.cookies.get(self._cookies.session),
            user_agent=request.headers.get("user-agent", ""),
        )
        return self._into(cookie)

    async def change(self, request: Request) -> Response:
        """From the band of a look: act on the customer's behalf from now on."""
        turned_away = await self._door.turned_away(request)
        if turned_away is not None:
            return turned_away
        cookie = request.cookies.get(self._cookies.session)
        fields = await read_form(request) or {}
        principal = await self._sessions.read(cookie)
        if principal is None or not is_form_token(fields.get("form", ""), cookie, "sign-out"):
            return await self._page(request, {}, STALE_FORM, status=HTTPStatus.FORBIDDEN)
        changed = await self._looks.change(
            principal, replacing=cookie, user_agent=request.headers.get("user-agent", "")
        )
        return self._into(changed) if changed else RedirectResponse("/", HTTPStatus.SEE_OTHER)

    def _into(self, cookie: str) -> Response:
        response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        response.headers.append("Set-Cookie", self._cookies.set(self._cookies.session, cookie))
        return response

    async def _find(self, who: str) -> int | None:
        """The customer who was named; None where there is none.

        Raises:
            RechargeError: that cannot be found out now.
        """
        email = mail_address(who)
        if email is not None:
            return await self._mirror.find_customer(email=email)
        try:
            await self._mirror.customer(int(who)).snapshot()
        except (NotFound, MirrorError):
            return None
        return int(who)

    async def _too_many(
        self, request: Request, given: Mapping[str, str], seconds: float
    ) -> Response:
        problem = say_many(
            "So many customers were looked for that this one was not. Please try again in {count} "
            "minute.",
            "So many customers were looked for that this one was not. Please try again in {count} "
            "minutes.",
            max(1, math.ceil(seconds / 60)),
        )
        status = HTTPStatus.TOO_MANY_REQUESTS
        page = await self._page(request, given, problem, at="customer", status=status)
        page.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
        return page

    async def _page(
        self,
        request: Request,
        given: Mapping[str, str] | None = None,
        problem: Message | None = None,
        *,
        at: str = "",
        status: int = HTTPStatus.OK,
    ) -> Response:
        """at: the field that the problem is about; empty where it is about none"""
        given = given or {}
        shop = await self._pages.the_shop()
        zone = shop.timezone if shop else UTC
        ends = say_many(
            "A look shows what the customer sees, changes nothing, and ends after {count} minute.",
            "A look shows what the customer sees, changes nothing, and ends after {count} minutes.",
            self._looks.minutes,
        )
        return await self._pages.page(
            "merchant_customers.html",
            self._texts.t("Look as a customer"),
            status=HTTPStatus.UNPROCESSABLE_ENTITY if at and status == HTTPStatus.OK else status,
            problem=self._texts.render(problem) if problem else "",
            at=at,
            is_over=request.query_params.get("why") == "over",
            name=await self._door.name(request) or "",
            customer=given.get("customer", self._example)[:_LONGEST_WHO],
            reason=given.get("reason", "")[:LONGEST_REASON],
            longest_customer=_LONGEST_WHO,
            longest_reason=LONGEST_REASON,
            ends=self._texts.render(ends),
            form_token=self._door.token(request, "look"),
            home=CUSTOMERS,
            looks=[self._row(look, zone) for look in await self._looks.latest(_MOST)],
        )

    def _row(self, look: Look, zone: tzinfo) -> dict[str, str]:
        """One line of the record."""
        t, now = self._texts.render, self._clock()
        what = say("Looked")
        if look.may_change:
            what = say_many(
                "Acted for the customer: {count} change",
                "Acted for the customer: {count} changes",
                look.changes,
            )
        if look.ended_at is not None:
            minutes = math.ceil((look.ended_at - look.started_at).total_seconds() / 60)
            end = say_many("Left after {count} minute", "Left after {count} minutes", minutes)
        elif look.until > now:
            end = say("Under way")
        else:
            end = say("Ended by itself")
        return {
            "at": self._texts.moment(look.started_at.astimezone(zone)),
            "name": look.name,
            "customer": str(look.customer_id),
            "reason": look.reason,
            "what": t(what),
            "end": t(end),
        }

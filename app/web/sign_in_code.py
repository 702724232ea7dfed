"""Signing in by the code of a mail, on the page after it was asked for. It works without script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.auth import CodeTry, GivenCode, Sessions, SignInCodes, SignInLinks, form_token, local_path
from app.auth.codes import DIGITS
from app.auth.sign_in_codes import LONG
from app.i18n import Message, say, say_many
from app.mail import mail_address
from app.recharge import RechargeError
from app.web.forms import STALE_FORM, Typed, Visitor, read_form, sign_in_url
from app.web.rendering import Pages

_log = structlog.get_logger(__name__)

FindByEmail = Callable[[str], Awaitable[int | None]]
"""Finds whose an address is now, such as `Mirror.find_customer`."""

_PATH: Final = "/sign-in/sent"
_MISSHAPEN: Final[dict[int, Message]] = {
    DIGITS: say("The code has six digits. It stands in the mail, and in its subject."),
    LONG: say("The code has eight letters and digits. It stands in the mail, and in its subject."),
}
_ASKED_AGAIN: Final[dict[str, Message]] = {
    "yes": say("You asked for another mail. The code and the link from before work too."),
    "new": say("You asked for a new mail. Only the code in the newest one works."),
}
"""Whether the code from before still worked when the other one was asked for. That a mail is on its
way is not said here: nobody is told whether an address has an account."""
_OVER: Final[dict[GivenCode, Message]] = {
    "used up": say(
        "That was the wrong code too often, so it does not work any more. Please have a new mail "
        "sent, or open the link in the one that you have."
    ),
    "gone": say(
        "This code has expired, or was used. You are not signed in here. Please have a new mail "
        "sent."
    ),
    "withdrawn": say(
        "Short codes do not work at this moment, for the safety of all accounts. Please open the "
        "link in the mail, or have a new mail sent: its code is longer."
    ),
}


class SignInCode:
    """The route ``/sign-in/sent``: it says that a mail is on its way, and takes the code from it.

    What it shows and does is the same whether somebody has the address or nobody.
    """

    def __init__(
        self,
        pages: Pages,
        sessions: Sessions,
        links: SignInLinks,
        codes: SignInCodes,
        find_by_email: FindByEmail | None = None,
    ) -> None:
        self._pages = pages
        self._texts = pages.texts
        self._cookies = sessions.cookies
        self._links = links
        self._codes = codes
        self._find_by_email = find_by_email

    def routes(self) -> list[Route]:
        return [
            Route(_PATH, self.show, methods=["GET"]),
            Route(_PATH, self.give, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        visitor = Visitor(request, self._cookies)
        if not visitor.typed.email:
            return RedirectResponse("/sign-in", 303)
        note = _ASKED_AGAIN.get(request.query_params.get("again", ""))
        return await self._page(visitor, visitor.typed, note=note)

    async def give(self, request: Request) -> Response:
        """Sign in by the code. The form tells which address it went to: another tab of this browser
        may have asked for another one since."""
        visitor = Visitor(request, self._cookies)
        fields = await read_form(request)
        given = fields or {}
        email = mail_address(given.get("email", "")) or visitor.typed.email
        if not email:
            return RedirectResponse("/sign-in", 303)
        typed = Typed(email, local_path(given.get("next")) or visitor.typed.target)
        if not visitor.fits(fields, "code"):
            return await self._page(visitor, typed, problem=STALE_FORM, status=403)
        tried = await self._codes.give(given.get("code", ""), email, visitor=visitor.secret)
        if tried.given == "right" and await is_theirs(
            self._find_by_email, email, tried.customer_id
        ):
            signed_in = await self._links.use_by_code(
                tried.link,
                visitor=visitor.secret,
                replacing=request.cookies.get(self._cookies.session),
                user_agent=request.headers.get("user-agent", ""),
            )
            if signed_in is not None:
                response = RedirectResponse(local_path(signed_in.target) or "/", 303)
                for name, value, seconds in (
                    (self._cookies.session, signed_in.cookie, None),
                    (self._cookies.typed, "", 0),
                ):
                    response.headers.append("Set-Cookie", self._cookies.set(name, value, seconds))
                return response
        _log.info("sign-in code refused", reason=tried.given)
        return await self._page(visitor, typed, tried=tried, status=422)

    async def _page(
        self,
        visitor: Visitor,
        typed: Typed,
        *,
        note: Message | None = None,
        problem: Message | None = None,
        tried: CodeTry | None = None,
        status: int = 200,
    ) -> Response:
        texts = self._texts
        length = await self._codes.find(typed.email, visitor=visitor.secret)
        if isinstance(length, int) and tried is not None:
            problem = _problem(tried, length)
        elif not isinstance(length, int) and problem is None:
            problem = _OVER[tried.given if tried and tried.given in _OVER else length]
        # The address stands apart in the sentence, so the sentence is cut where it belongs.
        before, _, after = texts.t(
            "If {address} belongs to an account here, a mail with a code is on its way.",
            address="\0",
        ).partition("\0")
        page = await self._pages.page(
            "sign_in_code.html",
            texts.t("Check your mail"),
            status=status,
            before=before,
            email=typed.email,
            after_email=after,
            target=typed.target,
            length=length if isinstance(length, int) else 0,
            about_code=texts.render(_about(length, self._codes.minutes))
            if isinstance(length, int)
            else "",
            note=texts.render(note) if note else "",
            problem=texts.render(problem) if problem else "",
            about_link=texts.render(
                say_many(
                    "The link in the mail works as well, on any of your devices: once, for "
                    "{count} minute.",
                    "The link in the mail works as well, on any of your devices: once, for "
                    "{count} minutes.",
                    self._links.minutes,
                )
            ),
            code_token=form_token(visitor.secret, "code"),
            mail_token=form_token(visitor.secret, "sign-in"),
            other=sign_in_url(typed.target),
        )
        return visitor.greet(page)


async def is_theirs(find: FindByEmail | None, email: str, customer_id: int | None) -> bool:
    """Whether a customer still has the address that a mail went to. Who reads the one from before
    may be somebody else, and must not come in by a mail of a moment ago."""
    if find is None:
        return True
    try:
        return await find(email) == customer_id
    except RechargeError:
        return True  # nothing is kept of that customer, so nothing of theirs was changed here


def _about(length: int, minutes: int) -> Message:
    """What a code looks like, and where it works."""
    if length == LONG:
        return say_many(
            "It has eight letters and digits, and works in this browser for {count} minute.",
            "It has eight letters and digits, and works in this browser for {count} minutes.",
            minutes,
        )
    return say_many(
        "It has six digits, and works in this browser for {count} minute.",
        "It has six digits, and works in this browser for {count} minutes.",
        minutes,
    )


def _problem(tried: CodeTry, length: int) -> Message:
    """What is wrong with a code, where another one may still be typed."""
    match tried.given:
        case "misshapen":
            return _MISSHAPEN[length]
        case "wrong":
            return say_many(
                "This is not the code that we sent. You can try {count} more time.",
                "This is not the code that we sent. You can try {count} more times.",
                tried.tries_left,
            )
        case _:
            return _OVER["gone"]

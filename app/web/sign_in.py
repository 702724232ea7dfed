"""Signing in by an e-mailed link, and out again. Plain HTML: a stranger costs no memory."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import Acting, Principal
from app.auth import (
    LinkState,
    Sessions,
    SignInCodes,
    SignInLinks,
    form_token,
    is_form_token,
    local_path,
)
from app.auth.secrets import is_secret
from app.clock import Clock, utc_now
from app.i18n import Message, say, say_many
from app.mail import mail_address
from app.web.forms import (
    STALE_FORM,
    Typed,
    Visitor,
    read_form,
    sign_in_url,
    too_many_links,
)
from app.web.link_mail import LinkPost
from app.web.looks import LOOK_IS_OVER
from app.web.rendering import Pages
from app.web.sign_in_code import FindByEmail, SignInCode, is_theirs

_LINK: Final = re.compile(r"[\w-]{43}(?![\w-])", re.ASCII)


@dataclass(frozen=True, slots=True)
class ProviderButton:
    """A button of the sign-in page that leads to an identity provider.

    text: what stands on it
    path: where its form is sent, with the place to go on to as ``next``
    """

    text: Message
    path: str


class SignIn:
    """The routes ``/sign-in``, ``/sign-in/sent``, ``/sign-in/<link>`` and ``/sign-out``.

    `providers` are those that the page offers beside it, `notices` what it says of them to who is
    sent back, by the word in ``why``.
    """

    def __init__(
        self,
        pages: Pages,
        sessions: Sessions,
        links: SignInLinks,
        codes: SignInCodes,
        post: LinkPost,
        clock: Clock = utc_now,
        find_by_email: FindByEmail | None = None,
    ) -> None:
        """`find_by_email` finds whose an address is now, such as `Mirror.find_customer`."""
        self._pages = pages
        self._texts = pages.texts
        self._sessions = sessions
        self._links = links
        self._codes = codes
        self._code = SignInCode(pages, sessions, links, codes, find_by_email)
        self._post = post
        self._clock = clock
        self._cookies = sessions.cookies
        self._find_by_email = find_by_email
        self.providers: Sequence[ProviderButton] = ()
        self.notices: Mapping[str, Message] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/sign-in", self.show, methods=["GET"]),
            Route("/sign-in", self.ask, methods=["POST"]),
            *self._code.routes(),
            Route("/sign-in/{link}", self.press, methods=["GET"]),
            Route("/sign-in/{link}", self.use, methods=["POST"]),
            Route("/sign-in/{spoilt:path}", self.mend, methods=["GET"]),
            Route("/sign-out", self.show_sign_out, methods=["GET"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        visitor = Visitor(request, self._cookies)
        principal = _principal(request)
        why = request.query_params.get("why", "")
        target = local_path(request.query_params.get("next")) or (
            visitor.typed.target if why else "/"
        )
        if principal is not None and not why:
            return RedirectResponse(target, 303)
        return await self._sign_in_page(
            visitor,
            Typed(visitor.typed.email, target),
            notice=self._why(why) if principal is None else self._why_signed_in(why),
            go_on=target if principal is not None else "",
        )

    async def ask(self, request: Request) -> Response:
        """Send a mail. Known and unknown addresses get the same answer, by the same path: whose it
        is gets looked up when the answer has gone out."""
        visitor = Visitor(request, self._cookies)
        fields = await read_form(request)
        given = fields or {}
        typed = Typed(given.get("email", "").strip()[:254], local_path(given.get("next")) or "/")
        if not visitor.fits(fields, "sign-in"):
            return await self._sign_in_page(visitor, typed, problem=STALE_FORM, status=403)
        email = mail_address(typed.email)
        if email is None:
            problem = say(
                "This does not look like an e-mail address. It should be like name@example.com."
            )
            return await self._sign_in_page(visitor, typed, problem=problem, status=422)
        host = request.client.host if request.client else ""
        until = await self._links.refused_until(email.casefold(), host)
        if until is not None:
            seconds, problem = too_many_links(until, self._clock())
            page = await self._sign_in_page(visitor, typed, problem=problem, status=429)
            page.headers["Retry-After"] = str(seconds)
            return page
        mail = await self._codes.issue(email, visitor=visitor.secret, target=typed.target)
        if not self._post.ask(email, mail):
            problem = say("We cannot send mail at this moment. Please try again in a few minutes.")
            return await self._sign_in_page(visitor, typed, problem=problem, status=503)
        again = given.get("again", "")
        sent = f"/sign-in/sent?again={again}" if again in ("yes", "new") else "/sign-in/sent"
        return visitor.remember(RedirectResponse(sent, 303), Typed(email, typed.target))

    async def press(self, request: Request) -> Response:
        """Asks for one press. Mail scanners open links, so opening one changes nothing."""
        if not is_secret(request.path_params["link"]):
            return self._mended(request.path_params["link"])
        return await self._press_page(request, Visitor(request, self._cookies))

    async def mend(self, request: Request) -> Response:
        return self._mended(request.path_params["spoilt"])

    def _mended(self, spoilt: str) -> Response:
        """Mail programs put signs behind a link that stands at the end of a line. What is left of
        it leads on; its secret never gets into the address of another page."""
        link = _LINK.match(spoilt)
        address = f"/sign-in/{link[0]}" if link else sign_in_url(why="unknown")
        return RedirectResponse(address, 303)

    async def use(self, request: Request) -> Response:
        visitor = Visitor(request, self._cookies)
        if not visitor.fits(await read_form(request), "link"):
            return await self._press_page(request, visitor, problem=STALE_FORM, status=403)
        if not await self._is_theirs(request.path_params["link"]):
            return RedirectResponse(sign_in_url(why="unknown"), 303)
        signed_in = await self._links.use(
            request.path_params["link"],
            visitor=visitor.secret,
            replacing=request.cookies.get(self._cookies.session),
            user_agent=request.headers.get("user-agent", ""),
        )
        if signed_in is None:
            return await self._press_page(request, visitor)
        response = RedirectResponse(local_path(signed_in.target) or "/", 303)
        response.headers.append(
            "Set-Cookie", self._cookies.set(self._cookies.session, signed_in.cookie)
        )
        response.headers.append("Set-Cookie", self._cookies.set(self._cookies.typed, "", 0))
        return response

    async def _is_theirs(self, link: str) -> bool:
        """Whether a link was mailed to the address that its customer still has."""
        found = await self._links.find(link)
        if found.state is not LinkState.READY:
            return True  # what it comes to is told by the link itself
        return await is_theirs(self._find_by_email, found.email, found.customer_id)

    async def show_sign_out(self, request: Request) -> Response:
        return await self._sign_out_page(request)

    async def sign_out(self, request: Request) -> Response:
        principal = _principal(request)
        cookie = request.cookies.get(self._cookies.session)
        if principal is not None:
            fields = await read_form(request) or {}
            if not is_form_token(fields.get("form", ""), cookie, "sign-out"):
                return await self._sign_out_page(request, problem=STALE_FORM, status=403)
            if fields.get("everywhere") and principal.acting is Acting.SELF:
                await self._sessions.end_all(principal.customer_id)
            else:
                await self._sessions.end(principal.session)
        is_look = principal is not None and principal.acting is not Acting.SELF
        response = RedirectResponse(LOOK_IS_OVER if is_look else "/sign-out", 303)
        for name in (self._cookies.session, self._cookies.typed):
            response.headers.append("Set-Cookie", self._cookies.set(name, "", 0))
        return response

    async def _sign_in_page(
        self,
        visitor: Visitor,
        typed: Typed,
        *,
        notice: Message | None = None,
        problem: Message | None = None,
        go_on: str = "",
        status: int = 200,
    ) -> Response:
        page = await self._pages.page(
            "sign_in.html",
            self._texts.t("You are signed in") if go_on else self._texts.t("Sign in"),
            status=status,
            notice=self._texts.render(notice) if notice else "",
            problem=self._texts.render(problem) if problem else "",
            go_on=go_on,
            email=typed.email,
            target=typed.target,
            form_token=form_token(visitor.secret, "sign-in"),
            providers=[
                {"text": self._texts.render(one.text), "path": one.path} for one in self.providers
            ],
        )
        return visitor.greet(page)

    async def _press_page(
        self,
        request: Request,
        visitor: Visitor,
        *,
        problem: Message | None = None,
        status: int = 200,
    ) -> Response:
        link = request.path_params["link"]
        found = await self._links.find(link)
        if found.state is not LinkState.READY:
            # The mail may be read on another device than the one the address was typed on.
            typed = Typed(found.email, found.target) if found.email else visitor.typed
            response = RedirectResponse(sign_in_url(typed.target, found.state.value), 303)
            return visitor.remember(response, typed) if typed.email else response
        principal = _principal(request)
        page = await self._pages.page(
            "press.html",
            self._texts.t("Sign in"),
            status=status,
            problem=self._texts.render(problem) if problem else "",
            email=found.email,
            is_other=principal is not None and principal.customer_id != found.customer_id,
            is_asked_for=True,
            action=f"/sign-in/{link}",
            fields={"form": form_token(visitor.secret, "link")},
        )
        return visitor.greet(page)

    async def _sign_out_page(
        self, request: Request, *, problem: Message | None = None, status: int = 200
    ) -> Response:
        is_signed_in = _principal(request) is not None
        title = say("Sign out?") if is_signed_in else say("You are signed out")
        return await self._pages.page(
            "sign_out.html",
            self._texts.render(title),
            status=status,
            problem=self._texts.render(problem) if problem else "",
            form_token=request.state.sign_out_token if is_signed_in else "",
        )

    def _why(self, why: str) -> Message | None:
        """What happened, for the person who was sent back to the sign-in page."""
        match why:
            case "expired":
                return say_many(
                    "This link has expired: it worked for {count} minute. "
                    "Nothing was changed. Ask for a new one here.",
                    "This link has expired: it worked for {count} minutes. "
                    "Nothing was changed. Ask for a new one here.",
                    self._links.minutes,
                )
            case "used":
                return say(
                    "This link has been used already, and each works only once. "
                    "Nothing was changed. Ask for a new one here."
                )
            case "unknown":
                return say(
                    "We do not know this link; a part of it may be missing. "
                    "Nothing was changed. Ask for a new one here."
                )
            case "portal":
                return say(
                    "This link does not sign you in any more. Nothing was changed. "
                    "Sign in here, and you get where it led."
                )
            case "ended":
                return say(
                    "For your safety you were signed out. Nothing was changed. "
                    "Sign in here to go on where you were."
                )
            case _:
                return self.notices.get(why)

    def _why_signed_in(self, why: str) -> Message | None:
        """The same for who is in already, and needs no new link."""
        match why:
            case "expired":
                return say("This link has expired. Nothing was changed.")
            case "used":
                return say("This link has been used already. Nothing was changed.")
            case "unknown" | "portal":
                return say("This link does not sign anybody in. Nothing was changed.")
            case _:
                return self.notices.get(why)


def _principal(request: Request) -> Principal | None:
    found: Principal | None = request.scope["state"]["principal"]
    return found

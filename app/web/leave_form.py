"""The form that asks for a link to leave by, and the answer that is the same for everybody."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.auth import Cookies, ExitLinks, LinkState, form_token
from app.clock import Clock
from app.i18n import Message, say
from app.mail import mail_address
from app.web.exit_mail import ExitPost, plain_number
from app.web.forms import STALE_FORM, Typed, Visitor, read_form, too_many_links
from app.web.leave_words import Way, way_of
from app.web.rendering import Pages

_LONGEST_NUMBER = 64


class LeaveForm:
    """``/cancel`` or ``/withdraw``, as far as nobody is known yet."""

    def __init__(
        self,
        way: Way,
        pages: Pages,
        cookies: Cookies,
        links: ExitLinks,
        post: ExitPost,
        clock: Clock,
    ) -> None:
        self._way = way
        self._pages = pages
        self._texts = pages.texts
        self._cookies = cookies
        self._links = links
        self._post = post
        self._clock = clock

    def routes(self) -> list[Route]:
        path = self._way.path
        return [
            Route(path, self.show, methods=["GET"]),
            Route(path, self.ask, methods=["POST"]),
            Route(f"{path}/sent", self.sent, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        visitor = Visitor(request, self._cookies)
        notice = {
            LinkState.EXPIRED.value: say(
                "This link has expired: it worked for 24 hours. Nothing was changed by it since. "
                "Ask for a new one here."
            ),
            LinkState.UNKNOWN.value: say(
                "We do not know this link; a part of it may be missing. Nothing was changed. "
                "Ask for a new one here."
            ),
        }.get(request.query_params.get("why", ""))
        return await self._page(visitor, visitor.typed.email, notice=notice)

    async def ask(self, request: Request) -> Response:
        """Send a link. Everybody gets the same answer, by the same path."""
        visitor = Visitor(request, self._cookies)
        fields = await read_form(request)
        given = fields or {}
        typed, number = given.get("email", "").strip()[:254], given.get("order", "").strip()
        number = number[:_LONGEST_NUMBER]
        if not visitor.fits(fields, self._way.purpose):
            return await self._page(visitor, typed, number, problem=STALE_FORM, status=403)
        email = mail_address(typed)
        if email is None:
            problem = say(
                "This does not look like an e-mail address. It should be like name@example.com."
            )
            return await self._page(visitor, typed, number, "email", problem=problem, status=422)
        if not plain_number(number):
            problem = say("Please enter the number of an order, such as #1042.")
            return await self._page(visitor, typed, number, "order", problem=problem, status=422)
        host = request.client.host if request.client else ""
        until = await self._links.refused_until(
            self._way.purpose, email.casefold(), plain_number(number), host
        )
        if until is not None:
            seconds, problem = too_many_links(until, self._clock())
            page = await self._page(visitor, typed, number, problem=problem, status=429)
            page.headers["Retry-After"] = str(seconds)
            return page
        if not self._post.ask(self._way.purpose, email, number):
            problem = say("We cannot send mail at this moment. Please try again in a few minutes.")
            return await self._page(visitor, typed, number, problem=problem, status=503)
        answer = RedirectResponse(f"{self._way.path}/sent", 303)
        return visitor.remember(answer, Typed(email, visitor.typed.target))

    async def sent(self, request: Request) -> Response:
        email = Visitor(request, self._cookies).typed.email
        if not email:
            return RedirectResponse(self._way.path, 303)
        # The address stands apart in the sentence, so the sentence is cut where it belongs.
        before, _, after = self._texts.t(
            "If {address} belongs to an account here, a mail is on its way.", address="\0"
        ).partition("\0")
        return await self._pages.page(
            "check_mail.html",
            self._texts.t("Check your mail"),
            before=before,
            email=email,
            after_email=after,
            works_for=self._texts.t(
                "The link in it works for 24 hours. Nothing is changed until you press the button "
                "behind it."
            ),
            again=self._way.path,
        )

    async def _page(
        self,
        visitor: Visitor,
        email: str = "",
        number: str = "",
        wrong: str = "",
        *,
        notice: Message | None = None,
        problem: Message | None = None,
        status: int = 200,
    ) -> Response:
        """wrong: the field that the problem is about, if it is about one"""
        shop = await self._pages.the_shop()
        way = way_of(self._way.purpose, has_memberships=shop is not None and shop.has_memberships)
        page = await self._pages.page(
            "leave.html",
            self._texts.render(way.form_title),
            status=status,
            way=self._way,
            lead=self._texts.render(self._way.form_lead),
            notice=self._texts.render(notice) if notice else "",
            problem=self._texts.render(problem) if problem else "",
            wrong=wrong,
            email=email,
            number=number,
            form_token=form_token(visitor.secret, self._way.purpose),
        )
        return visitor.greet(page)

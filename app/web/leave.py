"""Leaving without signing in: ``/cancel`` and ``/withdraw``. Plain HTML, and no offers on the way.

1. The form asks for an e-mail address and an order number. The answer is the same for everybody,
   and is out before anybody is looked up.
2. The mailed link opens a page that says what would end and what that means. Opening it changes
   nothing, however often a mail scanner does so.
3. One press there ends it, through `app.actions.perform` like every other change. The page that
   follows reads the record: it says that something has ended when that was read back, and not
   before. Loading it again shows how it stands.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import (
    ActionError,
    Services,
    TooMany,
    UpstreamRefused,
    perform,
    preview,
)
from app.auth import Cookies, ExitLink, ExitLinks, LinkState, form_token
from app.clock import Clock, utc_now
from app.i18n import Message, say
from app.mirror import MirrorError
from app.recharge import RechargeError
from app.retention import Reason
from app.web.exit_mail import ExitPost
from app.web.forms import STALE_FORM, Visitor, read_form
from app.web.leave_choice import ALL, Choice, Row, choice_of
from app.web.leave_form import LeaveForm
from app.web.leave_record import LeaveRecord
from app.web.leave_result import Standing, standing_of
from app.web.leave_words import WAYS, Way
from app.web.rendering import Pages

_log = structlog.get_logger(__name__)

_LARGEST_FORM = 64_000
_MOST_FIELDS = 600
"""More than anybody has subscriptions."""


def leave_routes(
    services: Services,
    pages: Pages,
    cookies: Cookies,
    links: ExitLinks,
    post: ExitPost,
    clock: Clock = utc_now,
) -> list[Route]:
    """Both ways to leave. `clock` tells real time, by which links end."""
    return [
        route
        for way in WAYS.values()
        for route in Leave(way, services, pages, cookies, links, post, clock).routes()
    ]


class Leave:
    """The routes of one way to leave: its form, and the page behind its links."""

    def __init__(
        self,
        way: Way,
        services: Services,
        pages: Pages,
        cookies: Cookies,
        links: ExitLinks,
        post: ExitPost,
        clock: Clock,
    ) -> None:
        self._way = way
        self._services = services
        self._pages = pages
        self._texts = pages.texts
        self._cookies = cookies
        self._links = links
        self._clock = clock
        self._form = LeaveForm(self._way, pages, cookies, links, post, clock)
        self._record = LeaveRecord(services)
        self._running: dict[str, asyncio.Event] = {}
        """Presses that are being made in this process, by the name of their link."""

    def routes(self) -> list[Route]:
        path = self._way.path
        return [
            *self._form.routes(),
            Route(f"{path}/{{link}}", self.look, methods=["GET"]),
            Route(f"{path}/{{link}}", self.press, methods=["POST"]),
            Route(f"{path}/{{spoilt:path}}", self.spoilt, methods=["GET"]),
        ]

    async def look(self, request: Request) -> Response:
        """What would end, or how it stands. Opening it changes nothing."""
        return await self._page(request, Visitor(request, self._cookies))

    async def spoilt(self, request: Request) -> Response:
        """No link of ours, but maybe the rest of one, which a mail program has added something to:
        it is not passed on."""
        if not request.path_params["spoilt"]:
            return RedirectResponse(self._way.path, 303)
        return self._back_to_form(LinkState.UNKNOWN)

    async def press(self, request: Request) -> Response:
        """End what is ticked, once for each link."""
        visitor = Visitor(request, self._cookies)
        fields = await read_form(request, largest=_LARGEST_FORM, most=_MOST_FIELDS)
        if not visitor.fits(fields, self._form_purpose):
            return await self._page(request, visitor, problem=STALE_FORM, status=403)
        try:
            link = await self._find(request)
            if link is None or fields is None:
                return await self._page(request, visitor)
            standing = await self._standing(link)
            if link.is_over or (standing is not None and standing.kind != "failed"):
                await self._finished(link)
                return self._again(request)
            choice = await self._choice(link)
        except (ActionError, RechargeError, MirrorError) as error:
            return await self._cannot_read(error)
        rows = choice.ticked(fields)
        if choice.has_changed(fields):
            problem = say(
                "Something here has changed since you opened this page, so we did nothing. "
                "Please look again."
            )
            return await self._page(request, visitor, problem=problem, status=409)
        if not rows:
            problem = self._way.nothing_ticked
            return await self._page(request, visitor, problem=problem, status=422)
        refusal = await self._services.tasks.finish(
            self._end(link, choice, rows, choice.reason(fields))
        )
        if refusal is None or refusal.changed != "no":
            return self._again(request)
        return await self._page(
            request, visitor, problem=refusal.notice, status=_status_of(refusal)
        )

    async def _end(
        self, link: ExitLink, choice: Choice, rows: tuple[Row, ...], reason: Reason | None
    ) -> ActionError | None:
        """Let the press through, if it is the first, and make the change. Why it was not made, or
        not as a whole."""
        if link.name in self._running:
            await self._finished(link)
            return None
        self._running[link.name] = finished = asyncio.Event()
        try:
            taken = await self._links.take(link)
            if taken is None:
                return None  # another press was faster: the page tells what came of that
            principal = self._links.principal_of(taken)
            said = reason.for_merchant[:255] if reason else ""
            action = choice.action(rows, said)
            await self._record.begin(link.customer_id, choice.situation, rows, reason)
            try:
                seen = await preview(self._services, principal, action)
                await perform(
                    self._services, principal, action, key=taken.key, revision=seen.revision
                )
            except ActionError as error:
                if error.changed == "no":
                    await self._links.give_back(taken)
                return error
            return None
        finally:
            del self._running[link.name]
            finished.set()

    async def _finished(self, link: ExitLink) -> None:
        """Returns when no press of the link is being made in this process."""
        running = self._running.get(link.name)
        if running is not None:
            await running.wait()

    async def _page(
        self,
        request: Request,
        visitor: Visitor,
        *,
        problem: Message | None = None,
        status: int = 200,
    ) -> Response:
        try:
            link = await self._find(request)
            if link is None:
                return self._back_to_form(LinkState.UNKNOWN)
            standing = await self._standing(link)
            if standing is not None and standing.kind != "failed":
                return await self._result(request, link, standing)
            if link.is_over:
                return self._back_to_form(LinkState.EXPIRED)
            choice = await self._choice(link)
        except (ActionError, RechargeError, MirrorError) as error:
            return await self._cannot_read(error)
        if problem is None and standing is not None:
            problem = standing.text
        return await self._choice_page(request, visitor, link, choice, standing, problem, status)

    async def _choice_page(
        self,
        request: Request,
        visitor: Visitor,
        link: ExitLink,
        choice: Choice,
        standing: Standing | None,
        problem: Message | None,
        status: int,
    ) -> Response:
        texts = self._texts
        page = await self._pages.page(
            "leave_choice.html",
            texts.render(choice.title),
            status=status,
            way=self._way,
            choice=choice,
            order_name=link.order_name,
            steps=standing.steps if standing else (),
            problem=texts.render(problem) if problem else "",
            reasons=[(one.key, one.said(texts.language)) for one in choice.reasons],
            everything=ALL,
            button=texts.render(choice.button()),
            legal=choice.legal(texts.language),
            action=f"{self._way.path}/{request.path_params['link']}",
            form_token=form_token(visitor.secret, self._form_purpose),
        )
        return visitor.greet(page)

    async def _result(self, request: Request, link: ExitLink, standing: Standing) -> Response:
        texts = self._texts
        title = self._way.done_title if standing.kind == "done" else self._way.open_title
        if standing.kind == "taken back":
            title = say("Active again")
        return await self._pages.page(
            "leave_result.html",
            texts.render(title),
            way=self._way,
            standing=standing,
            again=f"{self._way.path}/{request.path_params['link']}",
        )

    async def _find(self, request: Request) -> ExitLink | None:
        """The link, as long as the customer has the mailbox that it was sent to.

        Raises:
            RechargeError, MirrorError: the customer's records cannot be had now.
        """
        link = await self._links.find(self._way.purpose, request.path_params["link"])
        if link is None:
            return None
        snapshot = await self._services.mirror.customer(link.customer_id).snapshot()
        return link if link.is_of(snapshot.customer.email or "") else None

    async def _choice(self, link: ExitLink) -> Choice:
        age = self._clock() - link.created_at
        principal = self._links.principal_of(link)
        return await choice_of(
            self._services, principal, self._way, link, age, self._texts.language
        )

    async def _standing(self, link: ExitLink) -> Standing | None:
        principal = self._links.principal_of(link)
        return await standing_of(self._services, principal, link, self._clock())

    async def _cannot_read(self, error: Exception) -> Response:
        _log.warning("a page to leave by could not be drawn", error=str(error))
        return await self._pages.message(
            self._texts.t("The shop does not answer at the moment"),
            self._texts.t(
                "Your link is still good, and nothing was changed. "
                "Please open it again in a minute."
            ),
            status=503,
            headers={"Retry-After": "60"},
            link=self._way.path,
            link_text=self._texts.render(self._way.form_title),
        )

    def _again(self, request: Request) -> Response:
        """The page of the link, which tells how it stands."""
        return RedirectResponse(f"{self._way.path}/{request.path_params['link']}", 303)

    def _back_to_form(self, why: LinkState) -> Response:
        return RedirectResponse(f"{self._way.path}?why={why.value}", 303)

    @property
    def _form_purpose(self) -> str:
        return f"{self._way.purpose} link"


def _status_of(error: ActionError) -> int:
    match error:
        case TooMany():
            return HTTPStatus.TOO_MANY_REQUESTS
        case UpstreamRefused():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.CONFLICT

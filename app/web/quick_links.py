"""Quick links: ``/do/<token>``. Plain HTML without a script, a session or a cookie.

1. Opening the link shows what would happen. Nothing changes, however often it is opened.
2. One press does it, through `app.actions.perform` like every other change, and as it was shown:
   when something has changed since, nothing is done and the page is drawn anew.
3. The page that follows reads the record, and offers the way back while it stands. From then on the
   link leads there: it is pressed once.

No form of another site can press it: what a form must bring is made with the link, which no other
site has. The link alone is the proof; so no page behind it says more than what it does.
"""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import Final
from uuid import uuid4

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import (
    ActionError,
    Principal,
    Services,
    Stale,
    TooMany,
    UpstreamRefused,
    perform,
    undo,
)
from app.actions.payments.adding import AddingCards
from app.actions.quick.wishes import What
from app.actions.write import current
from app.auth import Press, QuickLink, QuickLinks, form_token, is_form_token
from app.auth.link_tokens import PATH
from app.clock import Clock, utc_now
from app.i18n import Message, say
from app.mirror import MirrorError
from app.recharge import RechargeError
from app.web.cards import ADD, PLACE
from app.web.forms import read_form
from app.web.quick_offer import NoOffer, Offer, offer_of, place_of, sayable
from app.web.quick_standing import Standing, standing_of
from app.web.rendering import Pages

_log = structlog.get_logger(__name__)

_PURPOSE: Final = "quick link"
_PRESS: Final = re.compile(r"[0-9a-f]{32}")
_NOT_OURS: Final = say(
    "We could not tell that this came from our page, so nothing was done. Please press once more."
)


class QuickLinkRoutes:
    """The routes of quick links. `clock` tells real time, by which links end."""

    def __init__(
        self, services: Services, pages: Pages, links: QuickLinks, clock: Clock = utc_now
    ) -> None:
        self._services = services
        self._pages = pages
        self._texts = pages.texts
        self._links = links
        self._clock = clock
        self._cards = AddingCards(services)
        self._running: dict[str, asyncio.Event] = {}
        """Presses that are being made in this process, by the name of their link."""

    def routes(self) -> list[Route]:
        return [
            Route(f"{PATH}/{{token}}", self.look, methods=["GET"]),
            Route(f"{PATH}/{{token}}", self.press, methods=["POST"]),
            Route(f"{PATH}/{{token}}/undo", self.take_back, methods=["POST"]),
            Route(f"{PATH}/{{spoilt:path}}", self.spoilt, methods=["GET"]),
        ]

    async def look(self, request: Request) -> Response:
        """What would happen, or what has. Opening it changes nothing."""
        return await self._page(request)

    async def spoilt(self, request: Request) -> Response:
        """No link of ours, but maybe one that a mail program has added something to."""
        return await self._unknown()

    async def press(self, request: Request) -> Response:
        """Do it, once for each link."""
        link = await self._links.find(request.path_params["token"])
        if link is None or link.wish.what is What.UPDATE_CARD:
            return await self._page(request)
        fields = await read_form(request)
        if fields is None or not self._fits(request, fields):
            return await self._page(request, problem=_NOT_OURS, status=HTTPStatus.FORBIDDEN)
        try:
            await self._finished(link)
            pressed = await self._links.press_of(link)
            standing = await self._standing(link, pressed)
            if link.is_over or (standing is not None and standing.kind != "failed"):
                return self._again(request)
            offer = await self._offer(link)
        except (ActionError, RechargeError, MirrorError) as error:
            return await self._cannot_read(request, error)
        if isinstance(offer, NoOffer) or offer.seen != fields.get("seen"):
            problem = None if isinstance(offer, NoOffer) else Stale().notice
            return await self._page(request, problem=problem, status=HTTPStatus.CONFLICT)
        refusal = await self._services.tasks.finish(self._do(link, offer, pressed))
        if refusal is None:
            return self._again(request)
        return await self._refused(request, link, refusal)

    async def take_back(self, request: Request) -> Response:
        """Undo what the link did, while the way back stands."""
        link = await self._links.find(request.path_params["token"])
        if link is None:
            return await self._unknown()
        fields = await read_form(request)
        key = (fields or {}).get("press", "")
        if fields is None or not self._fits(request, fields) or not _PRESS.fullmatch(key):
            return await self._page(request, problem=_NOT_OURS, status=HTTPStatus.FORBIDDEN)
        try:
            standing = await self._standing(link, await self._links.press_of(link))
            if standing is None or standing.kind != "done":
                return self._again(request)
            await self._services.tasks.finish(self._undo(link, standing, key))
        except ActionError as error:
            if error.changed == "no":
                return await self._refused(request, link, error)
        except (RechargeError, MirrorError) as error:
            return await self._cannot_read(request, error)
        return self._again(request)

    async def _do(self, link: QuickLink, offer: Offer, seen: Press | None) -> ActionError | None:
        """Let the press through, if it is the first, and make the change. Why nothing came of it;
        None where something did, or may have."""
        if link.name in self._running:
            await self._finished(link)
            return None
        self._running[link.name] = finished = asyncio.Event()
        try:
            taken = await self._links.take(link, offer.action, seen)
            if taken is None:
                return None  # another press was faster: the page tells what came of that
            with self._links.acting(link) as principal:
                return await self._made(principal, taken, offer, link.wish.what)
        finally:
            del self._running[link.name]
            finished.set()

    async def _made(
        self, principal: Principal, taken: Press, offer: Offer, what: What
    ) -> ActionError | None:
        services = self._services
        try:
            outcome = await perform(
                services, principal, offer.action, key=taken.key, revision=offer.revision
            )
        except ActionError as error:
            _log.info("quick link pressed", what=what.value, result=type(error).__name__)
            # What is under way may be an earlier change, for which this one was not begun.
            claim = await services.journal.claimed(principal, taken.key, services.clock())
            if claim is None or error.changed == "no":
                await self._links.give_back(taken)
                return error
            await self._links.came_to(taken, claim.activity_id)
            return None
        _log.info("quick link pressed", what=what.value, result="done")
        await self._links.came_to(taken, outcome.activity_id)
        return None

    async def _undo(self, link: QuickLink, standing: Standing, key: str) -> None:
        with self._links.acting(link) as principal:
            await undo(self._services, principal, standing.activity_id, key=f"quick-undo-{key}")

    async def _finished(self, link: QuickLink) -> None:
        """Returns when no press of the link is being made in this process."""
        running = self._running.get(link.name)
        if running is not None:
            await running.wait()

    async def _page(
        self, request: Request, *, problem: Message | None = None, status: int = 200
    ) -> Response:
        link = await self._links.find(request.path_params["token"])
        if link is None:
            return await self._unknown()
        if link.wish.what is What.UPDATE_CARD:
            return await (self._over(link) if link.is_over else self._card_page())
        try:
            standing = await self._standing(link, await self._links.press_of(link))
            if standing is not None and standing.kind != "failed":
                return await self._result(request, link, standing, problem, status)
            if link.is_over:
                return await self._over(link)
            offer = await self._offer(link)
        except (ActionError, RechargeError, MirrorError) as error:
            return await self._cannot_read(request, error)
        if problem is None and standing is not None:
            problem = standing.text
        if isinstance(offer, NoOffer):
            return await self._no_offer(link, offer, status)
        return await self._pages.page(
            "quick_offer.html",
            self._texts.render(offer.title),
            status=status,
            problem=self._texts.render(problem) if problem else "",
            before=self._texts.render(offer.before) if offer.before else "",
            changes=[self._texts.render(one.text) for one in offer.effect.changes],
            stays=[self._texts.render(one) for one in offer.effect.stays],
            confirm=self._texts.render(offer.effect.confirm),
            action=self._path(request),
            form_token=self._form_token(request),
            seen=offer.seen,
            until=link.expires_at,
            account=place_of(link.wish),
        )

    async def _result(
        self,
        request: Request,
        link: QuickLink,
        standing: Standing,
        problem: Message | None,
        status: int,
    ) -> Response:
        titles = {
            "done": say("Done"),
            "undone": say("Taken back"),
            "partly": say("Only a part was done"),
        }
        return await self._pages.page(
            "quick_result.html",
            self._texts.render(titles.get(standing.kind, say("Not confirmed yet"))),
            status=status,
            problem=self._texts.render(problem) if problem else "",
            standing=standing,
            text=self._texts.render(standing.text) if standing.text else "",
            again=self._path(request),
            undo=f"{self._path(request)}/undo",
            form_token=self._form_token(request),
            press=uuid4().hex,
            account=place_of(link.wish),
        )

    async def _no_offer(self, link: QuickLink, offer: NoOffer, status: int) -> Response:
        title = say("One more step") if offer.needs_code else say("This cannot be done now")
        return await self._pages.page(
            "quick_no_offer.html",
            self._texts.render(title),
            status=HTTPStatus.OK if offer.needs_code else status,
            why=self._texts.render(offer.why),
            needs_code=offer.needs_code,
            contact=offer.contact,
            account=place_of(link.wish),
        )

    async def _card_page(self) -> Response:
        """A card is a matter for who has shown who they are: the link only leads there."""
        return await self._pages.message(
            self._texts.t("Update your card"),
            self._texts.t(
                "You sign in for this, with a code or a link that we send to your mailbox. The "
                "card itself is typed into a form of the payment service."
            ),
            self._texts.t("Nothing has changed so far."),
            status=HTTPStatus.OK,
            link=ADD if self._cards.takes_new else PLACE,
            link_text=self._texts.t("Sign in and update the card"),
        )

    async def _over(self, link: QuickLink) -> Response:
        shop = await self._pages.the_shop()
        until = link.expires_at.astimezone(shop.timezone) if shop else link.expires_at
        return await self._pages.message(
            self._texts.t("This link has ended"),
            self._texts.t("It worked until {moment}. Nothing was changed by it.", moment=until),
            self._texts.t("You can do the same in your account at any time."),
            status=HTTPStatus.GONE,
            link=place_of(link.wish),
            link_text=self._texts.t("Go to your account"),
        )

    async def _unknown(self) -> Response:
        return await self._pages.message(
            self._texts.t("We do not know this link"),
            self._texts.t(
                "A part of it may be missing, or it is an old one. Nothing was changed. Please "
                "open it from the mail once more, or do the same in your account."
            ),
            status=HTTPStatus.NOT_FOUND,
            link_text=self._texts.t("Go to your account"),
        )

    async def _refused(self, request: Request, link: QuickLink, error: ActionError) -> Response:
        """The page of the link, which says first why nothing was done."""
        try:
            situation = await current(self._services, link.wish.customer)
        except ActionError as unread:
            return await self._cannot_read(request, unread)
        status = {TooMany: HTTPStatus.TOO_MANY_REQUESTS, UpstreamRefused: 503}
        return await self._page(
            request,
            problem=sayable(error, situation),
            status=status.get(type(error), HTTPStatus.CONFLICT),
        )

    async def _cannot_read(self, request: Request, error: Exception) -> Response:
        _log.warning("the page of a quick link could not be drawn", error=type(error).__name__)
        return await self._pages.message(
            self._texts.t("The shop does not answer at the moment"),
            self._texts.t(
                "Your link is still good, and nothing was changed. "
                "Please open it again in a minute."
            ),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": "60"},
            link=self._path(request),
            link_text=self._texts.t("Look again"),
        )

    async def _offer(self, link: QuickLink) -> Offer | NoOffer:
        with self._links.acting(link) as principal:
            return await offer_of(self._services, principal, link.wish, self._texts)

    async def _standing(self, link: QuickLink, press: Press | None) -> Standing | None:
        with self._links.acting(link) as principal:
            return await standing_of(self._services, principal, press, self._clock())

    def _again(self, request: Request) -> Response:
        """The page of the link, which tells how it stands."""
        return RedirectResponse(self._path(request), HTTPStatus.SEE_OTHER)

    def _path(self, request: Request) -> str:
        return f"{PATH}/{request.path_params['token']}"

    def _form_token(self, request: Request) -> str:
        return form_token(request.path_params["token"], _PURPOSE)

    def _fits(self, request: Request, fields: dict[str, str]) -> bool:
        given = fields.get("form", "")
        return is_form_token(given, request.path_params["token"], _PURPOSE)

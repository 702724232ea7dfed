"""Adding a card: ``/payment-methods/add``. Plain HTML, each page with its own strict policy.

1. What the card is to pay for is chosen here; nothing is typed but that.
2. The form of the payment service stands in our page, with fields that are the service's own. It
   sends the browser back to ``…/done``, and what came of it is read at the service by us.
3. A confirmed card is put into the account at once, and the payment methods are shown.

Every page can be loaded again, left and come back to: it tells how it stands, whatever has happened
meanwhile. No number of a card comes to any of these routes.
"""

from __future__ import annotations

from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.actions import (
    ActionError,
    NeedsStepUp,
    Principal,
    Services,
    UnknownObject,
    UpstreamRefused,
)
from app.actions.payments.adding import AddingCards, CardStanding
from app.auth import form_token, is_form_token
from app.i18n import Message
from app.payments import (
    ByProcessor,
    CardRefused,
    CardSetup,
    NotFinished,
    PaymentFormError,
    SetupState,
    StillRunning,
)
from app.web.card_choice import Choice, choice_of
from app.web.card_policy import SCRIPTS, card_policy
from app.web.card_words import TITLES
from app.web.errors import ErrorPages
from app.web.forms import STALE_FORM, read_form
from app.web.rendering import Pages
from app.web.step_up_page import to_step_up

_log = structlog.get_logger(__name__)

PLACE = "/payment-methods"
ADD = f"{PLACE}/add"
_PURPOSE = "cards"
_LARGEST_FORM = 16_000
_MOST_FIELDS = 300


class CardRoutes:
    """The plain pages on which a customer adds a card.

    origin: ours, as customers see it
    """

    def __init__(self, services: Services, pages: Pages, errors: ErrorPages, origin: str) -> None:
        self._services = services
        self._cards = AddingCards(services)
        self._pages = pages
        self._texts = pages.texts
        self._errors = errors
        self._origin = origin

    def routes(self) -> list[Route]:
        one = f"{ADD}/{{setup:str}}"
        return [
            Route(ADD, self.choose, methods=["GET"]),
            Route(ADD, self.begin, methods=["POST"]),
            Route(f"{ADD}/form/{{name:str}}", self.script, methods=["GET"]),
            Route(one, self.show, methods=["GET"]),
            Route(one, self.go_on, methods=["POST"]),
            Route(f"{one}/done", self.done, methods=["GET"]),
            Route(f"{one}/leave", self.leave, methods=["POST"]),
        ]

    async def choose(self, request: Request) -> Response:
        """What the new card is to pay for."""
        try:
            choice = await self._choice(request)
        except ActionError as error:
            return await self._failed(request, error)
        if self._cards.takes_new and await self._cards.must_prove(_principal(request)):
            return to_step_up(request)
        return await self._choice_page(request, choice)

    async def begin(self, request: Request) -> Response:
        """Take up the wish, and lead on to the form."""
        fields = await read_form(request, largest=_LARGEST_FORM, most=_MOST_FIELDS)
        try:
            choice = await self._choice(request)
            if fields is None or not self._fits(request, fields):
                return await self._choice_page(request, choice, STALE_FORM, HTTPStatus.FORBIDDEN)
            choice = choice.chosen(fields)
            if await self._cards.must_prove(_principal(request)):
                return to_step_up(request, address=choice.address_ids)
            setup = await self._cards.begin(
                _principal(request),
                choice.address_ids,
                make_default=choice.make_default,
                retry_charges=choice.retry_charges,
            )
        except UpstreamRefused as error:
            return await self._failed(request, error)
        except ActionError as error:
            return await self._choice_page(request, choice, error.notice, HTTPStatus.CONFLICT)
        return RedirectResponse(f"{ADD}/{setup.id}", HTTPStatus.SEE_OTHER)

    async def show(self, request: Request) -> Response:
        """The form, or how it stands."""
        principal = _principal(request)
        setup = await self._find(request)
        if setup is None:
            return await self._errors.not_found(request)
        problem: Message | None = None
        try:
            try:
                setup = await self._cards.look(setup)
            except CardRefused as error:
                problem = error.notice
            except NotFinished as error:
                # Only who comes back from the form has left it unfinished.
                problem = error.notice if "back" in request.query_params else None
            standing = await self._cards.standing(principal, setup)
            if standing.kind in ("started", "confirmed") and await self._cards.must_prove(
                principal
            ):
                return to_step_up(request)
            if standing.kind == "started":
                return await self._form_page(request, setup, problem)
            return await self._standing_page(request, standing)
        except StillRunning as error:
            return await self._wait(request, error.notice)
        except (ActionError, PaymentFormError) as error:
            return await self._failed(request, error)

    async def done(self, request: Request) -> Response:
        """The processor sends the browser here. Nothing that it brings along is believed."""
        principal = _principal(request)
        setup = await self._find(request)
        if setup is None:
            return await self._errors.not_found(request)
        try:
            setup = await self._cards.look(setup)
            if setup.state is SetupState.CONFIRMED:
                await self._cards.put(principal, setup)
        except (ActionError, PaymentFormError) as error:
            _log.info("a card is not in the account yet", reason=type(error).__name__)
        return await self._lead_on(request, setup, query="?back=1")

    async def go_on(self, request: Request) -> Response:
        """Put a card into the account that was confirmed before."""
        setup = await self._find(request)
        if setup is None:
            return await self._errors.not_found(request)
        fields = await read_form(request)
        if fields is None or not self._fits(request, fields):
            return await self._stale(request)
        problem: Message | None = None
        try:
            setup = await self._cards.look(setup)
            await self._cards.put(_principal(request), setup)
        except (NeedsStepUp, PaymentFormError):
            pass  # the page says it, or leads on to the code
        except ActionError as error:
            if error.activity_id is None:  # nothing was begun: the page cannot tell it again
                problem = error.notice
        if problem is not None:
            return await self._again(request, setup, problem)
        return await self._lead_on(request, setup)

    async def leave(self, request: Request) -> Response:
        """The customer adds no card after all."""
        setup = await self._find(request)
        fields = await read_form(request)
        if setup is None:
            return await self._errors.not_found(request)
        if fields is None or not self._fits(request, fields):
            return await self._stale(request)
        await self._cards.leave(setup)
        return RedirectResponse(PLACE, HTTPStatus.SEE_OTHER)

    async def script(self, request: Request) -> Response:
        """A script of ours that a form needs; the same for everybody."""
        script = SCRIPTS.get(request.path_params["name"])
        if script is None:
            return await self._errors.not_found(request)
        return Response(
            script,
            media_type="text/javascript",
            headers={"Cache-Control": "no-cache"},
        )

    async def _lead_on(self, request: Request, setup: CardSetup, query: str = "") -> Response:
        """To the payment methods when the card is there, else to the page that says why not."""
        now = await self._cards.setups.find(setup.customer_id, setup.id)
        if now is not None and now.state is SetupState.DONE:
            return RedirectResponse(PLACE, HTTPStatus.SEE_OTHER)
        return RedirectResponse(f"{ADD}/{setup.id}{query}", HTTPStatus.SEE_OTHER)

    async def _again(self, request: Request, setup: CardSetup, problem: Message) -> Response:
        now = await self._find(request) or setup
        try:
            standing = await self._cards.standing(_principal(request), now)
            return await self._standing_page(request, standing, problem, HTTPStatus.CONFLICT)
        except ActionError as error:
            return await self._failed(request, error)

    async def _form_page(
        self, request: Request, setup: CardSetup, problem: Message | None
    ) -> Response:
        principal = _principal(request)
        seen = await self._cards.seen(principal, setup)
        back = f"{self._origin}{ADD}/{setup.id}/done"
        setup, start = await self._cards.open(principal, setup, seen, back)
        if isinstance(start, ByProcessor):
            return await self._nowhere(start.text)
        script_url = f"{ADD}/form/{start.script}" if start.script else ""
        page = await self._pages.page(
            "card_form.html",
            self._texts.t("Your new card"),
            form=start,
            script_url=script_url,
            changes=[self._texts.render(one.text) for one in seen.effect.changes[1:]],
            problem=self._texts.render(problem) if problem else "",
            leave=f"{ADD}/{setup.id}/leave",
            form_token=self._token(request),
        )
        page.headers["Content-Security-Policy"] = card_policy(
            start.allows, f"{self._origin}{script_url}" if script_url else ""
        )
        return page

    async def _standing_page(
        self,
        request: Request,
        standing: CardStanding,
        problem: Message | None = None,
        status: int = HTTPStatus.OK,
    ) -> Response:
        changes = []
        text = standing.text
        if standing.kind == "confirmed":
            try:
                seen = await self._cards.seen(_principal(request), standing.setup)
                await self._cards.setups.seen(standing.setup, seen.revision)
                changes = [self._texts.render(one.text) for one in seen.effect.changes]
            except ActionError as error:  # it cannot be put there now: that is what to tell
                problem = problem or error.notice
        return await self._pages.page(
            "card_standing.html",
            self._texts.render(TITLES[standing.kind]),
            status=status,
            standing=standing,
            card=self._texts.render(self._cards.called(standing.setup)),
            text=self._texts.render(text) if text else "",
            problem=self._texts.render(problem) if problem else "",
            changes=changes,
            steps=standing.activity.steps if standing.activity else (),
            action=f"{ADD}/{standing.setup.id}",
            form_token=self._token(request),
        )

    async def _choice_page(
        self,
        request: Request,
        choice: Choice,
        problem: Message | None = None,
        status: int = HTTPStatus.OK,
    ) -> Response:
        if not self._cards.takes_new:
            return await self._nowhere(choice.elsewhere)
        return await self._pages.page(
            "card_choice.html",
            self._texts.t("Add a card"),
            status=status,
            choice=choice,
            problem=self._texts.render(problem) if problem else "",
            action=ADD,
            form_token=self._token(request),
        )

    async def _nowhere(self, text: Message) -> Response:
        """No card can be added here."""
        return await self._pages.message(
            self._texts.t("A new card cannot be added here"),
            self._texts.render(text),
            status=HTTPStatus.OK,
            link=PLACE,
            link_text=self._texts.t("To your payment methods"),
        )

    async def _wait(self, request: Request, text: Message) -> Response:
        return await self._pages.message(
            self._texts.t("Your card is being checked"),
            self._texts.render(text),
            status=HTTPStatus.OK,
            link=request.url.path,
            link_text=self._texts.t("Look again"),
        )

    async def _stale(self, request: Request) -> Response:
        return await self._pages.message(
            self._texts.t("That did not come from our page"),
            self._texts.render(STALE_FORM),
            status=HTTPStatus.FORBIDDEN,
            link=f"{ADD}/{request.path_params['setup']}",
            link_text=self._texts.t("Back to your card"),
        )

    async def _failed(self, request: Request, error: ActionError | PaymentFormError) -> Response:
        if isinstance(error, UnknownObject):
            return await self._errors.not_found(request)
        is_away = isinstance(error, UpstreamRefused | PaymentFormError)
        return await self._pages.message(
            self._texts.t("That did not work"),
            self._texts.render(error.notice),
            status=HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.CONFLICT,
            link=request.url.path if is_away else PLACE,
            link_text=self._texts.t("Try again" if is_away else "To your payment methods"),
        )

    async def _choice(self, request: Request) -> Choice:
        return await choice_of(
            self._services, _principal(request), request.query_params.getlist("address")
        )

    async def _find(self, request: Request) -> CardSetup | None:
        id = request.path_params["setup"]
        return await self._cards.setups.find(_principal(request).customer_id, id)

    def _token(self, request: Request) -> str:
        return form_token(request.scope["state"]["session_cookie"], _PURPOSE)

    def _fits(self, request: Request, fields: dict[str, str]) -> bool:
        cookie = request.scope["state"]["session_cookie"]
        return is_form_token(fields.get("form", ""), cookie, _PURPOSE)


def _principal(request: Request) -> Principal:
    principal: Principal = request.scope["state"]["principal"]
    return principal

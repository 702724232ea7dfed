"""Signing in with an identity provider: out by a press on the sign-in page, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.auth import (
    PROVIDER_PATH,
    OidcProblem,
    ProviderAnswer,
    ProviderRefused,
    ProviderSignIns,
    Sessions,
    local_path,
)
from app.clock import Clock, utc_now
from app.i18n import Message, say
from app.web.errors import ErrorPages
from app.web.forms import Visitor, read_form, sign_in_url
from app.web.opening import is_fetched_ahead, is_opened
from app.web.rendering import Pages
from app.web.sign_in import ProviderButton

_OFTEN: Final = "often"
_FORM: Final = "form"


class ProviderRoutes:
    """The routes ``/sign-in/with/<provider>`` and ``/sign-in/with/<provider>/back``.

    A press on our own page begins a sign-in, and nothing else does: another site could otherwise
    sign a person in unseen (ASVS 5.0, 7.6.2).
    """

    def __init__(
        self,
        pages: Pages,
        errors: ErrorPages,
        sessions: Sessions,
        sign_ins: ProviderSignIns,
        clock: Clock = utc_now,
    ) -> None:
        self._pages = pages
        self._errors = errors
        self._cookies = sessions.cookies
        self._sign_ins = sign_ins
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route(PROVIDER_PATH, self.show, methods=["GET"]),
            Route(PROVIDER_PATH, self.begin, methods=["POST"]),
            Route(f"{PROVIDER_PATH}/back", self.back, methods=["GET"]),
        ]

    @property
    def buttons(self) -> list[ProviderButton]:
        """What the sign-in page offers, in the order of the settings."""
        return [
            ProviderButton(
                say("Sign in with {provider}", provider=one.label),
                PROVIDER_PATH.format(provider=name),
            )
            for name, one in self._sign_ins.providers.items()
        ]

    @property
    def notices(self) -> Mapping[str, Message]:
        """What the sign-in page says to who comes back without a session, by the word in its
        address."""
        return {
            _why(name, problem): text
            for name, one in self._sign_ins.providers.items()
            for problem, text in _words(one.label).items()
        }

    async def show(self, request: Request) -> Response:
        """The address of a press, opened once more: as by a tab that is restored."""
        if request.path_params["provider"] not in self._sign_ins.providers:
            return await self._errors.not_found(request)
        return RedirectResponse(sign_in_url(), 303)

    async def begin(self, request: Request) -> Response:
        name = request.path_params["provider"]
        if name not in self._sign_ins.providers:
            return await self._errors.not_found(request)
        visitor = Visitor(request, self._cookies)
        fields = await read_form(request)
        target = local_path((fields or {}).get("next")) or "/"
        if not visitor.fits(fields, "sign-in"):
            return RedirectResponse(sign_in_url(target, _why(name, _FORM)), 303)
        host = request.client.host if request.client else ""
        if await self._sign_ins.refused_until(host) is not None:
            return RedirectResponse(sign_in_url(target, _why(name, _OFTEN)), 303)
        try:
            address = await self._sign_ins.begin(name, visitor=visitor.secret, target=target)
        except ProviderRefused as refused:
            return RedirectResponse(sign_in_url(target, _why(name, refused.problem)), 303)
        # Not a redirect: to some browsers it would be a part of sending the form, which our own
        # policy lets go nowhere else, and providers lead on to places that no policy could list.
        return await self._pages.page(
            "provider.html",
            self._pages.texts.t("One moment"),
            headers={"Refresh": f"0; url={address}"},
            provider=self._sign_ins.providers[name].label,
            address=address,
        )

    async def back(self, request: Request) -> Response:
        name = request.path_params["provider"]
        if name not in self._sign_ins.providers:
            return await self._errors.not_found(request)
        if request.method == "HEAD" or not is_opened(request) or is_fetched_ahead(request):
            return Response(status_code=400)
        visitor = Visitor(request, self._cookies)
        try:
            done = await self._sign_ins.finish(
                name,
                _answer(request),
                visitor=visitor.secret,
                replacing=request.cookies.get(self._cookies.session),
                user_agent=request.headers.get("user-agent", ""),
            )
        except ProviderRefused as refused:
            if refused.problem is OidcProblem.STALE and request.scope["state"]["principal"]:
                return RedirectResponse("/", 303)  # opened once more, after it has worked
            why = _why(name, refused.problem)
            return RedirectResponse(sign_in_url(refused.target, why), 303)
        response = RedirectResponse(local_path(done.target) or "/", 303)
        for cookie in (
            self._cookies.set(self._cookies.session, done.cookie),
            self._cookies.set(self._cookies.typed, "", 0),
        ):
            response.headers.append("Set-Cookie", cookie)
        return response


def _answer(request: Request) -> ProviderAnswer:
    """What stands in the address; nothing of it where a name stands there twice."""
    found = {}
    for name in ("state", "code", "iss", "error"):
        values = request.query_params.getlist(name)
        if len(values) > 1:
            return ProviderAnswer()
        if values:
            found[name] = values[0]
    return ProviderAnswer(
        state=found.get("state", ""),
        code=found.get("code", ""),
        issuer=found.get("iss"),
        error=found.get("error", ""),
    )


def _why(name: str, problem: str) -> str:
    return f"{name}.{problem}"


def _words(provider: str) -> Mapping[str, Message]:
    return {
        OidcProblem.DENIED: say(
            "You did not finish signing in with {provider}, so you are not signed in. Nothing was "
            "changed. Try again, or sign in by e-mail.",
            provider=provider,
        ),
        OidcProblem.UNREACHABLE: say(
            "{provider} does not answer at this moment, so you are not signed in. Nothing was "
            "changed. Please try again in a few minutes, or sign in by e-mail.",
            provider=provider,
        ),
        OidcProblem.UNTRUSTED: say(
            "We could not check what {provider} told us, so you are not signed in. Nothing was "
            "changed. Please sign in by e-mail, and tell the shop if this stays.",
            provider=provider,
        ),
        OidcProblem.STALE: say(
            "Signing in with {provider} was stopped there, took too long, or began in another "
            "browser. Nothing was changed. Please start again here.",
            provider=provider,
        ),
        OidcProblem.UNVERIFIED: say(
            "{provider} does not vouch for your e-mail address, so you are not signed in. Nothing "
            "was changed. Confirm the address there, or sign in by e-mail.",
            provider=provider,
        ),
        OidcProblem.STRANGER: say(
            "Your account at {provider} belongs to no customer of this shop, so you are not signed "
            "in. Nothing was changed. If you order with another e-mail address, sign in with that "
            "one here.",
            provider=provider,
        ),
        OidcProblem.ANOTHER: say(
            "This is another account at {provider} than the one you signed in with before, so you "
            "are not signed in. Nothing was changed. Use that one, or sign in by e-mail.",
            provider=provider,
        ),
        OidcProblem.LATER: say(
            "We cannot look up your account at this moment, so you are not signed in. Nothing was "
            "changed. Please try again in a few minutes.",
        ),
        _OFTEN: say(
            "Too many people on your network are signing in with {provider}. Nothing was changed. "
            "Please try again within the hour, or sign in by e-mail.",
            provider=provider,
        ),
        _FORM: say(
            "We could not tell that this came from our page, so nothing was done. Please press "
            "once more. If this stays, allow cookies for this site."
        ),
    }

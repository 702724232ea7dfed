"""The portal in a frame of the shop's page: its files, the first page in it, and the way back from
a sign-in that was made outside of it.

How a frame gets its session is told in `app.web.embed_sessions`, and what the shop writes into its
page in docs/embedding.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.actions import Principal
from app.auth import Sessions
from app.settings import Settings
from app.web.headers import APP_POLICY
from app.web.rendering import Pages

_FILES: Final = Path(__file__).parent / "static"
_SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "boot.js": ("embed_channel.js", "embed_boot.js"),
    "framed.js": ("embed_channel.js", "embed_framed.js"),
    "back.js": ("embed_back.js",),
}
"""What each script is made of. The channel to the shop's page is part of both that need it: a
script is fetched faster than two."""

_NOT_KEPT_LONG: Final = "public, max-age=300"
"""The shop's page names no version, so a browser must soon hear of a new one."""

BACK_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)


class Embed:
    """The routes ``/embed.js``, ``/embed``, ``/embed/scripts/…``, ``/embed/back`` and
    ``/embed/sign-out``."""

    def __init__(self, settings: Settings, pages: Pages, sessions: Sessions) -> None:
        self._origins = settings.embed_origins
        self._pages = pages
        self._t: Callable[..., str] = pages.texts.t
        self._sessions = sessions
        self._boot_policy = _boot_policy(settings)

    def routes(self) -> list[Route]:
        return [
            Route("/embed.js", self.shop_script, methods=["GET"]),
            Route("/embed", self.boot, methods=["GET"]),
            Route("/embed/scripts/{name}", self.script, methods=["GET"]),
            Route("/embed/back", self.back, methods=["GET"]),
            Route("/embed/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def shop_script(self, _: Request) -> Response:
        """The script that a shop puts into its page; the same for everybody."""
        return _javascript(self._shop_script, cache=_NOT_KEPT_LONG, for_others=True)

    async def script(self, request: Request) -> Response:
        """A script of the frame; the same for everybody."""
        text = self._scripts.get(request.path_params["name"])
        if text is None:
            return Response(status_code=404)
        return _javascript(text, cache="no-cache")

    async def boot(self, _: Request) -> Response:
        """The first page in the frame. It says nothing of anybody: its script finds out who."""
        page = await self._pages.page("embed.html", self._t("Your deliveries"))
        page.headers["Content-Security-Policy"] = self._boot_policy
        return page

    async def back(self, request: Request) -> Response:
        """Where a sign-in ends that a frame began in a window of its own."""
        page = await self._pages.page("embed_back.html", self._t("You are signed in"))
        page.headers["Content-Security-Policy"] = BACK_POLICY
        return page

    async def sign_out(self, request: Request) -> Response:
        """Ends the session of the frame, or every one of its customer's."""
        principal: Principal = request.scope["state"]["principal"]
        if request.query_params.get("everywhere"):
            await self._sessions.end_all(principal.customer_id)
        else:
            await self._sessions.end(principal.session)
        answer = JSONResponse({"session": False})
        cookies = self._sessions.cookies
        answer.headers.append("Set-Cookie", cookies.set(cookies.framed, "", 0))
        return answer

    @cached_property
    def _shop_script(self) -> str:
        words = {
            "title": self._t("Your subscriptions and deliveries"),
            "tab": self._t("Open your deliveries in a new tab"),
        }
        return f"window.doorstepWords = {json.dumps(words)};\n{_read('embed.js')}"

    @cached_property
    def _scripts(self) -> Mapping[str, str]:
        parents = f"window.doorstepParents = {json.dumps(self._origins)};\n"
        return {
            name: (parents if "embed_channel.js" in files else "") + "".join(map(_read, files))
            for name, files in _SCRIPTS.items()
        }


def _boot_policy(settings: Settings) -> str:
    """The customer's page may be written into the document of ``/embed``, which keeps its first
    policy: so it is the customer's page's."""
    return APP_POLICY.format(connect=f"'self' {settings.origin.replace('http', 'ws', 1)}")


def _read(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")


def _javascript(text: str, *, cache: str, for_others: bool = False) -> Response:
    headers = {"Cache-Control": cache}
    if for_others:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return Response(text, media_type="text/javascript", headers=headers)

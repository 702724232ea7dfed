"""The demo's shop: a page of somebody else's, on an origin of its own, with the portal in it.

It does what a shop's server does: it knows who is signed in to the shop, and signs tokens that say
so. Nothing of it is part of a real configuration.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.demo_ports import SidePort, listen
from app.settings import Settings, variable

_HERE: Final = Path(__file__).parent / "demo_shop_files"
_KEY_ID: Final = "demo"
_TOKEN_SECONDS: Final = 120
_WHO: Final = "demo-shop-customer"
_NOBODY: Final = "0"
_CUSTOMER: Final = re.compile(r"[1-9][0-9]{0,18}")
_LANGUAGES: Final = ("en", "de", "ar")
_FILES: Final[Mapping[str, str]] = {"shop.css": "text/css", "shop.js": "text/javascript"}


class DemoShop:
    """The shop's page and its server.

    ::

        shop = DemoShop(settings, stories)   # takes its port, so that its origins are known
        settings = shop.settings             # with these origins, and a key made just now
        await shop.start()

    stories: the demo's customers: their ids, and what they are there for
    """

    def __init__(self, settings: Settings, stories: Sequence[tuple[int, str]]) -> None:
        self._stories = stories
        self._portal = settings.origin
        self._key = secrets.token_urlsafe(48)
        listener = listen(settings.demo_shop_port, variable("demo_shop_port"))
        self._server = SidePort(self._application(), listener, "the demo's shop")
        self.origins = shop_origins(self._server.number)
        self.settings = _with_embedding(settings, self.origins, self._server.number, self._key)
        self._templates = Environment(
            loader=FileSystemLoader(_HERE),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
        )

    async def start(self) -> None:
        """Begin to answer."""
        await self._server.start()

    async def close(self) -> None:
        """Answer no more, and give the port back."""
        await self._server.close()

    def token(self, customer_id: int) -> str:
        """What a shop's server signs for the customer who is signed in to it: see
        docs/embedding.md."""
        now = int(time.time())
        claims = {
            "iss": self.settings.issuer,
            "aud": self._portal,
            "sub": str(customer_id),
            "iat": now,
            "exp": now + _TOKEN_SECONDS,
            "jti": secrets.token_urlsafe(24),
        }
        header = {"alg": "HS256", "typ": "portal-embed+jwt", "kid": _KEY_ID}
        return jwt.encode(header, claims, OctKey.import_key(self._key))

    def _application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self._page, methods=["GET"]),
                Route("/sign-in", self._sign_in, methods=["POST"]),
                Route("/portal-token", self._give_token, methods=["POST"]),
                Route("/{name}", self._file, methods=["GET"]),
            ]
        )

    async def _page(self, request: Request) -> Response:
        asked = request.query_params
        language = asked.get("language", "en")
        page = self._templates.get_template("shop.html").render(
            portal=self._portal,
            stories=self._stories,
            customer=self._customer(request),
            language=language if language in _LANGUAGES else "en",
            languages=_LANGUAGES,
            scheme="dark" if asked.get("scheme") == "dark" else "light",
            vouches=asked.get("vouches") != "no",
            origins=self.origins,
            here=str(request.base_url).rstrip("/"),
        )
        policy = (
            f"default-src 'self'; img-src 'self' data:; script-src 'self' {self._portal}; "
            f"frame-src {self._portal}; frame-ancestors 'none'; base-uri 'none'; "
            "form-action 'self'"
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    async def _sign_in(self, request: Request) -> Response:
        """The shop's own sign-in, which believes everybody: it is only a demo."""
        asked = (await request.body()).decode("ascii", "replace")
        chosen = asked.partition("customer=")[2].partition("&")[0]
        number = chosen if _CUSTOMER.fullmatch(chosen) else _NOBODY
        answer = RedirectResponse("/", 303)
        answer.set_cookie(_WHO, number, httponly=True, samesite="strict")
        return answer

    async def _give_token(self, request: Request) -> Response:
        """A token for who is signed in to the shop; nothing where nobody is."""
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return Response(status_code=403)
        customer = self._customer(request)
        if customer == _NOBODY:
            return Response(status_code=204)
        answer = JSONResponse({"token": self.token(int(customer))})
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _customer(self, request: Request) -> str:
        chosen = request.cookies.get(_WHO, str(self._stories[0][0]))
        return chosen if _CUSTOMER.fullmatch(chosen) else _NOBODY

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _FILES:
            return Response(status_code=404)
        text = (_HERE / name).read_text(encoding="utf-8")
        return Response(text, media_type=_FILES[name])


def shop_origins(port: int) -> tuple[str, str]:
    """Where a browser finds the shop: at the portal's own site, and at another. To a browser these
    two are different sites."""
    return f"http://localhost:{port}", f"http://127.0.0.1:{port}"


def _with_embedding(settings: Settings, origins: tuple[str, ...], port: int, key: str) -> Settings:
    """The settings as this shop would make them, beside what is set by hand."""
    keys = SecretStr(json.dumps({**settings.signing_keys, _KEY_ID: key}))
    return settings.model_copy(
        update={
            "embed_origins": (*settings.embed_origins, *origins),
            "embed_keys": keys,
            "demo_shop_port": port,
        }
    )

"""Security headers on every answer, whoever made it."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.access import OPEN_AREAS, Access
from app.settings import Settings

PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
"""For pages of our own HTML: no script at all."""

APP_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; font-src 'self' data:; "
    "connect-src {connect}; frame-src 'none'; worker-src 'none'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
"""For NiceGUI's pages. Its script is inline and evaluates text, so a nonce would stop it."""

_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture",
        "encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer",
        "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock",
        "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip

_ONE_YEAR = 31_536_000


_OPENED_BY_A_FRAME = re.compile(r"/sign-in(/.*)?|/embed/back")
"""What a frame of the shop's page opens in a window of its own, to sign in, and hears back from."""


class SecurityHeaders:
    """ASGI middleware; the outermost one, so that no answer gets past it.

    Pages of NiceGUI are known by the header that NiceGUI puts on them. An answer that brings a
    content security policy of its own keeps it, but for who may show it in a frame: the access
    table and the settings say that of each address, whatever is answered there.

    `unguarded` are prefixes that are not ours, as for the `Gate`: nobody shows them in a frame.
    """

    def __init__(self, app: ASGIApp, settings: Settings, unguarded: tuple[str, ...] = ()) -> None:
        self._app = app
        self._access = Access()
        self._unguarded = unguarded
        self._origins = settings.embed_origins
        socket = settings.origin.replace("http", "ws", 1)
        self._app_policy = APP_POLICY.format(connect=f"'self' {socket}")
        self._always = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": _PERMISSIONS,
        }
        if settings.is_secure:
            self._always["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": list(message.get("headers", []))}
                self._add(MutableHeaders(raw=message["headers"]), scope["path"])
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        for name, value in self._always.items():
            headers[name] = value
        is_app_page = headers.get("x-nicegui-content") == "page"
        if is_app_page:
            headers["Content-Security-Policy"] = self._app_policy
        else:
            headers.setdefault("Content-Security-Policy", PLAIN_POLICY)
        self._add_neighbours(headers, path)
        if headers.get("content-type", "").startswith("text/html"):
            headers["Cache-Control"] = "no-store"
        else:
            headers.setdefault("Cache-Control", "no-store")

    def _add_neighbours(self, headers: MutableHeaders, path: str) -> None:
        """Which other sites may show the answer, load it, or keep hold of its window."""
        if self._is_framed(path):
            ancestors = " ".join(self._origins)
            del headers["X-Frame-Options"]  # knows no list of origins
        else:
            ancestors = "'none'"
            headers["X-Frame-Options"] = "DENY"
        rules = [rule.strip() for rule in headers["Content-Security-Policy"].split(";")]
        kept = [rule for rule in rules if rule and not rule.startswith("frame-ancestors")]
        headers["Content-Security-Policy"] = "; ".join([*kept, f"frame-ancestors {ancestors}"])
        is_opened = self._origins and _OPENED_BY_A_FRAME.fullmatch(path)
        headers["Cross-Origin-Opener-Policy"] = "unsafe-none" if is_opened else "same-origin"
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")

    def _is_framed(self, path: str) -> bool:
        if not self._origins or path.startswith(("/_nicegui", *OPEN_AREAS, *self._unguarded)):
            return False
        entry = self._access.find(path)
        return entry is not None and entry.framed

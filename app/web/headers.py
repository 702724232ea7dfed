"""Security headers on every answer, whoever made it."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class SecurityHeaders:
    """ASGI middleware; the outermost one, so that no answer gets past it.

    Pages of NiceGUI are known by the header that NiceGUI puts on them. An answer that brings a
    content security policy of its own keeps it.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        socket = settings.origin.replace("http", "ws", 1)
        self._app_policy = APP_POLICY.format(connect=f"'self' {socket}")
        self._always = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Permissions-Policy": _PERMISSIONS,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Frame-Options": "DENY",
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
                self._add(MutableHeaders(raw=message["headers"]))
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders) -> None:
        for name, value in self._always.items():
            headers[name] = value
        is_app_page = headers.get("x-nicegui-content") == "page"
        if is_app_page:
            headers["Content-Security-Policy"] = self._app_policy
        else:
            headers.setdefault("Content-Security-Policy", PLAIN_POLICY)
        if headers.get("content-type", "").startswith("text/html"):
            headers["Cache-Control"] = "no-store"
        else:
            headers.setdefault("Cache-Control", "no-store")

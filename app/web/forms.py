"""What the pages for strangers remember in the browser, and how their forms are read."""

from __future__ import annotations

import base64
import binascii
import json
import math
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.auth import Cookies, is_form_token, local_path, new_secret
from app.auth.secrets import is_secret
from app.i18n import Message, say, say_many
from app.mail import mail_address

_LARGEST_FORM = 8_000
_MOST_FIELDS = 20
_TYPED_SECONDS = 3600
_FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Typed:
    """The e-mail address that was typed, and where to go on to after signing in."""

    email: str = ""
    target: str = "/"


STALE_FORM = say(
    "We could not tell that this came from our page, so nothing was done. Please press once more. "
    "If this stays, allow cookies for this site."
)


async def read_form(
    request: Request, *, largest: int = _LARGEST_FORM, most: int = _MOST_FIELDS
) -> dict[str, str] | None:
    """The fields of a form, or None: too large, of another kind, or with a field twice (ASVS 5.0,
    15.3.7).

    largest: bytes
    most:    fields
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > largest:
            return None
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=most
        )
    except ValueError:
        return None
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else None


class Visitor:
    """A browser of a stranger: its cookies, and the token of forms made for it.

    The token is bound to a cookie that only this browser has. So another site can neither sign a
    person in as somebody else by sending its own form, nor press a link for them.
    """

    def __init__(self, request: Request, cookies: Cookies) -> None:
        self._cookies = cookies
        brought = request.cookies.get(cookies.visitor)
        self.is_new = not is_secret(brought)
        self.secret = brought if brought and not self.is_new else new_secret()
        self.typed = _read_typed(request.cookies.get(cookies.typed, ""))

    def fits(self, fields: dict[str, str] | None, purpose: str) -> bool:
        """Whether a form was made for this browser."""
        if fields is None or self.is_new:
            return False
        return is_form_token(fields.get("form", ""), self.secret, purpose)

    def greet(self, response: Response) -> Response:
        """Give a new browser its cookie."""
        if self.is_new:
            response.headers.append(
                "Set-Cookie", self._cookies.set(self._cookies.visitor, self.secret)
            )
        return response

    def remember(self, response: Response, typed: Typed) -> Response:
        """Keep what was typed for an hour, in this browser only."""
        text = json.dumps([typed.email, typed.target]).encode()
        value = base64.urlsafe_b64encode(text).decode().rstrip("=")
        response.headers.append(
            "Set-Cookie", self._cookies.set(self._cookies.typed, value, _TYPED_SECONDS)
        )
        return response


def too_many_links(until: datetime, now: datetime) -> tuple[int, Message]:
    """What to say to who has asked for too many links: the seconds until it helps again, and the
    sentence."""
    seconds = max(1, math.ceil((until - now).total_seconds()))
    return seconds, say_many(
        "Too many mails were asked for, so none was sent. Those you already have still "
        "work. Please try again in {count} minute.",
        "Too many mails were asked for, so none was sent. Those you already have still "
        "work. Please try again in {count} minutes.",
        math.ceil(seconds / 60),
    )


def sign_in_url(target: str = "/", why: str = "") -> str:
    """The sign-in page that leads on to `target` and says why it was come to."""
    query = ({"next": target} if target != "/" else {}) | ({"why": why} if why else {})
    return "/sign-in" + (f"?{urlencode(query)}" if query else "")


def _read_typed(value: str) -> Typed:
    try:
        email, target = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
        return Typed(mail_address(email) or "", local_path(target) or "/")
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        return Typed()

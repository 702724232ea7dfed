"""The processor's card form: plain pages on an origin of their own.

They are never served from where the shop's pages are, so that nothing typed in them can be read
there. The form may stand in a frame of the shop's page; whatever follows it takes the whole window:
the question of the bank, and the way back.
"""
# markup, this file: pages of the look-alike, not of the portal; what is shown goes through escape()

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from app.sandbox import cards, wire
from app.sandbox.errors import Document, NotFound
from app.sandbox.wire import Receive, Scope, Send

if TYPE_CHECKING:
    from app.sandbox.sandbox import Sandbox

ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH: Final = "/cards/"
_PAGE = re.compile(r"/cards/([A-Za-z0-9_-]{1,100})(/bank)?")
_LABELS: Final = {
    "number": ("Card number", "cc-number", "numeric"),
    "expiry": ("Expiry date", "cc-exp", "numeric"),
    "code": ("Security code", "cc-csc", "numeric"),
    "holder": ("Name on the card", "cc-name", "text"),
}
_STYLE = """
:root { color-scheme: light dark; --text: #26211b; --muted: #6a6055; --page: #fffdf9;
  --line: #8a8074; --accent: #2f5b4c; --on: #fffdf9; --wrong: #9b2c25; }
@media (prefers-color-scheme: dark) { :root { --text: #f1ebe1; --muted: #b3a999; --page: #1f1c18;
  --line: #8f877b; --accent: #93cbb2; --on: #10231b; --wrong: #f5aaa0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 28rem; padding: .25rem; background: var(--page);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
body.alone { padding: 1.5rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
form { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin: 0 0 1rem; }
form > * { grid-column: 1 / -1; min-width: 0; }
form > .half { grid-column: auto; }
@media (max-width: 18rem) { form > .half { grid-column: 1 / -1; } }
label { display: block; font-weight: 600; }
input { width: 100%; min-height: 3rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: transparent; border: 1px solid var(--line); border-radius: .6rem; }
input[aria-invalid] { border: 2px solid var(--wrong); }
.wrong { color: var(--wrong); margin: .25rem 0 0; }
h1 + .wrong { margin: 0 0 1rem; }
a { color: var(--accent); display: inline-block; padding-block: .5rem; }
input::placeholder { color: var(--muted); opacity: 1; }
.muted, details { color: var(--muted); font-size: .9375rem; }
summary { padding-block: .5rem; cursor: pointer; }
ul { padding-inline-start: 1.25rem; margin: .25rem 0; }
button { min-height: 3rem; padding: .6rem 1.15rem; font: inherit; font-weight: 600; width: 100%;
  color: var(--on); background: var(--accent); border: 1px solid var(--accent);
  border-radius: 99px; cursor: pointer; }
button.plain { color: var(--accent); background: transparent; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
"""


class CardForm:
    """The ASGI application of the form. Serve it on a port of its own."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._shop = sandbox.shop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await wire.lifespan(receive, send)
            return
        if scope["type"] != "http":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
            return
        body = await wire.read_body(receive)
        page = _PAGE.fullmatch(wire.path_of(scope))
        try:
            if page is None:
                raise NotFound
            await self._answer(scope["method"], page[1], bool(page[2]), body, send)
        except NotFound:
            text = _page("Not found", "<p>This form is over. Go back to the shop.</p>", alone=True)
            await _html(send, 404, text, "'none'", "'none'")

    async def _answer(self, method: str, id: str, is_bank: bool, body: bytes, send: Send) -> None:
        shop = self._shop
        attempt = cards.find(shop, id)
        if method == "POST" and is_bank:
            says = _fields(body).get("answer") == "yes"
            await _back(send, cards.answer_bank(shop, id, is_confirmed=says))
        elif method == "POST":
            attempt, wrong = cards.submit(shop, id, typed := _fields(body))
            if wrong:
                await self._form(send, attempt, typed, wrong)
            elif attempt["status"] == "requires_action":
                await wire.answer(send, 303, _headers({"location": f"{PATH}{id}/bank"}), b"")
            else:
                await _back(send, attempt)
        elif method not in ("GET", "HEAD"):
            await wire.answer(send, 405, _headers({"allow": "GET, POST"}), b"")
        elif is_bank and attempt["status"] == "requires_action":
            await _html(send, 200, _bank(attempt), f"'self' {_origin(attempt['back'])}", "'none'")
        elif attempt["status"] == "requires_payment_method":
            await self._form(send, attempt)
        elif attempt["status"] == "requires_action":
            await wire.answer(send, 303, _headers({"location": f"{PATH}{id}/bank"}), b"")
        else:
            await _back(send, attempt)

    async def _form(
        self,
        send: Send,
        attempt: Document,
        typed: Mapping[str, str] | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> None:
        is_again = wrong is not None
        text = _page("Your card", _form(attempt, typed or {}, wrong or {}), alone=is_again)
        status = 422 if is_again else 200
        allowed = f"'self' {_origin(attempt['back'])}"
        await _html(send, status, text, allowed, attempt["shown_in"])


class Together:
    """The interface and the form in one ASGI application."""

    def __init__(self, interface: ASGI, form: ASGI) -> None:
        self._interface = interface
        self._form = form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_form = scope["type"] == "http" and wire.path_of(scope).startswith(PATH)
        await (self._form if is_form else self._interface)(scope, receive, send)


def _form(attempt: Document, typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    """The fields. What is secret on a card is never written back into them."""
    kept = {name: typed.get(name, "") for name in ("expiry", "holder")}
    first = next(iter(wrong), None)
    rows = "".join(
        _field(name, kept.get(name, ""), wrong.get(name, ""), has_focus=name == first)
        for name in cards.FIELDS
    )
    known = "".join(
        f"<li><code>{_spaced(card.number)}</code> {escape(card.story)}</li>"
        for card in cards.TEST_CARDS
    )
    head = '<p class="wrong" role="alert">Your card was not sent. Please check what is marked.</p>'
    leave = f'<p><a href="{escape(attempt["back"])}">Back to the shop without a card</a></p>'
    return (
        f"{'<h1>Your card</h1>' + head if wrong else ''}"
        f'<form method="post" action="{PATH}{escape(attempt["id"])}" target="_top" '
        f'autocomplete="on" novalidate>{rows}<button>Save this card</button></form>'
        f"{leave if wrong else ''}"
        f"<details><summary>Test cards of this demo</summary><ul>{known}</ul>"
        "<p>Any month that is still to come, any code, any name. Nothing is charged.</p></details>"
    )


def _field(name: str, value: str, problem: str, *, has_focus: bool) -> str:
    label, autocomplete, keyboard = _LABELS[name]
    is_half = ' class="half"' if name in ("expiry", "code") else ""
    marks = f' aria-invalid="true" aria-describedby="{name}-wrong"' if problem else ""
    focus = " autofocus" if has_focus else ""
    focus += ' placeholder="MM / YY"' if name == "expiry" else ""
    said = f'<p class="wrong" id="{name}-wrong">{escape(problem)}</p>' if problem else ""
    return (
        f'<div{is_half}><label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" value="{escape(value)}" autocomplete="{autocomplete}" '
        f'inputmode="{keyboard}" maxlength="60" required spellcheck="false"{marks}{focus}>'
        f"{said}</div>"
    )


def _bank(attempt: Document) -> str:
    ending = escape((attempt["payment_method"] or {}).get("last4", ""))
    return _page(
        "Your bank asks",
        "<h1>Your bank asks</h1>"
        f"<p>Do you want to save the card ending in {ending} for later payments? "
        "No money is taken now.</p>"
        f'<form method="post" action="{PATH}{escape(attempt["id"])}/bank">'
        '<button name="answer" value="yes">Yes, it is me</button>'
        '<button class="plain" name="answer" value="no">No, refuse it</button></form>'
        '<p class="muted">This page stands for the bank of a card with 3-D Secure.</p>',
        alone=True,
    )


def _page(title: str, body: str, *, alone: bool) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body{' class=alone' if alone else ''}><main>{body}</main></body></html>"
    )


def _spaced(number: str) -> str:
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def _fields(body: bytes) -> dict[str, str]:
    try:
        found = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[-1][:200] for name, values in found.items()}


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


async def _back(send: Send, attempt: Document) -> None:
    await wire.answer(send, 303, _headers({"location": str(attempt["back"])}), b"")


async def _html(send: Send, status: int, text: str, goes_to: str, shown_in: str) -> None:
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action {goes_to}; frame-ancestors {shown_in}"
    )
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
    await wire.answer(send, status, _headers(headers), text.encode())


def _headers(more: Mapping[str, str]) -> dict[str, str]:
    return {
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        **more,
    }

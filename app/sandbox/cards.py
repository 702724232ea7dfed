"""The payment processor beside the shop: it takes the numbers of cards, and gives out tokens.

A shop asks for an attempt, and sends its customer to the form of it (`app.sandbox.card_form`). What
is typed there is looked at once and forgotten: of a number the last four digits are kept. Only the
test cards below are taken, so that no real card ends up here.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.sandbox import fields as f
from app.sandbox.errors import Document, Invalid, NotFound, Refusal
from app.sandbox.http import Reply
from app.sandbox.shop import Shop

TOKEN: Final = "pm_sandbox_"  # noqa: S105 (the beginning of every token, which opens nothing)
INTERFACE: Final = "/_processor/"
"""Where a service asks for attempts, and reads what came of them."""
FIELDS: Final = ("number", "expiry", "code", "holder")
"""What the form asks for."""

_ATTEMPT = re.compile(r"seti_sandbox_[A-Za-z0-9_-]{32}")
_EXPIRY = re.compile(r"(\d{1,2})\s*[/.-]?\s*(\d{2}|20\d{2})")
_ORIGIN = re.compile(r"https?://[^\s/?#;,'\"]+")
_ADDRESS = re.compile(r"https?://[^\s/?#;,'\"]+(/[^\s\"'<>]*)?")
_NEW: f.Fields = {
    "customer": f.text(most=200),
    "back": f.required(f.text(1, 2000)),
    "shown_in": f.required(f.text(1, 300)),
}


@dataclass(frozen=True)
class TestCard:
    """A number that the form takes, and what comes of it."""

    number: str
    brand: str
    story: str
    ends: Literal["succeeded", "asks the bank"] | str = "succeeded"

    @property
    def is_refused(self) -> bool:
        return self.ends not in ("succeeded", "asks the bank")


TEST_CARDS: Final = (
    TestCard("4242424242424242", "visa", "is accepted"),
    TestCard("5555555555554444", "mastercard", "is accepted"),
    TestCard("378282246310005", "amex", "is accepted"),
    TestCard("4000002500003155", "visa", "the bank asks first (3-D Secure)", "asks the bank"),
    TestCard("4000000000000002", "visa", "is declined", "card_declined"),
    TestCard("4000000000009995", "visa", "has too little money", "insufficient_funds"),
    TestCard("4000000000000069", "visa", "has expired", "expired_card"),
    TestCard("4000000000000341", "visa", "is accepted, and declined when it is charged"),
)


def begin(shop: Shop, body: Document) -> Reply:
    """A new attempt, for a customer of the processor's or a new one.

    Raises:
        Invalid: a field is wrong.
    """
    asked = f.read(body, _NEW)
    if not _ADDRESS.fullmatch(asked["back"]):
        raise Invalid("back", "Not a valid address.")
    if not _ORIGIN.fullmatch(asked["shown_in"]):
        raise Invalid("shown_in", "Not a valid origin.")
    attempt: Document = {
        "id": f"seti_sandbox_{secrets.token_urlsafe(24)}",
        "customer": asked.get("customer") or f"cus_sandbox{secrets.token_hex(8)}",
        "status": "requires_payment_method",
        "error": None,
        "payment_method": None,
        "back": asked["back"],
        "shown_in": asked["shown_in"],
    }
    _save(shop, attempt)
    return Reply(attempt, 201)


def find(shop: Shop, id: str) -> Document:
    """An attempt.

    Raises:
        NotFound: there is none of this name.
    """
    if not _ATTEMPT.fullmatch(id):
        raise NotFound
    rows = shop.store.run("SELECT document FROM card_attempts WHERE id = ?", (id,))
    if not rows:
        raise NotFound
    found: Document = json.loads(rows[0][0])
    return found


def submit(shop: Shop, id: str, typed: Mapping[str, str]) -> tuple[Document, dict[str, str]]:
    """Try the card that was typed: the attempt as it is then, and what is wrong, by field.

    Raises:
        NotFound: there is no such attempt.
    """
    attempt = find(shop, id)
    if attempt["status"] == "succeeded":
        return attempt, {}
    card, wrong = _checked(typed, shop.today())
    if wrong or card is None:
        return attempt, wrong
    attempt |= {"error": None, "payment_method": None, "status": "requires_payment_method"}
    if card.is_refused:
        attempt["error"] = card.ends
    else:
        month, year = _expiry(typed["expiry"]) or (12, 2034)
        attempt["payment_method"] = {
            "id": TOKEN + secrets.token_hex(12),
            "brand": card.brand,
            "last4": card.number[-4:],
            "exp_month": month,
            "exp_year": year,
        }
        asks = card.ends == "asks the bank"
        attempt["status"] = "requires_action" if asks else "succeeded"
    _save(shop, attempt)
    return attempt, {}


def answer_bank(shop: Shop, id: str, *, is_confirmed: bool) -> Document:
    """The customer's answer to the question of the bank. One that comes twice counts once.

    Raises:
        NotFound: there is no such attempt.
    """
    attempt = find(shop, id)
    if attempt["status"] != "requires_action":
        return attempt
    if is_confirmed:
        attempt["status"] = "succeeded"
    else:
        attempt |= {
            "status": "requires_payment_method",
            "error": "authentication_failed",
            "payment_method": None,
        }
    _save(shop, attempt)
    return attempt


def details_of(shop: Shop, token: str, customer: str) -> Document:
    """What is known of the card of a token that the form gave out.

    Raises:
        Invalid: the form gave out no such token, or for another customer.
    """
    rows = shop.store.run("SELECT document FROM card_attempts WHERE token = ?", (token,))
    for (text,) in rows:
        attempt = json.loads(text)
        if attempt["status"] == "succeeded" and attempt["customer"] == customer:
            card: Document = attempt["payment_method"]
            return {name: card[name] for name in ("brand", "last4", "exp_month", "exp_year")}
    raise Invalid("processor_payment_method_token", "Not found")


def answer(method: str, path: str, shop: Shop, body: Document) -> Reply:
    """What the processor answers to a service: ``POST attempts`` and ``GET attempts/{id}``.

    Raises:
        Refusal: it will not do what was asked.
    """
    noun, _, id = path.removeprefix(INTERFACE).partition("/")
    if (method, noun, id) == ("POST", "attempts", ""):
        return begin(shop, body)
    if method == "GET" and noun == "attempts":
        return Reply(find(shop, id))
    raise Refusal(404, {"error": "endpoint not found"})


def _checked(typed: Mapping[str, str], today: date) -> tuple[TestCard | None, dict[str, str]]:
    wrong: dict[str, str] = {}
    digits = re.sub(r"[\s-]", "", typed.get("number", ""))
    card = next((each for each in TEST_CARDS if each.number == digits), None)
    if not digits:
        wrong["number"] = "Type the number of the card."
    elif not re.fullmatch(r"\d{12,19}", digits) or not _has_check_digit(digits):
        wrong["number"] = "This is not a card number. Please check the digits."
    elif card is None:
        wrong["number"] = "Only the test cards below are taken here. Never type a real card."
    expiry = _expiry(typed.get("expiry", ""))
    if expiry is None:
        wrong["expiry"] = "Type the month and the year, such as 12 / 34."
    elif (expiry[1], expiry[0]) < (today.year, today.month):
        wrong["expiry"] = "This card has expired. Please use another one."
    if not re.fullmatch(r"\d{3,4}", typed.get("code", "").strip()):
        wrong["code"] = "Type the three or four digits on the card."
    if not typed.get("holder", "").strip():
        wrong["holder"] = "Type the name on the card."
    return card, wrong


def _expiry(text: str) -> tuple[int, int] | None:
    found = _EXPIRY.fullmatch(text.strip())
    if not found or not 1 <= int(found[1]) <= 12:
        return None
    year = int(found[2])
    return int(found[1]), year if year > 99 else 2000 + year


def _has_check_digit(digits: str) -> bool:
    """The check of ISO/IEC 7812-1, known by the name of Luhn."""
    doubled = [int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def _save(shop: Shop, attempt: Document) -> None:
    token = (attempt["payment_method"] or {}).get("id")
    shop.store.run(
        "INSERT OR REPLACE INTO card_attempts (id, token, document) VALUES (?, ?, ?)",
        (attempt["id"], token, json.dumps(attempt)),
    )

"""Card numbers where there must be none: in what is sent to us.

Cards are entered in a form of the payment processor, which never comes by here. So whatever looks
like a card number is refused before anything of ours reads, keeps or logs it.

What counts, and why:

- 13 to 19 digits with a right check digit (Luhn, ISO/IEC 7812), written in one piece, in groups
  with spaces, dashes, dots or slashes between them, or in the groups of a card (4-4-4-4, 4-6-5).
  Digits of any script. One number in ten has a right check digit by chance, so what is no card
  number in any case is not looked at:
- not up to 15 digits behind a "+", which are a telephone number (E.164), nor what begins with 0;
- not digits that touch a Latin letter, or the dash of a UUID: those are parts of tokens and
  digests. A form's token is 64 hexadecimal digits: it holds 13 digits in a row now and then;
- not dates beside each other, which mix dashes and spaces.
- A field that is called like one of a card's ("cardNumber", "cvc", "card[number]"), whatever is in
  it: a security code has no check digit.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus

_SPACES: Final = " \t\u200b\u2060\ufeff\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_DASHES: Final = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_RUN: Final = re.compile(
    rf"(?P<plus>[+\uff0b][{_SPACES}]?)?\d(?:[{_SPACES}{_DASHES}./]{{0,3}}\d)*+"
)
_AFTER: Final = re.compile(r"[A-Za-z_]")  # not in the run: it would be tried anew at each digit
_BEFORE: Final = re.compile(r"([A-Za-z_\d]|[0-9a-fA-F]{4}-)\Z")
_GROUPS: Final = re.compile(r"\d+")
_DASH: Final = re.compile(rf"[{_DASHES}]")
_SPACE: Final = re.compile(rf"[{_SPACES}]")

_LEAST, _MOST = 13, 19
_LONGEST_PHONE: Final = 15
"""Digits of a telephone number with its country code (E.164)."""
_AS_ON_CARDS: Final = (
    *((4, 4, 4, last) for last in range(1, 5)),
    *((4, 4, 4, 4, last) for last in range(1, 4)),
    (4, 6, 4),
    (4, 6, 5),
)
"""Lengths of the groups."""

_NAMES: Final = (
    "card, cards, card number, card no, card num, card nr, cc, ccn, cc number, cc num, cc no, "
    "credit card, debit card, credit card number, debit card number, payment card, card pan, pan, "
    "primary account number, cvv, cvv2, cvc, cvc2, csc, cvn, card cvv, card cvc, card csc, cc cvv, "
    "cc cvc, cc csc, security code, card security code, card verification value, "
    "card verification code, verification value, card code, card expiry, card exp, cc exp, "
    "cc exp month, cc exp year, card expiration, card exp month, card exp year, track1, track2, "
    "track data, magstripe, card pin"
)
_FIELDS: Final = frozenset(name.replace(" ", "") for name in _NAMES.split(", "))
_PARTS: Final = re.compile(r"[^\[\].:/]+")
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]")
_MULTIPART_NAME: Final = re.compile(r"""\bname\*?=(?:"([^"]*)"|([^\s;]+))""", re.IGNORECASE)
_DEEPEST: Final = 40


def holds_card_number(text: str) -> bool:
    """Whether a card number stands somewhere in a text."""
    for found in _RUN.finditer(text):
        if _AFTER.match(text, found.end()):
            continue
        plus = found.group("plus") or ""
        run = found.group().removeprefix(plus)
        groups = [_in_ascii(group) for group in _GROUPS.findall(run)]
        if plus:
            is_something_else = sum(map(len, groups)) <= _LONGEST_PHONE
        else:
            is_something_else = bool(
                _BEFORE.search(text[max(0, found.start() - 5) : found.start()])
            )
        if is_something_else:
            continue
        if any(map(_is_card_number, _candidates(groups, _GROUPS.split(run)[1:-1]))):
            return True
    return False


def is_card_field(name: str) -> bool:
    """Whether a field is called like one of a card's, as a whole or in one of its parts:
    "card[number]", "payment.cvc", "cc-number"."""
    plain = unicodedata.normalize("NFKC", name).lower()
    for part in (plain, *_PARTS.findall(plain)):
        letters = _NOT_LETTERS.sub("", part)
        if letters in _FIELDS or letters.rstrip("0123456789") in _FIELDS:
            return True
    return False


def body_holds_card(body: bytes, content_type: str = "") -> bool:
    """Whether the body of a request holds a card number, or a field that is called like one.

    It is read as what it says it is, and as what it might be besides: who sends a card by mistake
    may well have mistaken the kind of body too.
    """
    if not body:
        return False
    text = body.decode("utf-8", "replace")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        names = (one or other for one, other in _MULTIPART_NAME.findall(text))
        return any(map(is_card_field, names)) or holds_card_number(text)
    document = _json(text)
    if document is not None:
        return value_holds_card(document)
    pairs = _pairs(text)
    if any(is_card_field(name) or holds_card_number(name) for name, _ in pairs):
        return True
    if any(holds_card_number(value) for _, value in pairs):
        return True
    return kind != "application/x-www-form-urlencoded" and holds_card_number(text)


def value_holds_card(value: Any, *, numbers: bool = True) -> bool:
    """Whether a value of JSON holds a card number or such a field, at any depth.

    numbers: whether a number that is no text counts too
    """
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        match one:
            case str():
                if holds_card_number(one):
                    return True
            case bool() | None:
                pass
            case int():
                if numbers and abs(one) >= 10 ** (_LEAST - 1) and holds_card_number(str(one)):
                    return True
            case dict() if depth < _DEEPEST:
                if any(isinstance(name, str) and _is_card_name(name) for name in one):
                    return True
                waiting += [(inner, depth + 1) for inner in one.values()]
            case list() | tuple() if depth < _DEEPEST:
                waiting += [(inner, depth + 1) for inner in one]
            case dict() | list() | tuple():
                return True  # nothing of ours is so deep, and it was not looked through
    return False


def packet_holds_card(message: Any) -> bool:
    """Whether what a page of ours sent over its socket brings a card number.

    Only what an event or an answer brings is looked at, and of that only texts: a packet is full of
    numbers that name elements and listeners. A path of ours is not looked at either: ids stand in
    it. What a customer has written comes as `detail`, which always is.
    """
    if not isinstance(message, dict):
        return False
    brought = message.get("args"), message.get("result")
    return any(value_holds_card(each, numbers=False) for part in brought for each in _texts(part))


def _texts(part: Any) -> Iterator[Any]:
    """What is in the arguments of an event, which come as texts that hold JSON."""
    for each in part if isinstance(part, list) else [part]:
        value = _json(each) if isinstance(each, str) else each
        value = each if value is None else value
        yield from _without_paths(value)


def _without_paths(value: Any) -> Iterator[Any]:
    match value:
        case str():
            if not _PATH.fullmatch(value):
                yield value
        case dict():
            for name, inner in value.items():
                if name == "detail":
                    yield inner
                else:
                    yield from _without_paths(inner)
        case list():
            for inner in value:
                yield from _without_paths(inner)


_PATH: Final = re.compile(r"/[\w/.~%-]*", re.ASCII)


def _is_card_name(name: str) -> bool:
    return is_card_field(name) or holds_card_number(name)


def _json(text: str) -> Any:
    """The value, or None where the text is no JSON. Large numbers stay exact."""
    try:
        return json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="replace")
    except ValueError:
        return [("", unquote_plus(text, errors="replace"))]


def _candidates(groups: list[str], between: list[str]) -> Iterator[str]:
    """What could be one card number, of the groups of a run of digits and what is between them."""
    if sum(map(len, groups)) <= _MOST and len(set(map(_kind, between))) <= 1:
        yield "".join(groups)
    yield from groups
    lengths = [len(group) for group in groups]
    for first, length in enumerate(lengths):
        if length == _AS_ON_CARDS[0][0]:
            for shape in _AS_ON_CARDS:
                if tuple(lengths[first : first + len(shape)]) == shape:
                    yield "".join(groups[first : first + len(shape)])


def _kind(between: str) -> str:
    """What stands between two groups, however many spaces are around it."""
    return _DASH.sub("-", _SPACE.sub("", between))


def _is_card_number(digits: str) -> bool:
    if not _LEAST <= len(digits) <= _MOST or digits[0] == "0":
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _in_ascii(group: str) -> str:
    return group if group.isascii() else "".join(str(unicodedata.digit(each)) for each in group)

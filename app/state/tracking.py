"""Where the parcels of an order are.

Recharge itself knows nothing of parcels: it hands an order to the shop and is done. Some shops
write what they know back into the order, in one of two ways, and only what is there is shown:

- ``fulfillments``, a list as the shop system has it: ``tracking_company``, ``tracking_number`` or
  ``tracking_numbers``, ``tracking_url`` or ``tracking_urls``;
- attributes of the order, by names such as "Tracking number" and "tracking_url".

All of it is text of others. An address becomes a link only when `safe_url` lets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from app.recharge import Order

MOST: Final = 20
"""Parcels that are shown of one order."""

_LONGEST: Final = 120
_LONGEST_URL: Final = 2000
_SAFE: Final = re.compile(r"https://[!-~]+", re.ASCII | re.IGNORECASE)
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
_NAMES: Final[Mapping[str, str]] = {
    "tracking": "number",
    "trackingnumber": "number",
    "trackingcode": "number",
    "trackingid": "number",
    "trackingurl": "url",
    "trackinglink": "url",
    "trackingcompany": "company",
    "trackingcarrier": "company",
    "carrier": "company",
    "shippingcarrier": "company",
}


@dataclass(frozen=True)
class Parcel:
    """One parcel, as far as anything is told of it.

    company: who carries it; "" where that is not told
    number:  its number; "" where that is not told, or an address that is no link
    url:     where it can be followed; None where there is no address that is safe to lead to
    """

    company: str = ""
    number: str = ""
    url: str | None = None


def safe_url(text: object) -> str | None:
    """The address, when it leads over https to a host by its name; None for anything else.

    It stands in a record that others have written. So: no other scheme, no name or password before
    the host, no number in place of a name, no port, no sign outside of printable ASCII, no
    backslash, which browsers take for a slash.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_URL or not _SAFE.fullmatch(text):
        return None
    if any(sign in text for sign in '\\"<>`{}|^'):
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if "@" in parts.netloc or ":" in parts.netloc or port is not None:
        return None
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        return None
    # A last part that begins with a digit makes an address of numbers, "127.0.0.0x1" too.
    return text if labels[-1][0].isalpha() else None


def parcels_of(order: Order) -> tuple[Parcel, ...]:
    """The parcels that an order tells of, each once."""
    found = [*_fulfilled(order), *_attributed(order)]
    known = {parcel: None for parcel in found if parcel != Parcel()}
    return tuple(known)[:MOST]


def _fulfilled(order: Order) -> Iterator[Parcel]:
    listed = (order.model_extra or {}).get("fulfillments")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, Mapping):
            numbers = _several(one, "tracking_number")
            urls = _several(one, "tracking_url")
            company = _text(one.get("tracking_company"))
            for place in range(max(len(numbers), len(urls), bool(company))):
                number = numbers[place] if place < len(numbers) else ""
                yield _parcel(company, number, urls[place] if place < len(urls) else "")


def _attributed(order: Order) -> Iterator[Parcel]:
    given: dict[str, str] = {}
    for attribute in order.order_attributes:
        role = _NAMES.get(re.sub(r"[^a-z]", "", attribute.name.lower()))
        if role is not None and (text := _text(attribute.value, _LONGEST_URL)):
            given.setdefault(role, text)
    if given.get("number") or given.get("url"):
        yield _parcel(given.get("company", ""), given.get("number", ""), given.get("url", ""))


def _parcel(company: str, number: str, url: str) -> Parcel:
    safe = safe_url(url) or safe_url(number)
    if safe is not None and number == safe:
        number = ""
    # What is no link is still what the shop has written: it can be read and copied.
    shown = number or ("" if safe else url)
    return Parcel(_cut(company), _cut(shown), safe)


def _several(one: Mapping[str, Any], name: str) -> list[str]:
    listed = one.get(name + "s")
    values = listed if isinstance(listed, list) and listed else [one.get(name)]
    return [text for value in values[:MOST] if (text := _text(value, _LONGEST_URL))]


def _text(value: object, longest: int = _LONGEST) -> str:
    """A text without what does not belong on a line; "" for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value if sign.isprintable()).strip()[:longest]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

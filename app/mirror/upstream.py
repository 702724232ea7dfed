"""How a customer's records are asked for: with as few calls as the API allows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final, TypeVar

import structlog

from app.mirror.errors import UnknownCustomer
from app.mirror.rows import NEWEST_ORDERS, Noun, Unreadable
from app.mirror.tasks import together
from app.recharge import (
    ChargeStatus,
    Conflict,
    Listing,
    NotFound,
    Order,
    Page,
    RateLimited,
    RechargeClient,
    Record,
    Refused,
)

_log = structlog.get_logger(__name__)

OPEN_CHARGES: Final = (
    ChargeStatus.QUEUED,
    ChargeStatus.SKIPPED,
    ChargeStatus.ERROR,
    ChargeStatus.PENDING,
    ChargeStatus.PENDING_MANUAL_PAYMENT,
)
"""Charges that are not done with. What is done with is told by orders."""

_LONGEST_PAGE: Final = 250
_WITH_CUSTOMER: Final = (Noun.ADDRESSES, Noun.PAYMENT_METHODS, Noun.SUBSCRIPTIONS)
"""What `GET /customers/{id}` brings along (`include`)."""

Found = Sequence[Record | Unreadable]
Read = Callable[[RechargeClient, int], Awaitable[Found]]
R = TypeVar("R", bound=Record)


async def ask(
    client: RechargeClient, customer_id: int, nouns: Collection[Noun]
) -> tuple[list[Record | Unreadable], set[Noun]]:
    """The customer's records of these nouns, and the nouns that are complete in the answer.

    One call per noun at most; nouns that can come with the customer share one.

    Raises:
        UnknownCustomer: there is no such customer.
        RechargeError: as the client raises it.
    """
    records: list[Record | Unreadable] = []
    complete: set[Noun] = set()
    related = set(nouns).intersection(_WITH_CUSTOMER)
    if Noun.CUSTOMER in nouns or len(related) > 1:
        # Alone and first: a customer who is unknown costs one call, not four.
        brought, included = await _customer(client, customer_id, related)
        records += brought
        complete = {Noun.CUSTOMER} | included
    left = sorted(set(nouns) - complete)
    for found in await together(*(_LISTS[noun](client, customer_id) for noun in left)):
        records += found
    return records, complete.union(left)


async def _customer(
    client: RechargeClient, customer_id: int, related: Collection[Noun]
) -> tuple[list[Record | Unreadable], set[Noun]]:
    """The customer with what came along."""
    try:
        customer = await client.customers.get(
            customer_id,
            include=[noun.value for noun in _WITH_CUSTOMER if noun in related],  # type: ignore[misc]
        )
    except NotFound as error:
        raise UnknownCustomer(customer_id) from error
    parts: dict[Noun, Sequence[Record] | None] = {
        Noun.ADDRESSES: customer.include.addresses,
        Noun.PAYMENT_METHODS: customer.include.payment_methods,
        Noun.SUBSCRIPTIONS: customer.include.subscriptions,
    }
    # The API passes over what it cannot include; that noun is then listed.
    included = {noun: part for noun, part in parts.items() if noun in related and part is not None}
    brought = [one for part in included.values() for one in part]
    aside = [
        one
        for noun in included
        for one in _set_aside(noun, customer.include.unreadable.get(noun, ()))
    ]
    return [customer, *brought, *aside], set(included)


async def _all(noun: Noun, listing: Listing[R]) -> Found:
    records = await listing.all()
    return [*records, *_set_aside(noun, listing.unreadable)]


async def _page(noun: Noun, listing: Listing[R]) -> Found:
    page = await listing.page()
    return [*page.records, *_set_aside(noun, page.unreadable)]


def _set_aside(noun: Noun, ids: Sequence[int | None]) -> list[Unreadable]:
    """Each once; those without an id get numbers of their own."""
    known = {id for id in ids if id is not None}
    unnamed = range(1, 1 + sum(id is None for id in ids))
    return [Unreadable(noun, id) for id in (*sorted(known), *(-number for number in unnamed))]


async def _addresses(client: RechargeClient, customer_id: int) -> Found:
    listing = client.addresses.list(customer_id=customer_id, limit=_LONGEST_PAGE)
    return await _all(Noun.ADDRESSES, listing)


async def _payment_methods(client: RechargeClient, customer_id: int) -> Found:
    listing = client.payment_methods.list(customer_id=customer_id, limit=_LONGEST_PAGE)
    return await _all(Noun.PAYMENT_METHODS, listing)


async def _subscriptions(client: RechargeClient, customer_id: int) -> Found:
    listing = client.subscriptions.list(customer_id=customer_id, limit=_LONGEST_PAGE)
    return await _all(Noun.SUBSCRIPTIONS, listing)


async def _onetimes(client: RechargeClient, customer_id: int) -> Found:
    listing = client.onetimes.list(customer_id=customer_id, limit=_LONGEST_PAGE)
    return await _all(Noun.ONETIMES, listing)


async def _charges(client: RechargeClient, customer_id: int) -> Found:
    """The latest page is enough: what is left out was skipped years ago."""
    latest = client.charges.list(
        customer_id=customer_id,
        status=OPEN_CHARGES,
        sort_by="scheduled_at-desc",
        limit=_LONGEST_PAGE,
    )
    return await _page(Noun.CHARGES, latest)


async def _orders(client: RechargeClient, customer_id: int) -> Found:
    """The newest, and one more."""
    newest = client.orders.list(customer_id=customer_id, limit=NEWEST_ORDERS + 1)
    return await _page(Noun.ORDERS, newest)


async def _memberships(client: RechargeClient, customer_id: int) -> Found:
    """One page is enough for anybody. None where Recharge does not answer here: it documents this
    route for its own portal only, and what it cannot tell must not take the page away."""
    listing = client.memberships.list(
        customer_id=customer_id, include_cancelled=True, limit=_LONGEST_PAGE
    )
    try:
        page = await listing.page()
    except (Conflict, RateLimited):
        raise
    except Refused as error:
        _log.warning("the store does not list memberships", error=str(error))
        return []
    mine = [one for one in page.records if one.customer_id == customer_id]
    if len(mine) < len(page.records):
        # That they can be asked for by customer is a guess.
        _log.warning("memberships of others were sent", others=len(page.records) - len(mine))
        return mine
    return [*mine, *_set_aside(Noun.MEMBERSHIPS, page.unreadable)]


def older_orders(page: Page[Order]) -> list[Record | Unreadable]:
    """The orders of a page that was read beyond the newest ones."""
    known = [Unreadable(Noun.ORDERS, id) for id in page.unreadable if id is not None]
    return [*page.records, *known]


_LISTS: Final[dict[Noun, Read]] = {
    Noun.ADDRESSES: _addresses,
    Noun.PAYMENT_METHODS: _payment_methods,
    Noun.SUBSCRIPTIONS: _subscriptions,
    Noun.ONETIMES: _onetimes,
    Noun.CHARGES: _charges,
    Noun.ORDERS: _orders,
    Noun.MEMBERSHIPS: _memberships,
}

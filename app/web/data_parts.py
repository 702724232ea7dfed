"""What is kept about one customer: by Recharge, and in our own tables.

Every table of ours with a column `customer_id` belongs to it, whoever made the table: so nothing is
forgotten that is added later. What is secret is left out by its name. The mirror's tables are a
copy of what Recharge holds, which is read there.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Select, Table, select

from app.database import Database, metadata
from app.mirror import MIRROR_PREFIX, Shop
from app.recharge import Listing, RechargeClient, Record

Document = Mapping[str, Any]

_PAGE: Final = 250
_SECRET: Final = re.compile(
    r"(^|_)(secret|tokens?|password|passphrase|signature|hash)$|^redemption_code$"
)
"""Names of what proves something, or helps to prove it, wherever they stand."""
_MARK: Final = re.compile(
    r"(^|_)(digest|salt|key|session|mailbox|used_by)$|^(once|body|open_as|reference|revision)$"
)
"""Names of columns of ours that hold digests and other marks, which only we compare by."""
_WITHHELD: Final = frozenset({("codes", "name")})

_LINKED: Final[Mapping[str, tuple[str, str, str]]] = {
    "action_steps": ("activity_id", "activities", "activity_id"),
    "retention_follow_ups": ("flow_id", "retention_flows", "id"),
}
"""Tables whose rows belong to a customer by way of another table: the column here, that table, and
the column there."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of record, as it comes: `folder` and `name` are those of its files."""

    folder: str
    name: str
    documents: Callable[[], AsyncIterator[Document]]


def parts_of(
    client: RechargeClient, database: Database, shop: Shop, customer_id: int
) -> tuple[Part, ...]:
    """Everything about a customer.

    client: working for that customer, in the background
    """
    return (*_of_recharge(client, shop, customer_id), *_of_ours(database, customer_id))


def tables_of_customers() -> dict[str, Table]:
    """Our tables that hold something about a customer, by name, without the mirror's."""
    return {
        name: table
        for name, table in sorted(metadata.tables.items())
        if not name.startswith(MIRROR_PREFIX) and ("customer_id" in table.c or name in _LINKED)
    }


def without_secrets(value: Any) -> Any:
    """A value as it can stand in a file: what is secret is left out, at any depth."""
    match value:
        case Mapping():
            return {
                str(name): without_secrets(inner)
                for name, inner in value.items()
                if not _SECRET.search(str(name))
            }
        case list() | tuple():
            return [without_secrets(inner) for inner in value]
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def _of_recharge(client: RechargeClient, shop: Shop, customer_id: int) -> list[Part]:
    def part(name: str, listing: Callable[[], Listing[Any]]) -> Part:
        return Part("recharge", name, lambda: _records(listing()))

    async def customer() -> AsyncIterator[Document]:
        yield _document(await client.customers.get(customer_id))

    async def credit_adjustments() -> AsyncIterator[Document]:
        async for account in client.credit_accounts.list(customer_id=customer_id, limit=_PAGE):
            async for one in client.credit_adjustments.list_of_account(account.id, limit=_PAGE):
                yield _document(one)

    async def bundle_selections() -> AsyncIterator[Document]:
        items = [
            one.id async for one in client.subscriptions.list(customer_id=customer_id, limit=_PAGE)
        ]
        for start in range(0, len(items), _PAGE // 5):
            some = items[start : start + _PAGE // 5]
            found = client.bundle_selections.list(purchase_item_ids=some, limit=_PAGE)
            async for one in found:
                yield _document(one)

    mine: dict[str, Any] = {"customer_id": customer_id, "limit": _PAGE}
    found = [
        Part("recharge", "customer", customer),
        part("addresses", lambda: client.addresses.list(**mine)),
        part("payment_methods", lambda: client.payment_methods.list(**mine)),
        part("subscriptions", lambda: client.subscriptions.list(**mine)),
        part("onetimes", lambda: client.onetimes.list(**mine, include_cancelled=True)),
        Part("recharge", "bundle_selections", bundle_selections),
        part("charges", lambda: client.charges.list(**mine)),
        part("orders", lambda: client.orders.list(**mine)),
        part("credit_accounts", lambda: client.credit_accounts.list(**mine)),
        Part("recharge", "credit_adjustments", credit_adjustments),
        part(
            "metafields",
            lambda: client.metafields.list(
                owner_resource="customer", owner_id=customer_id, limit=_PAGE
            ),
        ),
    ]
    if shop.has_memberships:
        found.append(
            part("memberships", lambda: client.memberships.list(**mine, include_cancelled=True))
        )
    return found


async def _records(listing: Listing[Any]) -> AsyncIterator[Document]:
    async for record in listing:
        yield _document(record)


def _document(record: Record) -> Document:
    cleaned: Document = without_secrets(
        record.model_dump(mode="json", exclude_unset=True, exclude={"include"})
    )
    return cleaned


def _of_ours(database: Database, customer_id: int) -> list[Part]:
    return [
        Part("portal", name, _reader(database, table, customer_id))
        for name, table in tables_of_customers().items()
    ]


def _reader(
    database: Database, table: Table, customer_id: int
) -> Callable[[], AsyncIterator[Document]]:
    columns = [
        column
        for column in table.c
        if not (_SECRET.search(column.name) or _MARK.search(column.name))
        and (table.name, column.name) not in _WITHHELD
    ]

    async def rows() -> AsyncIterator[Document]:
        query = _mine(select(*columns), table, customer_id).order_by(*table.primary_key)
        start = 0
        while True:
            async with database.read() as connection:
                some = (await connection.execute(query.limit(_PAGE).offset(start))).all()
            for row in some:
                cleaned: Document = without_secrets(dict(row._mapping))
                yield cleaned
            if len(some) < _PAGE:
                return
            start += _PAGE

    return rows


def _mine(query: Select[Any], table: Table, customer_id: int) -> Select[Any]:
    """The rows of this customer alone. A database serves one shop, so their id is enough."""
    if table.name in _LINKED:
        here, other, there = _LINKED[table.name]
        owner = metadata.tables[other]
        owned = select(owner.c[there]).where(owner.c.customer_id == customer_id)
        return query.where(table.c[here].in_(owned))
    return query.where(table.c.customer_id == customer_id)

"""Everything about a customer as an archive: all of it, nothing of anybody else's, no secret."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import BigInteger, Boolean, DateTime, Integer, Table, insert

from app.actions import ChangeName, Level, Principal, Services, perform
from app.auth import (
    CalendarFeeds,
    Codes,
    ExitLinks,
    Limits,
    PortalTokens,
    Sessions,
    SignInLinks,
)
from app.database import Database, Json, metadata
from app.i18n import Texts
from app.web import DataFile, ErrorPages, Pages
from app.web.data_parts import tables_of_customers
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop, press, signed_in
from tests.auth.world import make_settings
from tests.test_migrations import declare_all_tables
from tests.web.downloads import browser

__all__ = ["pattern", "services", "shop"]

MARA, JONAS = signed_in(101), signed_in(102)
English = Texts("en-GB")


async def no_name() -> str:
    return ""


async def download(services: Services, principal: Principal) -> httpx.Response:
    pages = Pages(English, no_name)
    limits = Limits(services.database)
    routes = DataFile(services, pages, ErrorPages(pages), limits).routes()
    async with browser(routes, principal) as visitor:
        return await visitor.get("/account/data.zip")


async def files(services: Services, principal: Principal) -> dict[str, str]:
    answer = await download(services, principal)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def mark(table: Table, customer_id: int) -> str:
    """What is planted into every text of a row of this table."""
    return f"{table.name}-of-{customer_id}"


def row_of(table: Table, customer_id: int, number: int) -> dict[str, Any]:
    """A row of a table as it may be, whatever the table: texts say whose they are."""
    values: dict[str, Any] = {}
    for column in table.c:
        kind = column.type
        if column.name == "customer_id":
            values[column.name] = customer_id
        elif isinstance(kind, DateTime) or type(kind).__name__ == "Moment":
            values[column.name] = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=number)
        elif isinstance(kind, Boolean):
            values[column.name] = False
        elif isinstance(kind, Integer | BigInteger):
            values[column.name] = customer_id * 10 + number
        elif kind is Json or "JSON" in type(kind).__name__.upper():
            secret = f"secret-of-{customer_id}"
            values[column.name] = {
                "note": mark(table, customer_id),
                "inner": [{"processor_payment_method_token": secret, "client_secret": secret}],
            }
        else:
            longest = getattr(kind, "length", None) or 200
            values[column.name] = f"{customer_id}-{number}-{mark(table, customer_id)}"[:longest]
    return values


async def plant(database: Database, customer_id: int) -> None:
    """Two rows in every table of ours that can hold something of a customer."""
    async with database.begin() as connection:
        for table in metadata.tables.values():
            if table.name in tables_of_customers():
                for number in range(2):
                    row = row_of(table, customer_id, number)
                    if table.name == "action_steps":
                        owner = row_of(metadata.tables["activities"], customer_id, number)
                        row["activity_id"] = owner["activity_id"]
                    if table.name == "retention_follow_ups":
                        owner = row_of(metadata.tables["retention_flows"], customer_id, number)
                        row["flow_id"] = owner["id"]
                    await connection.execute(insert(table).values(row))


async def test_it_holds_every_table_of_ours_and_no_row_of_anybody_elses(
    shop: Shop, services: Services
) -> None:
    declare_all_tables()
    await plant(shop.database, 101)
    await plant(shop.database, 102)
    found = await files(services, JONAS)
    for name in tables_of_customers():
        text = found[f"portal/{name}.json"]
        assert len(json.loads(text)) == 2, name
        assert len(list(csv.DictReader(io.StringIO(found[f"portal/{name}.csv"])))) == 2, name
    whole = "".join(found.values())
    assert "-of-102" in whole
    assert "-of-101" not in whole, "another customer's"
    assert not re.search(r"(?<!\d)101[01]?(?!\d)[^.]*of-101", whole)
    assert "secret-of-" not in whole


def test_every_table_that_knows_a_customer_is_among_them() -> None:
    declare_all_tables()
    known = set(tables_of_customers())
    assert known >= {
        "activities", "action_keys", "action_steps", "receipts", "retention_flows",
        "retention_follow_ups", "sessions", "codes", "card_setups", "calendar_feeds",
        "sign_in_links", "exit_links", "portal_tokens",
    }  # fmt: skip
    theirs = {name for name, table in metadata.tables.items() if "customer_id" in table.c}
    assert {name for name in theirs - known if not name.startswith("mirror_")} == set()
    # What belongs to nobody, or is known by its subject alone, which is kept as a digest; what is
    # under way before anybody is known; and another name of a session, for ten minutes.
    assert {name for name in metadata.tables if not name.startswith("mirror_")} - known == {
        "merchant_sessions",
        "sign_in_attempts",
        "used_once",
        "provider_sign_ins",
        "embed_bearers",
    }


async def test_it_holds_all_that_recharge_does(shop: Shop, services: Services) -> None:
    found = await files(services, MARA)
    orders = json.loads(found["recharge/orders.json"])
    upstream = [one.id async for one in shop.client.orders.list(customer_id=101, limit=250)]
    assert sorted(one["id"] for one in orders) == sorted(upstream)
    rows = list(csv.DictReader(io.StringIO(found["recharge/orders.csv"])))
    assert [int(row["id"]) for row in rows] == [one["id"] for one in orders]
    assert rows[0]["shipping_address.city"] == orders[0]["shipping_address"]["city"]
    for noun in ("customer", "addresses", "payment_methods", "subscriptions", "charges"):
        assert json.loads(found[f"recharge/{noun}.json"]), noun
    assert f"recharge/orders: {len(orders)}" in found["README.txt"]


async def test_nothing_of_another_customer_of_the_shop_is_in_it(
    shop: Shop, services: Services
) -> None:
    mara = await shop.client.customers.get(101)
    addresses = [one async for one in shop.client.addresses.list(customer_id=101)]
    whole = "".join((await files(services, JONAS)).values())
    for word in (mara.email, mara.last_name, mara.hash, *(one.address1 for one in addresses)):
        assert word not in whole


async def test_no_secret_is_in_it(shop: Shop, services: Services) -> None:
    settings, clock = make_settings(), shop.sandbox.clock.now
    sessions = Sessions(shop.database, settings, clock)
    cookie, principal = await sessions.start(102, method="link", user_agent="Firefox/1 Windows")
    link = await SignInLinks(shop.database, settings, sessions, clock).issue(
        102, email="a@b.example"
    )
    token = await PortalTokens(shop.database, sessions, nobody, clock).issue(102)
    feed = await CalendarFeeds(shop.database, clock).make(principal)
    leave = await ExitLinks(shop.database, clock).issue(
        "cancel", 102, email="a@b.example", order_name="1001", item_ids=[1]
    )
    codes = Codes(shop.database, clock)
    code = await codes.issue("x", "102", bound_to="y", about="z", customer_id=102)
    key = press()
    action = ChangeName(customer_id=102, first_name="Jonas", last_name="Other")
    await perform(services, JONAS, action, key=key)
    (method,) = [one async for one in shop.client.payment_methods.list(customer_id=102)]
    customer = await shop.client.customers.get(102)

    whole = "".join((await files(services, principal)).values())

    assert '"browser": "Firefox"' in whole
    assert "Other" in whole
    for secret in (cookie, link, token, feed, leave, key, principal.session, customer.hash):
        assert secret
        assert secret not in whole
    assert f'"{code}"' not in whole
    for processor in (method.processor_customer_token, method.processor_payment_method_token):
        assert processor
        assert processor not in whole
    assert not re.search(r"[0-9a-f]{64}", whole), "a digest"


async def nobody(_hash: str) -> int | None:
    return None


async def test_what_cannot_be_read_is_named_and_the_rest_is_there(
    shop: Shop, services: Services
) -> None:
    await shop.fault("GET", "/orders", "500", times=9)
    await shop.fault("GET", "/credit_accounts", "422", times=9)
    found = await files(services, MARA)
    assert "recharge/orders: could not be read whole just now" in found["README.txt"]
    assert json.loads(found["recharge/orders.json"]) == []
    assert json.loads(found["recharge/subscriptions.json"])


async def test_it_is_sent_while_it_is_made(
    shop: Shop, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pages(English, no_name)
    made = DataFile(services, pages, ErrorPages(pages), Limits(services.database))
    monkeypatch.setattr("app.web.data_file._AT_ONCE", 5)
    monkeypatch.setattr("app.web.data_file._SENT_FROM", 1_000)
    largest, parts = 0, 0
    stream: AsyncIterator[bytes] = made._archive(MARA, await shop.mirror.shop())
    async for part in stream:
        largest, parts = max(largest, len(part)), parts + 1
    assert parts > 10
    assert largest < 20_000


async def test_its_headers_and_how_often(shop: Shop, services: Services) -> None:
    answer = await download(services, JONAS)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="my-data-2026-11-23.zip"'
    )
    assert answer.headers["cache-control"] == "no-store"
    for _ in range(2):
        assert (await download(services, JONAS)).status_code == 200
    await shop.forget_counters()
    refused = await download(services, JONAS)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert (await shop.counters())["requests"] == {}
    assert (await download(services, MARA)).status_code == 200, "others may go on"


async def test_who_came_by_a_link_that_may_have_been_passed_on_gives_a_code_first(
    shop: Shop, services: Services
) -> None:
    by_link = replace(MARA, level=Level.LINK, session="by-a-link")
    shop.unproven.add(by_link.session)
    refused = await download(services, by_link)
    assert refused.status_code == 303
    assert refused.headers["location"] == "/step-up?next=%2Faccount%2Fdata.zip"
    shop.unproven.clear()
    assert (await download(services, by_link)).status_code == 200

"""Lists: pages, cursors, and what is never asked."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.recharge import Customer, InvalidArgument, UpstreamFailed
from tests.recharge.upstream import PATIENCE, Answer, Upstream, client_of


def page(*ids: int, next_cursor: str | None = None) -> Answer:
    customers = [{"id": id} for id in ids]
    return Answer(
        body={"next_cursor": next_cursor, "previous_cursor": None, "customers": customers}
    )


async def test_every_page_is_read_and_later_ones_by_cursor_and_limit_alone() -> None:
    upstream = Upstream([page(5, 4, next_cursor="c1"), page(3, 2, next_cursor="c2"), page(1)])
    listing = client_of(upstream).customers.list(
        updated_at_min=None, ids=[1, 2, 3, 4, 5], sort_by="id-desc", include=["addresses"], limit=2
    )
    assert [customer.id async for customer in listing] == [5, 4, 3, 2, 1]
    assert [request.query for request in upstream.requests] == [
        {"ids": "1,2,3,4,5", "sort_by": "id-desc", "include": "addresses", "limit": "2"},
        {"cursor": "c1", "limit": "2"},
        {"cursor": "c2", "limit": "2"},
    ]


async def test_nothing_is_asked_before_the_first_record_and_no_page_ahead() -> None:
    upstream = Upstream([page(2, 1, next_cursor="c1"), page()])
    listing = client_of(upstream).customers.list()
    assert upstream.requests == []
    async for customer in listing:
        assert customer == Customer(id=2)
        break
    assert len(upstream.requests) == 1


async def test_one_page_alone() -> None:
    upstream = Upstream([page(2, 1, next_cursor="c1")])
    found = await client_of(upstream).customers.list(limit=2).page()
    assert [customer.id for customer in found.records] == [2, 1]
    assert found.next_cursor == "c1"


async def test_a_list_can_be_taken_up_at_a_cursor() -> None:
    upstream = Upstream([page(1)])
    assert len(await client_of(upstream).customers.list(cursor="c1", limit=5).all()) == 1
    assert upstream.requests[0].query == {"cursor": "c1", "limit": "5"}
    with pytest.raises(InvalidArgument):
        client_of(upstream).customers.list(cursor="c1", email="mara@example.com")


async def test_the_first_record_or_none() -> None:
    client = client_of(Upstream([page(7, next_cursor="c1"), page()]))
    first = await client.customers.list(email="mara@example.com").first()
    assert first is not None
    assert first.id == 7
    assert await client.customers.list(email="nobody@example.com").first() is None


async def test_an_empty_filter_matches_nothing_and_asks_nothing() -> None:
    upstream = Upstream([page(1)])
    customers = client_of(upstream).customers
    assert await customers.list(ids=[]).all() == []
    assert await customers.list(ids=[]).first() is None
    assert upstream.requests == []


async def test_a_look_up_by_nothing_is_refused_before_anything_is_sent() -> None:
    upstream = Upstream([page(1)])
    for wrong in ("", "   "):
        with pytest.raises(InvalidArgument):
            client_of(upstream).customers.list(email=wrong)
    assert upstream.requests == []


async def test_a_list_that_runs_in_circles_ends() -> None:
    upstream = Upstream([page(2, next_cursor="c1"), page(1, next_cursor="c1")])
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(UpstreamFailed):
            await client_of(upstream).customers.list().all()


@pytest.mark.parametrize("body", [{}, {"customers": None}, {"customers": {}}, {"customers": [5]}])
async def test_a_list_without_records_is_no_empty_list(body: dict[str, Any]) -> None:
    with pytest.raises(UpstreamFailed):
        await client_of(Upstream([Answer(body=body)])).customers.list().all()

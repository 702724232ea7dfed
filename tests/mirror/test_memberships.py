"""Memberships are read where the shop has them, and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from app.database import Database
from app.mirror import Mirror
from app.mirror.shop import SHOP_AGE
from tests.mirror.conftest import Upstream, Watch
from tests.mirror.test_mirror import CATALOGUE, FIRST_READ


async def switch(upstream: Upstream, is_on: bool) -> None:
    portal = {"enable_membership_programs": is_on}
    answer = await upstream.http.put("/_sandbox/shop_settings", json={"customer_portal": portal})
    answer.raise_for_status()


@pytest.fixture
async def mirror(sqlite: Database, upstream: Upstream, watch: Watch) -> AsyncIterator[Mirror]:
    """A mirror with nothing in it but a shop that has memberships."""
    await switch(upstream, True)
    found = Mirror(sqlite, upstream.client, clock=watch)
    await found.shop()
    await upstream.forget_requests()
    yield found
    await found.close()


async def test_a_first_read_brings_them_with_one_call_more(
    mirror: Mirror, upstream: Upstream
) -> None:
    await mirror.customer(101).snapshot()
    await mirror.settled()
    requests = await upstream.requests()
    for route in (*CATALOGUE, "GET /membership_programs"):
        assert requests.pop(route) == 1
    assert requests == FIRST_READ | {"GET /memberships": 1}

    await upstream.forget_requests()
    snapshot = await mirror.customer(101).snapshot()
    assert await upstream.requests() == {}
    (membership,) = snapshot.memberships
    assert snapshot.membership(membership.id) is membership
    assert snapshot.membership(None) is None
    program = snapshot.programs[membership.membership_program_id or 0]
    assert [benefit.name for benefit in program.benefits] == [
        "Free shipping",
        "5 % off everything",
        "First pick of new roasts",
    ]


async def test_cancelled_ones_are_kept_as_well(mirror: Mirror) -> None:
    (elenas,) = (await mirror.customer(105).snapshot()).memberships
    (sams,) = (await mirror.customer(106).snapshot()).memberships
    assert (elenas.is_cancelled, elenas.status) == (True, "inactive")
    assert (sams.is_cancelled, sams.status) == (True, "active")


async def test_a_shop_without_them_is_not_asked(
    sqlite: Database, upstream: Upstream, watch: Watch
) -> None:
    mirror = Mirror(sqlite, upstream.client, clock=watch)
    mara = mirror.customer(101)
    await mara.snapshot()
    await mara.refresh()
    await mara.refresh("memberships")
    await mirror.settled()
    requests = await upstream.requests()
    assert not [route for route in requests if "membership" in route]
    assert (await mara.snapshot()).memberships == ()
    await mirror.close()


async def test_what_the_merchant_switches_on_comes_and_what_he_switches_off_goes(
    sqlite: Database, upstream: Upstream, watch: Watch
) -> None:
    mirror = Mirror(sqlite, upstream.client, clock=watch)
    mara = mirror.customer(101)
    await mara.snapshot()
    await mirror.settled()

    await switch(upstream, True)
    watch.forward(SHOP_AGE + timedelta(seconds=1))
    await mara.snapshot()
    await mirror.settled()
    await mara.snapshot()
    await mirror.settled()
    await mara.refresh("memberships")
    after = await mara.snapshot()
    assert len(after.memberships) == 1
    assert after.programs

    await switch(upstream, False)
    watch.forward(SHOP_AGE + timedelta(seconds=1))
    await mara.snapshot()
    await mirror.settled()
    assert (await mara.snapshot()).memberships == ()
    await mirror.close()


@pytest.mark.parametrize("status", [403, 404, 422])
async def test_a_route_that_the_store_does_not_answer_takes_nothing_else_away(
    mirror: Mirror, upstream: Upstream, status: int
) -> None:
    for path in ("/memberships", "/membership_programs"):
        refusal: dict[str, Any] = {"status": status, "body": {"errors": "no"}, "times": 9}
        await upstream.fault(method="GET", path=path, kind="422", **refusal)
    snapshot = await mirror.customer(101).snapshot()
    await mirror.settled()
    assert snapshot.memberships == ()
    assert len(snapshot.subscriptions) == 9


async def test_memberships_of_others_are_left_alone(
    mirror: Mirror, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the list can be asked for by customer is a guess: a store may pass over the filter."""
    stock = upstream.client.memberships.list
    kind = type(upstream.client.memberships)

    def everybodys(resource: object, **filters: Any) -> Any:
        del filters["customer_id"]
        return stock(**filters)

    monkeypatch.setattr(kind, "list", everybodys)
    (membership,) = (await mirror.customer(101).snapshot()).memberships
    assert membership.customer_id == 101

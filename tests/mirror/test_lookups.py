"""Single records that are older than what is kept: looked for once, and only one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.mirror import Mirror
from app.mirror.lookups import MOST, WITHIN
from app.recharge import BudgetExceeded, ConnectFailed, NoAnswer, RechargeError
from tests.mirror.conftest import Upstream, Watch

ORDER = "GET /orders/{id}"
OLDEST = 1001
"""The first order of customer 111, who has hundreds."""


async def test_a_kept_order_costs_no_call(mirror: Mirror, upstream: Upstream) -> None:
    mine = mirror.customer(101)
    newest = (await mine.snapshot()).orders[0]
    await upstream.forget_requests()
    assert await mine.order(newest.id) == newest
    assert ORDER not in await upstream.requests()


async def test_an_old_order_is_asked_for_once(mirror: Mirror, upstream: Upstream) -> None:
    mine = mirror.customer(111)
    snapshot = await mine.snapshot()
    assert OLDEST not in [order.id for order in snapshot.orders]
    await upstream.forget_requests()
    found = await mine.order(OLDEST)
    assert found is not None
    assert (found.id, found.customer.id) == (OLDEST, 111)
    assert await mine.order(OLDEST) == found
    assert (await upstream.requests())[ORDER] == 1
    assert (await mine.snapshot()).orders == snapshot.orders, "it is not among the newest"


async def test_nobody_gets_the_order_of_another(mirror: Mirror, upstream: Upstream) -> None:
    hers = (await mirror.customer(101).snapshot()).orders[0]
    assert await mirror.customer(102).order(hers.id) is None
    assert await mirror.customer(111).order(hers.id) is None
    assert await mirror.customer(101).order(hers.id) == hers
    assert await mirror.customer(102).order(987654321) is None


@pytest.mark.parametrize("id", [2**63, 10**19 - 1])
async def test_a_number_that_no_database_holds_is_nobodys(
    mirror: Mirror, upstream: Upstream, id: int
) -> None:
    assert await mirror.customer(101).order(id) is None
    assert await mirror.customer(101).charge(id) is None
    assert ORDER not in await upstream.requests()


async def test_an_open_charge_is_there_and_a_paid_one_is_asked_for(
    mirror: Mirror, upstream: Upstream
) -> None:
    mine = mirror.customer(101)
    open_one = (await mine.snapshot()).charges[0]
    await upstream.forget_requests()
    assert await mine.charge(open_one.id) == open_one
    assert await upstream.requests() == {}
    paid = await upstream.client.charges.list(customer_id=101, status="success").first()
    assert paid is not None
    await upstream.forget_requests()
    assert await mine.charge(paid.id) == paid
    assert (await upstream.requests())["GET /charges/{id}"] == 1
    assert await mirror.customer(102).charge(paid.id) is None


async def test_guesses_do_not_spend_the_shops_budget(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    mine = mirror.customer(101)
    for id in range(1, 1 + MOST):
        assert await mine.order(id) is None
    await upstream.forget_requests()
    with pytest.raises(BudgetExceeded):
        await mine.order(99999)
    assert await upstream.requests() == {}
    assert await mirror.customer(111).order(OLDEST) is not None, "others may look"
    watch.forward(WITHIN + timedelta(seconds=1))
    assert await mine.order(99999) is None


async def test_what_cannot_be_asked_is_not_told_as_missing(
    mirror: Mirror, upstream: Upstream
) -> None:
    await upstream.fault(method="GET", path="/orders/*", kind="500", times=9)
    with pytest.raises(RechargeError) as failed:
        await mirror.customer(111).order(OLDEST)
    assert not isinstance(failed.value, BudgetExceeded | ConnectFailed | NoAnswer)
    await upstream.mend()
    assert await mirror.customer(111).order(OLDEST) is not None

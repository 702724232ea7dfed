"""The first read, the reads after it, and what keeps the copy true."""

from __future__ import annotations

import asyncio
import weakref
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from app.database import Database
from app.mirror import (
    REPAIR_AFTER,
    DeliveryStatus,
    ForeignRow,
    Mirror,
    Snapshot,
    UnknownCustomer,
)
from app.recharge import Charge, ChargeStatus, Priority, RechargeError, UpstreamFailed
from tests.mirror.conftest import Upstream, Watch

YEAR = timedelta(days=365)

FIRST_READ = {
    "GET /customers/{id}": 1,
    "GET /charges": 1,
    "GET /onetimes": 1,
    "GET /orders": 1,
}
CATALOGUE = ("GET /products", "GET /plans", "GET /bundle_selections")
"""What is read once for the whole shop, in the background."""


async def skip(upstream: Upstream, before: Snapshot) -> Charge:
    """The customer's first queued charge is skipped behind the mirror's back."""
    queued = next(charge for charge in before.charges if charge.status == ChargeStatus.QUEUED)
    items = [line.purchase_item_id for line in queued.line_items if line.purchase_item_id]
    return await upstream.client.charges.skip(queued.id, purchase_item_ids=items)


async def test_a_first_sign_in_costs_four_calls_and_a_second_none(
    mirror: Mirror, upstream: Upstream
) -> None:
    first = await mirror.customer(101).snapshot()
    await mirror.settled()
    requests = await upstream.requests()
    for route in CATALOGUE:
        assert requests.pop(route) == 1
    assert requests == FIRST_READ

    await upstream.forget_requests()
    second = await mirror.customer(101).snapshot()
    assert await upstream.requests() == {}
    assert second.customer == first.customer
    assert second.subscriptions == first.subscriptions


async def test_what_was_read_outlives_the_process(
    sqlite: Database, upstream: Upstream, watch: Watch
) -> None:
    first = Mirror(sqlite, upstream.client, clock=watch)
    await first.customer(101).snapshot()
    await first.settled()
    await first.close()
    await upstream.forget_requests()

    second = Mirror(sqlite, upstream.client, clock=watch)
    snapshot = await second.customer(101).snapshot()
    await second.settled()
    assert snapshot.customer.first_name == "Mara"
    assert snapshot.shop.name == "Northbound Coffee & Pantry"
    assert await upstream.requests() == {}
    assert (await second.customer(101).snapshot()).products
    await second.close()


async def test_many_who_come_at_once_share_one_first_read(
    mirror: Mirror, upstream: Upstream
) -> None:
    pages = await asyncio.gather(*(mirror.customer(101).snapshot() for _ in range(20)))
    await mirror.settled()
    requests = await upstream.requests()
    for route in CATALOGUE:
        assert requests.pop(route) == 1
    assert requests == FIRST_READ
    assert {page.customer.id for page in pages} == {101}


async def test_customers_who_come_at_once_get_their_own(mirror: Mirror) -> None:
    ids = range(101, 113)
    pages = await asyncio.gather(*(mirror.customer(id).snapshot() for id in ids))
    for id, page in zip(ids, pages, strict=True):
        assert page.customer.id == id
        assert {one.customer_id for one in page.addresses} <= {id}
        assert {one.customer_id for one in page.payment_methods} <= {id}
        assert {one.customer_id for one in page.subscriptions} <= {id}
        assert {one.customer_id for one in page.onetimes} <= {id}
        assert {one.customer.id for one in page.charges} <= {id}
        assert {one.customer.id for one in page.orders} <= {id}


@pytest.mark.parametrize("path", ["/customers/*", "/charges", "/onetimes", "/orders"])
async def test_a_first_read_that_fails_half_way_leaves_nothing(
    mirror: Mirror, upstream: Upstream, path: str
) -> None:
    mara = mirror.customer(101)
    await upstream.fault(method="GET", path=path, kind="500", times=3)
    with pytest.raises(UpstreamFailed):
        await mara.snapshot()
    await upstream.mend()
    await upstream.forget_requests()
    assert (await mara.snapshot()).customer.id == 101
    await mirror.settled()
    assert FIRST_READ.items() <= (await upstream.requests()).items()


async def test_an_unknown_customer_costs_one_call_and_leaves_nothing(
    mirror: Mirror, upstream: Upstream
) -> None:
    with pytest.raises(UnknownCustomer):
        await mirror.customer(999).snapshot()
    assert await upstream.requests() == {"GET /customers/{id}": 1}


async def test_a_customer_who_is_deleted_is_forgotten(mirror: Mirror, upstream: Upstream) -> None:
    ada = mirror.customer(112)
    await ada.snapshot()
    await upstream.client.customers.delete(112)
    with pytest.raises(UnknownCustomer):
        await ada.refresh()
    with pytest.raises(UnknownCustomer):
        await ada.snapshot()


async def test_a_skip_made_elsewhere_is_seen_after_a_refresh(
    mirror: Mirror, upstream: Upstream
) -> None:
    jonas = mirror.customer(102)
    before = await jonas.snapshot()
    today = mirror.today(before.shop)
    due = before.next_delivery(today)
    assert due is not None
    await skip(upstream, before)
    await mirror.settled()

    assert (await jonas.snapshot()).next_delivery(today) == due
    await upstream.forget_requests()
    await jonas.refresh("charges", "subscriptions")
    assert await upstream.requests() == {"GET /charges": 1, "GET /subscriptions": 1}

    after = await jonas.snapshot()
    skipped, following = after.schedule(today, today + YEAR)[:2]
    assert (skipped.date, skipped.status) == (due.date, DeliveryStatus.SKIPPED)
    assert following == after.next_delivery(today)
    assert following.date == due.date + timedelta(days=14)
    assert following.status is DeliveryStatus.QUEUED


async def test_the_answer_of_a_write_is_kept(mirror: Mirror, upstream: Upstream) -> None:
    jonas = mirror.customer(102)
    before = await jonas.snapshot()
    told: list[str] = []
    mirror.changes.subscribe(102, lambda: told.append("changed"))
    answer = await skip(upstream, before)
    await jonas.store(answer)
    assert told == ["changed"]
    after = await jonas.snapshot()
    assert after.revision > before.revision
    assert after.charge(answer.id) == answer
    assert answer.status == ChargeStatus.SKIPPED


async def test_a_charge_that_is_done_with_is_no_longer_among_the_charges(
    mirror: Mirror, upstream: Upstream
) -> None:
    jonas = mirror.customer(102)
    queued = (await jonas.snapshot()).charges[0]
    paid = await upstream.client.charges.process(queued.id)
    assert paid.status == ChargeStatus.SUCCESS
    await jonas.store(paid)
    assert (await jonas.snapshot()).charge(paid.id) is None


async def test_what_is_gone_upstream_is_gone_here(mirror: Mirror, upstream: Upstream) -> None:
    mara = mirror.customer(101)
    for onetime in (await mara.snapshot()).onetimes:
        await upstream.client.onetimes.delete(onetime.id)
    await mara.refresh("onetimes")
    assert (await mara.snapshot()).onetimes == ()


async def test_another_customers_record_is_not_kept(mirror: Mirror, upstream: Upstream) -> None:
    mara = mirror.customer(101)
    before = await mara.snapshot()
    foreign = await upstream.client.subscriptions.list(customer_id=102).first()
    assert foreign is not None
    with pytest.raises(ForeignRow):
        await mara.store(foreign)
    after = await mara.snapshot()
    assert after.subscription(foreign.id) is None
    assert after.revision == before.revision


async def test_a_snapshot_finds_only_what_is_the_customers(mirror: Mirror) -> None:
    mara = await mirror.customer(101).snapshot()
    jonas = await mirror.customer(102).snapshot()
    for find, records in (
        (mara.address, jonas.addresses),
        (mara.subscription, jonas.subscriptions),
        (mara.charge, jonas.charges),
        (mara.payment_method, jonas.payment_methods),
    ):
        assert records
        assert [find(record.id) for record in records] == [None] * len(records)
    assert mara.subscription(None) is None
    assert mara.subscription(301) == mara.subscriptions[0]


async def test_a_refresh_that_fails_leaves_everything_as_it_was(
    mirror: Mirror, upstream: Upstream
) -> None:
    jonas = mirror.customer(102)
    before = await jonas.snapshot()
    await skip(upstream, before)
    await upstream.fault(method="GET", path="/subscriptions", kind="503", times=3)
    with pytest.raises(RechargeError):
        await jonas.refresh("charges", "subscriptions")
    after = await jonas.snapshot()
    assert (after.charges, after.revision) == (before.charges, before.revision)


async def test_what_comes_with_the_customer_shares_one_call(
    mirror: Mirror, upstream: Upstream
) -> None:
    mara = mirror.customer(101)
    await mara.snapshot()
    await mirror.settled()
    await upstream.forget_requests()
    await mara.refresh("addresses", "payment_methods", "subscriptions")
    assert await upstream.requests() == {"GET /customers/{id}": 1}
    await upstream.forget_requests()
    await mara.refresh()
    assert await upstream.requests() == FIRST_READ


async def test_a_noun_that_the_mirror_does_not_keep_is_refused(mirror: Mirror) -> None:
    with pytest.raises(ValueError, match="webhooks"):
        await mirror.customer(101).refresh("webhooks")


async def test_an_old_copy_is_shown_and_then_repaired(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    jonas = mirror.customer(102)
    before = await jonas.snapshot()
    await mirror.settled()
    await skip(upstream, before)
    told: list[str] = []
    mirror.changes.subscribe(102, lambda: told.append("changed"))

    watch.forward(REPAIR_AFTER - timedelta(seconds=30))
    await jonas.snapshot()
    await mirror.settled()
    assert told == []

    watch.forward(timedelta(minutes=1))
    await upstream.forget_requests()
    old, also_old = await asyncio.gather(jonas.snapshot(), jonas.snapshot())
    assert old.charges == also_old.charges == before.charges
    await mirror.settled()
    requests = await upstream.requests()
    assert {route: requests[route] for route in FIRST_READ} == FIRST_READ
    assert "changed" in told
    repaired = await jonas.snapshot()
    assert repaired.charges != before.charges
    assert repaired.loaded_at > before.loaded_at


async def test_a_repair_that_fails_is_logged_and_not_shown(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    jonas = mirror.customer(102)
    before = await jonas.snapshot()
    watch.forward(REPAIR_AFTER + timedelta(seconds=1))
    await upstream.fault(method="GET", path="/orders", kind="500", times=99)
    with structlog.testing.capture_logs() as lines:
        assert (await jonas.snapshot()).charges == before.charges
        await mirror.settled()
    assert [line["work"] for line in lines if line["log_level"] == "warning"] == [("repair", 102)]
    assert (await jonas.snapshot()).loaded_at == before.loaded_at


async def test_what_an_earlier_release_kept_and_this_one_cannot_read_is_read_anew(
    mirror: Mirror, sqlite: Database
) -> None:
    subscriptions = (await mirror.customer(102).snapshot()).subscriptions
    await mirror.settled()
    async with sqlite.begin() as connection:
        for table in ("mirror_subscriptions", "mirror_shops"):
            await connection.execute(text(f"UPDATE {table} SET document = '{{}}'"))
    with structlog.testing.capture_logs() as lines:
        after = await mirror.customer(102).snapshot()
    assert after.subscriptions == subscriptions
    assert [line["event"] for line in lines] == ["kept records are read anew"]


async def test_all_who_look_at_a_customer_share_one_snapshot_until_something_changes(
    mirror: Mirror, upstream: Upstream
) -> None:
    first = await mirror.customer(102).snapshot()
    await mirror.settled()
    second = await mirror.customer(102).snapshot()
    assert second.products  # the catalogue has come meanwhile
    assert second.subscriptions is first.subscriptions
    assert await mirror.customer(102).snapshot() is second
    assert (await mirror.customer(101).snapshot()).customer.id == 101
    await mirror.customer(102).refresh("charges")
    third = await mirror.customer(102).snapshot()
    assert third.revision > second.revision
    assert third.subscriptions is not second.subscriptions


async def test_of_the_orders_only_those_that_hold_an_item_are_read(mirror: Mirror) -> None:
    snapshot = await mirror.customer(111).snapshot()
    assert snapshot.orders_with(987_654_321) == ()
    assert not [one for documents in snapshot.read for one in documents]
    item = next(line.purchase_item_id for line in snapshot.orders[0].line_items)
    assert item is not None
    assert snapshot.orders_with(item) == tuple(
        order
        for order in snapshot.orders
        if any(line.purchase_item_id == item for line in order.line_items)
    )
    known = dict(snapshot.read)
    assert snapshot.orders_with(item)
    assert snapshot.read == known  # it is kept


async def test_a_snapshot_goes_with_the_last_who_looks_at_it(mirror: Mirror) -> None:
    snapshot = await mirror.customer(102).snapshot()
    snapshot.schedule(mirror.today(snapshot.shop), mirror.today(snapshot.shop))
    watched = weakref.ref(snapshot)
    del snapshot
    assert watched() is None


async def test_a_shop_that_was_planted_anew_is_read_anew(
    mirror: Mirror, upstream: Upstream
) -> None:
    jonas = mirror.customer(102)
    planted = await jonas.snapshot()
    await mirror.settled()
    await skip(upstream, planted)
    await jonas.refresh()
    upstream.sandbox.reset()
    told: list[str] = []
    mirror.changes.subscribe(102, lambda: told.append("changed"))
    await mirror.forget_everything()
    assert told == ["changed"]
    again = await jonas.snapshot()
    assert [charge.status for charge in again.charges] == [ChargeStatus.QUEUED]
    assert again.next_delivery(mirror.today(again.shop)) == planted.next_delivery(
        mirror.today(planted.shop)
    )


async def test_two_refreshes_do_not_share_an_answer(mirror: Mirror, upstream: Upstream) -> None:
    """The second one reads back a write that was made after the first one's answer."""
    jonas = mirror.customer(102)
    before = await jonas.snapshot()
    upstream.line.hold("/charges")
    first = asyncio.create_task(jonas.refresh("charges"))
    await upstream.line.is_held.wait()
    skipped = await skip(upstream, before)
    second = asyncio.create_task(jonas.refresh("charges"))
    await asyncio.wait({second}, timeout=0.1)  # time in which it could join the first one's call
    upstream.line.release()
    await asyncio.gather(first, second)
    assert (await jonas.snapshot()).charge(skipped.id) == skipped


async def test_an_answer_that_comes_late_does_not_undo_what_was_stored(
    mirror: Mirror, upstream: Upstream
) -> None:
    """Of a skip and the repair that asked before it; moments upstream are whole seconds."""
    jonas = mirror.customer(102)
    before = await jonas.snapshot()
    upstream.line.hold("/charges")
    repair = asyncio.create_task(jonas.refresh(priority=Priority.REPAIR))
    await upstream.line.is_held.wait()
    skipped = await skip(upstream, before)
    await jonas.store(skipped)
    await jonas.refresh("charges", "subscriptions")
    written = await jonas.snapshot()
    upstream.line.release()
    await repair
    after = await jonas.snapshot()
    assert after.charge(skipped.id) == skipped
    assert after.charges == written.charges
    assert after.subscriptions == written.subscriptions


async def test_it_all_works_on_both_databases(
    database: Database, upstream: Upstream, watch: Watch
) -> None:
    mirror = Mirror(database, upstream.client, clock=watch)
    for id in (101, 102, 109, 111):
        first = await mirror.customer(id).snapshot()
        second = await mirror.customer(id).snapshot()
        assert second.customer == first.customer
        assert second.charges == first.charges
        assert second.orders == first.orders
        upstream_customer = await upstream.client.customers.get(id)
        assert second.customer == upstream_customer.model_copy(
            update={"include": second.customer.include}
        )
        charge = await upstream.client.charges.get(second.charges[0].id)
        assert second.charge(charge.id) == charge
    await mirror.customer(101).refresh()
    await mirror.settled()
    await mirror.customer(101).forget()
    assert (await mirror.customer(101).snapshot()).customer.first_name == "Mara"
    assert await mirror.find_customer(email="MARA.Lindqvist@example.com") == 101
    await mirror.close()


def test_the_mirror_imports_nothing_above_it() -> None:
    import app.mirror

    text = "".join(
        path.read_text("utf-8") for path in Path(app.mirror.__file__).parent.glob("*.py")
    )
    assert not [
        layer for layer in ("actions", "state", "auth", "web", "sandbox") if f"app.{layer}" in text
    ]

"""The leaky bucket, the lock of an address, and regeneration that takes its time."""

from __future__ import annotations

from datetime import timedelta

from app.sandbox import Sandbox
from app.sandbox.bucket import Bucket
from tests.sandbox.small import Api


def test_a_bucket_leaks_at_its_rate() -> None:
    now = 0.0
    bucket = Bucket(lambda: now)
    taken = [bucket.take(size=40, rate=2.0) for _ in range(42)]
    assert taken == [True] * 40 + [False] * 2
    assert bucket.used() == 40
    now = 0.5
    assert bucket.take(size=40, rate=2.0)
    assert not bucket.take(size=40, rate=2.0)
    now = 30.0
    assert bucket.used() == 40
    assert bucket.take(size=40, rate=2.0)
    assert bucket.used() == 1


async def test_too_many_calls_are_turned_away(api: Api) -> None:
    await api.client.put("/_sandbox/settings", json={"bucket": True, "bucket_rate": 0})
    answers = [await api.client.get("/store") for _ in range(41)]
    assert [each.status_code for each in answers] == [200] * 40 + [429]
    assert answers[0].headers["X-Recharge-Limit"] == "1/40"
    assert answers[-1].headers["X-Recharge-Limit"] == "40/40"
    assert answers[-1].json() == {"warning": "too many requests"}
    assert "Retry-After" not in answers[-1].headers
    await api.client.put("/_sandbox/settings", json={"retry_after": True})
    assert (await api.client.get("/store")).headers["Retry-After"] == "2"
    assert (await api.client.get("/_sandbox/counters")).json()["throttled"] == 2


async def test_without_the_bucket_nobody_is_turned_away(api: Api) -> None:
    answers = [await api.client.get("/store") for _ in range(60)]
    assert {each.status_code for each in answers} == {200}
    assert "X-Recharge-Limit" not in answers[0].headers


async def test_a_change_is_regenerated_later_and_conflicts_until_then(
    api: Api, sandbox: Sandbox
) -> None:
    await api.client.put("/_sandbox/settings", json={"regeneration_seconds": 5})
    changed = await api.put("/subscriptions/301", {"quantity": 3})
    assert changed["quantity"] == 3, "the answer comes at once"
    charge = await api.charge(address_id=201)
    assert charge["has_uncommitted_changes"] is True
    assert charge["total_line_items_price"] == "46.00"
    assert (await api.call("POST", f"/charges/{charge['id']}/skip"))[0] == 409
    assert (await api.call("PUT", "/addresses/201", {"first_name": "M"}))[0] == 409
    body = {"address_id": 201, "add_to_next_charge": True, "quantity": 1}
    variant = {"external_variant_id": {"ecommerce": "8003"}}
    assert (await api.call("POST", "/onetimes", {**body, **variant}))[0] == 409
    assert (await api.call("PUT", "/addresses/202", {"first_name": "M"}))[0] == 200
    sandbox.clock.advance(timedelta(seconds=6))
    charge = await api.charge(address_id=201)
    assert charge["has_uncommitted_changes"] is False
    assert charge["total_line_items_price"] == "82.00"
    assert (await api.call("POST", f"/charges/{charge['id']}/skip"))[0] == 200


async def test_commit_waits_for_the_regeneration(api: Api) -> None:
    await api.client.put("/_sandbox/settings", json={"regeneration_seconds": 5})
    await api.put("/subscriptions/301", {"quantity": 3}, commit="true")
    charge = await api.charge(address_id=201)
    assert charge["has_uncommitted_changes"] is False
    assert charge["total_line_items_price"] == "82.00"


async def test_a_charge_that_falls_due_is_regenerated_first(api: Api, sandbox: Sandbox) -> None:
    await api.client.put("/_sandbox/settings", json={"regeneration_seconds": 900_000})
    await api.put("/subscriptions/301", {"quantity": 3})
    await api.client.put("/_sandbox/clock", json={"now": "2026-03-20T12:00:00Z"})
    paid = await api.charge(address_id=201, status="success")
    assert paid["total_line_items_price"] == "82.00"


async def test_a_locked_address_refuses_until_the_lock_ends(api: Api, sandbox: Sandbox) -> None:
    await api.client.put("/_sandbox/settings", json={"lock_seconds": 30})
    charge = await api.charge(address_id=201)
    await api.post(f"/charges/{charge['id']}/skip")
    assert (await api.call("POST", f"/charges/{charge['id']}/unskip"))[0] == 409
    assert (await api.call("GET", f"/charges/{charge['id']}"))[0] == 200
    sandbox.clock.advance(timedelta(seconds=31))
    assert (await api.call("POST", f"/charges/{charge['id']}/unskip"))[0] == 200

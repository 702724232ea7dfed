"""The shop's clock: charges fall due, fail, are tried again, and a cycle goes round."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.sandbox import Sandbox
from app.sandbox.processing import CLOSED, process_due
from app.sandbox.shop import Shop
from tests.sandbox.small import TODAY, Api, card, documents


async def go(api: Api, day: str) -> None:
    answer = await api.client.put("/_sandbox/clock", json={"now": f"{day}T12:00:00Z"})
    assert answer.status_code == 200, answer.text


async def test_two_months_pass_as_they_would_day_by_day(api: Api) -> None:
    await go(api, "2026-05-21")
    orders = (await api.get("/orders", address_id=201, sort_by="scheduled_at-asc"))["orders"]
    sent = {
        each["scheduled_at"][:10]: [line["purchase_item_id"] for line in each["line_items"]]
        for each in orders
    }
    assert sent == {
        "2026-03-20": [301, 302, 401],
        "2026-04-03": [302],
        "2026-04-17": [302],
        "2026-04-20": [301],
        "2026-05-01": [302],
        "2026-05-15": [302],
        "2026-05-20": [301],
    }
    processed = {each["processed_at"][:10] for each in orders}
    assert processed == set(sent), "each on its own day, not all on the last"
    assert await api.queued() == {"2026-05-29": [302], "2026-06-20": [301]}
    customer = (await api.get("/customers/101"))["customer"]
    assert customer["first_charge_processed_at"][:10] == "2026-03-20"
    assert customer["subscription_related_charge_streak"] == 8


async def test_nothing_is_due_until_its_day_begins_in_the_shop_s_zone(api: Api) -> None:
    await api.client.put("/_sandbox/clock", json={"now": "2026-03-20T03:59:00Z"})
    assert (await api.get("/orders"))["orders"] == []
    await api.client.put("/_sandbox/clock", json={"advance_seconds": 120})
    assert len((await api.get("/orders"))["orders"]) == 1


async def test_a_failing_card_is_tried_again_and_then_mended(api: Api, sandbox: Sandbox) -> None:
    sandbox.plant([card(601, "0002")])
    await go(api, "2026-03-20")
    failed = await api.charge(address_id=201, scheduled_at="2026-03-20")
    assert (failed["status"], failed["error_type"]) == ("error", "CARD_DECLINED")
    assert (failed["charge_attempts"], failed["retry_date"]) == (1, "2026-03-23")
    assert failed["error"]
    assert (await api.get("/customers/101"))["customer"]["has_payment_method_in_dunning"] is True
    assert await api.next_date(301) == "2026-03-20"
    assert await api.queued() == {}, "what waits for its money is not queued again"
    await go(api, "2026-03-24")
    failed = await api.charge(address_id=201)
    assert (failed["charge_attempts"], failed["retry_date"]) == (2, "2026-03-26")
    sandbox.plant([card(601, "4242")])
    await go(api, "2026-03-26")
    paid = (await api.get(f"/charges/{failed['id']}"))["charge"]
    assert (paid["status"], paid["error"], paid["retry_date"]) == ("success", None, None)
    assert await api.queued() == {"2026-04-03": [302], "2026-04-20": [301]}
    assert (await api.get("/customers/101"))["customer"]["has_payment_method_in_dunning"] is False


async def test_retries_run_out(api: Api, sandbox: Sandbox) -> None:
    sandbox.plant([card(601, "9995")])
    await go(api, "2026-04-15")
    closed = await api.charge(address_id=201)
    assert (closed["status"], closed["error_type"]) == ("error", CLOSED)
    assert (closed["charge_attempts"], closed["retry_date"]) == (4, None)
    found = (await api.get("/subscriptions/301"))["subscription"]
    assert (found["status"], found["max_retries_reached"]) == ("active", True)
    # A closed charge may still be processed by hand.
    sandbox.plant([card(601)])
    paid = await api.post(f"/charges/{closed['id']}/process")
    assert paid["status"] == "success"
    found = (await api.get("/subscriptions/301"))["subscription"]
    assert found["max_retries_reached"] is False


async def test_the_shop_may_cancel_when_retries_run_out(api: Api, sandbox: Sandbox) -> None:
    await api.client.put(
        "/_sandbox/settings", json={"cancel_after_max_retries": True, "max_attempts": 2}
    )
    sandbox.plant([card(601, "0069")])
    await go(api, "2026-04-15")
    found = (await api.get("/subscriptions/302"))["subscription"]
    assert (found["status"], found["next_charge_scheduled_at"]) == ("cancelled", None)


async def test_an_address_without_a_card_cannot_be_charged(api: Api) -> None:
    await api.put("/addresses/201", {"payment_method_id": None})
    charge = await api.charge(address_id=201)
    failed = await api.post(f"/charges/{charge['id']}/process")
    assert (failed["status"], failed["error_type"]) == ("error", "PAYMENT_METHOD_NOT_FOUND")


async def test_an_expired_card_fails(api: Api, sandbox: Sandbox) -> None:
    details = {"brand": "visa", "exp_month": 2, "exp_year": 2026, "last4": "4242"}
    sandbox.plant([card(601, payment_details=details)])
    charge = await api.charge(address_id=201)
    failed = await api.post(f"/charges/{charge['id']}/process")
    assert failed["error_type"] == "CARD_EXPIRED"


async def test_the_clock_tells_and_moves(api: Api, sandbox: Sandbox) -> None:
    before = (await api.client.get("/_sandbox/clock")).json()
    assert (before["today"], before["timezone"]) == ("2026-03-10", "America/New_York")
    after = (await api.client.put("/_sandbox/clock", json={"advance_days": 2})).json()
    assert after["today"] == "2026-03-12" == sandbox.today.isoformat()
    wrong = await api.client.put("/_sandbox/clock", json={"now": "noon"})
    assert wrong.status_code == 422


async def test_a_shop_in_a_file_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = str(tmp_path / "shop" / "sandbox.db")
    first = Sandbox(path, seed=False, today=TODAY)
    first.plant(documents())
    api = Api(first)
    await go(api, "2026-03-21")
    paid = await api.charges(status="success")
    await first.close()
    second = Sandbox(path, seed=False)
    api = Api(second)
    assert second.today.isoformat() == "2026-03-21"
    assert await api.charges(status="success") == paid
    await second.close()
    await second.close()


@pytest.mark.parametrize(
    "move",
    [
        {"now": "9999-12-31T23:59:59Z"},
        {"now": "0001-01-01T00:00:00Z"},
        {"now": "0001-01-01T00:00:00+05:00"},
        {"now": "1999-12-31T23:59:59Z"},
        {"now": "2201-01-01T00:00:00Z"},
        {"advance_seconds": 99999999999999},
        {"advance_days": 99999999999999},
        {"now": "2200-12-31T00:00:00Z", "advance_days": 1},
    ],
)
async def test_a_move_out_of_bounds_is_refused_and_moves_nothing(
    api: Api, sandbox: Sandbox, move: dict[str, object]
) -> None:
    answer = await api.client.put("/_sandbox/clock", json=move)
    assert answer.status_code == 422, answer.text
    [name] = answer.json()["errors"]
    assert name in {*move, "now"}
    assert sandbox.today == TODAY
    assert (await api.get("/customers/101"))["customer"]["id"] == 101


async def test_the_ends_of_time_can_be_reached_and_left(api: Api, sandbox: Sandbox) -> None:
    await go(api, "2200-12-30")
    late = await api.client.put("/_sandbox/clock", json={"advance_days": 30})
    assert late.json() == {"errors": {"now": ["Must be between the years 2000 and 2200."]}}
    assert sandbox.today == date(2200, 12, 30)
    assert (await api.get("/customers/101/delivery_schedule"))["customer"]["id"] == 101
    await go(api, "2000-01-02")
    assert await api.get("/charges")
    assert (await api.client.post("/_sandbox/reset", json={"seed": False})).status_code == 200
    assert sandbox.today == TODAY


async def test_a_clock_that_fails_to_move_stands_where_it_stood(
    api: Api, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(shop: Shop) -> None:
        process_due(shop)
        raise RuntimeError("a rule broke")

    with monkeypatch.context() as patch:
        patch.setattr("app.sandbox.sandbox.process_due", broken)
        with pytest.raises(RuntimeError, match="a rule broke"):
            sandbox.clock.advance(timedelta(days=30))
    assert sandbox.today == TODAY
    assert (await api.get("/orders"))["orders"] == []
    assert sandbox.shop.take_events() == [], "nobody is told of what was undone"


async def test_a_reset_works_whatever_else_does_not(api: Api, sandbox: Sandbox) -> None:
    sandbox.clock.restore(timedelta(days=2_920_000))
    with pytest.raises(OverflowError):
        await api.client.get("/customers")
    assert (await api.client.post("/_sandbox/reset", json={"seed": False})).status_code == 200
    assert sandbox.today == TODAY

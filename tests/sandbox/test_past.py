"""A past that is made at once, for whoever measures or shows a long one."""

from __future__ import annotations

from app.recharge import Order
from app.sandbox import Sandbox
from tests.sandbox.small import Api


async def test_orders_of_years_gone_by_are_made_at_once(api: Api, sandbox: Sandbox) -> None:
    customer = (await api.get("/customers"))["customers"][-1]["id"]
    body = {"customer_id": customer, "number": 300}
    answer = await api.client.post("/_sandbox/orders", json=body)
    assert answer.status_code == 201
    newest = answer.json()["newest_id"]

    listed = await api.get("/orders", customer_id=customer, limit=250)
    orders = [Order.model_validate(each) for each in listed["orders"]]
    assert [each.id for each in orders] == list(range(newest, newest - 250, -1))
    assert listed["next_cursor"]
    first, second = orders[:2]
    assert first.processed_at is not None
    assert second.processed_at is not None
    assert (first.processed_at - second.processed_at).days == 1
    assert first.processed_at < sandbox.clock.now()
    assert first.total_price == sum(line.total_price or 0 for line in first.line_items) > 0
    assert first.shipping_address is not None


async def test_nobody_gets_a_past_who_is_not_there(api: Api) -> None:
    for body in (
        {"customer_id": 999_999, "number": 3},
        {"customer_id": 101, "number": 0},
        {"customer_id": 101, "number": 10**9},
        {"number": 3},
    ):
        assert (await api.client.post("/_sandbox/orders", json=body)).status_code == 422

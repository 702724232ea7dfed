"""A shop small enough to know by heart, and a client that speaks to it.

Its clock stands at noon in New York on Tuesday 10 March 2026. One customer (101) has two addresses.
At 201 two coffees come on the 20th (301 every month, 302 every two weeks) with a one-time beside
them (401); at 202 a tea is paid three months ahead (303).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx

from app.sandbox import Sandbox

TODAY = date(2026, 3, 10)
Document = dict[str, Any]

PLACE: Document = {
    "address1": "1 Main Street",
    "city": "Portland",
    "country_code": "US",
    "first_name": "Mara",
    "last_name": "Lindqvist",
    "province": "Maine",
    "zip": "04101",
}


def card(id: int, last4: str = "4242", **values: Any) -> tuple[str, Document]:
    document = {
        "id": id,
        "customer_id": 101,
        "default": True,
        "payment_details": {"brand": "visa", "exp_month": 12, "exp_year": 2034, "last4": last4},
        "processor_customer_token": "cus_1",
        **values,
    }
    return "payment_methods", document


def subscription(id: int, next_date: str | None, **values: Any) -> tuple[str, Document]:
    document = {
        "id": id,
        "address_id": 201,
        "charge_interval_frequency": 1,
        "created_at": "2026-01-20T09:00:00+00:00",
        "external_variant_id": {"ecommerce": "8001"},
        "next_charge_scheduled_at": next_date,
        "order_interval_frequency": 1,
        "order_interval_unit": "month",
        "price": "18.00",
        "quantity": 1,
        **values,
    }
    return "subscriptions", document


def product(id: int, title: str, *variants: tuple[int, str]) -> tuple[str, Document]:
    document = {
        "external_product_id": str(id),
        "title": title,
        "variants": [
            {
                "external_variant_id": str(variant),
                "dimensions": {"weight": 250, "weight_unit": "g"},
                "prices": {"compare_at_price": None, "unit_price": price},
                "sku": f"SKU-{variant}",
                "title": f"{title} {variant}",
            }
            for variant, price in variants
        ],
    }
    return "products", document


PLAN: Document = {
    "id": 2001,
    "discount_amount": "10.00",
    "discount_type": "percentage",
    "external_product_id": {"ecommerce": "7001"},
    "subscription_preferences": {
        "charge_interval_frequency": 3,
        "interval_unit": "week",
        "order_interval_frequency": 3,
    },
    "title": "Every three weeks",
    "type": "subscription",
}


def documents() -> list[tuple[str, Document]]:
    return [
        product(7001, "Coffee", (8001, "20.00"), (8002, "30.00")),
        product(7002, "Tea", (8003, "10.00")),
        ("plans", PLAN),
        ("discounts", {"id": 901, "code": "TEN", "value": "10.00", "value_type": "percentage"}),
        (
            "customers",
            {
                "id": 101,
                "email": "mara@example.com",
                "first_name": "Mara",
                "last_name": "Lindqvist",
            },
        ),
        card(601),
        ("addresses", {"id": 201, "customer_id": 101, "payment_method_id": 601, **PLACE}),
        ("addresses", {"id": 202, "customer_id": 101, "payment_method_id": 601, **PLACE}),
        subscription(301, "2026-03-20"),
        subscription(
            302,
            "2026-03-20",
            charge_interval_frequency=2,
            order_interval_frequency=2,
            order_interval_unit="week",
        ),
        subscription(
            303,
            "2026-04-01",
            address_id=202,
            charge_interval_frequency=3,
            external_variant_id={"ecommerce": "8003"},
            price="27.00",
        ),
        (
            "onetimes",
            {
                "id": 401,
                "address_id": 201,
                "external_variant_id": {"ecommerce": "8003"},
                "next_charge_scheduled_at": "2026-03-20",
                "price": "10.00",
                "quantity": 1,
            },
        ),
    ]


class Api:
    """Calls the sandbox as an admin client does, and hands bodies out."""

    def __init__(self, sandbox: Sandbox, **headers: str) -> None:
        self.sandbox = sandbox
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=sandbox.app),
            base_url="http://api",
            headers={
                "X-Recharge-Access-Token": "sk_sandbox",
                "X-Recharge-Version": "2021-11",
                **headers,
            },
        )

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        """Status and body."""
        answer = await self.client.request(method, path, json=body, params=query)
        return answer.status_code, answer.json() if answer.content else None

    async def get(self, path: str, **query: Any) -> Any:
        status, body = await self.call("GET", path, **query)
        assert status == 200, body
        return body

    async def post(self, path: str, body: Any = None, **query: Any) -> Any:
        """The object inside the envelope of a write that succeeds."""
        return await self._write("POST", path, body, query)

    async def put(self, path: str, body: Any = None, **query: Any) -> Any:
        return await self._write("PUT", path, body, query)

    async def _write(self, method: str, path: str, body: Any, query: Document) -> Any:
        status, found = await self.call(method, path, body, **query)
        assert status in (200, 201), found
        return next(iter(found.values()), None)

    async def refused(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The errors of a 422."""
        status, found = await self.call(method, path, body, **query)
        assert status == 422, (status, found)
        return found["errors"]

    async def charge(self, **query: Any) -> Document:
        """The only charge that fits."""
        [found] = await self.charges(**query)
        return found

    async def charges(self, **query: Any) -> list[Document]:
        """Charges by their dates."""
        body = await self.get("/charges", sort_by="scheduled_at-asc", limit=250, **query)
        found: list[Document] = body["charges"]
        return found

    async def queued(self, address_id: int = 201) -> dict[str, list[int]]:
        """The items of every queued charge of an address, by date."""
        found = await self.charges(address_id=address_id, status="queued")
        return {each["scheduled_at"]: sorted(items(each)) for each in found}

    async def next_date(self, id: int) -> str | None:
        body = await self.get(f"/subscriptions/{id}")
        found: str | None = body["subscription"]["next_charge_scheduled_at"]
        return found


def items(charge: Document) -> list[int]:
    return [line["purchase_item_id"] for line in charge["line_items"]]

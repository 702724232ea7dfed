"""Any shop: any zone, any moment, any subscriptions. What property tests draw their worlds from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from hypothesis import strategies as st

from app.actions import Situation
from app.mirror import Shop, Snapshot
from app.recharge import ChargeStatus, Plan, RechargeClient
from app.sandbox import Sandbox
from tests.actions.shop import Patient, no_wait
from tests.sandbox.small import PLACE, Document, card, product

ZONES = (
    "Pacific/Pago_Pago",  # UTC-11
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Kiritimati",  # UTC+14
)
MOMENTS = (
    datetime(2018, 2, 17, 23, 30),  # the clocks of Sao Paulo go back at the coming midnight
    datetime(2018, 11, 3, 23, 30),  # and forward: the next day begins at one o'clock
    datetime(2026, 10, 4, 1, 59),  # forward on Lord Howe
    datetime(2026, 10, 25, 2, 30),  # back in Berlin
    datetime(2026, 11, 1, 1, 30),  # back in New York
    datetime(2026, 12, 31, 23, 30),
    datetime(2027, 1, 1, 0, 10),
    datetime(2027, 1, 30, 12, 0),
    datetime(2027, 3, 14, 1, 59),  # forward in New York
    datetime(2027, 3, 28, 1, 59),  # forward in Berlin
    datetime(2027, 4, 4, 1, 45),  # back on Lord Howe
    datetime(2028, 1, 29, 12, 0),
    datetime(2028, 2, 28, 23, 30),
    datetime(2028, 2, 29, 0, 10),
)

NAME = {"first_name": "Mara", "last_name": "Lindqvist"}
SHOWN = {"customer_portal": {"display": True}}


@dataclass(frozen=True)
class World:
    """A shop with one customer, before anything is done.

    now:           the moment on the shop's own clock, without its zone
    subscriptions: Recharge-shaped, with the days from today to the first charge as "in_days"
    """

    zone: str
    now: datetime
    subscriptions: tuple[Document, ...]

    @property
    def moment(self) -> datetime:
        """The moment, aware UTC."""
        return self.now.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def documents(self) -> list[tuple[str, Document]]:
        """What is planted."""
        today = self.moment.astimezone(ZoneInfo(self.zone)).date()
        plans: list[tuple[str, Document]] = [
            (
                "plans",
                {
                    "id": 2000 + id,
                    "channel_settings": SHOWN,
                    "discount_amount": None,
                    "external_product_id": {"ecommerce": str(id)},
                    "subscription_preferences": {
                        "charge_interval_frequency": 1,
                        "interval_unit": "month",
                        "order_interval_frequency": 1,
                    },
                    "title": "Every month",
                    "type": "subscription",
                },
            )
            for id in (7001, 7002)
        ]
        subscriptions: list[tuple[str, Document]] = []
        for number, each in enumerate(self.subscriptions):
            document = dict(each)
            day = today + timedelta(days=document.pop("in_days"))
            subscriptions.append((
                "subscriptions",
                {
                    "id": 301 + number,
                    "created_at": "2018-01-20T09:00:00+00:00",
                    "customer_id": 101,
                    "external_product_id": {"ecommerce": "7001"},
                    "external_variant_id": {"ecommerce": "8001"},
                    "is_prepaid": each["charge_interval_frequency"]
                    > each["order_interval_frequency"],
                    "is_skippable": each["charge_interval_frequency"]
                    == each["order_interval_frequency"],
                    "next_charge_scheduled_at": day.isoformat(),
                    "price": f"{10 + number}.00",
                    "product_title": f"Coffee {number}",
                    **document,
                },
            ))  # fmt: skip
        zone = {"iana_name": self.zone, "name": self.zone}
        return [
            ("store", {"id": 1, "currency": "USD", "name": "Any", "timezone": zone}),
            product(7001, "Coffee", (8001, "20.00"), (8002, "30.00")),
            product(7002, "Cup", (8003, "10.00"), (8004, "12.00")),
            *plans,
            ("customers", {"id": 101, "email": "mara@example.com", **NAME}),
            card(601),
            ("addresses", {"id": 201, "customer_id": 101, "payment_method_id": 601, **PLACE}),
            (
                "addresses",
                {"id": 202, "customer_id": 101, "payment_method_id": 601, **PLACE, "zip": "04102"},
            ),
            *subscriptions,
        ]


@st.composite
def subscriptions(draw: st.DrawFn) -> Document:
    """A subscription in any rhythm: plain or prepaid, on a fixed day or not."""
    unit = draw(st.sampled_from(["day", "week", "month"]))
    every = draw(st.integers(1, 90 if unit == "day" else 12))
    deliveries = draw(st.sampled_from([1, 1, 1, 1, 2, 3]))
    fixed: Document = {}
    if unit == "month" and draw(st.booleans()):
        fixed["order_day_of_month"] = draw(st.sampled_from([1, 15, 28, 29, 30, 31]))
    elif unit != "month" and draw(st.booleans()):
        fixed["order_day_of_week"] = draw(st.integers(0, 6))
    return {
        "address_id": draw(st.sampled_from([201, 201, 202])),
        "in_days": draw(st.integers(0, 40)),
        "charge_interval_frequency": every * deliveries,
        "order_interval_frequency": every,
        "order_interval_unit": unit,
        "quantity": draw(st.integers(1, 3)),
    } | fixed


def worlds() -> st.SearchStrategy[World]:
    """Any shop with one to three subscriptions."""
    return st.builds(
        World,
        st.sampled_from(ZONES),
        st.sampled_from(MOMENTS),
        st.lists(subscriptions(), min_size=1, max_size=3).map(tuple),
    )


@dataclass(frozen=True)
class AnyShop:
    """A world that goes on."""

    world: World
    sandbox: Sandbox
    client: RechargeClient

    async def situation(self) -> Situation:
        """The customer's records as Recharge tells them now."""
        client, zone = self.client, ZoneInfo(self.world.zone)
        open_charges = [ChargeStatus.QUEUED, ChargeStatus.SKIPPED, ChargeStatus.ERROR]
        orders = await client.orders.list(customer_id=101, status="queued").all()
        products = await client.products.list().all()
        plans: dict[str, tuple[Plan, ...]] = {}
        for plan in await client.plans.list().all():
            key = plan.external_product_id.ecommerce or ""
            plans[key] = (*plans.get(key, ()), plan)
        now = self.sandbox.clock.now()
        snapshot = Snapshot(
            shop=Shop(name="Any", currency="USD", timezone=zone, email="", switches={}),
            customer=await client.customers.get(101),
            addresses=tuple(await client.addresses.list(customer_id=101).all()),
            payment_methods=tuple(await client.payment_methods.list(customer_id=101).all()),
            subscriptions=tuple(await client.subscriptions.list(customer_id=101).all()),
            onetimes=tuple(await client.onetimes.list(customer_id=101).all()),
            charges=tuple(await client.charges.list(customer_id=101, status=open_charges).all()),
            products={each.external_product_id: each for each in products},
            loaded_at=now,
            revision=1,
            plans=plans,
            coming_documents=tuple(order.model_dump_json() for order in orders),
        )
        return Situation(
            snapshot=snapshot,
            today=now.astimezone(zone).date(),
            now=now.astimezone(zone),
            change_until_days=1,
            change_until_time=time(23, 59),
        )

    def later(self, days: int) -> None:
        """Days pass, and what falls due is charged and sent."""
        self.sandbox.clock.advance(timedelta(days=days))


@asynccontextmanager
async def opened(world: World) -> AsyncIterator[AnyShop]:
    """The world, planted."""
    sandbox = Sandbox(seed=False, today=world.moment)
    sandbox.plant(world.documents())
    client = RechargeClient(
        sandbox.token,
        base_url="http://sandbox/api",
        transport=httpx.ASGITransport(app=sandbox.app),
        budget=Patient(),
        sleep=no_wait,
    )
    try:
        yield AnyShop(world, sandbox, client)
    finally:
        await client.aclose()
        await sandbox.close()


def nth(options: Any, number: int) -> Any:
    """One of several, by any number; None where there are none."""
    found = list(options)
    return found[number % len(found)] if found else None


def day_from(situation: Situation, number: int) -> date:
    """A day from tomorrow on."""
    return situation.today + timedelta(days=1 + number)

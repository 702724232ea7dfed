"""The demo shop in this process: sandbox, client, mirror and services, as the service has them."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from app.actions import Level, Principal, Services, Situation
from app.database import Database
from app.i18n import Money
from app.mirror import Delivery, Mirror
from app.mirror.shop import SHOP_AGE
from app.recharge import Charge, Customer, LocalBudget, RechargeClient, Record, Subscription
from app.sandbox import Sandbox
from app.settings import Settings

TODAY = date(2026, 11, 23)


async def no_wait(_seconds: float) -> None:
    """Repeats of the client follow at once."""


Restore = Callable[[dict[str, Any]], dict[str, Any] | None]
"""A record as far as it must come back, or None where it need not be there at all. The document is
that of the client's model, with the name of its class as "kind" ("Charge", "Onetime")."""


def ALL(document: dict[str, Any]) -> dict[str, Any] | None:
    """Everything comes back."""
    return document


def without(*names: str) -> Restore:
    """Everything but these fields, wherever they stand: an item that is made again has a new id,
    in the charges that hold it as well (``without("id", "purchase_item_id", "created_at")``)."""

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: cut(inner) for name, inner in value.items() if name not in names}
        return [cut(inner) for inner in value] if isinstance(value, list) else value

    def restore(document: dict[str, Any]) -> dict[str, Any] | None:
        found: dict[str, Any] = cut(document)
        return found

    return restore


class Patient(LocalBudget):
    """A budget that has room for everything and does not slow down after a 429."""

    def __init__(self) -> None:
        super().__init__(size=10_000, rate=10_000)

    def throttled(self, retry_after: float | None) -> None:
        return None


@dataclass
class Shop:
    """A shop with its customers."""

    sandbox: Sandbox
    client: RechargeClient
    database: Database
    mirror: Mirror
    settings: Settings
    controls: httpx.AsyncClient
    signed_out: set[str] = field(default_factory=set)
    unproven: set[str] = field(default_factory=set)
    """Sessions that have given no code. All others have proved all that is asked."""
    opened: list[Services] = field(default_factory=list)

    def services(self, **options: Any) -> Services:
        """Services as one process has them. A second call is another process, or a later one."""

        async def is_signed_in(principal: Principal) -> bool:
            return principal.session not in self.signed_out

        async def is_proven(principal: Principal, _what: str) -> bool:
            return principal.session not in self.unproven

        quick: dict[str, Any] = {
            "resend_after": (0.0, 0.0),
            "read_again_after": 0.0,
            "settle_after": (0.0,),
            "settle_payments_after": (0.0,),
        }
        services = Services(
            database=self.database,
            mirror=self.mirror,
            client=self.client,
            settings=self.settings,
            clock=self.sandbox.clock.now,
            is_signed_in=is_signed_in,
            is_proven=is_proven,
            **(quick | options),
        )
        self.opened.append(services)
        return services

    async def fault(self, method: str, path: str, kind: str, **plan: Any) -> None:
        """Plan that calls go wrong."""
        body = {"method": method, "path": path, "kind": kind, **plan}
        (await self.controls.post("/faults", json=body)).raise_for_status()

    async def no_faults(self) -> None:
        await self.controls.delete("/faults")

    async def forget_counters(self) -> None:
        await self.controls.delete("/counters")

    async def counters(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = (await self.controls.get("/counters")).json()
        return found

    async def received(self, route: str) -> None:
        """Returns when a call has come in. The sandbox is in this process: looking is cheap."""
        while not self.sandbox.counters.requests[route]:  # noqa: ASYNC110
            await asyncio.sleep(0)

    async def executed(self) -> dict[str, int]:
        """What was changed in the sandbox, by route."""
        counted = (await self.counters())["executed"]
        return {route: count for route, count in counted.items() if not route.startswith("GET")}

    async def switch(self, **switches: bool) -> None:
        """The merchant switches something on or off, and the mirror has come to know of it.

        The names are those of `app.mirror.SWITCHES`: ``onetime_enabled`` is `onetime.enabled`.
        """
        known = self.sandbox.shop_settings()["customer_portal"]
        portal: dict[str, Any] = {}
        for name, value in switches.items():
            group, _, inner = name.partition("_")
            if name in known:
                portal[name] = value
            elif inner in known.get(group, ()):
                portal.setdefault(group, {})[inner] = value
            else:
                portal.setdefault("subscription", {})[name] = value
        settings = {"customer_portal": portal}
        (await self.controls.put("/shop-settings", json=settings)).raise_for_status()
        await self.advance(SHOP_AGE + timedelta(minutes=1))
        await self.mirror.shop()
        await self.mirror.settled()

    async def advance(self, by: timedelta) -> None:
        self.sandbox.clock.advance(by)

    async def situation(self, services: Services, customer_id: int) -> Situation:
        """What the mirror holds of a customer now."""
        return services.situation(await self.mirror.customer(customer_id).snapshot())

    async def next_delivery(self, services: Services, principal: Principal) -> Delivery:
        """The customer's next delivery, by the mirror."""
        situation = await self.situation(services, principal.customer_id)
        found = situation.snapshot.next_delivery(situation.today)
        assert found is not None
        return found

    async def charged(self, address_id: int, day: date, status: str) -> Money | None:
        """What Recharge itself holds as the total of a day."""
        totals = [
            Money(charge.total_price, charge.currency)
            async for charge in self.client.charges.list(
                address_id=address_id, scheduled_at=day, status=status
            )
        ]
        return sum(totals[1:], totals[0]) if totals else None

    async def upstream(
        self,
        customer_id: int,
        restores: Restore = ALL,
        *,
        charges: str | None = None,
        bundles: bool = True,
    ) -> list[str]:
        """What the sandbox holds of a customer; of the charges, those of these statuses. What is in
        bundles is not kept in the mirror."""
        client = self.client
        found: list[Record] = [profile_of(await client.customers.get(customer_id))]
        async for charge in client.charges.list(customer_id=customer_id, status=charges):
            found.append(charge)
        for resource in (
            client.subscriptions,
            client.onetimes,
            client.addresses,
            client.payment_methods,
        ):
            async for record in resource.list(customer_id=customer_id):
                found.append(record)
        async for order in client.orders.list(customer_id=customer_id, status="queued"):
            found.append(order)
        mine = [one.id for one in found if isinstance(one, Subscription)]
        async for selection in client.bundle_selections.list(
            purchase_item_ids=mine if bundles else []
        ):
            found.append(selection)
        if self.sandbox.shop_settings()["customer_portal"]["enable_membership_programs"]:
            async for one in client.memberships.list(
                customer_id=customer_id, include_cancelled=True
            ):
                found.append(one)
        return comparable(found, restores)

    async def mirrored(
        self, services: Services, customer_id: int, restores: Restore = ALL
    ) -> list[str]:
        """What the mirror holds of the customer."""
        snapshot = (await self.situation(services, customer_id)).snapshot
        found = [
            profile_of(snapshot.customer),
            *snapshot.charges,
            *snapshot.subscriptions,
            *snapshot.onetimes,
            *snapshot.addresses,
            *snapshot.payment_methods,
            *snapshot.prepaid_orders,
            *snapshot.memberships,
        ]
        return comparable(found, restores)

    async def schedule(self, customer_id: int) -> set[tuple[date, int, bool]]:
        """The sandbox's own timeline: date, subscription, and whether it is skipped."""
        schedule = await self.client.customers.delivery_schedule(customer_id, future_interval=120)
        return {
            (delivery.date, item.subscription_id or 0, bool(item.is_skipped))
            for delivery in schedule.deliveries
            for order in delivery.orders
            for item in order.line_items
        }


LOADED = (101, 102)
"""Customers who have been here before: their records are in the mirror."""


async def lay_out(folder: Path) -> None:
    """A shop as it is on noon of `TODAY`, and a database that knows two customers, to be copied."""
    await Sandbox(str(folder / "sandbox.db"), today=TODAY).close()
    database = Database(f"sqlite+aiosqlite:///{folder}/doorstep.db")
    await database.upgrade()
    await database.close()
    async with open_shop(folder, folder) as shop:
        for customer_id in LOADED:
            await shop.mirror.customer(customer_id).snapshot()
        await shop.mirror.settled()


@asynccontextmanager
async def open_shop(pattern: Path, folder: Path) -> AsyncIterator[Shop]:
    """A shop of this test alone: a copy of the one laid out in `pattern`."""
    if folder != pattern:
        shutil.copytree(pattern, folder, dirs_exist_ok=True)
    sandbox = Sandbox(str(folder / "sandbox.db"))
    transport = httpx.ASGITransport(app=sandbox.app)
    client = RechargeClient(
        sandbox.token,
        base_url="http://sandbox/api",
        transport=transport,
        budget=Patient(),
        sleep=no_wait,
    )
    database = Database(f"sqlite+aiosqlite:///{folder}/doorstep.db")
    controls = httpx.AsyncClient(transport=transport, base_url="http://sandbox/_sandbox")
    shop = Shop(
        sandbox=sandbox,
        client=client,
        database=database,
        mirror=Mirror(database, client, clock=sandbox.clock.now),
        settings=Settings(_env_file=None),
        controls=controls,
    )
    yield shop
    for services in shop.opened:
        await services.close()
    await shop.mirror.close()
    await controls.aclose()
    await client.aclose()
    await database.close()
    await sandbox.close()


def profile_of(customer: Customer) -> Customer:
    """What a customer can change of their own record. The rest are counts, which every other change
    of theirs moves."""
    return Customer(
        id=customer.id,
        email=customer.email,
        first_name=customer.first_name,
        last_name=customer.last_name,
        phone=customer.phone,
        backup_payment_methods_enabled=customer.backup_payment_methods_enabled,
        apply_credit_to_next_recurring_charge=customer.apply_credit_to_next_recurring_charge,
    )


def comparable(records: Sequence[Record], restores: Restore = ALL) -> list[str]:
    """Records without what every write changes: time stamps, and ids of charges, which are made
    anew whenever what is in them changes."""
    found = []
    for record in records:
        document = record.model_dump(mode="json") | {"kind": type(record).__name__}
        del document["updated_at"]
        if isinstance(record, Charge):
            del document["id"], document["created_at"]
            document["line_items"].sort(key=lambda line: json.dumps(line, sort_keys=True))
        kept = restores(document)
        if kept is not None:
            found.append(json.dumps(kept, sort_keys=True))
    return sorted(found)


def signed_in(customer_id: int, level: Level = Level.LINK) -> Principal:
    """A customer who has come by a link."""
    return Principal(
        shop="Northbound Coffee & Pantry",
        customer_id=customer_id,
        method="link",
        signed_in_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        level=level,
        session=f"session of {customer_id}",
    )


def press() -> str:
    """The key of one press of a button."""
    return uuid4().hex

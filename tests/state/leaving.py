"""A page on which somebody leaves."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.actions import Principal, Services
from app.retention import Flow, Reason, RetentionFile, Subject, load_retention_file
from app.retention.flow import flow_of
from app.retention.tables import flows
from app.state import Contact, Leavings, Portal, Question, SubscriptionRetention, SubscriptionState
from tests.actions.shop import Shop
from tests.state.page import JONAS, opened, text

EXAMPLE = load_retention_file(Path(__file__).parents[2] / "docs" / "retention-example.yaml")


def file(**changes: Any) -> RetentionFile:
    """The merchant's file with every offer, for everybody."""
    return EXAMPLE.model_copy(update={"hold_out": Decimal(0)} | changes)


def leaving(shop: Shop, options: dict[str, Any] | None = None, **changes: Any) -> Services:
    """The services of a shop whose merchant's file says this."""
    return shop.services(retention_file=file(**changes), **(options or {}))


@dataclass
class Tab:
    """One open page, and the way out that it shows."""

    portal: Portal
    leavings: Leavings
    way: SubscriptionRetention

    @property
    def card(self) -> SubscriptionState:
        return self.way.subscription

    @property
    def question(self) -> Question:
        """The question that carries out what is offered."""
        assert self.way.offer is not None
        assert not isinstance(self.way.offer, Contact)
        return self.way.offer

    @property
    def step(self) -> str:
        """The step that is shown."""
        return self.way.step

    @property
    def words(self) -> str:
        """What the page tells in words."""
        return text(self.portal.notice) if self.portal.notice else ""

    def reason(self, key: str) -> Reason:
        found = self.way.plan.reason(key)
        assert found is not None
        return found

    async def goes_on(self, key: str) -> str:
        """The customer gives a reason, and goes to wherever that leads."""
        await self.way.choose(self.reason(key))
        path = await self.way.go_on()
        await self.way.arrive("offer" if path.endswith(key) else "confirm", key)
        return path

    def close(self) -> None:
        self.leavings.close()
        self.portal.close()


async def tab(services: Services, who: Principal = JONAS, subscription_id: int = 310) -> Tab:
    """A page that has come to the first step."""
    portal = await opened(services, who)
    leavings = Leavings(portal)
    way = leavings.of(Subject("subscription", subscription_id))
    assert isinstance(way, SubscriptionRetention)
    await way.arrive("reason")
    return Tab(portal, leavings, way)


async def settled(page: Tab) -> None:
    """Returns when the page has taken up what the record of its flow tells."""
    task = page.way._catching_up
    while task is not None and not task.done():
        await task
        task = page.way._catching_up


async def recorded(services: Services) -> list[Flow]:
    """All wishes to leave, as they are recorded, the oldest first."""
    async with services.database.read() as connection:
        rows = await connection.execute(select(flows).order_by(flows.c.started_at, flows.c.id))
        return [flow_of(row) for row in rows]


async def status_upstream(shop: Shop, subscription_id: int = 310) -> str:
    """What Recharge itself says."""
    return str((await shop.client.subscriptions.get(subscription_id)).status)

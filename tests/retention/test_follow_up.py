"""Whether what was to be left is still active 30, 60 and 90 days later, on the sandbox."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.actions import Services
from app.database import Database
from app.recharge import (
    LocalBudget,
    Membership,
    MembershipStatus,
    Priority,
    RechargeClient,
    Subscription,
    SubscriptionStatus,
)
from app.retention import Decision, Flows, Incentive, Plan, Subject
from app.retention import follow_up as module
from app.retention.follow_up import FollowUp, membership_was_active, subscription_was_active
from app.retention.tables import flows as flows_table
from app.retention.tables import follow_ups
from tests.actions.shop import Shop, no_wait

LIST = "GET /subscriptions"
COFFEE, TEA = 301, 302
DUE = datetime(2026, 12, 23, 17, tzinfo=UTC)


class World:
    """A shop whose wishes to leave are followed up."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.services: Services = shop.services()
        self.flows: Flows = self.services.flows
        self.follow_up = self.another()

    def another(self) -> FollowUp:
        """As another process has it."""
        return FollowUp(self.shop.database, self.shop.client, self.shop.sandbox.clock.now)

    async def begin(
        self, id: int = COFFEE, kind: str = "subscription", customer_id: int = 101
    ) -> str:
        subject = Subject("membership" if kind == "membership" else "subscription", id)
        flow = await self.flows.open(subject, customer_id=customer_id, region="DE", plan=Plan())
        return flow.id

    async def answers(self, flow_id: str) -> dict[int, bool | None]:
        async with self.shop.database.read() as connection:
            rows = await connection.execute(
                select(follow_ups.c.days, follow_ups.c.is_active).where(
                    follow_ups.c.flow_id == flow_id
                )
            )
            return {row.days: row.is_active for row in rows.all()}

    async def reads(self) -> int:
        """How often subscriptions were asked for since the last time."""
        counted = (await self.shop.counters())["requests"].get(LIST, 0)
        await self.shop.forget_counters()
        return counted


@pytest.fixture
def world(shop: Shop) -> World:
    return World(shop)


async def test_each_answer_is_given_on_its_day(world: World) -> None:
    kept, cancelled, left = await world.begin(301), await world.begin(302), await world.begin(303)
    await world.flows.decide(kept, Decision.SAVED, saved_by=Incentive.SKIP)
    await world.shop.client.subscriptions.cancel(302, cancellation_reason="too much")
    await world.flows.decide(cancelled, Decision.CANCELLED)

    await world.shop.advance(timedelta(days=30, seconds=-1))
    assert await world.follow_up.look() == 0
    await world.shop.advance(timedelta(seconds=1))
    assert await world.follow_up.look() == 3
    assert await world.answers(kept) == {30: True, 60: None, 90: None}
    assert await world.answers(cancelled) == {30: False, 60: None, 90: None}
    assert await world.answers(left) == {30: True, 60: None, 90: None}, "never decided"

    await world.shop.client.subscriptions.cancel(301, cancellation_reason="after all")
    await world.shop.client.subscriptions.activate(302)
    await world.shop.advance(timedelta(days=30))
    assert await world.follow_up.look() == 3
    assert (await world.answers(kept))[60] is False
    assert (await world.answers(cancelled))[60] is True

    await world.shop.client.subscriptions.delete(303)
    await world.shop.advance(timedelta(days=30))
    assert await world.follow_up.look() == 3
    assert await world.answers(left) == {30: True, 60: True, 90: False}, "deleted"
    assert await world.follow_up.look() == 0


async def test_a_late_look_answers_for_the_day_itself(world: World) -> None:
    flow_id = await world.begin()
    await world.shop.advance(timedelta(days=45))
    await world.shop.client.subscriptions.cancel(COFFEE, cancellation_reason="too much")
    await world.shop.advance(timedelta(days=100))
    assert await world.follow_up.look() == 3
    assert await world.answers(flow_id) == {30: True, 60: False, 90: False}


async def test_many_wishes_cost_one_call(world: World) -> None:
    for number in range(20):
        await world.begin(301 + number)
    await world.shop.advance(timedelta(days=31))
    await world.shop.forget_counters()
    assert await world.follow_up.look() == 20
    assert await world.reads() == 1


async def test_more_than_one_batch_is_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 4)
    for number in range(9):
        await world.begin(301 + number)
    await world.shop.advance(timedelta(days=31))
    assert await world.follow_up.look() == 9


async def test_two_processes_share_the_work(world: World) -> None:
    flow_ids = [await world.begin(301 + number) for number in range(3)]
    await world.shop.advance(timedelta(days=31))
    await world.shop.forget_counters()
    both = await asyncio.gather(world.follow_up.look(), world.another().look())
    assert sorted(both) == [0, 3]
    assert await world.reads() == 1
    assert [(await world.answers(flow_id))[30] for flow_id in flow_ids] == [True] * 3


async def test_what_cannot_be_asked_now_is_asked_later(world: World) -> None:
    flow_id = await world.begin()
    await world.shop.advance(timedelta(days=31))
    await world.shop.fault("GET", "/subscriptions", "500", times=50)
    assert await world.follow_up.look() == 0
    assert (await world.answers(flow_id))[30] is None
    await world.shop.no_faults()
    assert await world.follow_up.look() == 0, "left alone for a while"
    await world.shop.advance(module.EVERY)
    assert await world.follow_up.look() == 1
    assert (await world.answers(flow_id))[30] is True


async def test_a_process_that_ended_while_it_looked_holds_nothing_up(world: World) -> None:
    flow_id = await world.begin()
    await world.shop.advance(timedelta(days=31))
    await world.follow_up._take()
    await world.shop.advance(module.EVERY)
    assert await world.another().look() == 1
    assert (await world.answers(flow_id))[30] is True


async def test_what_the_demo_has_made_up_is_not_asked_for(world: World) -> None:
    flow_id = await world.begin()
    async with world.shop.database.begin() as connection:
        await connection.execute(
            update(flows_table).where(flows_table.c.id == flow_id).values(is_made_up=True)
        )
    await world.shop.advance(timedelta(days=31))
    assert await world.follow_up.look() == 0


async def test_memberships_are_followed_up_one_by_one(world: World) -> None:
    mine = await world.shop.client.memberships.list(include_cancelled=True).all()
    running = next(each for each in mine if not each.is_cancelled)
    kept = await world.begin(running.id, "membership", running.customer_id)
    gone = await world.begin(999_999, "membership")
    await world.shop.advance(timedelta(days=30))
    assert await world.follow_up.look() == 2
    assert (await world.answers(kept))[30] is True
    assert (await world.answers(gone))[30] is False


async def test_it_waits_for_everything_else(shop: Shop) -> None:
    budget = LocalBudget(size=100, rate=100)
    client = RechargeClient(
        shop.sandbox.token,
        base_url="http://sandbox/api",
        transport=shop.controls._transport,
        budget=budget,
        sleep=no_wait,
    )
    flows = Flows(shop.database, shop.sandbox.clock.now)
    await flows.open(Subject("subscription", COFFEE), customer_id=101, region="", plan=Plan())
    await shop.advance(timedelta(days=30))
    assert await FollowUp(shop.database, client, shop.sandbox.clock.now).look() == 1
    granted = budget.stats().granted
    assert {each for each, count in granted.items() if count} == {Priority.SYNC}


async def test_the_service_looks_by_itself_and_stops_when_it_closes(shop: Shop) -> None:
    world = World(shop)
    flow_id = await world.begin()
    await shop.advance(timedelta(days=30))
    await world.services.start()
    while (await world.answers(flow_id))[30] is None:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await world.services.close()
    assert not world.services.tasks._background


async def test_on_postgresql_as_well(shop: Shop, database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    clock = shop.sandbox.clock.now
    flows = Flows(database, clock)
    flow = await flows.open(
        Subject("subscription", COFFEE), customer_id=101, region="", plan=Plan()
    )
    await shop.advance(timedelta(days=60))
    both = (FollowUp(database, shop.client, clock), FollowUp(database, shop.client, clock))
    assert sum(await asyncio.gather(*(each.look() for each in both))) == 2
    async with database.read() as connection:
        rows = await connection.execute(select(follow_ups.c.flow_id, follow_ups.c.is_active))
        assert sorted(rows.all(), key=str) == [
            (flow.id, None),
            (flow.id, True),
            (flow.id, True),
        ]
    await database.close()


@pytest.mark.parametrize(
    ("status", "cancelled_after", "was_active"),
    [
        ("active", None, True),
        ("active", -1, True),
        ("cancelled", 1, True),
        ("cancelled", 0, False),
        ("cancelled", -1, False),
        ("cancelled", None, False),
        ("expired", None, False),
        ("something new", None, None),
    ],
)
def test_subscription_at_a_moment(
    status: str, cancelled_after: int | None, was_active: bool | None
) -> None:
    subscription = Subscription(
        id=1,
        address_id=2,
        customer_id=3,
        status=SubscriptionStatus(status),
        cancelled_at=None
        if cancelled_after is None
        else DUE + timedelta(microseconds=cancelled_after),
    )
    assert subscription_was_active(subscription, DUE) is was_active


@pytest.mark.parametrize(
    ("status", "cancelled_after", "was_active"),
    [
        ("active", None, True),
        ("active", 1, True),
        ("active", 0, False),
        ("inactive", None, False),
        ("something new", None, None),
    ],
)
def test_membership_at_a_moment(
    status: str, cancelled_after: int | None, was_active: bool | None
) -> None:
    membership = Membership(
        id=1,
        customer_id=3,
        status=MembershipStatus(status),
        cancelled_at=None
        if cancelled_after is None
        else DUE + timedelta(microseconds=cancelled_after),
    )
    assert membership_was_active(membership, DUE) is was_active

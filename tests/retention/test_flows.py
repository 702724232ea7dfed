"""The record of wishes to leave: on SQLite and on PostgreSQL, in two tabs and two processes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

import app
from app.database import Database
from app.retention import Decision, Flows, Group, Incentive, Plan, Press, Reason, Subject
from app.retention.flow import group_of
from app.retention.presses import not_taken_up, taken_up
from app.retention.tables import follow_ups
from tests.auth.world import JONAS, MARA, StandingClock

COFFEE = Subject("subscription", 301)
TEA = Subject("subscription", 302)
PLAN = Plan()
TOO_MUCH = Reason("too-much", {"": "I have too much", "de": "Ich habe zu viel"})


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    found = Database(database_url)
    await found.upgrade()
    yield found
    await found.close()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def flows(database: Database, clock: StandingClock) -> Flows:
    return Flows(database, clock)


async def begin(flows: Flows, subject: Subject = COFFEE, customer_id: int = MARA) -> str:
    flow = await flows.open(subject, customer_id=customer_id, region="DE", plan=PLAN)
    return flow.id


async def test_a_wish_is_kept_from_its_beginning_to_its_end(
    flows: Flows, clock: StandingClock
) -> None:
    opened = await flows.open(
        COFFEE, customer_id=MARA, region="US-CA", plan=PLAN, may_offer=True, door="portal"
    )
    began = clock.now
    await flows.press(opened.id)
    await flows.give_reason(opened.id, TOO_MUCH, "The cupboard is full.")
    clock.move(seconds=20)
    await flows.show_offer(opened.id, Incentive.SKIP)
    offered = clock.now
    clock.move(seconds=5)
    await flows.show_offer(opened.id, Incentive.PAUSE)
    await flows.press(opened.id)
    clock.move(seconds=5)
    await flows.decide(opened.id, Decision.CANCELLED, activity_id="a" * 32)

    found = await flows.latest(COFFEE, customer_id=MARA)
    assert found == replace(
        opened,
        reason="too-much",
        reason_text="I have too much",
        comments="The cupboard is full.",
        offer=Incentive.PAUSE,
        offered_at=offered,
        decision=Decision.CANCELLED,
        decided_at=began + timedelta(seconds=30),
        activity_id="a" * 32,
        presses=3,
    )
    assert found == await flows.find(opened.id)
    assert opened.region == "US-CA"
    assert opened.group is Group.OFFERS
    assert opened.may_offer


async def test_coming_back_within_a_day_goes_on_with_the_same_wish(
    flows: Flows, clock: StandingClock
) -> None:
    first = await begin(flows)
    clock.move(hours=23, minutes=59)
    assert await begin(flows) == first
    clock.move(minutes=1)
    second = await begin(flows)
    assert second != first
    assert await begin(flows) == second
    latest = await flows.latest(COFFEE, customer_id=MARA)
    assert latest is not None
    assert latest.id == second


async def test_a_wish_that_is_decided_is_over(flows: Flows, clock: StandingClock) -> None:
    first = await begin(flows)
    await flows.decide(first, Decision.SAVED, saved_by=Incentive.SKIP, activity_id="b" * 32)
    second = await begin(flows)
    assert second != first
    latest = await flows.latest(COFFEE, customer_id=MARA)
    assert latest is not None
    assert latest.id == second, "of two that began in one moment, the open one"


async def test_each_subject_customer_and_door_has_its_own(flows: Flows) -> None:
    hers, tea = await begin(flows), await begin(flows, TEA)
    his = await begin(flows, COFFEE, JONAS)
    membership = await begin(flows, Subject("membership", 301))
    by_mail = await flows.open(COFFEE, customer_id=MARA, region="DE", plan=PLAN, door="mail")
    assert len({hers, tea, his, membership, by_mail.id}) == 5
    assert not by_mail.may_offer, "by mail nothing is ever offered"


async def test_another_shop_sees_nothing_of_it(database: Database, clock: StandingClock) -> None:
    one, other = Flows(database, clock, "one"), Flows(database, clock, "other")
    flow_id = await begin(one)
    assert await other.find(flow_id) is None
    assert await other.latest(COFFEE, customer_id=MARA) is None
    await other.decide(flow_id, Decision.CANCELLED)
    found = await one.find(flow_id)
    assert found is not None
    assert found.decision is None


async def test_what_is_cancelled_stays_so_and_what_is_saved_can_be_cancelled(
    flows: Flows, clock: StandingClock
) -> None:
    flow_id = await begin(flows)
    await flows.decide(flow_id, Decision.SAVED, saved_by=Incentive.SKIP, activity_id="b" * 32)
    await flows.press(flow_id)
    clock.move(minutes=1)
    await flows.decide(flow_id, Decision.SAVED, saved_by=Incentive.PAUSE)
    found = await flows.find(flow_id)
    assert found is not None
    assert (found.saved_by, found.activity_id, found.presses) == (Incentive.SKIP, "b" * 32, 2)

    await flows.decide(flow_id, Decision.CANCELLED, activity_id="c" * 32)
    cancelled = await flows.find(flow_id)
    assert cancelled is not None
    assert (cancelled.decision, cancelled.saved_by) == (Decision.CANCELLED, None)
    assert cancelled.decided_at == clock.now

    clock.move(minutes=1)
    await flows.decide(flow_id, Decision.SAVED, saved_by=Incentive.SKIP)
    await flows.decide(flow_id, Decision.CANCELLED, activity_id="d" * 32)
    await flows.give_reason(flow_id, TOO_MUCH, "late")
    await flows.show_offer(flow_id, Incentive.SKIP)
    await flows.press(flow_id)
    assert await flows.find(flow_id) == cancelled


async def test_two_tabs_and_two_processes_begin_one_wish(
    database_url: str, clock: StandingClock
) -> None:
    pools = [Database(database_url), Database(database_url)]
    await pools[0].upgrade()
    both = [Flows(pool, clock) for pool in pools]
    ids = await asyncio.gather(*(begin(flows) for flows in both * 5))
    assert len(set(ids)) == 1
    async with pools[0].read() as connection:
        rows = (await connection.execute(select(follow_ups.c.days, follow_ups.c.due_at))).all()
    assert sorted((row.days, row.due_at - clock.now) for row in rows) == [
        (days, timedelta(days=days)) for days in (30, 60, 90)
    ]
    for pool in pools:
        await pool.close()


# Discounts


async def test_the_last_discount_is_taken_once(database_url: str, clock: StandingClock) -> None:
    pools = [Database(database_url), Database(database_url)]
    await pools[0].upgrade()
    both = [Flows(pool, clock) for pool in pools]
    plan = Plan(discount_times=2)
    wishes = [await begin(both[0], Subject("subscription", number)) for number in range(8)]
    taken = await asyncio.gather(
        *(both[number % 2].take_discount(MARA, wish, plan) for number, wish in enumerate(wishes))
    )
    assert sorted(taken) == [False] * 6 + [True] * 2
    assert not await both[0].can_take_discount(MARA, plan)
    assert await both[0].can_take_discount(JONAS, plan)
    for pool in pools:
        await pool.close()


async def test_two_tabs_of_one_wish_take_one_discount(
    database_url: str, clock: StandingClock
) -> None:
    pools = [Database(database_url), Database(database_url)]
    await pools[0].upgrade()
    both = [Flows(pool, clock) for pool in pools]
    plan = Plan(discount_times=3)
    wish = await begin(both[0])
    taken = await asyncio.gather(*(flows.take_discount(MARA, wish, plan) for flows in both * 3))
    assert sorted(taken) == [False] * 5 + [True]
    for pool in pools:
        await pool.close()


async def test_a_discount_comes_back_when_its_time_is_over(
    flows: Flows, clock: StandingClock
) -> None:
    plan = Plan(discount_times=1, discount_days=30)
    first, second = await begin(flows), await begin(flows, TEA)
    assert await flows.take_discount(MARA, first, plan)
    await flows.decide(first, Decision.SAVED, saved_by=Incentive.DISCOUNT)
    clock.move(days=30, seconds=-1)
    assert not await flows.can_take_discount(MARA, plan)
    assert not await flows.take_discount(MARA, second, plan)
    clock.move(seconds=1)
    assert await flows.can_take_discount(MARA, plan)
    assert await flows.take_discount(MARA, second, plan)


async def test_a_discount_that_could_not_be_applied_counts_no_more(flows: Flows) -> None:
    first, second = await begin(flows), await begin(flows, TEA)
    assert await flows.take_discount(MARA, first, PLAN)
    await flows.give_back_discount(first)
    assert await flows.can_take_discount(MARA, PLAN)
    assert await flows.take_discount(MARA, second, PLAN)
    await flows.decide(second, Decision.SAVED, saved_by=Incentive.DISCOUNT)
    await flows.give_back_discount(second)
    assert not await flows.can_take_discount(MARA, PLAN), "this one was applied"


async def test_a_press_decides_no_wish_of_anybody_else(flows: Flows, database: Database) -> None:
    wish = await begin(flows)
    assert await flows.take_discount(MARA, wish, PLAN)
    press, now = Press(wish, Incentive.DISCOUNT), datetime(2026, 11, 23, tzinfo=UTC)
    for shop, customer_id in (("default", JONAS), ("another", MARA)):
        async with database.begin() as connection:
            await taken_up(
                connection,
                press,
                shop=shop,
                customer_id=customer_id,
                activity_id="b" * 32,
                now=now,
            )
            await not_taken_up(connection, press, shop=shop, customer_id=customer_id)
    found = await flows.find(wish)
    assert found is not None
    assert (found.decision, found.activity_id) == (None, None)
    assert not await flows.can_take_discount(MARA, PLAN)
    async with database.begin() as connection:
        await not_taken_up(connection, press, shop="default", customer_id=MARA)
    assert await flows.can_take_discount(MARA, PLAN)


async def test_a_claim_that_a_process_left_behind_is_taken_up_by_its_wish(
    flows: Flows, clock: StandingClock
) -> None:
    wish, other = await begin(flows), await begin(flows, TEA)
    assert await flows.take_discount(MARA, wish, PLAN)
    clock.move(minutes=9)
    assert not await flows.take_discount(MARA, wish, PLAN), "it may be under way"
    clock.move(minutes=1)
    assert not await flows.take_discount(MARA, other, PLAN)
    assert await flows.take_discount(MARA, wish, PLAN)
    await flows.decide(wish, Decision.SAVED, saved_by=Incentive.DISCOUNT)
    clock.move(minutes=10)
    assert not await flows.take_discount(MARA, wish, PLAN)


@pytest.mark.parametrize("times", [0, 1])
async def test_fewer_discounts_than_were_taken_leave_none(flows: Flows, times: int) -> None:
    wishes = [await begin(flows, Subject("subscription", number)) for number in range(4)]
    for wish in wishes[:2]:
        assert await flows.take_discount(MARA, wish, Plan(discount_times=2))
    await flows.give_back_discount(wishes[0])
    plan = Plan(discount_times=times)
    assert not await flows.can_take_discount(MARA, plan)
    assert not await flows.take_discount(MARA, wishes[2], plan)


async def test_a_restart_forgets_nothing(database_url: str, clock: StandingClock) -> None:
    before = Database(database_url)
    await before.upgrade()
    wish = await begin(Flows(before, clock))
    assert await Flows(before, clock).take_discount(MARA, wish, PLAN)
    await before.close()

    program = (
        "import asyncio, sys\n"
        "from datetime import datetime\n"
        "from app.database import Database\n"
        "from app.retention import Flows, Plan, Subject\n"
        "async def main():\n"
        "    now = datetime.fromisoformat(sys.argv[2])\n"
        "    database = Database(sys.argv[1])\n"
        "    flows = Flows(database, lambda: now)\n"
        "    flow = await flows.open(\n"
        "        Subject('subscription', 301), customer_id=101, region='DE', plan=Plan()\n"
        "    )\n"
        "    sys.stdout.write(f'{flow.id} {await flows.can_take_discount(101, Plan())}')\n"
        "    await database.close()\n"
        "asyncio.run(main())\n"
    )
    later = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program,
        database_url,
        clock.now.isoformat(),
        cwd=Path(app.__file__).parent.parent,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await later.communicate()
    assert output.decode() == f"{wish} False"


# Groups


@given(
    customers=st.lists(st.integers(1, 2**63 - 1), max_size=30),
    shares=st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted),
)
def test_who_is_held_out_stays_so_when_more_are(customers: list[int], shares: list[int]) -> None:
    few, many = (Decimal(share) / 100 for share in shares)
    inside = {one for one in customers if group_of("shop", one, few) is Group.HOLD_OUT}
    more = {one for one in customers if group_of("shop", one, many) is Group.HOLD_OUT}
    assert inside <= more
    assert few or not inside


def test_the_groups_are_as_great_as_was_asked() -> None:
    for share in (Decimal("0.05"), Decimal("0.2"), Decimal("0.5")):
        held = sum(group_of("a", one, share) is Group.HOLD_OUT for one in range(20_000))
        assert abs(held / 20_000 - float(share)) < 0.01
    both = [(group_of("a", one, share), group_of("b", one, share)) for one in range(2_000)]
    assert len(set(both)) == 4, "two shops draw independently"

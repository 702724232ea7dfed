"""The small parts: rate, locks, tasks, and answers that survive as JSON."""

from __future__ import annotations

import asyncio
import gc
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.actions import Action, Change, Effect, Outcome, PutBackDelivery, SkipDelivery, TooMany
from app.actions.base import action_from
from app.actions.effect import Shown, changed_since, revision_of
from app.actions.locks import Locks
from app.actions.rate import WriteRate
from app.actions.tasks import Tasks
from app.actions.wire import outcome_from_json, outcome_to_json
from app.i18n import Money, Texts, Value, say, say_many


def test_the_rate_counts_each_customer_over_a_minute() -> None:
    now = 0.0
    rate = WriteRate(2, lambda: now)
    rate.take(101)
    now = 30.0
    rate.take(101)
    rate.take(102)

    now = 59.0
    with pytest.raises(TooMany) as refused:
        rate.take(101)
    assert refused.value.retry_after == 1.0
    now = 60.0
    rate.take(101)


async def test_one_lock_per_name_as_long_as_it_is_needed() -> None:
    locks = Locks()
    order: list[str] = []

    async def write(name: str, moments: int) -> None:
        async with locks.of(101, "address 201"):
            order.append(f"{name} begins")
            for _ in range(moments):
                await asyncio.sleep(0)
            order.append(f"{name} ends")

    await asyncio.gather(write("first", 5), write("second", 1))

    assert order == ["first begins", "first ends", "second begins", "second ends"]
    gc.collect()
    assert not len(locks)


async def test_close_lets_a_write_finish_and_cancels_the_rest() -> None:
    tasks = Tasks()
    go_on = asyncio.Event()
    done: list[str] = []

    async def write() -> None:
        await go_on.wait()
        done.append("written")

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            done.append("cancelled")

    writing = asyncio.create_task(tasks.finish(write()))
    tasks.start(wait(), "wait")
    await asyncio.sleep(0)
    writing.cancel()  # the page is gone
    await asyncio.sleep(0)
    go_on.set()
    await tasks.close()
    tasks.start(wait(), "too late")

    assert done == ["written", "cancelled"]


def test_an_outcome_is_the_same_after_a_restart() -> None:
    until = datetime(2026, 11, 28, 23, 59, tzinfo=ZoneInfo("America/New_York"))
    items: list[Value] = [say("{quantity} × {title}", quantity=2, title="Tea"), "Cup"]
    effect = Effect(
        question=say("Skip your delivery of {date}?", date=date(2026, 11, 29)),
        confirm=say("Skip"),
        done=say("Changes end {until}.", until=until),
        changes=(
            Change("charge", say("{a}", a=Money(Decimal("1.50"), "EUR")), Decimal("0.5"), None),
            Change("items", say("Not {items}.", items=items), items, date(2026, 12, 1)),
        ),
        stays=(say_many("{count} more", "{count} more of them", 3),),
        amount=Money(Decimal("22.00"), "USD"),
    )
    outcome = Outcome(
        effect=effect,
        notice=effect.done,
        activity_id="a" * 32,
        undo_until=datetime(2026, 11, 23, 17, tzinfo=UTC),
        is_confirmed=True,
        differences=(say("But."),),
    )

    back = outcome_from_json(json.loads(json.dumps(outcome_to_json(outcome))))

    assert back == outcome
    words = Texts("en")
    assert words.render(back.notice) == words.render(outcome.notice)


@pytest.mark.parametrize(
    "action",
    [
        SkipDelivery(address_id=201, date=date(2026, 12, 2)),
        PutBackDelivery(address_id=201, date=date(2026, 12, 2), purchase_item_ids=(301, 302)),
    ],
)
def test_an_action_is_the_same_after_a_restart(action: Action) -> None:
    document = json.loads(json.dumps(action.model_dump(mode="json")))

    assert action_from(action.name, document) == action
    with pytest.raises(LookupError):
        action_from("dance", document)


def test_a_revision_names_what_has_changed() -> None:
    seen = revision_of([Shown("total", "22", say("")), Shown("items", "tea", say(""))])
    now = (Shown("total", "24", say("It costs 24.")), Shown("items", "tea", say("Tea.")))

    assert [str(message) for message in changed_since(seen, now)] == ["It costs 24."]
    assert changed_since(revision_of(now), now) == ()
    assert len(changed_since("nonsense", now)) == 2

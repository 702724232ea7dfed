"""Work that is shared, and work that nobody waits for."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from app.mirror.tasks import PAUSE_SECONDS, Tasks, together
from app.recharge import UpstreamFailed


async def test_callers_who_come_meanwhile_share_the_work() -> None:
    tasks, gate, runs = Tasks(), asyncio.Event(), []

    async def work() -> str:
        runs.append("run")
        await gate.wait()
        return "answer"

    callers = [asyncio.create_task(tasks.once("key", work)) for _ in range(3)]
    await asyncio.sleep(0)
    callers[0].cancel()  # one page is closed: the others are not left without an answer
    gate.set()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert outcomes[1:] == ["answer", "answer"]
    assert runs == ["run"]
    assert await tasks.once("key", work) == "answer"
    assert runs == ["run", "run"]


async def test_a_shared_failure_reaches_all_and_is_not_kept() -> None:
    tasks = Tasks()

    async def fail() -> None:
        raise UpstreamFailed("down")

    async def work() -> int:
        return 1

    outcomes = await asyncio.gather(
        tasks.once("key", fail), tasks.once("key", fail), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [UpstreamFailed, UpstreamFailed]
    assert await tasks.once("key", work) == 1


async def test_background_work_runs_once_at_a_time_and_rests_after_a_failure() -> None:
    now = 0.0
    tasks, runs = Tasks(monotonic=lambda: now), []

    async def fail() -> None:
        runs.append("run")
        raise UpstreamFailed("down")

    with structlog.testing.capture_logs() as lines:
        tasks.start("key", fail)
        tasks.start("key", fail)
        await tasks.settled()
        tasks.start("key", fail)
        await tasks.settled()
        assert runs == ["run"]
        now += PAUSE_SECONDS
        tasks.start("key", fail)
        await tasks.settled()
    assert runs == ["run", "run"]
    assert [line["log_level"] for line in lines] == ["warning", "warning"]


async def test_a_mistake_in_the_background_is_logged_with_its_trace() -> None:
    tasks = Tasks()

    async def fail() -> None:
        raise ZeroDivisionError

    with structlog.testing.capture_logs() as lines:
        tasks.start("key", fail)
        await tasks.settled()
    assert [(line["log_level"], line["exc_info"]) for line in lines] == [("error", True)]


async def test_closing_stops_all_work() -> None:
    tasks, stopped = Tasks(), []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append("stopped")

    tasks.start("key", work)
    caller = asyncio.create_task(tasks.once("other", work))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await tasks.close()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert stopped == ["stopped", "stopped"]


async def test_the_first_failure_stops_the_calls_beside_it() -> None:
    stopped = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async def fail() -> None:
        raise UpstreamFailed("down")

    with pytest.raises(UpstreamFailed, match="down"):
        await together(wait(), fail())
    assert stopped.is_set()

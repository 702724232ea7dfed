"""Equal reads at the same time become one call."""

from __future__ import annotations

import asyncio
import gc

import pytest

from app.recharge.single_flight import SingleFlight


class Upstream:
    """Answers when it is let go."""

    def __init__(self) -> None:
        self.calls = 0
        self.cancelled = 0
        self.go = asyncio.Event()

    async def read(self) -> int:
        self.calls += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            await self.go.wait()  # closing the connection takes a moment
            raise
        return self.calls


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_cancelled_leader_does_not_cancel_the_followers() -> None:
    flights, upstream = SingleFlight(), Upstream()
    leader, *followers = (asyncio.create_task(flights.run("a", upstream.read)) for _ in range(3))
    await settle()
    leader.cancel()
    await settle()
    upstream.go.set()
    assert await asyncio.gather(*followers) == [1, 1]
    assert (upstream.calls, upstream.cancelled, leader.cancelled()) == (1, 0, True)


async def test_when_all_readers_have_left_the_call_ends_and_the_next_one_starts_afresh() -> None:
    flights, upstream = SingleFlight(), Upstream()
    readers = [asyncio.create_task(flights.run("a", upstream.read)) for _ in range(2)]
    await settle()
    for reader in readers:
        reader.cancel()
    await asyncio.wait(readers)
    afresh = asyncio.create_task(flights.run("a", upstream.read))
    await settle()
    upstream.go.set()
    assert await afresh == 2
    assert upstream.cancelled == 1


async def test_an_error_is_shared_and_not_kept() -> None:
    flights = SingleFlight()
    calls = 0

    async def fail_once() -> str:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0)
        if calls == 1:
            raise LookupError("gone")
        return "there"

    answers = await asyncio.gather(
        *(flights.run("a", fail_once) for _ in range(3)), return_exceptions=True
    )
    assert [str(answer) for answer in answers] == ["gone"] * 3
    assert await flights.run("a", fail_once) == "there"


async def test_each_key_has_its_own_call() -> None:
    flights, upstream = SingleFlight(), Upstream()
    upstream.go.set()
    await asyncio.gather(*(flights.run(key, upstream.read) for key in ("a", "b", "a")))
    assert (upstream.calls, flights.coalesced) == (2, 1)


async def test_an_error_that_nobody_waits_for_any_more_is_not_reported_as_lost() -> None:
    flights, go = SingleFlight(), asyncio.Event()

    async def fail_when_cancelled() -> None:
        try:
            await go.wait()
        except asyncio.CancelledError:
            raise LookupError("on the way out") from None

    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    reader = asyncio.create_task(flights.run("a", fail_when_cancelled))
    await settle()
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    del reader
    await settle()
    gc.collect()
    assert reported == []

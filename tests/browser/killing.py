"""A service that is killed in the middle of something, and started again on the same files."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.browser.service import Service, running_service

LONG = 300.0
"""Seconds that a call is held up: longer than any test."""


class Killable:
    """The demo on the files in a folder, in one process after the other. Tests may share it: what
    one leaves behind is a running service, and customers that no other test asks for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = ExitStack()
        self.service = self._started()

    def _started(self) -> Service:
        service = self._running.enter_context(running_service(self._folder))
        service.sandbox.put("/_sandbox/settings", json={"bucket": False}).raise_for_status()
        service.forget_counters()
        return service

    def kill(self) -> None:
        """End the process at once, as a power cut would. The shop's clock is put on first, so that
        the next process may take up at once what this one has left."""
        ahead = {"advance_seconds": 120}
        self.service.sandbox.put("/_sandbox/clock", json=ahead).raise_for_status()
        os.kill(self.service.pid, signal.SIGKILL)

    def kill_during(self, request: Callable[[], object], route: str, times: int = 1) -> None:
        """End the process while this request waits for the shop to answer the so many-th call of a
        route."""

        def ask() -> None:
            try:
                request()
            except httpx.HTTPError:
                return  # the process is gone

        waiting = threading.Thread(target=ask)
        waiting.start()
        self.has_received(route, times)
        self.kill()
        waiting.join()

    def start_again(self) -> Service:
        """A new process, at another address, which finds what the last one has left."""
        self._running.close()
        self.service = self._started()
        return self.service

    def close(self) -> None:
        """End the process that runs, if one does."""
        self._running.close()

    def hold_up(self, route: str, *, is_executed: bool, after: int = 0) -> None:
        """The shop will not answer such a call, after the first so many of them: it is executed,
        or it is not."""
        method, path = route.split()
        fault = {
            "kind": "delay",
            "method": method,
            "path": path.replace("{id}", "*"),
            "seconds": LONG,
            "executes": is_executed,
            "after": after,
        }
        self.service.sandbox.post("/_sandbox/faults", json=fault).raise_for_status()

    def has_received(self, route: str, times: int = 1) -> None:
        """Returns when so many calls of a route have come in at the shop."""

        def is_there() -> bool:
            counters = self.service.sandbox.get("/_sandbox/counters").json()
            return int(counters["requests"].get(route, 0)) >= times

        eventually(is_there, f"{times} × {route}")


@contextmanager
def killable(folder: Path) -> Iterator[Killable]:
    """A service that may be killed; whatever runs in the end is ended."""
    made = Killable(folder)
    try:
        yield made
    finally:
        made.close()


def eventually(is_so: Callable[[], bool], what: str, *, seconds: float = 30.0) -> None:
    """Returns as soon as it is so.

    Raises:
        AssertionError: it has not become so in time.
    """
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"not in {seconds:.0f} s: {what}"
        time.sleep(0.05)

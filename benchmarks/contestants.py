"""The two services that are compared, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]

from benchmarks.visits import cpu_seconds
from tests.browser.service import ROOT, running_service

MOST_PAGES = "1000"
"""More open pages than any run makes: the cap is not what is measured."""


@dataclass(frozen=True)
class Contestant:
    """A running service with a sandbox under ``/sandbox``."""

    name: str
    address: str
    sign_in: str
    """Where a browser is signed in as the customer."""
    process: psutil.Process

    def upstream_calls(self) -> int:
        """Calls to Recharge since the service has started."""
        answer = httpx.get(f"{self.address}/sandbox/_sandbox/counters", trust_env=False)
        answer.raise_for_status()
        return sum(answer.json()["requests"].values())

    def cpu_seconds(self) -> float:
        """Processor time that the service has used since it has started."""
        return cpu_seconds(self.process.pid)

    def memory_bytes(self) -> int:
        """Memory that the service holds."""
        return int(self.process.memory_info().rss)


@contextmanager
def contestants(customer_id: int, folder: Path) -> Iterator[tuple[Contestant, Contestant]]:
    """Starts Doorstep and the plain page, with their files in `folder`, and stops them after.

    Raises:
        AssertionError: one of them does not start; the text holds what it printed.
    """
    with ExitStack() as running:
        limits = {"DOORSTEP_PAGES_PER_SESSION": MOST_PAGES, "DOORSTEP_PAGES_IN_ALL": MOST_PAGES}
        service = running.enter_context(running_service(folder, **limits))
        doorstep = Contestant(
            "Doorstep",
            service.address,
            service.sign_in_link(customer_id),
            psutil.Process(service.pid),
        )
        yield doorstep, running.enter_context(plain_page(customer_id, folder))


@contextmanager
def plain_page(customer_id: int, folder: Path) -> Iterator[Contestant]:
    """Starts the plain page in `folder`, and stops it after.

    Raises:
        AssertionError: it does not start; the text holds what it printed.
    """
    log = folder / "plain.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.plain", "--customer", str(customer_id)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        if not address:
            raise AssertionError(f"The plain page did not start.\n{log.read_text()}")
        yield Contestant("plain HTML", address, address, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.communicate(timeout=20)

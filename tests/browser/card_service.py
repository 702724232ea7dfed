"""Adding a card over HTTP, as a browser does it, in a service that may be killed at any moment."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx

from tests.browser.service import Service

ADD = "/payment-methods/add"
GOOD = {"number": "4242 4242 4242 4242", "expiry": "12/34", "code": "737", "holder": "Anna Vogel"}
LONG = 300.0
"""Seconds that a call is held up: longer than any test."""


class Browser:
    """A customer's browser, signed in."""

    def __init__(self, service: Service, customer_id: int) -> None:
        self.service = service
        self.customer_id = customer_id
        self.http = httpx.Client(
            base_url=service.address, headers={"Sec-Fetch-Site": "same-origin"}, timeout=20
        )
        assert self.http.get(f"/demo/sign-in/{customer_id}").status_code == 303

    def begin(self, *address_ids: int) -> str:
        """Choose what the card is for. Gives the address of the page with the form."""
        fields = {f"address-{id}": "1" for id in address_ids}
        answer = self.http.post(ADD, data={**fields, "form": self.form_token(ADD)})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def type_card(self, page: str, **typed: str) -> httpx.Response:
        """Fill in the processor's form, on its own origin. Gives its answer, which leads back."""
        [frame] = re.findall(r'<iframe[^>]* src="([^"]+)"', self.http.get(page).text)
        answer = httpx.post(unescape(frame), data={**GOOD, **typed})
        assert answer.status_code == 303, answer.text
        return answer

    def form_token(self, page: str) -> str:
        found = re.findall(r'name="form" value="([0-9a-f]{64})"', self.http.get(page).text)
        return str(found[0])

    def read(self, page: str) -> str:
        """What a page says, without its marks."""
        text = re.sub(r"<[^>]+>", " ", self.http.get(page).text)
        return " ".join(unescape(text).split())

    def come_back(self, page: str) -> httpx.Response:
        """What the processor's redirect does."""
        return self.http.get(f"{page}/done")

    def go_on(self, page: str) -> httpx.Response:
        return self.http.post(page, data={"form": self.form_token(page)})

    def added(self) -> list[dict[str, Any]]:
        """The cards that the form gave out and that are in the account."""
        answer = self.service.sandbox.get(
            "/payment_methods", params={"customer_id": self.customer_id}
        )
        return [
            one
            for one in answer.json()["payment_methods"]
            if str(one["processor_payment_method_token"]).startswith("pm_sandbox_")
        ]

    def pays(self) -> dict[int, int]:
        """What pays for each address."""
        answer = self.service.sandbox.get("/addresses", params={"customer_id": self.customer_id})
        return {one["id"]: one["payment_method_id"] for one in answer.json()["addresses"]}

    def close(self) -> None:
        self.http.close()


def hold_up(service: Service, method: str, path: str, *, is_executed: bool, after: int = 0) -> None:
    """The shop will not answer such a call: it is executed, or it is not."""
    fault = {
        "kind": "delay",
        "method": method,
        "path": path,
        "seconds": LONG,
        "executes": is_executed,
        "after": after,
    }
    service.sandbox.post("/_sandbox/faults", json=fault).raise_for_status()


def received(service: Service, route: str, times: int = 1) -> None:
    """Returns when so many calls of a route have come in."""

    def is_there() -> bool:
        counters = service.sandbox.get("/_sandbox/counters").json()
        return int(counters["requests"].get(route, 0)) >= times

    eventually(is_there, f"{times} × {route}")


def eventually(is_so: Callable[[], bool], what: str, *, seconds: float = 30.0) -> None:
    """Returns as soon as it is so.

    Raises:
        AssertionError: it has not become so in time.
    """
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"not in {seconds:.0f} s: {what}"
        time.sleep(0.05)


def kill_during(service: Service, request: Callable[[], object], route: str, times: int) -> None:
    """End the process, as a power cut would, while this request waits for the shop."""

    def ask() -> None:
        try:
            request()
        except httpx.HTTPError:
            return  # the process is gone

    waiting = threading.Thread(target=ask)
    waiting.start()
    received(service, route, times)
    kill(service)
    waiting.join()


def kill(service: Service) -> None:
    """End the process at once. The shop's clock is put on first, so that the next process may take
    up at once what this one has left."""
    ahead = {"advance_seconds": 120}
    service.sandbox.put("/_sandbox/clock", json=ahead).raise_for_status()
    os.kill(service.pid, signal.SIGKILL)

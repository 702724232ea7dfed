"""localstripe in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from tests.servers import ATTEMPTS, START_SECONDS, STOP_SECONDS, free_port

ROOT = Path(__file__).parent.parent.parent
SECRET_KEY = SecretStr("sk_test_localstripe")


@dataclass(frozen=True)
class LocalStripe:
    """A running localstripe, and a back door into it."""

    address: str
    api: httpx.Client

    def get(self, path: str) -> dict[str, Any]:
        """An object as it is kept there."""
        answer = self.api.get(path)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def post(self, path: str, **body: Any) -> httpx.Response:
        """Change something there, as a browser or another program would."""
        return self.api.post(path, json=body)

    def confirm(self, intent_id: str, number: str) -> httpx.Response:
        """Confirm an attempt with a card, as Stripe.js does once its fields are filled in."""
        card = {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123"}
        method = {"type": "card", "card": card}
        return self.post(f"/v1/setup_intents/{intent_id}/confirm", payment_method_data=method)


@contextmanager
def running_stripe() -> Iterator[LocalStripe]:
    """Starts localstripe on a free port of the loopback, and stops it after.

    Raises:
        RuntimeError: it does not start; the text holds what it printed.
    """
    for _ in range(ATTEMPTS):
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.stripe_stand", str(port)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            if _answers(process, address):
                headers = {"Authorization": f"Bearer {SECRET_KEY.get_secret_value()}"}
                with httpx.Client(base_url=address, headers=headers, timeout=20) as api:
                    yield LocalStripe(address, api)
                return
        finally:
            process.terminate()
            _, printed = process.communicate(timeout=STOP_SECONDS)
    raise RuntimeError(f"localstripe does not start: {printed[-2000:]}")


def _answers(process: subprocess.Popen[str], address: str) -> bool:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            httpx.get(f"{address}/js.stripe.com/v3/", timeout=5)
        except httpx.HTTPError:
            time.sleep(0.02)
        else:
            return True
    return False

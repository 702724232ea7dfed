"""An identity provider that no one here wrote, in a process of its own: oidc-provider-mock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from tests.servers import ATTEMPTS, START_SECONDS, STOP_SECONDS, free_port


@dataclass(frozen=True)
class MockProvider:
    """A running provider. It lets in any client, and anybody who says who they are."""

    issuer: str

    def settings(self, label: str = "Harbor ID", **more: Any) -> dict[str, Any]:
        """What stands in the settings for it."""
        return {
            "issuer": self.issuer,
            "client_id": "doorstep",
            "client_secret": "a secret of ours",
            "label": label,
        } | more

    def know(self, subject: str, **claims: Any) -> None:
        """Make somebody's account."""
        address = f"{self.issuer}/users/{quote(subject, safe='')}"
        httpx.put(address, json=claims, trust_env=False).raise_for_status()

    def press(self, address: str, subject: str = "", **form: str) -> str:
        """Somebody answers at the page there: the address that the browser is sent back to."""
        fields: Mapping[str, str] = {"sub": subject} if subject else form
        answer = httpx.post(address, data=fields, trust_env=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


@contextmanager
def running_mock() -> Iterator[MockProvider]:
    """Starts a provider on a free port of the loopback, and stops it after.

    Raises:
        RuntimeError: it does not start.
    """
    process = None
    for _ in range(ATTEMPTS):
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"],
            env={**os.environ, "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        issuer = f"http://127.0.0.1:{port}"
        if _is_ready(process, issuer):
            break
        _stop(process)
    else:
        raise RuntimeError("oidc-provider-mock does not start")
    try:
        yield MockProvider(issuer)
    finally:
        _stop(process)


def _is_ready(process: subprocess.Popen[bytes], issuer: str) -> bool:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            answer = httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False)
            return bool(json.loads(answer.text)["issuer"] == issuer)
        except httpx.TransportError:
            time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

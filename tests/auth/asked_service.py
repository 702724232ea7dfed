"""Asks the whole service, in a process of its own since NiceGUI allows one: ``python -m
tests.auth.asked_service``, in an empty folder.

It reads a list of questions as JSON, and prints a list of answers in the same order::

    {"method": "POST", "path": "/sign-out", "headers": {…}, "body": "…", "who": "customer"}
    {"status": 403, "headers": [["content-type", "text/html; charset=utf-8"], …], "body": "…"}

`who` is "stranger", or "customer" with a session made for that question alone.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.auth import Sessions
from app.database import Database
from app.main import create
from tests.auth.listed_routes import EVERYTHING
from tests.auth.world import MARA, make_settings

ROOT = Path(__file__).parents[2]
ORIGIN = "https://portal.example"


@dataclass(frozen=True)
class Question:
    """What is asked."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    who: str = "stranger"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    def all(self, name: str) -> list[str]:
        """Every header of that name."""
        return [value for key, value in self.headers if key == name]


def asked(questions: Sequence[Question], folder: Path) -> list[Answer]:
    """The answers of a new service, in their order."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.auth.asked_service"],
        input=json.dumps([asdict(question) for question in questions]),
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return [
        Answer(each["status"], [(name, value) for name, value in each["headers"]], each["body"])
        for each in json.loads(done.stdout)
    ]


async def answered(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    settings = make_settings(public_url=ORIGIN, requests_per_minute=100_000, **EVERYTHING)
    service = create(settings)
    database = Database(settings.database_url)
    sessions = Sessions(database, settings)
    found = []
    async with service.router.lifespan_context(service):
        transport = httpx.ASGITransport(service, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            for question in questions:
                headers = dict(question["headers"])
                if question["who"] == "customer":
                    cookie, _ = await sessions.start(MARA, method="link")
                    headers["Cookie"] = f"{sessions.cookies.session}={cookie}"
                answer = await client.request(
                    question["method"], question["path"], headers=headers, content=question["body"]
                )
                client.cookies.clear()
                found.append(
                    {
                        "status": answer.status_code,
                        "headers": answer.headers.multi_items(),
                        "body": answer.text[:20_000],
                    }
                )
    await database.close()
    return found


if __name__ == "__main__":
    json.dump(asyncio.run(answered(json.load(sys.stdin))), sys.stdout)

"""Stand-ins for the far end: one that answers from a script, and one that speaks raw bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.recharge import LocalBudget, RechargeClient

PATIENCE = 20.0
"""Seconds after which a test that waits for what does not come has failed."""

SAMPLE_TOKEN = "sk_1x1_secret"

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Answer:
    """One answer: `body` is sent as JSON unless it is text or bytes already."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


CUSTOMER = Answer(200, {"customer": {"id": 101, "email": "mara@example.com"}})
CHARGE = Answer(
    200,
    {
        "charge": {
            "id": 501, "address_id": 201, "customer": {"id": 101}, "status": "skipped",
            "total_price": "30.00",
        }
    },
)  # fmt: skip
BUSY = Answer(429, {"warning": "too many requests"})
LOCKED = Answer(409, {"error": "A call to this route is already in progress."})
BROKEN = Answer(500, {"error": "oops"})
CUT = httpx.ReadError("cut")


@dataclass(frozen=True)
class Request:
    """One call as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


class Upstream:
    """An ASGI application that gives the answers of a script, one per call, the last for ever."""

    def __init__(self, answers: Iterable[Answer | BaseException]) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._arrivals: asyncio.Queue[None] = asyncio.Queue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message.get("more_body"):
                break
        self.requests.append(
            Request(
                scope["method"],
                scope["path"],
                dict(httpx.QueryParams(scope["query_string"].decode())),
                {name.decode(): value.decode() for name, value in scope["headers"]},
                json.loads(body) if body else None,
            )
        )
        self._arrivals.put_nowait(None)
        await self.gate.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        headers = {"content-type": "application/json", **answer.headers}
        await send({
            "type": "http.response.start",
            "status": answer.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        })  # fmt: skip
        await send({"type": "http.response.body", "body": answer.content})

    async def until(self, count: int) -> None:
        """Waits until so many calls have arrived in all."""
        async with asyncio.timeout(PATIENCE):
            while len(self.requests) < count:
                await self._arrivals.get()

    @property
    def calls(self) -> list[str]:
        """What was called: ``["GET /customers/101"]``."""
        return [f"{request.method} {request.path}" for request in self.requests]


class Unthrottled(LocalBudget):
    """A budget that a 429 does not slow down, for tests of what the client does by itself."""

    def throttled(self, retry_after: float | None) -> None:
        pass


class Pauses(list[float]):
    """Waits between repeats, written down instead of waited for."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


def client_of(
    upstream: Upstream, *, pauses: Pauses | None = None, budget: LocalBudget | None = None
) -> RechargeClient:
    """A client whose calls go to the script and whose pauses take no time."""
    return RechargeClient(
        SAMPLE_TOKEN,
        base_url="http://recharge.test",
        transport=httpx.ASGITransport(app=upstream),  # type: ignore[arg-type]
        budget=budget or Unthrottled(),
        sleep=pauses if pauses is not None else Pauses(),
    )


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(talk: Talk) -> Any:
    """A TCP server on the loopback that says what `talk` writes; yields a client of it."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has had enough, which is what these tests are about
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = RechargeClient(SAMPLE_TOKEN, base_url=f"http://127.0.0.1:{port}", sleep=Pauses())
    try:
        yield client
    finally:
        await client.aclose()
        server.close()
        await server.wait_closed()

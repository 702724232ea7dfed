"""One call to the API: waiting for the budget, sending, reading within bounds, repeating.

Deadlines are total, from the moment of asking to the last byte, waits in line and repeats included:
httpx's own timeouts are per read, so that a byte now and then would keep a call alive for ever.
Bodies are read as they come and cut off at 5 MB.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from random import SystemRandom
from typing import Any, Final, Literal

import httpx

from app.recharge import answers, query
from app.recharge.budget import Budget, Priority
from app.recharge.errors import (
    BudgetExceeded,
    Conflict,
    ConnectFailed,
    NoAnswer,
    RateLimited,
    RechargeError,
    UpstreamFailed,
)
from app.recharge.values import valid_external_id, valid_id

VERSION: Final = "2021-11"
READ_SECONDS: Final = 10.0
WRITE_SECONDS: Final = 20.0
PROCESS_SECONDS: Final = 30.0
CONNECT_SECONDS: Final = 3.0
LARGEST_BODY: Final = 5_000_000
"""Bytes of an answer, unpacked."""
CONNECTIONS: Final = 8
REPEATS: Final = 2
RATE_LIMIT_SECONDS: Final = 2.0
"""Least wait after a 429 that names none (API guide on rate limits)."""

_chance = SystemRandom()

Method = Literal["GET", "POST", "PUT", "DELETE"]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Call:
    """What is to be called. `route` is a template; its fields are filled from `ids` in order."""

    method: Method
    route: str
    ids: tuple[object, ...] = ()
    query: Mapping[str, object] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    repeat_is_safe: bool = False
    """Whether a write may be sent again after a 429 or 409, which tell that it was not executed."""
    seconds: float | None = None
    version: str = VERSION

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    @property
    def deadline(self) -> float:
        """Seconds that the call may take in all."""
        return self.seconds or (READ_SECONDS if self.is_read else WRITE_SECONDS)

    def path(self) -> str:
        """The route with its ids.

        Raises:
            InvalidArgument: an id is none. A path is never built from unchecked text, since
                ``1/../../customers/9`` would reach another customer's record.
        """
        pieces = self.route.split("/")
        given = iter(self.ids)
        for place, piece in enumerate(pieces):
            if piece == "{id}":
                pieces[place] = str(valid_id(next(given)))
            elif piece.startswith("{"):
                pieces[place] = valid_external_id(next(given))
        return "/".join(pieces)


@dataclass(frozen=True, slots=True)
class Options:
    """In whose name calls are made. None leaves the choice to the call: reads are page misses,
    writes are customers' writes, and each kind has its own deadline."""

    priority: Priority | None = None
    customer_id: int | None = None
    timeout: float | None = None


class _Token(httpx.Auth):
    """Puts the token on each request. Kept out of the client's headers, which have a repr."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["X-Recharge-Access-Token"] = self._token
        yield request


class Channel:
    """The connections and the budget of one token, shared by all views of a client."""

    def __init__(
        self,
        token: str,
        base_url: str,
        transport: httpx.AsyncBaseTransport | None,
        budget: Budget,
        sleep: Sleep,
    ) -> None:
        self.budget = budget
        self.sleep = sleep
        self.writes = 0
        """Counts starts and ends of writes: a read that began before a write ended is stale, so a
        read that is asked for after it must not share its answer."""
        self.http = httpx.AsyncClient(
            base_url=base_url,
            auth=_Token(token),
            headers={"Accept": "application/json", "User-Agent": "doorstep"},
            # A cookie that came with one customer's answer must not go out with another's call.
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS, pool=READ_SECONDS / 2),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )


class Sender:
    """Sends calls over a channel, in the name that its options tell."""

    def __init__(self, channel: Channel, options: Options | None = None) -> None:
        self._channel = channel
        self._options = options or Options()

    def with_options(self, **changes: Any) -> Sender:
        return Sender(self._channel, replace(self._options, **changes))

    async def send(self, call: Call) -> dict[str, Any]:
        """The JSON object of the answer; an empty one where there is no body.

        Raises:
            RechargeError: any of the tree in `app.recharge.errors`.
        """
        path = call.path()
        call = replace(
            call,
            query=query.written(call.query),
            body=None if call.body is None else query.body(call.body),
        )
        deadline = _now() + (self._options.timeout or call.deadline)
        if not call.is_read:
            self._channel.writes += 1
            try:
                return await self._repeated(call, path, deadline)
            finally:
                self._channel.writes += 1
        key: Hashable = (
            self._priority(call),
            path,
            tuple(sorted(call.query.items())),
            call.version,
            self._channel.writes,
        )
        try:
            # The shared call keeps the deadline of the one who asked first; this is our own.
            async with asyncio.timeout_at(deadline):
                return await self._channel.budget.single_flight(
                    key, lambda: self._repeated(call, path, deadline)
                )
        except TimeoutError:
            raise NoAnswer("timed out", method=call.method, route=call.route) from None

    async def _repeated(self, call: Call, path: str, deadline: float) -> dict[str, Any]:
        for attempt in itertools.count():
            try:
                return await self._once(call, path, deadline)
            except RechargeError as error:
                pause = pause_before_repeat(call, error, attempt)
                if pause is None or _now() + pause >= deadline:
                    raise
            await self._channel.sleep(pause)
        raise AssertionError("the loop above ends by return or raise")

    async def _once(self, call: Call, path: str, deadline: float) -> dict[str, Any]:
        budget = self._channel.budget
        place: dict[str, Any] = {"method": call.method, "route": call.route}
        try:
            await budget.acquire(
                priority=self._priority(call),
                customer_id=self._options.customer_id,
                deadline=max(0.0, deadline - _now()),
            )
        except BudgetExceeded as error:
            raise BudgetExceeded(error.reason, **place) from None
        try:
            async with asyncio.timeout_at(deadline):
                response, content = await self._exchange(call, path)
        except TimeoutError:
            raise NoAnswer("timed out", **place) from None
        # The causes are left out of the chain: they hold the request, and so the token.
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ConnectFailed(f"no connection ({type(error).__name__})", **place) from None
        except httpx.UnsupportedProtocol:
            raise ConnectFailed("no connection (the base URL is not http)", **place) from None
        except httpx.DecodingError:
            raise UpstreamFailed("the answer cannot be unpacked", **place) from None
        except (httpx.TransportError, OSError) as error:
            raise NoAnswer(f"cut off ({type(error).__name__})", **place) from None
        if seen := answers.usage(response.headers.get("x-recharge-limit")):
            budget.learned(*seen)
        try:
            return answers.read(call.method, call.route, response, content)
        except RateLimited as error:
            budget.throttled(error.retry_after)
            raise

    async def _exchange(self, call: Call, path: str) -> tuple[httpx.Response, bytes]:
        """The answer and its body, which is never larger than the bound."""
        content = bytearray()
        async with self._channel.http.stream(
            call.method,
            path,
            params={name: str(value) for name, value in call.query.items()} or None,
            json=call.body,
            headers={"X-Recharge-Version": call.version},
        ) as response:
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > LARGEST_BODY:
                    raise NoAnswer(
                        "the answer is too large",
                        method=call.method,
                        route=call.route,
                        status=response.status_code,
                    )
        return response, bytes(content)

    def _priority(self, call: Call) -> Priority:
        if self._options.priority is not None:
            return self._options.priority
        return Priority.MISS if call.is_read else Priority.WRITE


def pause_before_repeat(call: Call, error: RechargeError, attempt: int) -> float | None:
    """Seconds to wait before the same call is sent again; None when it must not be.

    Reads are repeated twice, after anything that may pass by itself. Writes are repeated only where
    the method says that this is safe, and only after a 429 or 409: these were not executed.
    """
    if attempt >= REPEATS or not (call.is_read or call.repeat_is_safe):
        return None
    step: float = 0.5 * 2**attempt
    backoff = _chance.uniform(0, step)
    match error:
        case RateLimited():
            asked = RATE_LIMIT_SECONDS if error.retry_after is None else error.retry_after
            return asked + backoff
        case Conflict():
            return step + backoff
        case ConnectFailed() | NoAnswer(status=None) if call.is_read:
            return backoff
        case UpstreamFailed(status=int(status)) if call.is_read and status >= 500:
            return backoff
    return None


def _now() -> float:
    return asyncio.get_running_loop().time()

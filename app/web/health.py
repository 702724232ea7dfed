"""For those who run the service: is the process up, can it do its work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.clock import Clock, utc_now
from app.database import Database
from app.recharge import RechargeError

_log = structlog.get_logger(__name__)
_SECONDS = 3.0


class Health:
    """The routes ``/healthz`` and ``/readyz``.

    `store_read_at` tells when the store last answered, such as `Shop.loaded_at`.
    """

    def __init__(
        self,
        database: Database,
        store_read_at: Callable[[], Awaitable[datetime]],
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._store_read_at = store_read_at
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
        ]

    async def alive(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(self, _: Request) -> Response:
        """200, or 503 with the reason. An old answer of the store does not make the service
        unready: pages are served from the mirror. That it never answered does."""
        try:
            async with asyncio.timeout(_SECONDS), self._database.read() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:
            return _unready("database", "The database cannot be reached.", error)
        try:
            async with asyncio.timeout(_SECONDS):
                read_at = await self._store_read_at()
        except (RechargeError, TimeoutError) as error:
            return _unready("store", "The store has not answered yet.", error)
        age = max(0, round((self._clock() - read_at).total_seconds()))
        return JSONResponse({"status": "ok", "database": "ok", "store_answer_age_seconds": age})


def _unready(part: str, reason: str, error: Exception) -> Response:
    _log.warning("not ready", part=part, error=type(error).__name__)
    return JSONResponse({"status": "unavailable", "part": part, "reason": reason}, 503)

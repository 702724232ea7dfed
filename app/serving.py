"""The server around the application: how it listens, and how long it waits for who says nothing."""

from __future__ import annotations

import asyncio
import resource
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_WITHIN: Final = 20.0
"""Seconds in which a request must have come in whole, from the connection or from its first byte.
Without that, connections that say nothing, or say it letter by letter, would be kept for ever."""

_FILES: Final = 20_000
"""Open files that we ask the system for: each connection is one."""


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's own protocol, with an end to waiting for a request."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        super().handle_websocket_upgrade()

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(REQUEST_WITHIN, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.abort()


class _Server(uvicorn.Server):
    """Says so once it answers."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that a taken port is told in a sentence and 0 becomes a number.

    Raises:
        OSError: it cannot listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves small packets waiting for one another: 40 ms a request.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def serve_until_stopped(
    app: Any,
    listener: socket.socket,
    started: Callable[[], None],
    *,
    trusted_proxies: str = "",
    most_connections: int | None = None,
) -> bool:
    """Serve, and say so by `started` once it answers. Whether it came to that.

    trusted_proxies:  addresses whose X-Forwarded-For and X-Forwarded-Proto are believed
    most_connections: a further one is told to come again (503)
    """
    _ask_for_files()
    server = _Server(server_config(app, trusted_proxies, most_connections), started)
    server.run(sockets=[listener])
    return server.started


def server_config(
    app: Any, trusted_proxies: str = "", most_connections: int | None = None
) -> uvicorn.Config:
    """How the server runs: see `serve_until_stopped`. Who asks, and whether by TLS, is told by the
    connection itself; by headers only where a trusted proxy sends them."""
    return uvicorn.Config(
        app,
        http=TimedProtocol,
        log_level="warning",
        log_config=None,  # ours, where there is one: see app.logs
        access_log=False,  # it would write query strings, and with them ids of open pages
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies or None,
        ws_max_size=64_000,
        limit_concurrency=most_connections,
        timeout_graceful_shutdown=5,
    )


def _ask_for_files() -> None:
    """Many systems give a process 1,024 files unless it asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

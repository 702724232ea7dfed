"""The demo's card form, on a port of its own.

What is typed there must be out of reach for the pages of the portal, as with a real processor: so
it has another origin.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from app.settings import SettingsError, variable


class _Server(uvicorn.Server):
    """A second server in the process: signals are for the first one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class CardPort:
    """Serves an ASGI application on the loopback of this machine, beside the portal.

    port: 0 takes a free one
    """

    def __init__(self, application: Any, port: int = 0) -> None:
        self._application = application
        self._port = port
        self._serving: asyncio.Task[None] | None = None
        self._server: _Server | None = None

    @property
    def origin(self) -> str:
        """Where a browser on this machine finds it, once it is started."""
        return f"http://localhost:{self._port}"

    async def start(self) -> None:
        """Begin to answer.

        Raises:
            SettingsError: the port is taken.
        """
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", self._port))
        except OSError as error:
            listener.close()
            name = variable("demo_card_port")
            raise SettingsError(f"{name}: cannot listen on port {self._port}.") from error
        self._port = listener.getsockname()[1]
        listener.listen()  # from now on a browser that comes too early waits
        config = uvicorn.Config(
            self._application,
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(
            self._server.serve(sockets=[listener]), name="the demo's card form"
        )

    async def close(self) -> None:
        """Answer no more."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving

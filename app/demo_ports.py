"""What the demo serves on ports of its own, so that it has other origins than the portal."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from app.settings import SettingsError


class _Server(uvicorn.Server):
    """A second server in the process: signals are for the first one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(port: int, variable: str) -> socket.socket:
    """A port on the loopback of this machine, on which nobody answers yet.

    port:     0 takes a free one
    variable: the setting that it comes from

    Raises:
        SettingsError: the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise SettingsError(f"{variable}: cannot listen on port {port}.") from error
    listener.listen()  # from now on a browser that comes too early waits
    return listener


class SidePort:
    """Serves an ASGI application on a port that listens, beside the portal."""

    def __init__(self, application: Any, listener: socket.socket, name: str) -> None:
        self._application = application
        self._listener = listener
        self._name = name
        self._serving: asyncio.Task[None] | None = None
        self._server: _Server | None = None

    @property
    def number(self) -> int:
        """The port."""
        number: int = self._listener.getsockname()[1]
        return number

    async def start(self) -> None:
        """Begin to answer."""
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
            self._server.serve(sockets=[self._listener]), name=self._name
        )

    async def close(self) -> None:
        """Answer no more, and give the port back."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving
        self._listener.close()

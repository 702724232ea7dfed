"""The demo's card form, on a port of its own.

What is typed there must be out of reach for the pages of the portal, as with a real processor: so
it has another origin.
"""

from __future__ import annotations

from typing import Any

from app.demo_ports import SidePort, listen
from app.settings import variable


class CardPort:
    """Serves the card form on the loopback of this machine.

    port: 0 takes a free one
    """

    def __init__(self, application: Any, port: int = 0) -> None:
        self._application = application
        self._port = port
        self._server: SidePort | None = None

    @property
    def origin(self) -> str:
        """Where a browser on this machine finds it, once it is started."""
        return f"http://localhost:{self._port}"

    async def start(self) -> None:
        """Begin to answer.

        Raises:
            SettingsError: the port is taken.
        """
        listener = listen(self._port, variable("demo_card_port"))
        self._server = SidePort(self._application, listener, "the demo's card form")
        self._port = self._server.number
        await self._server.start()

    async def close(self) -> None:
        """Answer no more."""
        if self._server is not None:
            await self._server.close()

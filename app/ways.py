"""The ways in, put together: each of them ends in one `Principal`."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from app.actions import Services
from app.auth import HandOffs, Sessions
from app.database import Database
from app.mail import Mailer
from app.mirror import Mirror
from app.settings import Settings
from app.web import Arrival, Front


class Ways:
    """Makes the routes of all ways in that are not the mailed link's. `close` at the end."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        mirror: Mirror,
        sessions: Sessions,
        services: Services,
        front: Front,
        mailer: Mailer,
    ) -> None:
        self.hand_offs = HandOffs(database, sessions)
        self._routes: list[Route] = [
            *Arrival(front.pages, sessions, self.hand_offs).routes(),
        ]

    def routes(self) -> Sequence[Route]:
        """All their routes: each stands in the access table."""
        return self._routes

    async def close(self) -> None:
        """Let what is on its way arrive."""

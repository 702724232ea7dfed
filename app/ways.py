"""The ways in, put together: each of them ends in one `Principal`."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from app.actions import Services
from app.auth import AppProxy, HandOffs, Sessions, SingleUse
from app.database import Database
from app.mail import Mailer
from app.mirror import Mirror
from app.settings import Settings
from app.web import AppProxyRoutes, Arrival, Front


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
            *AppProxyRoutes(
                front.pages,
                front.errors,
                _app_proxy(settings, SingleUse(database)),
                self.hand_offs,
                mirror,
                settings.origin,
            ).routes(),
        ]

    def routes(self) -> Sequence[Route]:
        """All their routes: each stands in the access table."""
        return self._routes

    async def close(self) -> None:
        """Let what is on its way arrive."""


def _app_proxy(settings: Settings, single_use: SingleUse) -> AppProxy | None:
    """Checks what the shop's Shopify passes on; None where there is none."""
    if settings.shopify_secret is None:
        return None
    return AppProxy(settings.shopify_shop, settings.shopify_secret.get_secret_value(), single_use)

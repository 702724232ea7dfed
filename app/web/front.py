"""Everything of this package, put together."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.routing import Route

from app.auth import (
    Bearers,
    Bodies,
    CardGuard,
    Gate,
    Guard,
    Looks,
    PortalTokens,
    Proofs,
    Sessions,
    SignedInOnly,
    SignInCodes,
    SignInLinks,
    Traffic,
)
from app.clock import Clock, utc_now
from app.database import Database
from app.i18n import Texts
from app.mail import Mailer
from app.mirror import Shop
from app.settings import Settings
from app.web.errors import ErrorPages, HideQueries, Incidents, record
from app.web.headers import SecurityHeaders
from app.web.health import Health
from app.web.link_mail import LinkPost
from app.web.look_bands import LookBands
from app.web.metrics import RequestClock
from app.web.old_links import OldLinks
from app.web.rendering import Pages
from app.web.sign_in import SignIn


class Shopkeeper(Protocol):
    """Who knows the shop and its customers: `app.mirror.Mirror`."""

    async def shop(self) -> Shop: ...

    async def find_customer(
        self, *, email: str | None = None, hash: str | None = None, external_id: str | None = None
    ) -> int | None: ...


class Front:
    """What a stranger meets: routes, and the middleware around the whole application.

    `clock` tells real time, by which sign-ins end. `shop_clock` is the mirror's, where it differs,
    as in the demo. `demo_inbox` is where the demo's mails can be read, `demo_door` the way in
    without one.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        mirror: Shopkeeper,
        sessions: Sessions,
        links: SignInLinks,
        tokens: PortalTokens,
        mailer: Mailer,
        texts: Texts,
        *,
        clock: Clock = utc_now,
        shop_clock: Clock | None = None,
        demo_inbox: str = "",
        demo_door: str = "",
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._mirror = mirror
        self.pages = Pages(
            texts,
            self._shop_name,
            shop=mirror.shop,
            demo_inbox=demo_inbox,
            demo_door=demo_door,
        )
        self.errors = ErrorPages(self.pages)
        codes = SignInCodes(database, sessions, links, clock)
        self._post = LinkPost(
            links, mailer, self.pages, self._find_by_email, settings.origin, codes.minutes
        )
        self.sign_in = SignIn(
            self.pages, sessions, links, codes, self._post, clock, self._find_by_email
        )
        self._old_links = OldLinks(self.pages, self.errors, sessions, tokens)
        self._proofs = Proofs(sessions, Bearers(database, sessions, clock))
        self._health = Health(database, self._store_read_at, shop_clock or clock)

    def routes(self) -> list[Route]:
        """All plain routes. They come before any other."""
        return [
            *self.sign_in.routes(),
            *self._old_links.routes(),
            *self._health.routes(),
            Route("/plain.css", self.pages.stylesheet, methods=["GET"]),
            Route("/favicon.ico", self.pages.icon, methods=["GET"]),
        ]

    def install(
        self,
        application: Starlette,
        *,
        guard: Guard | None = None,
        inner: Sequence[Starlette] = (),
        unguarded: tuple[str, ...] = (),
        more: Sequence[Route] = (),
        looks: Looks | None = None,
    ) -> None:
        """Put routes, error pages and middleware into `application`.

        `inner` are applications mounted in it that answer errors themselves, such as NiceGUI's.
        `unguarded` are prefixes with a protection of their own. `more` are routes beside ours, such
        as downloads. `looks` are those of the shop's people. Middleware that is added later runs
        outside of ours.
        """
        # Ours come last: below /sign-in they take every address that is left.
        application.router.routes[:0] = [*more, *self.routes()]
        for each in (application, *inner):
            for kind, handler in self.errors.handlers().items():
                each.add_exception_handler(kind, handler)
            if hasattr(each, "_exception_handlers"):  # NiceGUI's: for clicks, after the page is out
                each._exception_handlers[:] = [_record]
        for each in inner:
            each.add_middleware(SignedInOnly, answer=self.errors.refused)
        logging.getLogger("nicegui").addFilter(HideQueries())
        application.add_middleware(CardGuard, answer=self.errors.refused, unread=("/api/",))
        if looks is not None:
            application.add_middleware(
                LookBands, looks=looks, sessions=self._sessions, pages=self.pages
            )
        application.add_middleware(Bodies, answer=self.errors.refused, unread=unguarded)
        gate: dict[str, Any] = {"has_room": guard.make_room} if guard else {}
        application.add_middleware(
            Gate,
            sessions=self._sessions,
            settings=self._settings,
            proofs=self._proofs,
            unguarded=unguarded,
            answer=self.errors.refused,
            **gate,
        )
        application.add_middleware(
            Traffic,
            a_minute=self._settings.requests_per_minute,
            free=unguarded,
            names_proxies=bool(self._settings.trusted_proxies),
            answer=self.errors.too_many_requests,
        )
        application.add_middleware(Incidents, pages=self.errors)
        application.add_middleware(RequestClock)
        application.add_middleware(SecurityHeaders, settings=self._settings, unguarded=unguarded)

    async def settle(self) -> None:
        """Wait until the mails that were asked for have gone out or been given up."""
        await self._post.settle()

    async def close(self) -> None:
        await self.settle()

    async def _shop_name(self) -> str:
        return (await self._mirror.shop()).name

    async def _store_read_at(self) -> datetime:
        return (await self._mirror.shop()).loaded_at

    async def _find_by_email(self, email: str) -> int | None:
        return await self._mirror.find_customer(email=email)


def _record(error: Exception) -> None:
    record(error)

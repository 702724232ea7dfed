"""The merchant's side: figures of those who wanted to leave, behind a sign-in of its own.

Plain HTML without a script. Where the settings have no merchant's word, none of it is there.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from app.auth import Cookies, MerchantSessions
from app.clock import Clock, utc_now
from app.database import Database
from app.i18n import say
from app.recharge import RechargeError
from app.retention import Choice, History
from app.web.activity_file import line
from app.web.errors import ErrorPages
from app.web.figure_texts import FigureTexts
from app.web.front import Shopkeeper
from app.web.merchant_choice import Chosen, chosen_of
from app.web.merchant_file import FlowLines
from app.web.rendering import Pages
from app.web.word_door import DoorPlan, WordDoor

HOME = "/merchant/retention"
_STYLE = (Path(__file__).parent / "static" / "picture.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_PICTURE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""For a picture as a file: it brings its style along, and nothing else may be in it."""


class Merchant:
    """The routes ``/merchant/…``.

    clock:      real time, by which sign-ins end
    shop_clock: the clock of the record, where it differs, as in the demo
    demo_word:  the merchant's word, where everybody may know it: in the demo
    elsewhere:  where ``/merchant`` leads without the merchant's word
    """

    def __init__(
        self,
        pages: Pages,
        errors: ErrorPages,
        shopkeeper: Shopkeeper,
        database: Database,
        cookies: Cookies,
        word: str | None,
        *,
        clock: Clock = utc_now,
        shop_clock: Clock | None = None,
        demo_word: str = "",
        elsewhere: str = "",
    ) -> None:
        self._pages = pages
        self._errors = errors
        self._shopkeeper = shopkeeper
        self._texts = pages.texts
        plan = DoorPlan(
            start="/merchant",
            home=HOME,
            cookie=cookies.merchant,
            title=say("For the merchant"),
            label=say("The merchant's word"),
            wrong=say(
                "This is not the merchant's word. It stands in the settings, as "
                "DOORSTEP_MERCHANT_TOKEN."
            ),
            demo_word=demo_word,
        )
        sessions = MerchantSessions(database, word, clock)
        self._door = WordDoor(plan, pages, errors, cookies, sessions, clock)
        self._history = History(database)
        self._shop_clock = shop_clock or clock
        self._elsewhere = elsewhere

    def routes(self) -> list[Route]:
        return [
            Route("/merchant", self.home, methods=["GET"]),
            *self._door.routes(),
            Route(HOME, self.figures, methods=["GET"]),
            Route(f"{HOME}.csv", self.file, methods=["GET"]),
            Route(HOME + "/{picture}.svg", self.picture, methods=["GET"]),
        ]

    async def home(self, request: Request) -> Response:
        place = HOME if self._door.is_there else self._elsewhere
        return RedirectResponse(place, 303) if place else await self._errors.not_found(request)

    # The figures.

    async def figures(self, request: Request) -> Response:
        """The page."""
        chosen = await self._chosen(request)
        if isinstance(chosen, Response):
            return chosen
        figures = await self._history.figures(chosen.choice, self._now())
        query = urlencode(chosen.query)
        return await self._pages.page(
            "merchant_retention.html",
            self._texts.t("Leaving, in figures"),
            status=422 if chosen.problem else 200,
            problem=self._texts.render(chosen.problem) if chosen.problem else "",
            is_made_up=figures.is_made_up,
            opened=figures.outcomes.opened,
            parts=FigureTexts(self._texts).parts(figures),
            form=chosen,
            zone=chosen.zone.key,
            query=f"?{query}" if query else "",
            home=HOME,
        )

    async def file(self, request: Request) -> Response:
        """One line for each wish to leave, without names, addresses, or what customers wrote."""
        chosen = await self._chosen(request)
        if isinstance(chosen, Response):
            return chosen
        lines = FlowLines(self._texts, chosen.zone, self._now())
        return StreamingResponse(
            self._lines(chosen.choice, lines),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="retention.csv"',
                "X-Robots-Tag": "noindex, nofollow",
            },
        )

    async def picture(self, request: Request) -> Response:
        """One of the page's pictures as a file."""
        chosen = await self._chosen(request)
        if isinstance(chosen, Response):
            return chosen
        figures = await self._history.figures(chosen.choice, self._now())
        wanted = request.path_params["picture"]
        for part in FigureTexts(self._texts).parts(figures):
            if part.picture.name == wanted:
                return Response(
                    self._pages.render("picture_file.svg", picture=part.picture, style=_STYLE),
                    media_type="image/svg+xml",
                    headers={"Content-Security-Policy": _PICTURE_POLICY},
                )
        return await self._errors.not_found(request)

    async def _lines(self, choice: Choice, lines: FlowLines) -> AsyncIterator[str]:
        yield "\ufeff" + line(lines.head)
        async for page in self._history.pages(choice):
            yield "".join(line(lines.cells(record)) for record in page)

    async def _chosen(self, request: Request) -> Chosen | Response:
        """What is asked for, or the answer to who may not ask."""
        turned_away = await self._door.turned_away(request)
        if turned_away is not None:
            return turned_away
        try:
            shop = await self._shopkeeper.shop()
        except RechargeError as error:  # then nothing is known of the shop's zone
            return await self._errors.failed(request, error)
        return chosen_of(
            request.query_params,
            shop.timezone,
            self._now().astimezone(shop.timezone).date(),
            await self._history.regions(),
            await self._history.reasons(),
            self._texts,
        )

    def _now(self) -> datetime:
        return self._shop_clock()

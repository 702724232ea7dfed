"""The page itself: built once for every visit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, cast, get_args

from fastapi import Request
from nicegui import Client, ui
from nicegui.language import Language

from app.actions import Principal, Services
from app.i18n import Texts, say
from app.pages import activity
from app.pages.frame import Frame
from app.settings import Settings
from app.state import (
    ORDERS,
    AccountDoors,
    AccountState,
    CalendarFeedState,
    Feeds,
    LookShown,
    Notice,
    Portal,
)
from components import FAVICON, Browser, first_paint, put_on_pages

_log = logging.getLogger(__name__)

PATIENCE = 0.4
"""Seconds that the answer waits for the records. Those of a known customer are there in a few
milliseconds; a first visit gets its frame at once, which is filled when they come."""

GIVEN_UP = 60.0
"""Seconds after which NiceGUI gives a page up and says so in words for developers. Far beyond
`PATIENCE`: a busy machine is late with a page, which is better than to have none."""

RECONNECT = 60.0
"""Seconds for which a page is kept for a browser that lost its connection, such as a phone in a
tunnel. Within them nothing on screen is lost; after them the page loads anew."""

VIEWPORT = (
    "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
)
"""The page gives way to an on-screen keyboard, so that the buttons of a dialog stay in view."""


CARD_REFUSED = say(
    "That looks like a card number, so we did not take it and kept nothing of it. A card is "
    "entered only in the payment form itself, under Payment methods."
)
"""What the page says when its guard has stopped a card number."""


IN_A_FRAME = '<script src="/embed/scripts/framed.js"></script>'
"""What the page needs where a page of the shop's is around it. First of all, since what NiceGUI's
scripts take for granted is not there in every frame."""


class Guard(Protocol):
    """Who lets only a page's own browser speak to it: `app.auth.Guard`."""

    def own(
        self, client: Client, principal: Principal, on_card: Callable[[], None] | None = None
    ) -> None: ...


def register(
    services: Services,
    guard: Guard,
    settings: Settings,
    feeds: Feeds | None = None,
    doors: AccountDoors | None = None,
) -> None:
    """Put the customer's page on NiceGUI's application.

    `feeds` keeps the addresses for customers' calendars; without it none is offered. `doors` are
    what the account's page works with; without them it shows the records alone. The page takes
    every address that nothing else has taken before, so register it last. Requests carry the
    signed-in `Principal` in ``scope["state"]["principal"]``, and in ``"look"`` who of the shop's
    people looks as the customer.
    """
    shops_texts = Texts(settings.language)
    put_on_pages(settings.stylesheet)

    async def page(request: Request, client: Client) -> None:
        state = request.scope["state"]
        principal: Principal = state["principal"]
        texts = Texts(principal.language) if principal.language else shops_texts
        portal = Portal(services, principal, texts)
        portal.step_up.codes = doors.step_up if doors else None
        guard.own(client, principal, lambda: _refuse_card(portal, client))
        client.on_delete(portal.close)
        opening = asyncio.create_task(_open(portal, request.url.path, request.query_params))
        portal_tasks.add(opening)
        opening.add_done_callback(portal_tasks.discard)
        await asyncio.wait({opening}, timeout=PATIENCE)
        calendar = None
        if feeds:
            is_sure = portal.step_up.is_sure
            calendar = CalendarFeedState(feeds, principal, settings.origin, is_sure)
        account = AccountState(portal, doors) if doors else None
        is_framed = bool(settings.embed_origins) and _may_be_framed(request)
        with client.content:
            token, look = state.get("sign_out_token", ""), state.get("look")
            draw(portal, texts, token, calendar, account, is_framed, look)

    portal_tasks: set[asyncio.Task[None]] = set()
    for path in ("/", "/{path:path}"):
        ui.page(
            path,
            title=shops_texts.t("Your deliveries"),
            viewport=VIEWPORT,
            favicon=cast(Path, FAVICON),
            dark=None,
            language=_pack(shops_texts),
            response_timeout=GIVEN_UP,
            reconnect_timeout=RECONNECT,
        )(page)


def _may_be_framed(request: Request) -> bool:
    """Whether a frame may be what asks, or the script of one that has no cookie: all but what says
    that it is a tab of its own."""
    return request.headers.get("sec-fetch-dest") != "document"


def _refuse_card(portal: Portal, client: Client) -> None:
    """Say that a card number was stopped, on the page and over a dialog that covers it."""
    portal.tell(Notice("error", CARD_REFUSED))
    browser = Browser.root(client)
    if isinstance(browser, Browser):
        browser.warn(portal.texts.render(CARD_REFUSED))


def draw(
    portal: Portal,
    texts: Texts,
    sign_out_token: str = "",
    calendar: CalendarFeedState | None = None,
    account: AccountState | None = None,
    is_framed: bool = False,
    look: LookShown | None = None,
) -> Frame:
    """Draw the whole page for a portal, into the page that is being built."""
    client = ui.context.client
    _use_plain_elements(client)
    with Browser(texts) as browser:
        frame = Frame.show(
            portal, texts, browser, sign_out_token, calendar, account, is_framed, look
        )
    if is_framed:
        ui.add_head_html(IN_A_FRAME)
        portal.deeds.follow(frame.tell)
    # markup: made of the elements of the page, each text and each attribute escaped
    ui.add_body_html(first_paint(browser))
    return frame


async def _open(portal: Portal, path: str, query: Mapping[str, str]) -> None:
    """Load the records. Whatever goes wrong is shown on the page, which offers another try."""
    try:
        await portal.open()
        if path.rstrip("/") == activity.PATH:
            await portal.activities.open()
        if path.rstrip("/") == ORDERS:
            await portal.history.open(status=query.get("status", ""), time=query.get("time", ""))
        await portal.orders.look(path)
    except Exception:
        _log.exception("the page of a customer could not be loaded")
        portal.status = "failed"
        portal.failure = Notice("error", say("Something went wrong here. Please try again."))
        portal.changed.emit()


def _use_plain_elements(client: Client) -> None:
    """Quasar's page container and page do nothing for us, and its page is a second `main`."""
    client.page_container.tag = "div"
    slot = client.content.parent_slot
    if slot is not None:
        slot.parent.tag = "div"


def _pack(texts: Texts) -> Language | None:
    """Quasar's own language pack for a language: it stands in the address of a script, so only
    those that exist will do. `Browser` sets the page's language itself."""
    tags = (texts.language, texts.locale.language, "en-US" if texts.locale.language == "en" else "")
    return next((cast(Language, tag) for tag in tags if tag in get_args(Language)), None)

"""A customer's deliveries for the calendar of their own device (RFC 5545).

Two ways to the same calendar: ``/calendar/<secret>.ics``, which a calendar program asks for again
and again without a session, and ``/schedule.ics``, a download for who is signed in. Where the
merchant does not show the schedule, there is neither.
"""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.actions import Principal, Services, Situation
from app.actions.names import NO_VARIANT
from app.auth import (
    CALENDAR_MISSES_PER_NETWORK,
    CALENDAR_PER_ADDRESS,
    CalendarFeeds,
    Limits,
    network,
)
from app.clock import Clock, utc_now
from app.i18n import Texts
from app.mirror import Delivery, DeliveryStatus, MirrorError
from app.recharge import RechargeError
from app.state import SCHEDULE, is_shown

YEAR = timedelta(days=366)
REFRESH = timedelta(hours=6)
"""How often calendar programs are asked to look again."""

_UNSURE = (DeliveryStatus.FAILED, DeliveryStatus.PENDING, DeliveryStatus.UNKNOWN)
_TITLES = 2
"""Products that are named in a title; the others are counted there and listed below it."""


class CalendarRoutes:
    """``/calendar/<secret>.ics`` and ``/schedule.ics``.

    `clock` tells real time, by which requests are counted.
    """

    def __init__(
        self,
        services: Services,
        feeds: CalendarFeeds,
        texts: Texts,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._services = services
        self._feeds = feeds
        self._limits = Limits(services.database)
        self._texts = texts
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route("/calendar/{secret}.ics", self.feed, methods=["GET"]),
            Route("/schedule.ics", self.download, methods=["GET"]),
        ]

    async def feed(self, request: Request) -> Response:
        """The calendar of the secret's customer. Nothing in the answer tells a secret that was
        revoked from one that never was; both take a look-up and a count, as a good one does."""
        secret = request.path_params["secret"]
        customer_id = await self._feeds.customer_of(secret)
        until = await self._refused_until(request, secret, is_known=customer_id is not None)
        if until is not None:
            seconds = max(1, math.ceil((until - self._clock()).total_seconds()))
            return _plain(429, "Too many requests", retry_after=seconds)
        if customer_id is None:
            return _plain(404, "Not found")
        return await self._answer(request, customer_id, "private, no-cache")

    async def download(self, request: Request) -> Response:
        principal: Principal = request.scope["state"]["principal"]
        answer = await self._answer(request, principal.customer_id, "no-store")
        if answer.status_code == 200:
            answer.headers["Content-Disposition"] = 'attachment; filename="deliveries.ics"'
        return answer

    async def _answer(self, request: Request, customer_id: int, caching: str) -> Response:
        """From the mirror: an old copy is served at once and read again in the background."""
        try:
            snapshot = await self._services.mirror.customer(customer_id).snapshot()
        except MirrorError:
            return _plain(404, "Not found")
        except RechargeError:
            return _plain(503, "The shop does not answer at the moment", retry_after=300)
        if not is_shown(SCHEDULE, snapshot.shop):
            return _plain(404, "Not found")
        situation = self._services.situation(snapshot)
        origin = self._services.settings.origin
        headers = {
            "Cache-Control": caching,
            "ETag": etag(situation, self._texts, origin),
            "X-Robots-Tag": "noindex, nofollow",
        }
        if _knows(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        body = calendar(situation, self._texts, origin)
        return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")

    async def _refused_until(
        self, request: Request, secret: str, *, is_known: bool
    ) -> datetime | None:
        host = request.client.host if request.client else ""
        limit = CALENDAR_PER_ADDRESS if is_known else CALENDAR_MISSES_PER_NETWORK
        subject = secret if is_known else network(host)
        return await self._limits.refused_until([(limit, subject)], self._clock())


def calendar(situation: Situation, texts: Texts, origin: str) -> bytes:
    """The deliveries of a year as days in a calendar.

    What comes, and the way to the page: no prices, no addresses, no names, since whoever has the
    address of the calendar can read it. What was skipped or given up is left out, which takes it
    from calendars that follow this one.
    """
    snapshot = situation.snapshot
    found = Calendar()
    found.add("prodid", "-//Doorstep//Deliveries//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    name = texts.t("Deliveries from {shop}", shop=snapshot.shop.name)
    found.add("name", name)
    found.add("x-wr-calname", name)
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    for delivery in _coming(situation):
        found.add_component(_event(delivery, situation, texts, origin))
    return bytes(found.to_ical())


def etag(situation: Situation, texts: Texts, origin: str) -> str:
    """Equal while the days and what comes on them are equal, however often they were read."""
    told = [
        (delivery.key, _status(delivery), _summary(delivery, texts), _description(delivery, texts))
        for delivery in _coming(situation)
    ]
    text = repr((situation.snapshot.shop.name, texts.language, origin, told))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _coming(situation: Situation) -> list[Delivery]:
    return [
        delivery
        for delivery in situation.deliveries_until(situation.today + YEAR)
        if delivery.status is not DeliveryStatus.SKIPPED
        and not (delivery.status is DeliveryStatus.FAILED and delivery.retry_date is None)
    ]


def _event(delivery: Delivery, situation: Situation, texts: Texts, origin: str) -> Event:
    snapshot, link = situation.snapshot, f"{origin}{SCHEDULE}"
    # Names the delivery for as long as it stands, and tells nothing but that it is the same.
    uid = hashlib.sha256(f"{snapshot.customer.id}.{delivery.key}".encode()).hexdigest()[:32]
    event = Event()
    event.add("uid", f"{uid}@{origin.partition('://')[2]}")
    event.add("dtstamp", snapshot.loaded_at.astimezone(UTC))
    event.add("sequence", snapshot.revision)
    event.add("dtstart", delivery.date)
    event.add("dtend", delivery.date + timedelta(days=1))
    event.add("summary", _summary(delivery, texts))
    manage = texts.t("See and change your deliveries: {link}", link=link)
    event.add("description", f"{_description(delivery, texts)}\n\n{manage}")
    event.add("url", link)
    event.add("status", _status(delivery))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _status(delivery: Delivery) -> str:
    return "TENTATIVE" if delivery.status in _UNSURE else "CONFIRMED"


def _summary(delivery: Delivery, texts: Texts) -> str:
    names = list(dict.fromkeys(item.title for item in delivery.items))
    if len(names) > _TITLES + 1:
        names = [*names[:_TITLES], texts.t("{count} more", count=len(names) - _TITLES)]
    return texts.t("Delivery: {items}", items=names)


def _description(delivery: Delivery, texts: Texts) -> str:
    lines = []
    for item in delivery.items:
        known = item.variant_title not in (None, "", NO_VARIANT)
        name = f"{item.title}, {item.variant_title}" if known else item.title
        lines.append(texts.t("{quantity} × {name}", quantity=item.quantity, name=name))
    return "\n".join(lines)


def _knows(request: Request, tag: str) -> bool:
    """Whether who asks has this already (RFC 9110, 13.1.2: compared weakly)."""
    given = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    return "*" in given or tag.removeprefix("W/") in [one.removeprefix("W/") for one in given]


def _plain(status: int, text: str, *, retry_after: int | None = None) -> Response:
    headers = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Response(text, status, headers, media_type="text/plain; charset=utf-8")

"""What the customer has done, as the Activity page shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from app.actions import Action, Activity, Result, actions_done, activities, way_back
from app.i18n import Message, say
from app.state.base import State

if TYPE_CHECKING:
    from app.state.portal import Portal

PAGE = 20
"""Activities that are shown at first, and that each `show_earlier` adds."""

Kind = Literal[
    "deliveries", "products", "subscriptions", "discounts", "addresses", "payments", "other"
]

KINDS: Mapping[Kind, Message] = {
    "deliveries": say("Deliveries"),
    "products": say("Products"),
    "subscriptions": say("Subscriptions"),
    "discounts": say("Discounts"),
    "addresses": say("Addresses"),
    "payments": say("Payment methods"),
    "other": say("Other changes"),
}
"""What activities can be about, in the order in which it is offered."""

_WORDS: tuple[tuple[str, Kind], ...] = (
    ("card", "payments"),
    ("billing", "payments"),
    ("default", "payments"),
    ("payment method", "payments"),
    ("discount", "discounts"),
    ("address", "addresses"),
    ("deliver", "deliveries"),
    ("date", "deliveries"),
    ("skip", "deliveries"),
    ("gift", "deliveries"),
    ("order", "deliveries"),
    ("charge", "deliveries"),
    ("merge", "deliveries"),
    ("align", "deliveries"),
    ("delay", "deliveries"),
    ("move", "deliveries"),
    ("buy", "products"),
    ("product", "products"),
    ("variant", "products"),
    ("quantity", "products"),
    ("swap", "products"),
    ("one-time", "products"),
    ("onetime", "products"),
    ("bundle", "products"),
    ("subscription", "subscriptions"),
    ("rhythm", "subscriptions"),
    ("pause", "subscriptions"),
    ("resume", "subscriptions"),
    ("cancel", "subscriptions"),
    ("reactivate", "subscriptions"),
)
"""Words in the names of actions, and what they are about; the first that is in a name counts."""

_METHODS: Mapping[str, Message] = {
    "link": say("you, signed in by a link in a mail"),
    "theme token": say("you, signed in by a link of the shop"),
    "demo link": say("you, signed in by a link of the demo"),
    "code": say("you, signed in by a code in a mail"),
    "shop": say("you, signed in from the shop"),
    "provider": say("you, signed in with an account elsewhere"),
    "quick link": say("you, by a link in one of the shop's mails"),
    "merchant": say("the shop, for you"),
}

_RESULTS: Mapping[Result, Message] = {
    Result.RUNNING: say("Under way"),
    Result.DONE: say("Done"),
    Result.REFUSED: say("Not done"),
    Result.PARTLY: say("Partly done"),
    Result.UNKNOWN: say("Being checked"),
    Result.NOT_DONE: say("Not done"),
}


def kind_of(action: str) -> Kind:
    """What an action is about, by its name."""
    return next((kind for word, kind in _WORDS if word in action), "other")


def method_text(method: str) -> Message:
    """Who it was, by the way in which they were signed in."""
    return _METHODS.get(method) or say("signed in by: {method}", method=method)


def result_text(activity: Activity) -> Message:
    """What came of an activity, in a word or two."""
    return say("Put back since") if activity.is_undone else _RESULTS[activity.result]


class ActivityState(State):
    """One thing that was done. It stays the same object while more becomes known of it."""

    def __init__(self, portal: Portal, activity: Activity, way_back: Action | None) -> None:
        super().__init__()
        self.portal = portal
        self.activity = activity
        self._way_back = way_back
        self._seen = self._facts()

    @property
    def key(self) -> str:
        return self.activity.id

    @property
    def at(self) -> datetime:
        """When it began, in the shop's zone."""
        return self.activity.at.astimezone(self.portal.records.shop.timezone)

    @property
    def text(self) -> Message:
        """What came of it; the question, while that is not known."""
        return self.activity.text

    @property
    def by(self) -> Message:
        """Who did it, as far as it is recorded."""
        return method_text(self.activity.method)

    @property
    def result(self) -> Result:
        return self.activity.result

    @property
    def is_put_back(self) -> bool:
        return self.activity.is_undone

    @property
    def result_text(self) -> Message:
        return result_text(self.activity)

    @property
    def known_since(self) -> datetime | None:
        """When its result became known, in the shop's zone, where that was late; else None."""
        late = self.activity.late
        return late.astimezone(self.portal.records.shop.timezone) if late else None

    @property
    def put_back_until(self) -> datetime | None:
        """Until when it can be put back, in the shop's zone; None when it cannot."""
        until = self.activity.undo_until
        if until is None or self._way_back is None or self.portal.services.clock() > until:
            return None
        if not self.portal.can(self._way_back):
            return None
        return until.astimezone(self.portal.records.shop.timezone)

    async def put_back(self) -> None:
        """Take it back. What came of it is the portal's notice, and an activity of its own."""
        if self.is_busy or self.put_back_until is None:
            return
        self.is_busy = True
        self.changed.emit()
        try:
            await self.portal.take_back(self.key)
        finally:
            self.is_busy = False
            self.changed.emit()

    def update(self, activity: Activity, way_back: Action | None) -> None:
        """The activity as it is known now."""
        self.activity = activity
        self._way_back = way_back
        if self._facts() != self._seen:
            self._seen = self._facts()
            self.changed.emit()

    def _facts(self) -> tuple[object, ...]:
        """What the look of it depends on."""
        return self.activity, self.put_back_until


class ActivitiesState(State):
    """The record, newest first, a page at a time. Nothing is read before `open`.

    activities: None until they have been read; an empty list is a record without any
    kind:       what is shown of it; None is all
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self._portal = portal
        self.activities: list[ActivityState] | None = None
        self.kind: Kind | None = None
        self.kinds: tuple[Kind, ...] = ()
        self.has_earlier = False
        self._names: frozenset[str] = frozenset()
        self._most = PAGE
        self._newest = -1
        self._reading = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None
        self._has_news = False
        self._leave: Callable[[], None] | None = None

    async def open(self) -> None:
        """Read the record, and follow it from now on."""
        if self._leave is None:
            self._leave = self._portal.changed.subscribe(self._on_news)
        if self.activities is None:
            await self._look(anew=True)

    async def choose(self, kind: Kind | None) -> None:
        """Show only what is about this; None is all."""
        self.kind, self._most = kind, PAGE
        await self._look(anew=True)

    async def show_earlier(self) -> None:
        """Add those before the ones that are shown."""
        self._most += PAGE
        await self._look(anew=True)

    def close(self) -> None:
        if self._leave is not None:
            self._leave()
            self._leave = None
        if self._following is not None:
            self._following.cancel()
        for activity in self.activities or ():
            activity.close()
        super().close()

    def _on_news(self) -> None:
        """The page has changed; one task looks, however often it changes meanwhile."""
        self._has_news = True
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow(), name="activities of a page")

    async def _follow(self) -> None:
        while self._has_news:
            self._has_news = False
            await self._look(anew=self.activities is None)

    async def _look(self, *, anew: bool) -> None:
        """Take up what is recorded, and what is still possible."""
        portal = self._portal
        if portal.status != "ready":
            return
        async with self._reading:
            names, newest = await actions_done(portal.services, portal.principal)
            if anew or newest != self._newest:
                self._names, self._newest = names, newest
                await self._read()
            else:  # time has passed, or what they concern has changed
                for state in self.activities or ():
                    state.update(state.activity, state._way_back)

    async def _read(self) -> None:
        portal = self._portal
        found = await activities(
            portal.services,
            portal.principal,
            limit=self._most + 1,
            actions=self._chosen(self._names),
        )
        self.has_earlier = len(found) > self._most
        known = {state.key: state for state in self.activities or ()}
        states = []
        for activity in found[: self._most]:
            way = None
            if activity.undo_until is not None:
                way = await way_back(portal.services, portal.principal, activity.id)
            state = known.pop(activity.id, None)
            if state is None:
                state = ActivityState(portal, activity, way)
            else:
                state.update(activity, way)
            states.append(state)
        for gone in known.values():
            gone.close()
        about = {kind_of(name) for name in self._names}
        self.kinds = tuple(kind for kind in KINDS if kind in about)
        self.activities = states
        self.changed.emit()

    def _chosen(self, names: Iterable[str]) -> frozenset[str] | None:
        if self.kind is None:
            return None
        return frozenset(name for name in names if kind_of(name) == self.kind)

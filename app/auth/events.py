"""The access table for what comes over a page's socket: which component hears which event, and what
that may do.

`HEARD` lists them. The guard refuses an event that does not stand there before NiceGUI sees it, and
what an event brings must fit its kind: a press brings nothing, a field brings one text. Whose
records they are, and whether they may be changed now, is asked once more where that happens, by
`app.actions.perform`: no event names a record, since ids come from what was drawn.

NiceGUI keeps the listeners of a page to itself, so this reads internals of version 3.18.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Flag, auto
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

from nicegui import Client, ui
from nicegui.event_listener import EventListener
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

LONGEST: Final = 8_000
"""Characters of a text that a field hands over, or of an address. Fields take far less, and say so
themselves; a browser hands over what was in the address bar as it is."""


class Does(Flag):
    """What may come of an event."""

    SHOWS = auto()
    """Another part of the page is shown, or what was chosen and written is kept for it."""
    CHANGES = auto()
    """The customer's records change: always through `app.actions.perform`."""
    SIGNS = auto()
    """Codes are sent and tried, other devices are signed out, the calendar's address is made: what
    belongs to the sign-in and not to the records."""


_S: Final = Does.SHOWS
_C: Final = Does.SHOWS | Does.CHANGES
_G: Final = Does.SHOWS | Does.SIGNS


def _each(names: str, **heard: Does) -> dict[str, Mapping[str, Does]]:
    return dict.fromkeys(names.split(), heard)


HEARD: Final[dict[str, Mapping[str, Does]]] = {
    # The page itself: links, and the browser's own back and forth.
    "": {"sub_pages_open": _S, "sub_pages_navigate": _S},
    # Views and lists: what they offer is asked about in a dialog first.
    **_each(
        """
        activity-list address-card address-details addresses error-state frame hosted-update
        membership-card order-details overview paying-card payment-banner payment-method-card
        payment-method-details profile-card schedule-month store-credit subscription-card
        subscription-details subscriptions
        """,
        click=_S,
    ),
    **_each("next-delivery timeline-entry", click=_C, toggle=_S),
    **_each("activity-entry notice-bar schedule-timeline step-list", click=_C),
    **_each("order-list", click=_S, given=_S),
    **_each("address-form", given=_S),
    **_each("day-picker", click=_S, given=_S),
    # A question about an action: a dialog, or what stands in a page in the place of one.
    **_each("action-dialog", click=_C, close=_S, given=_S),
    **_each("cancel-flow", click=_C, given=_C),
    # What belongs to the sign-in.
    **_each("calendar-feed device-list", click=_G),
    **_each("calendar-feed-dialog", click=_G, close=_S),
    **_each("email-dialog", click=_C | _G, close=_S, given=_S),
    **_each("step-up", click=_G, given=_S),
    **_each("step-up-dialog", click=_C | _G, close=_S),
}
"""By the component, and by the kind of the event. A component is named as in `data-component`, or
by a class that it is made from: each dialog of an action is an "action-dialog"."""


def hear(component: str, kind: str, does: Does = Does.SHOWS) -> None:
    """Let a component that is a shop's own hear events of this kind. One that takes the place of
    ours, or is made from it, need not say so for what ours hears.

    component: as it stands in `data-component`: "roaster-note" for a class RoasterNote
    kind:      one of `KINDS`

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"no event {kind!r}; there are: {', '.join(sorted(KINDS))}")
    HEARD[component] = {**HEARD.get(component, {}), kind: does}


class _Brought(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Given(_Brought):
    detail: Annotated[str, Field(max_length=LONGEST)]


class _Toggled(_Brought):
    newState: Literal["open", "closed"]


_Address = Annotated[str, Field(max_length=LONGEST, pattern=r"^/")]

KINDS: Final[Mapping[str, tuple[TypeAdapter[Any], ...]]] = {
    "click": (),
    "close": (),
    "given": (TypeAdapter(_Given),),
    "toggle": (TypeAdapter(_Toggled),),
    "sub_pages_open": (TypeAdapter(_Address),),
    "sub_pages_navigate": (TypeAdapter(_Address),),
}
"""What each kind of event brings, in order."""


class Unfit(Exception):
    """No page of ours sends such an event; the text says why, for the log."""


class Unheard(Exception):
    """The event does not stand in `HEARD`: the fault is ours and not the browser's."""


def heard(page: str, message: Any) -> dict[str, Any] | None:
    """An event as NiceGUI may have it: with nothing in what it brings but what was looked at.

    None for what is no longer on the page, which a late press may well be for.

    Raises:
        Unfit: no page of ours sends this.
        Unheard: nobody may hear it.
    """
    client = Client.instances.get(page)
    element = client.elements.get(message["id"]) if client is not None else None
    if element is None:
        return None
    listener = element._event_listeners.get(message["listener_id"])
    if listener is None:
        raise Unfit("unknown listener")
    if entry(element, listener.type) is None:
        raise Unheard(f"{listener.type} at {owner(element)[0] or 'the page'}")
    return {**message, "args": list(_fitting(listener, message.get("args", [])))}


def entry(element: ui.element, kind: str) -> str | None:
    """The name in `HEARD` by which an element may hear events of this kind; None where it may not.
    It is the component's own before one that it is made from."""
    return next((name for name in owner(element) if kind in HEARD.get(name, {})), None)


def owner(element: ui.element) -> tuple[str, ...]:
    """The names of the component that an element is in, its own first; "" for the page."""
    for each in (element, *element.ancestors()):
        name = each.props.get("data-component")
        if name is not None:
            return (str(name), *_kinds_of(type(each).__mro__))
    return ("",)


@lru_cache(maxsize=512)
def _kinds_of(classes: tuple[type, ...]) -> tuple[str, ...]:
    """The elements among these classes, as they would stand in `data-component`."""
    return tuple(
        re.sub(r"(?<!^)(?=[A-Z])", "-", each.__name__).lower()
        for each in classes
        if issubclass(each, ui.element) and each is not ui.element
    )


def _fitting(listener: EventListener, brought: list[str | None]) -> Iterator[str]:
    kinds = KINDS[listener.type]
    if len(brought) != len(kinds):
        raise Unfit(f"wrong {listener.type}")
    for kind, text in zip(kinds, brought, strict=True):
        try:
            yield kind.dump_json(kind.validate_json(text or "")).decode()
        except ValidationError:
            raise Unfit(f"wrong {listener.type}") from None

"""The access table for what comes over a page's socket: which component hears which event, and what
that may do.

`HEARD` lists them. The guard refuses an event that does not stand there before NiceGUI sees it, and
what an event brings must fit its kind: a press brings nothing, a field brings one text. Whose
records they are, and whether they may be changed now, is asked once more where that happens, by
`app.actions.perform`: no event names a record, since ids come from what was drawn.

NiceGUI keeps the listeners of a page to itself, so this reads internals of version 3.18.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Flag, auto
from typing import Annotated, Any, Final, Literal

from nicegui import Client, ui
from nicegui.event_listener import EventListener
from nicegui.javascript_request import JavaScriptRequest
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


def _dialog(press: Does, **more: Does) -> dict[str, Does]:
    return {"click": press, "close": Does.SHOWS, **more}


HEARD: Final[dict[str, Mapping[str, Does]]] = {
    # The page itself: links and the browser's own back and forth.
    "": {"sub_pages_open": _S, "sub_pages_navigate": _S},
}
"""By the name of the component as it stands in `data-component`, and by the kind of the event."""


def hear(component: str, kind: str, does: Does = Does.SHOWS) -> None:
    """Let a component that is a shop's own hear events of this kind. One that takes the place of
    ours need not say so for what ours hears.

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
    """An event that our page would not have sent; the text says why, for the log."""


def checked(client: Client, message: Mapping[str, Any]) -> dict[str, Any] | None:
    """The event as NiceGUI may have it: with nothing in it but what was looked at.

    None for what is no longer on the page, which a late press may well be for, and for what nobody
    may hear: then the fault is ours, and not the browser's.

    Raises:
        Unfit: no page of ours sends this.
    """
    element = client.elements.get(message["id"])
    if element is None:
        return None
    listener = element._event_listeners.get(message["listener_id"])
    if listener is None:
        raise Unfit("unknown listener")
    if listener.type not in HEARD.get(owner(element), {}):
        return None
    return {**message, "args": list(_fitting(listener, message.get("args", [])))}


def owner(element: ui.element) -> str:
    """The component that an element is in, as it stands in `data-component`; "" for the page."""
    for each in (element, *element.ancestors()):
        name = each.props.get("data-component")
        if name is not None:
            return str(name)
    return ""


def is_awaited(message: Mapping[str, Any]) -> bool:
    """Whether we have asked a browser for this answer."""
    return message.get("request_id") in JavaScriptRequest._instances


def _fitting(listener: EventListener, brought: list[str | None]) -> Iterator[str]:
    kinds = KINDS[listener.type]
    if len(brought) != len(kinds):
        raise Unfit(f"wrong {listener.type}")
    for kind, text in zip(kinds, brought, strict=True):
        try:
            yield kind.dump_json(kind.validate_json(text or "")).decode()
        except ValidationError:
            raise Unfit(f"wrong {listener.type}") from None

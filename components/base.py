"""What every component is made of, and how a shop puts its own in place of ours.

A component draws one state object. Its sections are public methods, each drawn into an element that
carries the section's name as `data-slot`::

    class SubscriptionCard(Component[SubscriptionState]):
        sections = ("header", "body", "actions")

        def body(self) -> None:
            html.p(self.texts.money(self.state.price))

A shop's own class takes its place everywhere::

    @override(SubscriptionCard)
    class RoasterCard(SubscriptionCard):
        def body(self) -> None:
            super().body()
            html.p(self.texts.t("Roasted on Tuesdays"))

Errors::

    ComponentError
    ├── NotAReplacement     the class is not a subclass of what it would replace
    └── AlreadyReplaced     another class has taken that place before
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar, cast

from nicegui import ui

from app.i18n import Message, Texts, Value
from app.state import State
from components.html import Tag

S = TypeVar("S")
V = TypeVar("V")
C = TypeVar("C", bound="Component[Any]")
P = ParamSpec("P")

_log = logging.getLogger(__name__)
_replacements: dict[type[Component[Any]], type[Component[Any]]] = {}


class ComponentError(Exception):
    """A component cannot be replaced as asked."""


class NotAReplacement(ComponentError):
    """The class is not a subclass of the component that it would replace."""


class AlreadyReplaced(ComponentError):
    """Another class has taken that component's place before."""


class Component(Tag, Generic[S]):
    """Something on screen, drawn from one state object and drawn again when that changes.

    A subclass lists its `sections` and draws each in a method of that name. While a section is
    drawn, what it reads from `self.state` is noted; after a change only those sections are drawn
    again whose readings differ. Everything else on the page keeps its focus and its place.

    Components are equal only to themselves, so two that show equal data stay two.
    """

    element: ClassVar[str] = "section"
    """The HTML element that the component is."""
    sections: ClassVar[tuple[str, ...]] = ()
    """The parts of the component, in order. Each is a public method that may be overridden."""
    slot_elements: ClassVar[dict[str, str]] = {"header": "header"}
    """Sections that are another HTML element than `div`."""

    def __init__(self, state: S, texts: Texts) -> None:
        super().__init__(self.element, data_component=_slug(_original(type(self))))
        state = cast(S, getattr(state, "model", state) if type(state) is _Readings else state)
        self.texts = texts
        self.model = state
        """The state itself. Draw from `state`, which notes what is read."""
        self._drawings: list[_Drawing] = []
        self._open: list[_Drawing] = []
        self.state: S = cast(S, _Readings(state, self._open))
        """What is drawn. Handlers call its methods."""
        self._unsubscribe: Callable[[], None] | None = None
        if isinstance(state, State):
            self._unsubscribe = state.changed.subscribe(self.redraw)
        self._whole = _Drawing(self, self.build)
        self._draw(self._whole)

    @classmethod
    def show(cls: Callable[P, C], *args: P.args, **kwargs: P.kwargs) -> C:
        """Draw this component, or the class that a shop put in its place."""
        kind = _replacements.get(cast(Any, cls), cast(Any, cls))
        return cast(C, kind(*args, **kwargs))

    def build(self) -> None:
        """The layout: every section in its order. Override it to arrange them otherwise."""
        for name in self.sections:
            self.section(name)

    def section(self, name: str, draw: Callable[[], None] | None = None) -> Tag:
        """Draw the section `name` here, with the method of that name unless `draw` is given."""
        tag = Tag(self.slot_elements.get(name, "div"), data_slot=name)
        drawing = _Drawing(tag, draw or getattr(self, name))
        self._drawings.append(drawing)
        self._draw(drawing)
        return tag

    def seen(self, read: Callable[[], V]) -> V:
        """What `read` gives. The section is drawn again only when that becomes another value.

        For a section that needs a part of a long list: reading the whole would tie it to all of it.
        """
        held, self._open[:] = list(self._open), []
        try:
            value = read()
        finally:
            self._open[:] = held
        if self._open:
            self._open[-1].seen.append((read, _still(value)))
        return value

    def t(self, text: str, /, **values: Value) -> str:
        """A sentence in the reader's language."""
        return self.texts.t(text, **values)

    def say(self, message: Message) -> str:
        return self.texts.render(message)

    def redraw(self) -> None:
        """Draw again what has changed. Called by the state."""
        if self.is_deleted or self._client() is None or self.client.is_deleted:
            return
        if self._whole.is_stale(self.model):
            self._drawings.clear()
            self._draw(self._whole)
            return
        for drawing in list(self._drawings):
            if not drawing.tag.is_deleted and drawing.is_stale(self.model):
                self._draw(drawing)
        self._drawings = [one for one in self._drawings if not one.tag.is_deleted]

    def _draw(self, drawing: _Drawing) -> None:
        if drawing.tag.default_slot.children:
            drawing.tag.clear()
        drawing.forget()
        self._open.append(drawing)
        try:
            with drawing.tag:
                drawing.draw()
        except Exception:
            # A broken part, say of a shop's own, must not take the page from the customer; and the
            # text of an exception is not for them.
            _log.exception("%s could not be drawn", drawing.name)
            with drawing.tag.clear():
                Tag("p", self.t("This part cannot be shown right now."), class_="ds-muted")
        finally:
            self._open.remove(drawing)

    def _handle_delete(self) -> None:
        unsubscribe = getattr(self, "_unsubscribe", None)
        if unsubscribe is not None:
            unsubscribe()
        super()._handle_delete()


@dataclass(eq=False)
class _Drawing:
    """One part of a component: where it is drawn, how, and what it read while it was."""

    tag: ui.element
    draw: Callable[[], None]
    read: dict[str, object] = field(default_factory=dict)
    seen: list[tuple[Callable[[], object], object]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(getattr(self.draw, "__qualname__", self.draw))

    def forget(self) -> None:
        self.read.clear()
        self.seen.clear()

    def is_stale(self, model: object) -> bool:
        return any(
            not _same(value, _still(getattr(model, name, None)))
            for name, value in self.read.items()
        ) or any(not _same(value, _still(read())) for read, value in self.seen)


class _Readings:
    """Stands before a state and notes, for the part that is being drawn, what was read from it."""

    def __init__(self, model: Any, drawings: list[_Drawing]) -> None:
        self.model = model
        self.drawings = drawings

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.model, name)
        if self.drawings:
            self.drawings[-1].read[name] = _still(value)
        return value


def override(base: type[Component[Any]]) -> Callable[[type[C]], type[C]]:
    """Put the decorated class in the place of `base`, everywhere.

    Raises:
        NotAReplacement: the class is not a subclass of `base`.
        AlreadyReplaced: `base` has been replaced before.
    """

    def claim(replacement: type[C]) -> type[C]:
        _check(base, replacement)
        if base in _replacements:
            raise AlreadyReplaced(
                f"{replacement.__qualname__} cannot replace {base.__qualname__}: "
                f"{_replacements[base].__qualname__} already does"
            )
        _replacements[base] = replacement
        return replacement

    return claim


@contextmanager
def overridden(base: type[Component[Any]], replacement: type[Component[Any]]) -> Iterator[None]:
    """Have `replacement` in the place of `base` for a while, in tests and previews.

    Raises:
        NotAReplacement: the class is not a subclass of `base`.
    """
    _check(base, replacement)
    before = _replacements.get(base)
    _replacements[base] = replacement
    try:
        yield
    finally:
        if before is None:
            del _replacements[base]
        else:
            _replacements[base] = before


def _check(base: type[Component[Any]], replacement: type[Component[Any]]) -> None:
    if replacement is base or not issubclass(replacement, base):
        raise NotAReplacement(
            f"{replacement.__qualname__} cannot replace {base.__qualname__}: "
            f"it must be a subclass of it"
        )


def _original(kind: type[Component[Any]]) -> type[Component[Any]]:
    """The component that a replacement stands for: its name is what theme CSS aims at."""
    return next((base for base, own in _replacements.items() if own is kind), kind)


def _slug(kind: type[object]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


def _still(value: object) -> object:
    """A list as it is now: the state may go on to change it."""
    return tuple(value) if isinstance(value, list) else value


def _same(one: object, other: object) -> bool:
    return one is other or bool(one == other)

# ruff: noqa: S101  (these are tests)
"""Tests for components, and the tests that every component passes: a shop's own ones too.

::

    class TestRoasterCard(ComponentTests):
        component = SubscriptionCard
        replacement = RoasterCard

The tests draw the examples of the gallery on a page without a browser.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Any, ClassVar

import httpx
from nicegui import Client, core, ui
from nicegui.testing import User, user_simulation

from app.i18n import Texts
from app.state import State
from components.base import Component, overridden
from components.fields import Field
from components.gallery import EXAMPLES, Example
from components.html import Button, Tag


@asynccontextmanager
async def drawn(*draws: Callable[[], object]) -> AsyncIterator[list[User]]:
    """Open one page for each of `draws`, each in a simulated browser of its own."""

    def page(number: int) -> None:
        draws[number]()

    async with user_simulation(root=lambda: None) as first:
        ui.page("/drawn/{number}")(page)
        users = [first]
        for _ in draws[1:]:
            transport = httpx.ASGITransport(core.app)
            users.append(User(httpx.AsyncClient(transport=transport, base_url="http://test")))
        try:
            for number, user in enumerate(users):
                await user.open("/drawn/" + str(number))
            yield users
        finally:
            # NiceGUI would take the modules of these functions, our own among them, for its user's
            # script, and forget them.
            Client.page_routes.clear()
            for user in users[1:]:
                await user.http_client.aclose()


@contextmanager
def nothing_logged() -> Iterator[list[logging.LogRecord]]:
    """Nothing goes wrong quietly: a part that cannot be drawn is logged as an error."""
    errors: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(record)

    handler = Keep(logging.ERROR)
    logging.getLogger().addHandler(handler)
    logging.getLogger("nicegui").addHandler(handler)
    try:
        yield errors
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger("nicegui").removeHandler(handler)
    assert [record.getMessage() for record in errors] == []


def words(element: ui.element) -> list[str]:
    """Every text in an element, in order, as a reader meets it."""
    found = [element, *element.descendants()]
    return [text for one in found if (text := getattr(one, "text", ""))]


def slots(element: ui.element) -> dict[str, ui.element]:
    """The drawn sections of a component by name, without those of components inside it."""
    found: dict[str, ui.element] = {}
    for one in element:
        name = one.props.get("data-slot")
        if name is not None:
            found.setdefault(str(name), one)
        if not isinstance(one, Component):
            for inner, section in slots(one).items():
                found.setdefault(inner, section)
    return found


def button(element: ui.element, text: str) -> Button:
    """The button that says `text`."""
    for one in element.descendants():
        if isinstance(one, Button) and one.text == text:
            return one
    raise AssertionError("no button says " + repr(text) + " among " + repr(words(element)))


def button_called(element: ui.element, name: str) -> Button:
    """The button that a screen reader calls `name`, whatever stands on it."""
    for one in element.descendants():
        if isinstance(one, Button) and name in (one.props.get("aria-label"), one.text):
            return one
    raise AssertionError("no button is called " + repr(name) + " among " + repr(words(element)))


async def press(one: Button) -> None:
    """Press a button as its browser would, and wait for what comes of it."""
    with one.client:
        await one.pressed()


def field(element: ui.element, label: str) -> Field:
    """The control in an element that is called `label`, whichever kind it is."""
    inside = list(element.descendants())
    for one in inside:
        if isinstance(one, Field) and label in _names_of(one, inside):
            return one
    raise AssertionError("no field is called " + repr(label) + " among " + repr(words(element)))


async def choose(one: Field, *, is_checked: bool = True) -> None:
    """Choose a radio, or check or clear a checkbox, as its browser would."""
    kind = one.props.get("type")
    assert kind in ("radio", "checkbox"), "not a choice: " + str(kind or one.tag)
    with one.client:
        await one.given("on" if is_checked else "")


async def type_into(one: Field, text: str) -> None:
    """Write into a field, or count a stepper to a number, and leave it."""
    with one.client:
        await one.given(text)


async def select(one: Field, label: str) -> None:
    """Choose from a list what is called `label`."""
    for option in one.default_slot.children:
        if isinstance(option, Tag) and option.text == label:
            with one.client:
                return await one.given(str(option.props["value"]))
    raise AssertionError("the list has no " + repr(label) + " among " + repr(words(one)))


def _names_of(one: Field, inside: list[ui.element]) -> list[str]:
    """What a field is called: the first words around it, or those of the label that names it."""
    around = one.parent_slot.parent if one.parent_slot else None
    if isinstance(around, Tag) and around.tag == "label":
        return words(around)[:1]
    return [
        label.text
        for label in inside
        if isinstance(label, Tag) and label.props.get("for") == one.html_id
    ]


class ComponentTests:
    """What every component keeps. Inherit this and name the component, or its replacement too."""

    component: ClassVar[type[Component[Any]]]
    replacement: ClassVar[type[Component[Any]] | None] = None

    def examples(self) -> list[Example]:
        return [one for one in EXAMPLES if one.component is self.component]

    def in_place(self) -> AbstractContextManager[None]:
        if self.replacement is None:
            return nullcontext()
        return overridden(self.component, self.replacement)

    async def test_every_example_of_the_gallery_draws(self) -> None:
        examples = self.examples()
        assert examples, "the gallery shows every component"
        shown: list[Component[Any]] = []

        def draw() -> None:
            shown.extend(example.draw(Texts(example.language)) for example in examples)

        with self.in_place(), nothing_logged():
            async with drawn(draw):
                kind = self.replacement or self.component
                assert {type(component) for component in shown} == {kind}

    async def test_every_section_is_drawn_in_some_example(self) -> None:
        found: set[str] = set()

        def draw() -> None:
            for example in self.examples():
                found.update(slots(example.draw(Texts("en"))))

        with self.in_place():
            async with drawn(draw):
                assert set(self.component.sections) <= found

    async def test_two_pages_share_nothing(self) -> None:
        example = self.examples()[0]
        shown: list[Component[Any]] = []

        def draw() -> None:
            shown.append(example.draw(Texts("en")))

        with self.in_place():
            async with drawn(draw, draw):
                one, other = shown
                assert one != other
                assert one.client is not other.client
                model = one.model
                if isinstance(model, State):
                    before = list(other.descendants())
                    model.changed.emit()
                    assert list(other.descendants()) == before

    async def test_it_lets_go_of_its_state_when_it_is_deleted(self) -> None:
        shown: list[Component[Any]] = []

        def draw() -> None:
            shown.append(self.examples()[0].draw(Texts("en")))

        with self.in_place():
            async with drawn(draw):
                (component,) = shown
                model = component.model
                if isinstance(model, State):
                    assert len(model.changed) >= 1
                    component.delete()
                    assert len(model.changed) == 0
                    model.changed.emit()

"""Every component is in the gallery, and each of its sections can be replaced alone."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import components
from app.i18n import Texts
from components import Component, html, overridden
from components.gallery import EXAMPLES
from components.testing import drawn, slots, words

ENGLISH = Texts("en")
PUBLIC: frozenset[type[Component[Any]]] = frozenset(
    one
    for one in (getattr(components, name) for name in components.__all__)
    if inspect.isclass(one) and issubclass(one, Component) and not inspect.isabstract(one)
)
DRAWN = tuple(dict.fromkeys(example.component for example in EXAMPLES))


def test_the_gallery_shows_every_component() -> None:
    """All but those that others are made of: they are seen in these."""
    bases = {base for one in PUBLIC for base in one.__mro__[1:]}
    assert PUBLIC - bases <= set(DRAWN) <= PUBLIC
    assert len({example.name for example in EXAMPLES}) == len(EXAMPLES)


OVERRIDES = [(component, section) for component in DRAWN for section in component.sections]


@pytest.mark.parametrize(
    ("component", "section"), OVERRIDES, ids=[f"{one.__name__}.{name}" for one, name in OVERRIDES]
)
async def test_the_override_point(component: type[Component[Any]], section: str) -> None:
    """A section can be replaced alone: what a shop draws stands in it, the others stay."""

    def draw_own(self: Component[Any]) -> None:
        html.p("the shop's own")

    replacement = type("ShopsOwn", (component,), {section: draw_own})
    examples = [one for one in EXAMPLES if one.component is component]
    examples = [one for one in examples if one.case not in ("nothing to say",)]
    # Of a component that shows one of several sections, the example is called like that.
    example = next((one for one in examples if one.case == section), examples[0])
    ours: list[Component[Any]] = []
    theirs: list[Component[Any]] = []

    def draw() -> None:
        ours.append(example.draw(ENGLISH))
        with overridden(component, replacement):
            theirs.append(example.draw(ENGLISH))

    async with drawn(draw):
        before, after = slots(ours[0]), slots(theirs[0])
        assert words(after[section]) == ["the shop's own"]
        for name in before:
            if name in component.sections and name != section:
                assert words(after[name]) == words(before[name])

"""What is remembered for NiceGUI is what NiceGUI itself would say."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import nicegui
import pytest
from nicegui import helpers
from nicegui.helpers.functions import expects_arguments as stock
from nicegui.testing import user_simulation

from app.pages import economy
from components import html


class Handlers:
    def none(self) -> None: ...
    def one(self, event: object) -> None: ...
    def optional(self, event: object = None) -> None: ...
    def keyword(self, *, event: object) -> None: ...
    def any_number(self, *events: object, **named: object) -> None: ...
    @classmethod
    def of_class(cls, event: object) -> None: ...
    @staticmethod
    def of_nobody(event: object) -> None: ...
    async def later(self) -> None: ...
    def __call__(self, event: object) -> None: ...


HANDLERS = Handlers()
ALL: list[Callable[..., Any]] = [
    HANDLERS.none,
    HANDLERS.one,
    HANDLERS.optional,
    HANDLERS.keyword,
    HANDLERS.any_number,
    HANDLERS.of_class,
    HANDLERS.of_nobody,
    HANDLERS.later,
    HANDLERS.__call__,
    HANDLERS,
    Handlers.one,
    functools.partial(HANDLERS.one, None),
    functools.partial(HANDLERS.one),
    lambda: None,
    lambda event: None,
    [].append,
    [].clear,
]


@pytest.mark.parametrize("handler", ALL, ids=lambda one: type(one).__name__)
def test_the_answer_is_that_of_nicegui_also_when_remembered(handler: Callable[..., Any]) -> None:
    said = [economy.expects_arguments(handler) for _ in range(2)]
    assert said == [stock(handler)] * 2


def test_a_method_of_a_subclass_is_not_mistaken_for_that_of_its_base() -> None:
    class Wanting(Handlers):
        def none(self, event: object) -> None: ...  # type: ignore[override]

    assert not economy.expects_arguments(HANDLERS.none)
    assert economy.expects_arguments(Wanting().none)


def test_what_is_no_handler_is_refused_as_by_nicegui() -> None:
    with pytest.raises(TypeError, match="not a callable"):
        economy.expects_arguments("press")  # type: ignore[arg-type]


async def test_elements_are_made_without_looking_at_signatures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def signature(handler: Callable[..., Any]) -> inspect.Signature:
        asked.append(handler)
        return inspect.signature(handler)

    def page() -> None:
        html.p("first")
        asked.clear()
        html.p("second", class_="ds-muted", title="third")

    monkeypatch.setattr(helpers, "expects_arguments", stock)
    monkeypatch.setattr("nicegui.helpers.functions.signature", signature)
    economy.install()
    async with user_simulation(root=page) as user:
        await user.open("/")
        await user.should_see("second")
    assert asked == []
    assert nicegui.__version__ == "3.18.0", "see whether NiceGUI still asks in the same place"

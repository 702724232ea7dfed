"""What all components share: sections, redrawing, replacing, letting go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

import pytest
from nicegui import ui

from app.i18n import Texts
from app.state import State
from components import (
    AlreadyReplaced,
    Component,
    NotAReplacement,
    SubscriptionCard,
    html,
    overridden,
    override,
)
from components import base as components_base
from components.testing import drawn, slots, words

ENGLISH = Texts("en")


class Kettle(State):
    """A state with three things to read."""

    def __init__(self) -> None:
        super().__init__()
        self.degrees = 20
        self.name = "Kettle"
        self.cups: list[str] = ["red", "blue"]


class KettleCard(Component[Kettle]):
    sections: ClassVar[tuple[str, ...]] = ("header", "body", "cups")

    def __init__(self, state: Kettle, texts: Texts) -> None:
        self.drawn: Counter[str] = Counter()
        super().__init__(state, texts)

    def header(self) -> None:
        self.drawn["header"] += 1
        html.h2(self.state.name)

    def body(self) -> None:
        self.drawn["body"] += 1
        html.p(str(self.state.degrees))

    def cups(self) -> None:
        self.drawn["cups"] += 1
        for cup in self.state.cups:
            html.p(cup)


@pytest.fixture
def clean_registry() -> Iterator[None]:
    """Replacements that a test claims for good are taken back after it."""
    before = dict(components_base._replacements)
    yield
    components_base._replacements.clear()
    components_base._replacements.update(before)


async def test_sections_stand_in_their_order_under_their_names() -> None:
    cards: list[KettleCard] = []
    async with drawn(lambda: cards.append(KettleCard.show(Kettle(), ENGLISH))):
        (card,) = cards
        assert list(slots(card)) == ["header", "body", "cups"]
        assert slots(card)["header"].tag == "header"
        assert card.props["data-component"] == "kettle-card"
        assert words(card) == ["Kettle", "20", "red", "blue"]


async def test_only_the_section_that_read_what_changed_is_drawn_again() -> None:
    kettle = Kettle()
    cards: list[KettleCard] = []
    async with drawn(lambda: cards.append(KettleCard.show(kettle, ENGLISH))):
        (card,) = cards
        header = next(iter(slots(card)["header"]))

        kettle.degrees = 100
        kettle.changed.emit()
        assert card.drawn == {"header": 1, "body": 2, "cups": 1}
        assert next(iter(slots(card)["header"])) is header, "its neighbours stay the same elements"
        assert words(card) == ["Kettle", "100", "red", "blue"]

        kettle.changed.emit()
        assert card.drawn == {"header": 1, "body": 2, "cups": 1}, "nothing changed, nothing drawn"


async def test_a_list_that_the_state_changes_in_place_is_noticed() -> None:
    kettle = Kettle()
    cards: list[KettleCard] = []
    async with drawn(lambda: cards.append(KettleCard.show(kettle, ENGLISH))):
        kettle.cups.append("green")
        kettle.changed.emit()
        assert words(cards[0])[-1] == "green"
        assert cards[0].drawn["cups"] == 2


async def test_a_section_can_be_tied_to_a_part_of_what_it_reads() -> None:
    class WarmCard(KettleCard):
        sections = ("body",)

        def body(self) -> None:
            self.drawn["body"] += 1
            html.p("warm" if self.seen(lambda: self.state.degrees > 50) else "cold")

    kettle = Kettle()
    cards: list[WarmCard] = []
    async with drawn(lambda: cards.append(WarmCard.show(kettle, ENGLISH))):
        for degrees in (30, 40, 60, 70):
            kettle.degrees = degrees
            kettle.changed.emit()
        assert words(cards[0]) == ["warm"]
        assert cards[0].drawn["body"] == 2, "drawn again when it became warm, and not otherwise"


async def test_a_layout_that_reads_the_state_is_drawn_again_as_a_whole() -> None:
    class Choosy(KettleCard):
        def build(self) -> None:
            self.section("header" if self.state.degrees < 50 else "cups")

    kettle = Kettle()
    cards: list[Choosy] = []
    async with drawn(lambda: cards.append(Choosy.show(kettle, ENGLISH))):
        assert list(slots(cards[0])) == ["header"]
        kettle.degrees = 90
        kettle.changed.emit()
        assert list(slots(cards[0])) == ["cups"]


async def test_a_broken_section_does_not_take_the_others_along(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(KettleCard):
        def body(self) -> None:
            html.p("half of it")
            raise RuntimeError("secret address of the kettle")

    cards: list[Broken] = []
    async with drawn(lambda: cards.append(Broken.show(Kettle(), ENGLISH))):
        assert words(cards[0]) == [
            "Kettle", "This part cannot be shown right now.", "red", "blue"
        ]  # fmt: skip
    assert "Broken.body could not be drawn" in caplog.text


async def test_a_state_can_be_changed_while_nobody_draws() -> None:
    """A change comes from a task of its own, where NiceGUI knows of no page."""
    kettle = Kettle()
    cards: list[KettleCard] = []
    async with drawn(lambda: cards.append(KettleCard.show(kettle, ENGLISH))):
        kettle.name = "Teapot"
        kettle.changed.emit()
        assert words(cards[0])[0] == "Teapot"


async def test_a_deleted_component_follows_its_state_no_more() -> None:
    kettle = Kettle()
    cards: list[KettleCard] = []
    boxes: list[ui.element] = []

    def draw() -> None:
        with html.div() as box:
            cards.append(KettleCard.show(kettle, ENGLISH))
        boxes.append(box)

    async with drawn(draw):
        assert len(kettle.changed) == 1
        boxes[0].clear()
        assert len(kettle.changed) == 0
        kettle.degrees = 99
        kettle.changed.emit()
        assert cards[0].drawn["body"] == 1


async def test_two_customers_with_equal_states_see_their_own() -> None:
    """Equal is not the same: each page follows its own state only."""

    class EqualKettle(Kettle):
        def __eq__(self, other: object) -> bool:
            return isinstance(other, EqualKettle)

        __hash__ = None  # type: ignore[assignment]

    alices, bobs = EqualKettle(), EqualKettle()
    cards: list[KettleCard] = []
    async with drawn(
        lambda: cards.append(KettleCard.show(alices, ENGLISH)),
        lambda: cards.append(KettleCard.show(bobs, ENGLISH)),
    ) as (alice, bob):
        alices.name = "Alice's kettle"
        alices.changed.emit()
        await alice.should_see("Alice's kettle")
        await bob.should_not_see("Alice's kettle")
        assert words(cards[1])[0] == "Kettle"


async def test_a_replacement_is_shown_in_its_place_and_keeps_its_name(clean_registry: None) -> None:
    @override(KettleCard)
    class CopperKettle(KettleCard):
        def body(self) -> None:
            super().body()
            html.p("made of copper")

    cards: list[KettleCard] = []
    async with drawn(lambda: cards.append(KettleCard.show(Kettle(), ENGLISH))):
        assert type(cards[0]) is CopperKettle
        assert [one.text for one in slots(cards[0])["body"] if isinstance(one, html.Tag)] == [
            "20",
            "made of copper",
        ]
        assert cards[0].props["data-component"] == "kettle-card", "themes go on finding it"


def test_a_replacement_must_be_a_subclass(clean_registry: None) -> None:
    with pytest.raises(NotAReplacement, match="KettleCard cannot replace SubscriptionCard"):
        override(SubscriptionCard)(KettleCard)
    with pytest.raises(NotAReplacement):
        override(KettleCard)(KettleCard)


def test_a_second_claim_is_refused(clean_registry: None) -> None:
    class First(KettleCard): ...

    class Second(KettleCard): ...

    override(KettleCard)(First)
    with pytest.raises(AlreadyReplaced, match=r"Second cannot replace .*First already does"):
        override(KettleCard)(Second)


def test_a_preview_ends_where_it_ends() -> None:
    class Preview(KettleCard): ...

    with overridden(KettleCard, Preview), overridden(KettleCard, Preview):
        pass
    assert KettleCard not in components_base._replacements

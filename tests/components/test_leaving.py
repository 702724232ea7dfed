"""The way out: what is read at each step, what is heard, and that nothing is locked."""

from __future__ import annotations

from typing import Any

import pytest

from app.i18n import Texts
from components import CancelFlow, EndForm
from components.base import Component
from components.fields import Field
from components.gallery import EXAMPLES
from components.gallery.made_up import MadeUpRetention
from components.html import Button, Tag
from components.testing import button, choose, drawn, field, press, slots, type_into, words

STEPS = [one.case for one in EXAMPLES if one.component is CancelFlow]
CLOSED = "confirm, where the shop ends it itself"
UNTIL_DONE = [case for case in STEPS if not case.startswith("done") and case != CLOSED]


class Shown:
    """An example of the flow, drawn."""

    def __init__(self, case: str, kind: type[Component[Any]] = CancelFlow) -> None:
        self.example = next(one for one in EXAMPLES if one.component is kind and one.case == case)
        self.gone: list[str] = []

    def draw(self) -> None:
        flow = self.example.draw(Texts(self.example.language))
        assert isinstance(flow, CancelFlow)
        flow._go = self.gone.append
        self.flow = flow

    @property
    def retention(self) -> MadeUpRetention:
        assert isinstance(self.flow.model, MadeUpRetention)
        return self.flow.model

    @property
    def end(self) -> Button:
        found = [
            one
            for one in self.flow.descendants()
            if isinstance(one, Button) and one.props.get("data-key") == "end"
        ]
        assert len(found) == 1
        return found[0]

    def the(self, key: str, value: str) -> Tag:
        return next(
            one
            for one in self.flow.descendants()
            if isinstance(one, Tag) and one.props.get(key) == value
        )


@pytest.mark.parametrize("case", UNTIL_DONE)
async def test_the_end_stands_on_every_step_and_is_never_locked(case: str) -> None:
    one = Shown(case)
    async with drawn(one.draw):
        assert {"aria-disabled", "disabled"}.isdisjoint(one.end.props)
        assert "ds-primary" in one.end.classes
        await press(one.end)
        assert one.retention.presses == ["end"]
        assert one.retention.title in words(slots(one.flow)["bar"])


async def test_where_the_shop_ends_it_itself_it_says_whom_to_write_to() -> None:
    one = Shown(CLOSED)
    async with drawn(one.draw):
        assert "Not cancelled yet" in words(slots(one.flow)["bar"])
        assert "This shop ends subscriptions itself" in words(one.flow)
        assert not [each for each in one.flow.descendants() if isinstance(each, Button)]
        write = one.the("data-key", "write")
        assert write.props["href"] == "mailto:hello@northbound.example.com"


@pytest.mark.parametrize("case", [case for case in STEPS if case.startswith("offer")])
async def test_what_is_offered_looks_like_the_end_and_no_better(case: str) -> None:
    one = Shown(case)
    async with drawn(one.draw):
        looks = [
            list(each.classes)
            for each in one.flow.descendants()
            if isinstance(each, Tag) and each.props.get("data-key") in ("confirm", "write", "end")
        ]
        assert looks == [["ds-button", "ds-primary"]] * 2


async def test_the_bar_says_how_it_stands() -> None:
    said = {
        "reason": "Not cancelled yet",
        "confirm, being cancelled": "Cancelling…",
        "confirm, not known yet": "Not known yet",
    }
    for case, text in said.items():
        one = Shown(case)
        async with drawn(one.draw):
            assert words(one.the("role", "status"))[0] == text
    one = Shown("confirm, not known yet")
    async with drawn(one.draw):
        assert any("do not know yet whether it was cancelled" in each for each in words(one.flow))
        assert not any("is cancelled" in each for each in words(one.flow))
        assert not any("does not come any more" in each for each in words(one.flow))


async def test_the_bar_goes_on_telling_where_it_stands() -> None:
    """A screen reader reads what changes in it: it must stay the same element."""
    one = Shown("confirm")
    async with drawn(one.draw):
        before = one.the("data-slot", "bar")
        one.retention.is_busy = True
        one.retention.changed.emit()
        assert one.the("data-slot", "bar") is before
        assert words(before)[0] == "Cancelling…"
        assert words(one.end) == ["Cancelling…"]
        assert one.end.props["aria-busy"]


async def test_a_reason_is_given_and_kept() -> None:
    one = Shown("reason")
    async with drawn(one.draw):
        await choose(field(one.flow, "It costs too much"))
        await type_into(field(one.flow, "Anything else the shop should know?"), "Too dear\0 ")
        await press(button(one.flow, "Continue"))
        assert one.retention.presses == ["choose It costs too much", "write", "go on"]
        assert one.retention.comments == "Too dear"
        assert one.gone == ["/subscriptions/301/cancel/confirm"]


async def test_what_is_missing_is_said_where_it_is_given() -> None:
    one = Shown("reason, one is needed")
    async with drawn(one.draw):
        alert = one.the("role", "alert")
        assert words(alert) == ["Please choose a reason first. Nothing was changed."]
        reasons = [each for each in one.flow.descendants() if isinstance(each, Field)]
        one.retention.missing = None
        one.retention.changed.emit()
        assert alert.is_deleted
        assert not reasons[0].is_deleted, "the fields stay under the customer's fingers"

        await press(button(one.flow, "Continue"))
        assert one.gone == []
        assert words(one.the("role", "alert"))


async def test_the_law_has_its_own_words() -> None:
    one = Shown("confirm, in the words of the law")
    async with drawn(one.draw):
        assert words(one.end) == ["Jetzt kündigen", "Cancel Harbour House Blend"]
        told = next(each for each in one.end.descendants() if each.props.get("lang"))
        assert told.props["lang"] == "de"
    read = Shown("confirm, in the words of the law, read in its language")
    async with drawn(read.draw):
        assert words(read.end) == ["Jetzt kündigen"]


async def test_who_writes_to_the_shop_finds_the_address() -> None:
    one = Shown("offer to write")
    async with drawn(one.draw):
        link = one.the("data-key", "write")
        assert link.props["href"] == "mailto:hello@northbound.example.com"


async def test_what_was_done_is_told_with_its_proof_and_the_way_back() -> None:
    one = Shown("done")
    async with drawn(one.draw):
        text = words(one.flow)
        assert "C-7K2M-94QX" in text
        assert "Sent to m…@example.com" in text
        assert "Start again on Mon, Nov 30" in text
        assert any("$24.40" in line for line in text)
        assert any("as before" in line for line in text)
        assert not any("Not cancelled" in line for line in text)
        goes_on = [
            each.props["href"]
            for each in one.flow.descendants()
            if isinstance(each, Tag) and each.tag == "a"
        ]
        assert "/subscriptions/302/cancel" in goes_on


async def test_one_or_all() -> None:
    forms: list[EndForm] = []

    def draw() -> None:
        example = next(
            one for one in EXAMPLES if one.component is EndForm and one.case == "one or all"
        )
        form = example.draw(Texts("en"))
        assert isinstance(form, EndForm)
        forms.append(form)

    async with drawn(draw):
        [form] = forms
        await choose(field(form, "All 3 subscriptions"))
        assert getattr(form.model, "is_all", None) is True

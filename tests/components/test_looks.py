"""What the page says while one of the shop's people looks as the customer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.i18n import Texts
from app.state import LookShown
from components import LooksBand
from components.gallery import MadeUpPortal
from components.testing import ComponentTests, drawn, words

ENGLISH = Texts("en")
UNTIL = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


class TestLooksBand(ComponentTests):
    component = LooksBand


@pytest.mark.parametrize("may_change", [False, True])
async def test_it_says_who_until_when_and_what(may_change: bool) -> None:
    look = LookShown("Noor", UNTIL, may_change=may_change)

    bands: list[LooksBand] = []

    def draw() -> None:
        bands.append(LooksBand.show(MadeUpPortal(status="loading"), ENGLISH, look, "a token"))

    async with drawn(draw):
        said = " ".join(words(bands[0]))
        assert "Noor, until Mon, Nov 23, 5:30" in said
        assert ("Nothing can be changed." in said) is not may_change
        assert ("What you change is real, and recorded as done by the shop." in said) is may_change
        inside = bands[0].descendants()
        forms = [one.props["action"] for one in inside if "action" in one.props]
        assert forms == ["/sign-out"], "leaving works without the page's socket"


async def test_acting_is_offered_where_it_is_allowed() -> None:
    look = LookShown("Noor", UNTIL, can_switch=True)

    bands: list[LooksBand] = []

    def draw() -> None:
        bands.append(LooksBand.show(MadeUpPortal(status="loading"), ENGLISH, look, "a token"))

    async with drawn(draw):
        assert "Act for the customer" in words(bands[0])

"""The key of a press names the wish to leave that it belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.retention import Incentive, Press

FLOW = "0123456789abcdef" * 2


@given(st.uuids(), st.sampled_from([None, *Incentive]))
def test_a_key_names_its_flow_and_what_was_taken_up(flow: object, offer: Incentive | None) -> None:
    press = Press(str(flow).replace("-", ""), offer)
    key = press.key()
    assert Press.of(key) == press
    assert press.key() != key
    assert 8 <= len(key) <= 100
    assert key.isascii()
    assert key.isprintable()


@pytest.mark.parametrize(
    "key",
    [
        "0" * 32,
        "",
        ".",
        "..",
        "a.end.b",
        f"{FLOW}.end",
        f"{FLOW}.presents.{FLOW}",
        f"{FLOW}..{FLOW}",
    ],
)
def test_any_other_key_names_none(key: str) -> None:
    assert Press.of(key) is None

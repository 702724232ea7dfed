"""The shop's page is told what was done, by one word of a list."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import app.actions as actions
from app.actions import Action, SkipDelivery
from app.state import EVENTS
from app.state.deeds import Deed, Deeds

DAY = date(2026, 7, 3)
ROOT = Path(__file__).parent.parent.parent


def all_actions() -> set[str]:
    """The names of all actions that there are."""
    found, open_ones = set(), [Action]
    while open_ones:
        one = open_ones.pop()
        open_ones += one.__subclasses__()
        if one.__module__.startswith(actions.__name__) and isinstance(vars(one).get("name"), str):
            found.add(one.name)
    return found


def test_every_action_has_its_event() -> None:
    listed = [name for names in EVENTS.values() for name in names]
    assert sorted(listed) == sorted(set(listed))
    # One call of several is no action by itself: those that it is part of have names of their own.
    assert set(listed) == all_actions() - {"in one call"}


def test_the_names_of_events_are_such_as_the_frame_lets_out() -> None:
    script = (ROOT / "app" / "web" / "static" / "embed.js").read_text(encoding="utf-8")
    assert "/^[a-z][a-z-]{1,40}$/" in script
    assert [name for name in EVENTS if not re.fullmatch("[a-z][a-z-]{1,40}", name)] == []


def test_every_event_stands_in_the_docs_and_in_the_demos_shop() -> None:
    document = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    shop = (ROOT / "app" / "demo_shop_files" / "shop.js").read_text(encoding="utf-8")
    assert [name for name in EVENTS if f"`doorstep:{name}`" not in document] == []
    assert [name for name in EVENTS if f'"{name}"' not in shop] == []


def test_who_follows_hears_what_was_done_and_to_what() -> None:
    heard: list[Deed] = []
    deeds = Deeds()
    deeds.follow(heard.append)
    action = SkipDelivery(address_id=201, date=DAY)
    deeds.tell(action)
    deeds.tell(None)
    assert heard == [
        Deed("skipped", "skip delivery", "address 201"),
        Deed("changed", "", ""),
    ]


def test_a_listener_that_fails_keeps_nothing_from_the_others() -> None:
    heard: list[Deed] = []

    def fails(_: Deed) -> None:
        raise RuntimeError

    deeds = Deeds()
    deeds.follow(fails)
    deeds.follow(heard.append)
    deeds.tell(None)
    assert len(heard) == 1

"""A signal tells all who listen, whatever they do when they hear it."""

from __future__ import annotations

from app.state import Signal


def test_subscribers_are_called_in_order_until_they_leave() -> None:
    heard: list[str] = []
    signal = Signal()
    leave = signal.subscribe(lambda: heard.append("first"))
    signal.subscribe(lambda: heard.append("second"))

    signal.emit()
    leave()
    leave()  # leaving twice is nothing
    signal.emit()

    assert heard == ["first", "second", "second"]


def test_who_leaves_during_an_emit_is_not_called_any_more() -> None:
    heard: list[str] = []
    signal = Signal()

    def first() -> None:
        heard.append("first")
        leave_first()
        leave_second()

    leave_first = signal.subscribe(first)
    leave_second = signal.subscribe(lambda: heard.append("second"))
    signal.subscribe(lambda: heard.append("third"))

    signal.emit()
    signal.emit()

    assert heard == ["first", "third", "third"]


def test_who_joins_during_an_emit_hears_the_next_one() -> None:
    heard: list[str] = []
    signal = Signal()

    def invite() -> None:
        signal.subscribe(lambda: heard.append("late"))

    signal.subscribe(invite)

    signal.emit()
    assert heard == []
    signal.emit()
    assert heard == ["late"]


def test_one_that_fails_keeps_nothing_from_the_others() -> None:
    heard: list[str] = []
    signal = Signal()

    def fail() -> None:
        raise RuntimeError("cannot draw")

    signal.subscribe(fail)
    signal.subscribe(lambda: heard.append("still here"))

    signal.emit()

    assert heard == ["still here"]

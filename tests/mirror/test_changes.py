"""Open pages are told of changes."""

from __future__ import annotations

import structlog

from app.mirror import Changes


def test_those_who_watch_a_customer_are_told_until_they_stop() -> None:
    changes, told = Changes(), []
    stop = changes.subscribe(101, lambda: told.append("mara"))
    changes.subscribe(102, lambda: told.append("jonas"))
    changes.publish(101)
    assert told == ["mara"]
    stop()
    stop()
    changes.publish(101)
    assert told == ["mara"]
    changes.publish_to_all()
    assert told == ["mara", "jonas"]


def test_one_callback_given_twice_is_two() -> None:
    changes, told = Changes(), []

    def callback() -> None:
        told.append("told")

    stop = changes.subscribe(101, callback)
    changes.subscribe(101, callback)
    changes.publish(101)
    assert told == ["told", "told"]
    stop()
    stop()
    changes.publish(101)
    assert told == ["told", "told", "told"]


def test_a_page_that_fails_does_not_keep_it_from_the_others() -> None:
    changes, told = Changes(), []

    def fail() -> None:
        raise RuntimeError("the page is gone")

    changes.subscribe(101, fail)
    changes.subscribe(101, lambda: told.append("told"))
    with structlog.testing.capture_logs() as lines:
        changes.publish(101)
    assert told == ["told"]
    assert lines[0]["customer_id"] == 101


def test_a_callback_may_stop_itself() -> None:
    changes, told = Changes(), []

    def once() -> None:
        told.append("told")
        stop()

    stop = changes.subscribe(101, once)
    changes.publish(101)
    changes.publish(101)
    assert told == ["told"]

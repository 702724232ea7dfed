"""Examples of the questions before something comes on another date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, cast

from app.actions import Change, Effect, Preview
from app.i18n import Message, say
from app.state import (
    Delay,
    DelayDeliveryQuestion,
    DelayQuestion,
    MoveDeliveryQuestion,
    MoveQuestion,
    Notice,
    PauseQuestion,
    ResumeQuestion,
    Suggestion,
)
from components.action_dialog import ActionDialog
from components.gallery.example import Example
from components.gallery.made_up import MadeUpSubscription, made_up_question
from components.gallery.samples import (
    ARABIC,
    COFFEE,
    DAY,
    HONEY,
    LONG,
    OATS,
    PICTURES,
    subscription,
    usd,
)
from components.move_dialog import (
    DelayDeliveryDialog,
    DelayDialog,
    MoveDeliveryDialog,
    MoveDialog,
)
from components.pause_dialog import PauseDialog, ResumeDialog

TODAY = DAY - timedelta(days=8)
WEEK = timedelta(days=7)
_REFUSED = Notice("error", say("The shop could not be asked. Nothing was changed."), can_retry=True)


def _made_up(kind: Any, **values: Any) -> Any:
    """A question of a kind, with every day of a year to choose from."""

    class Possible(kind):  # type: ignore[misc]
        today = TODAY
        first = TODAY + timedelta(days=1)
        last = TODAY + timedelta(days=365)

        def is_allowed(self, day: date) -> bool:
            return day != DAY

        @property
        def can_be_once(self) -> bool:
            return True

    about = MadeUpSubscription(
        subscription(title=values.pop("title", COFFEE.title)),
        picture=PICTURES + "coffee-house.svg",
        next_date=DAY,
    )
    given: dict[str, Any] = {
        "subscription": about,
        "planned": DAY,
        "date": DAY + WEEK,
        "scope": "all",
        "suggested": _SUGGESTED,
    }
    return made_up_question(Possible, **(given | values))


def _moved(question: Message, confirm: str, to: date, *, first: Change | None = None) -> Preview:
    """What another date changes."""
    lines = (DAY, DAY + 2 * WEEK), (to, to + 2 * WEEK)
    old, new = (
        [say("{date}: {cost}", date=day, cost=usd("24.40")) for day in days] for days in lines
    )
    text = say(
        "The next delivery is on {date} instead of {before}, for {cost}.",
        date=to,
        before=DAY,
        cost=usd("24.40"),
    )
    effect = Effect(
        question=question,
        confirm=say(confirm, date=to),
        done=say("{item} now comes on {date}.", item=COFFEE.title, date=to),
        changes=(*([first] if first else []), Change("dates", text, before=old, after=new)),
        stays=(
            say("Later deliveries follow from {date}, as often as before.", date=to),
            say("Everything else you get keeps its dates."),
        ),
    )
    return Preview(effect, "1")


_SUGGESTED = (
    Suggestion(DAY - WEEK, say("One week earlier")),
    Suggestion(DAY + timedelta(days=3), say("A few days later")),
    Suggestion(DAY + WEEK, say("One week later")),
    Suggestion(DAY + 2 * WEEK, say("Together with {items}", items=[OATS.title, HONEY.title])),
)
_LENGTHS = (
    Suggestion(date(2026, 12, 22), say("For {count} month", count=1)),
    Suggestion(date(2027, 1, 22), say("For {count} months", count=2)),
    Suggestion(date(2027, 2, 22), say("For {count} months", count=3)),
)
_DELAYS = (
    Delay(1, "week", say("1 week later"), DAY + WEEK),
    Delay(2, "week", say("2 weeks later"), DAY + 2 * WEEK),
    Delay(1, "month", say("1 month later"), date(2026, 12, 30)),
)
_WHEN = say("When should {item} come next?", item=COFFEE.title)
_PAUSE = say("How long should {item} pause?", item=COFFEE.title)
_LATER = say("How much later should {item} come?", item=COFFEE.title)
_DELIVERY = say("When should your delivery of {date} come?", date=DAY)
_PAUSED = Change(
    "pause", say("It pauses for {time}, until {date}.", time="2 months", date=_LENGTHS[1].date)
)


def _example(
    dialog: type[ActionDialog[Any]], case: str, ask: Callable[[], Any], language: str = "en"
) -> Example:
    return Example(dialog, case, lambda texts: cast(Any, dialog).show(ask(), texts), language)


def _cases(
    dialog: type[ActionDialog[Any]], kind: Any, preview: Preview, **values: Any
) -> tuple[Example, ...]:
    """A dialog that waits, that failed, and that says what changes."""
    return (
        _example(dialog, "loading", lambda: _made_up(kind, is_asking=True, **values)),
        _example(dialog, "error", lambda: _made_up(kind, failure=_REFUSED, **values)),
        _example(dialog, "effect", lambda: _made_up(kind, preview=preview, **values)),
    )


_DELAYED: dict[str, Any] = {"delays": _DELAYS, "delay": _DELAYS[0]}
_ITEMS: dict[str, Any] = {"movable": (COFFEE, OATS, HONEY), "chosen": (301, 303, 304)}

EXAMPLES: tuple[Example, ...] = (
    *_cases(MoveDialog, MoveQuestion, _moved(_WHEN, "Move to {date}", DAY + WEEK)),
    _example(MoveDialog, "nothing chosen", lambda: _made_up(MoveQuestion, date=None)),
    _example(
        MoveDialog, "a date of the calendar", lambda: _made_up(MoveQuestion, date=DAY + 3 * WEEK)
    ),
    _example(MoveDialog, "long names", lambda: _made_up(MoveQuestion, title=LONG.title)),
    _example(MoveDialog, "right to left", lambda: _made_up(MoveQuestion, title=ARABIC.title), "ar"),
    *_cases(
        MoveDeliveryDialog,
        MoveDeliveryQuestion,
        _moved(_DELIVERY, "Move to {date}", DAY + WEEK),
        **_ITEMS,
    ),
    *_cases(DelayDialog, DelayQuestion, _moved(_LATER, "Move to {date}", DAY + WEEK), **_DELAYED),
    *_cases(
        DelayDeliveryDialog,
        DelayDeliveryQuestion,
        _moved(_DELIVERY, "Move to {date}", DAY + WEEK),
        **_DELAYED,
    ),
    *_cases(
        PauseDialog,
        PauseQuestion,
        _moved(_PAUSE, "Pause until {date}", _LENGTHS[1].date, first=_PAUSED),
        suggested=_LENGTHS,
        date=_LENGTHS[1].date,
    ),
    *_cases(
        ResumeDialog,
        ResumeQuestion,
        _moved(say("When should {item} come again?", item=COFFEE.title), "Resume on {date}", DAY),
        planned=date(2027, 1, 22),
        suggested=(
            Suggestion(TODAY + timedelta(days=1), say("As soon as possible")),
            Suggestion(DAY + WEEK, say("On the day it would have come")),
            Suggestion(DAY + 3 * WEEK, say("One delivery later")),
        ),
    ),
)

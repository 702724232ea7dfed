"""The gallery's changes of several subscriptions, their steps, and another address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.actions import Change, Effect, Preview, StepState, StepStatus
from app.i18n import Message, Texts, say
from app.state import (
    AddressQuestion,
    Notice,
    PostalDraft,
    ScopeChoice,
    SeveralQuestion,
    Suggestion,
    TogetherQuestion,
)
from app.state.questions.addresses import NEW
from components.address_move_dialog import AddressMoveDialog
from components.align_dialog import AlignDialog
from components.gallery.example import Example
from components.gallery.made_up import made_up_question
from components.gallery.samples import ARABIC, DAY, HOME, LONG, subscriptions
from components.several_dialog import SeveralDialog
from components.step_list import StepList, StepsShown

_AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
_QUAY = HOME.model_copy(update={"id": 202, "address1": "3 Quay Road"})
_DAYS: dict[str, Any] = {
    "today": DAY - timedelta(days=6),
    "first": DAY - timedelta(days=4),
    "last": DAY + timedelta(days=365),
    "is_allowed": lambda day: day.weekday() < 5,
}
_LATE = say("This delivery can no longer be changed.")
_REFUSED = Notice("error", say("The shop could not make this change."))

_SCOPES = (
    ScopeChoice("subscription", say("Harbour House Blend, from now on")),
    ScopeChoice("all", say("Everything that goes there, from now on"), say("3 subscriptions")),
    ScopeChoice("delivery", say("Only the delivery of {date}", date=DAY)),
)


def _effect(question: Message, confirm: Message, *changes: Change) -> Preview:
    return Preview(Effect(question, confirm, confirm, changes), "seen")


_MORE = _effect(
    say("How many of each?"),
    say("Get 3 of each"),
    Change("item 301", say("Harbour House Blend: 3 instead of 1"), before=1, after=3),
    Change("item 303", say("Rolled Oats: 3 instead of 2"), before=2, after=3),
)
_TOGETHER = _effect(
    say("When should they come together?"),
    say("Bring them together on {date}", date=DAY),
    Change(
        "item 302",
        say("Night Ferry Espresso"),
        before=DAY + timedelta(days=14),
        after=DAY,
    ),
)
_ELSEWHERE = _effect(
    say("Where should Harbour House Blend go?"),
    say("Deliver to {place}", place="3 Quay Road, Portland"),
    Change("address", say("Harbour House Blend goes to 3 Quay Road, Portland.")),
)


def _several(case: str, language: str = "en", **values: Any) -> Example:
    given: dict[str, Any] = {
        "kinds": ("quantity", "rhythm", "date", "address", "cancel", "reactivate"),
        "kind": "quantity",
        "candidates": subscriptions(),
        "chosen": (),
        "quantity": 1,
        "rhythm": None,
        "rhythms": [(2, 2, "week"), (1, 1, "month")],
        "date": None,
        "address_id": None,
        "addresses": [HOME, _QUAY],
        "left_out": [],
        **_DAYS,
        **values,
    }
    return Example(
        SeveralDialog,
        case,
        lambda texts: SeveralDialog.show(made_up_question(SeveralQuestion, **given), texts),
        language,
    )


def _align(case: str, **values: Any) -> Example:
    given: dict[str, Any] = {
        "candidates": subscriptions(),
        "chosen": (301, 302),
        "suggested": (
            Suggestion(DAY, say("With {items}", items=["Harbour House Blend"])),
            Suggestion(DAY + timedelta(days=14), say("With {items}", items=["Heather Honey"])),
        ),
        "date": DAY,
        **_DAYS,
        **values,
    }
    return Example(
        AlignDialog,
        case,
        lambda texts: AlignDialog.show(made_up_question(TogetherQuestion, **given), texts),
    )


def _address(case: str, **values: Any) -> Example:
    first, *others = subscriptions()
    given: dict[str, Any] = {
        "subscription": first,
        "addresses": [_QUAY],
        "address_id": _QUAY.id,
        "companions": others,
        "along": (),
        "dates": [Suggestion(DAY + timedelta(days=7), say("Together with {items}", items=["Tea"]))],
        "date": None,
        "is_new": False,
        "scopes": _SCOPES,
        "chosen": "subscription",
        **values,
    }
    given["place"] = NEW if given["is_new"] else given["address_id"]

    def draw(texts: Texts) -> AddressMoveDialog:
        draft = PostalDraft(language=texts.language, country_code="US")
        return AddressMoveDialog.show(
            made_up_question(AddressQuestion, **{"draft": draft, **given}), texts
        )

    return Example(AddressMoveDialog, case, draw)


def _steps(case: str, *statuses: StepStatus, language: str = "en", name: str = "Oats") -> Example:
    steps = tuple(
        StepState(
            number,
            say("{name}: {change}", name=name, change=say("Get 3 each time")),
            status,
            _LATE if status is StepStatus.REFUSED else None,
            _AT,
        )
        for number, status in enumerate(statuses)
    )

    async def try_rest() -> None:
        return None

    return Example(
        StepList, case, lambda texts: StepList.show(StepsShown(steps, try_rest), texts), language
    )


EXAMPLES: tuple[Example, ...] = (
    _several("nothing chosen"),
    _several("more of two", chosen=(301, 303), quantity=3, preview=_MORE),
    _several(
        "one left out",
        chosen=(301, 304),
        quantity=3,
        preview=_MORE,
        left_out=[(subscriptions()[3], say("Your subscription to it has ended."))],
    ),
    _several("how often", kind="rhythm", chosen=(301,)),
    _several("no common rhythm", kind="rhythm", chosen=(301, 302), rhythms=[]),
    _several("on a date", kind="date"),
    _several("to an address", kind="address", address_id=202),
    _several("cancel", kind="cancel", chosen=(301,), failure=_REFUSED),
    _several("right to left", language="ar", chosen=(301,), quantity=3, preview=_MORE),
    _align("two of four", preview=_TOGETHER),
    _align("too few chosen", chosen=(301,)),
    _align("not possible", failure=_REFUSED),
    _address("one other address", preview=_ELSEWHERE),
    _address("nothing chosen", addresses=[_QUAY, HOME], address_id=None, dates=[]),
    _address("nothing else to go along", companions=[], preview=_ELSEWHERE),
    _address("a new address", is_new=True, address_id=None, dates=[]),
    _steps("all done", StepStatus.DONE, StepStatus.DONE),
    _steps("one refused", StepStatus.DONE, StepStatus.REFUSED, StepStatus.WAITING),
    _steps("one being checked", StepStatus.DONE, StepStatus.UNKNOWN, StepStatus.WAITING),
    _steps("a long name", StepStatus.REFUSED, StepStatus.SENT, name=LONG.title),
    _steps("in Arabic", StepStatus.REFUSED, language="ar", name=ARABIC.title),
)

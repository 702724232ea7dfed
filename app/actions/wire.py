"""Messages, effects and promises as JSON, so that an answer asked for again is the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from app.actions.effect import PROMISE_KINDS, Change, Effect, Outcome, Promise
from app.actions.errors import ActionError, WrongParts
from app.i18n import Message, Money, Value

Json = dict[str, Any]


def message_to_json(message: Message) -> Json:
    document: Json = {"text": message.text}
    if message.values:
        document["values"] = {name: _to_json(value) for name, value in message.values.items()}
    if message.plural is not None:
        document |= {"plural": message.plural, "count": message.count}
    return document


def message_from_json(document: Mapping[str, Any]) -> Message:
    values = {name: _from_json(value) for name, value in document.get("values", {}).items()}
    return Message(document["text"], values, document.get("plural"), document.get("count", 1))


def effect_to_json(effect: Effect) -> Json:
    return {
        "question": message_to_json(effect.question),
        "confirm": message_to_json(effect.confirm),
        "done": message_to_json(effect.done),
        "changes": [
            {
                "name": change.name,
                "text": message_to_json(change.text),
                "before": _to_json(change.before),
                "after": _to_json(change.after),
            }
            for change in effect.changes
        ],
        "stays": [message_to_json(message) for message in effect.stays],
        "amount": _to_json(effect.amount),
        "promises": [promise_to_json(each) for each in effect.promises],
    }


def effect_from_json(document: Mapping[str, Any]) -> Effect:
    amount = _from_json(document["amount"])
    return Effect(
        question=message_from_json(document["question"]),
        confirm=message_from_json(document["confirm"]),
        done=message_from_json(document["done"]),
        changes=tuple(
            Change(
                each["name"],
                message_from_json(each["text"]),
                _from_json(each["before"]),
                _from_json(each["after"]),
            )
            for each in document["changes"]
        ),
        stays=tuple(message_from_json(each) for each in document["stays"]),
        amount=amount if isinstance(amount, Money) else None,
        promises=tuple(
            promise
            for each in document.get("promises", ())  # earlier releases kept none
            if (promise := promise_from_json(each)) is not None
        ),
    )


def promise_to_json(promise: Promise) -> Json:
    """A promise with the name of its kind.

    Raises:
        LookupError: its kind has no name: see `promise_kind`.
    """
    for name, kind in PROMISE_KINDS.items():
        if type(promise) is kind:
            return {"kind": name, **_adapter(kind).dump_python(promise, mode="json")}
    raise LookupError(f"no name for a promise of {type(promise).__name__}")


def promise_from_json(document: Mapping[str, Any]) -> Promise | None:
    """The promise, or None where this release does not know its kind, or knows it otherwise."""
    kind = PROMISE_KINDS.get(document["kind"])
    if kind is None:
        return None
    values = {name: value for name, value in document.items() if name != "kind"}
    try:
        return _adapter(kind).validate_python(values)
    except ValidationError:
        return None


def outcome_to_json(outcome: Outcome) -> Json:
    return {
        "effect": effect_to_json(outcome.effect),
        "notice": message_to_json(outcome.notice),
        "activity_id": outcome.activity_id,
        "undo_until": outcome.undo_until.isoformat() if outcome.undo_until else None,
        "is_confirmed": outcome.is_confirmed,
        "differences": [message_to_json(each) for each in outcome.differences],
    }


def outcome_from_json(document: Mapping[str, Any]) -> Outcome:
    until = document["undo_until"]
    return Outcome(
        effect=effect_from_json(document["effect"]),
        notice=message_from_json(document["notice"]),
        activity_id=document["activity_id"],
        undo_until=datetime.fromisoformat(until) if until else None,
        is_confirmed=document["is_confirmed"],
        differences=tuple(message_from_json(each) for each in document["differences"]),
    )


def refusal_to_json(error: ActionError) -> Json:
    """An error, by the name of its class."""
    document = {"error": type(error).__name__, "notice": message_to_json(error.notice)}
    if isinstance(error, WrongParts):
        document["parts"] = {name: message_to_json(each) for name, each in error.parts.items()}
    return document


@cache
def _adapter(kind: type[Promise]) -> TypeAdapter[Promise]:
    return TypeAdapter(kind)


def _to_json(value: Value | None) -> Any:
    """Text stays text; every other kind says what it is."""
    match value:
        case None | str():
            return value
        case Message():
            return {"message": message_to_json(value)}
        case Money():
            return {"money": [f"{value.amount:f}", value.currency]}
        case datetime():
            zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
            return {"moment": [value.isoformat(), zone]}
        case date():
            return {"date": value.isoformat()}
        case int():
            return {"int": value}
        case Decimal():
            return {"decimal": f"{value:f}"}
        case _:
            return [_to_json(each) for each in value]


def _from_json(value: Any) -> Any:
    match value:
        case None | str():
            return value
        case list():
            return [_from_json(each) for each in value]
        case {"message": document}:
            return message_from_json(document)
        case {"money": [amount, currency]}:
            return Money(Decimal(amount), currency)
        case {"moment": [moment, zone]}:
            read = datetime.fromisoformat(moment)
            return read.astimezone(ZoneInfo(zone)) if zone else read
        case {"date": day}:
            return date.fromisoformat(day)
        case {"int": number}:
            return number
        case {"decimal": number}:
            return Decimal(number)
    raise ValueError(f"no value of a message: {value!r}")

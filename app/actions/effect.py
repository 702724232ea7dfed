"""What an action changes, in the customer's words and in numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from app.actions.situation import Situation
from app.i18n import Message, Money, Value


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that will be different. `text` says all of it in one sentence.

    `before` and `after` are given where old and new are worth showing side by side: a date, an
    amount, a number. `name` is a stable word for tests and records ("total", "next delivery").
    """

    name: str
    text: Message
    before: Value | None = None
    after: Value | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing the customer sees and decides by.

    `value` is compared; `now` is the sentence that tells the customer what it has become.
    """

    name: str
    value: str
    now: Message


class Promise(Protocol):
    """Something an effect promises, which can be looked up after the write.

    A promise is a frozen dataclass under a `promise_kind`: it is kept until its result is known.
    """

    def difference(self, after: Situation) -> Message | None:
        """What is different from the promise, or None when it was kept."""
        ...


PROMISE_KINDS: Final[dict[str, type[Promise]]] = {}
"""The kinds of promises, by the names that stand in the database."""

P = TypeVar("P", bound=Promise)


def promise_kind(name: str) -> Callable[[type[P]], type[P]]:
    """Names a kind of promise; stored in records, so a name never changes."""

    def named(kind: type[P]) -> type[P]:
        PROMISE_KINDS[name] = kind
        return kind

    return named


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action will do.

    question: the title of the confirmation ("Skip your delivery of Fri, 3 July?")
    confirm:  the button, which states the result ("Skip Fri, 3 July")
    done:     the notice when it is done
    changes:  what will be different, most important first
    stays:    what a customer may worry about and which stays as it is
    amount:   the money that will not be charged, or will be; None where money is not concerned
    promises: what must be true afterwards, besides the goal itself
    """

    question: Message
    confirm: Message
    done: Message
    changes: tuple[Change, ...]
    stays: tuple[Message, ...] = ()
    amount: Money | None = None
    promises: tuple[Promise, ...] = ()

    def change(self, name: str) -> Change | None:
        """The change of that name, if there is one."""
        return next((change for change in self.changes if change.name == name), None)

    def differences(self, after: Situation) -> tuple[Message, ...]:
        """What came out otherwise than was promised: a sentence each."""
        found = (promise.difference(after) for promise in self.promises)
        return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True)
class Preview:
    """An effect, and the revision of what the customer saw when it was shown.

    Hand the revision to `perform`: when something has changed since, nothing is written.
    """

    effect: Effect
    revision: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """An action was done.

    notice:       what to tell the customer; names the differences where there are any
    activity_id:  for `undo`
    undo_until:   the last moment at which `undo` works; None when there is no way back
    is_confirmed: read back from Recharge; False when only the write's own answer is known yet
    differences:  what came out otherwise than the effect promised
    """

    effect: Effect
    notice: Message
    activity_id: str
    undo_until: datetime | None
    is_confirmed: bool
    differences: tuple[Message, ...] = ()


def revision_of(shown: Sequence[Shown]) -> str:
    """A short text that is equal while all that is shown is equal, and names what is not."""
    return ".".join(f"{one.name}-{_digest(one.value)}" for one in shown)


def changed_since(revision: str, shown: Sequence[Shown]) -> tuple[Message, ...]:
    """What has changed since that revision: a sentence each."""
    seen = set(revision.split("."))
    return tuple(one.now for one in shown if f"{one.name}-{_digest(one.value)}" not in seen)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]

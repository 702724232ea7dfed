"""A sentence for the customer, not yet in anybody's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in a currency (ISO 4217). Amounts of two currencies do not add up."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same_currency(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same_currency(other).amount, self.currency)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.amount * quantity, self.currency)

    def _same_currency(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} cannot be added to {self.currency}")
        return other


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with named fields, and what stands in them.

    `plural` and `count` are given where the sentence depends on a number. Lists in `values` are
    joined as the language joins them; dates, moments and money are written as it writes them.
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str | None = None
    count: int = 1

    def __str__(self) -> str:
        """The English source with plain values, for logs."""
        source = self.text if self.plural is None or self.count == 1 else self.plural
        return source.format(**{name: str(value) for name, value in self.values.items()})


Value = str | int | Decimal | date | datetime | Money | Message | Sequence["Value"]
"""What a field of a message may hold. A `datetime` must carry its zone."""


def say(text: str, /, **values: Value) -> Message:
    """A sentence: ``say("Move to {date}", date=day)``."""
    return Message(text, values)


def say_many(singular: str, plural: str, count: int, /, **values: Value) -> Message:
    """A sentence that depends on a number, which it may show as ``{count}``."""
    return Message(singular, {"count": count, **values}, plural, count)

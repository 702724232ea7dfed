"""What the merchant asks and offers a customer who wants to leave. `plan_of` makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal

from app.i18n import Message, Texts

FlowKind = Literal["subscription", "membership"]
"""What is left."""


class Incentive(StrEnum):
    """What can be offered instead of the end."""

    SKIP = "skip"
    DELAY = "delay"
    PAUSE = "pause"
    SWAP = "swap"
    DISCOUNT = "discount"
    RHYTHM = "rhythm"
    GIFT = "gift"
    ADDRESS = "address"
    CONTACT = "contact"


FOR_MEMBERSHIPS: Final = frozenset({Incentive.CONTACT})
"""What can be offered to those who leave a membership: it has no deliveries of its own."""


@dataclass(frozen=True)
class Span:
    """A length of time, as a calendar counts it: 2 weeks, 1 month."""

    count: int
    unit: Literal["day", "week", "month"]


@dataclass(frozen=True)
class Reason:
    """One reason to leave, and what the merchant answers to it.

    key:           names it in addresses and in the figures: the strategy's id, or a name
    text:          by language (BCP 47); "" is the language of all others. A `Message` where the
                   words are ours: these are in the catalogue
    words:         what is said with the offer, by language; empty where nothing is
    incentive:     what is offered; None where it is words alone
    discount_code: the code that the offer of a discount gives
    """

    key: str
    text: Mapping[str, str] | Message
    words: Mapping[str, str] = field(default_factory=dict)
    incentive: Incentive | None = None
    discount_code: str | None = None

    def said(self, language: str) -> str:
        """The reason in a reader's language."""
        if isinstance(self.text, Message):
            return _texts(language).render(self.text)
        return _in(self.text, language)

    def answer(self, language: str) -> str:
        """What the merchant says to it; empty where nothing is said."""
        return _in(self.words, language)

    @property
    def for_merchant(self) -> str:
        """The reason in one wording for all customers, for Recharge and for the figures: the
        merchant's first, or our English."""
        return self.said("")


@dataclass(frozen=True)
class Plan:
    """All that the merchant has decided about leaving.

    reasons:          in the merchant's order; empty where none are asked for
    is_reason_needed: a reason must be given, where the law allows to ask; never without `reasons`
    minimum_orders:   orders before an end, where the law allows such a thing
    delays, pauses:   how far a delivery may be moved, how long a subscription may rest
    hold_out:         share of customers who get no offer, 0 to 0.5: so that it shows what offers do
    discount_times:   how many discounts one customer can take up within `discount_days`
    contact:          e-mail address that customers in trouble can write to; empty where none is
                      known, and then no reason offers it
    delivery_days:    days that a first delivery takes: a right to withdraw counts from its arrival
    """

    reasons: tuple[Reason, ...] = ()
    is_reason_needed: bool = False
    minimum_orders: int = 0
    delays: tuple[Span, ...] = (Span(1, "week"), Span(2, "week"), Span(1, "month"))
    pauses: tuple[Span, ...] = (Span(1, "month"), Span(2, "month"), Span(3, "month"))
    hold_out: Decimal = Decimal(0)
    discount_times: int = 1
    discount_days: int = 365
    contact: str = ""
    delivery_days: int = 7

    def reason(self, key: str | None) -> Reason | None:
        """The reason of this key, or None."""
        return next((one for one in self.reasons if one.key == key), None)


@lru_cache(maxsize=64)
def _texts(language: str) -> Texts:
    return Texts(language)


def _in(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, or in the next wider one: de-AT, de, then that for all others."""
    tag = language
    while tag:
        if tag in texts:
            return texts[tag]
        tag = tag.rpartition("-")[0]
    return texts.get("") or next(iter(texts.values()), "")

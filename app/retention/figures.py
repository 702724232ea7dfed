"""What the record of wishes to leave shows: pure functions from rows to numbers.

* A share comes with Wilson's score interval at 95 % (E. B. Wilson 1927, J. Am. Stat. Assoc. 22,
  209-212): it holds for few cases and near 0 and 1, where the textbook's p ± z·√(p(1-p)/n) does
  not.
* A difference of two shares comes with Newcombe's interval made of both of these (R. G. Newcombe
  1998, Statistics in Medicine 17, 873-890, method 10).
* A percentile lies between two cases as far as its rank does: of n values in order, that of share p
  is at rank 1 + (n - 1)·p (R. J. Hyndman and Y. Fan 1996, The American Statistician 50, 361-365,
  definition 7; the one of spreadsheets).

What offers really do is told by the hold-out group alone: customers who were drawn before anything
was offered to them, and never were. Who takes an offer up would partly have stayed without it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist
from typing import Final, NamedTuple

from app.retention.flow import Decision, Flow, Group
from app.retention.flows import FOLLOWED_UP, OPEN_FOR
from app.retention.plan import Incentive

CONFIDENCE: Final = 0.95
"""Of a hundred such intervals, 95 hold the true share."""
ENOUGH: Final = 30
"""Cases from which on a share is told as a percentage. Of fewer, the interval is wider than what a
merchant would decide by."""
_Z: Final = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Interval(NamedTuple):
    """From a lower bound to an upper one, both included."""

    low: float
    high: float


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's, at `CONFIDENCE`; None of nothing."""
        return wilson(self.count, self.of) if self.of else None

    @property
    def is_enough(self) -> bool:
        """Whether it tells something."""
        return self.of >= ENOUGH


@dataclass(frozen=True)
class Difference:
    """How much greater one share is than another, from -1 to 1."""

    value: float
    interval: Interval

    @property
    def is_told(self) -> bool:
        """Whether chance alone is an unlikely reason: 0 is outside of the interval."""
        return not self.interval.low <= 0 <= self.interval.high


@dataclass(frozen=True)
class Outcomes:
    """How far the wishes came. Each ended in one of the last five ways, or is open.

    reasoned: a reason was given
    offered:  an offer was shown
    saved:    the offer was taken up
    left:     not decided within `OPEN_FOR`: the customer went away
    open:     begun within `OPEN_FOR`, not decided yet
    """

    opened: int
    reasoned: int
    offered: int
    saved: int
    cancelled: int
    withdrawn: int
    left: int
    open: int


@dataclass(frozen=True)
class ReasonFigure:
    """One reason. `share` is of the wishes with a reason, `saved` of its own that are settled."""

    key: str
    text: str
    share: Share
    saved: Share


@dataclass(frozen=True)
class OfferFigure:
    """One kind of offer: how many took it up, of those who saw it and are settled."""

    offer: Incentive
    saved: Share


@dataclass(frozen=True)
class KeptFigure:
    """Who was still active so many days later, in both groups, and the offers' part in it.

    difference: offers less hold-out; None where either group has nobody
    """

    days: int
    offers: Share
    hold_out: Share
    difference: Difference | None

    @property
    def is_enough(self) -> bool:
        """Whether both groups tell something."""
        return self.offers.is_enough and self.hold_out.is_enough


@dataclass(frozen=True)
class Percentiles:
    """The middle of some values, and what nine of ten do not exceed."""

    median: float
    ninetieth: float


@dataclass(frozen=True)
class Effort:
    """What it took to cancel in the portal, from opening the flow to the decision; None of
    nobody."""

    cases: int
    presses: Percentiles | None
    seconds: Percentiles | None

    @property
    def is_enough(self) -> bool:
        """Whether it tells something."""
        return self.cases >= ENOUGH


@dataclass(frozen=True)
class Record:
    """A flow, and whether its subject was active later: by days, None where it is not known yet."""

    flow: Flow
    is_active: Mapping[int, bool | None]


@dataclass(frozen=True)
class Figures:
    """All figures of some wishes to leave."""

    outcomes: Outcomes
    reasons: tuple[ReasonFigure, ...]
    offers: tuple[OfferFigure, ...]
    kept: tuple[KeptFigure, ...]
    effort: Effort
    is_made_up: bool


def figures(records: Sequence[Record], now: datetime) -> Figures:
    """The figures of these flows, as they stand at this moment."""
    flows = [record.flow for record in records]
    return Figures(
        outcomes=outcomes(flows, now),
        reasons=reasons(flows, now),
        offers=offers(flows, now),
        kept=tuple(kept(records, days) for days in FOLLOWED_UP),
        effort=effort(flows),
        is_made_up=any(flow.is_made_up for flow in flows),
    )


def is_settled(flow: Flow, now: datetime) -> bool:
    """Decided, or left."""
    return flow.decision is not None or now - flow.started_at >= OPEN_FOR


def outcomes(flows: Sequence[Flow], now: datetime) -> Outcomes:
    """How far the wishes came."""
    undecided = [flow for flow in flows if flow.decision is None]
    left = sum(is_settled(flow, now) for flow in undecided)

    def decided(decision: Decision) -> int:
        return sum(flow.decision is decision for flow in flows)

    return Outcomes(
        opened=len(flows),
        reasoned=sum(bool(flow.reason) for flow in flows),
        offered=sum(flow.offer is not None for flow in flows),
        saved=decided(Decision.SAVED),
        cancelled=decided(Decision.CANCELLED),
        withdrawn=decided(Decision.WITHDRAWN),
        left=left,
        open=len(undecided) - left,
    )


def reasons(flows: Sequence[Flow], now: datetime) -> tuple[ReasonFigure, ...]:
    """By reason, the most frequent first. A reason is named as it was worded last."""
    given = sorted((flow for flow in flows if flow.reason), key=lambda flow: flow.started_at)
    texts = {flow.reason: flow.reason_text or flow.reason for flow in given}
    found = [
        ReasonFigure(
            key,
            text,
            Share(sum(flow.reason == key for flow in given), len(given)),
            _saved([flow for flow in given if flow.reason == key], now),
        )
        for key, text in texts.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.share.count, each.text, each.key)))


def offers(flows: Sequence[Flow], now: datetime) -> tuple[OfferFigure, ...]:
    """By kind of offer, the one that was shown most first."""
    found = [
        OfferFigure(offer, _saved([flow for flow in flows if flow.offer is offer], now))
        for offer in Incentive
    ]
    shown = [each for each in found if each.saved.of]
    return tuple(sorted(shown, key=lambda each: -each.saved.of))


def kept(records: Sequence[Record], days: int) -> KeptFigure:
    """Who was still active so many days later, with offers and without.

    Only those count to whom something could have been offered, by law and by the door they came in;
    and each customer once, with their first wish, as intervals hold for independent cases only.
    """
    first = first_wishes(records)
    shares = {
        group: _active(
            [record for record in first if record.flow.group is group and record.flow.may_offer],
            days,
        )
        for group in Group
    }
    with_offers, without = shares[Group.OFFERS], shares[Group.HOLD_OUT]
    return KeptFigure(days, with_offers, without, difference(with_offers, without))


def first_wishes(records: Iterable[Record]) -> list[Record]:
    """Of each customer the first wish."""
    first: dict[int, Record] = {}
    for record in sorted(records, key=lambda each: (each.flow.started_at, each.flow.id)):
        first.setdefault(record.flow.customer_id, record)
    return list(first.values())


def effort(flows: Iterable[Flow]) -> Effort:
    """What it took to cancel. An end by mail waits for the mail, so it is left out."""
    ended = [
        (flow.presses, (flow.decided_at - flow.started_at).total_seconds())
        for flow in flows
        if flow.decision is Decision.CANCELLED and flow.decided_at and flow.door == "portal"
    ]
    return Effort(
        len(ended),
        _percentiles([presses for presses, _ in ended]),
        _percentiles([seconds for _, seconds in ended]),
    )


def wilson(count: int, of: int) -> Interval:
    """Wilson's score interval of a share: (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n)."""
    share, squared = count / of, _Z * _Z
    middle = share + squared / (2 * of)
    spread = _Z * math.sqrt(share * (1 - share) / of + squared / (4 * of * of))
    whole = 1 + squared / of
    # Of none and of all, one bound is 0 or 1 exactly; adding up leaves a trace beside it.
    low = 0.0 if count == 0 else max(0.0, (middle - spread) / whole)
    high = 1.0 if count == of else min(1.0, (middle + spread) / whole)
    return Interval(low, high)


def difference(one: Share, other: Share) -> Difference | None:
    """Newcombe's: d - √((p₁-l₁)² + (u₂-p₂)²) to d + √((u₁-p₁)² + (p₂-l₂)²), of Wilson's bounds."""
    if not one.of or not other.of:
        return None
    first, second = one.count / one.of, other.count / other.of
    (low, high), (other_low, other_high) = wilson(one.count, one.of), wilson(other.count, other.of)
    value = first - second
    return Difference(
        value,
        Interval(
            value - math.hypot(first - low, other_high - second),
            value + math.hypot(high - first, second - other_low),
        ),
    )


def percentile(values: Collection[float], share: float) -> float:
    """The value that this share of some values does not exceed. There is one value at least."""
    ordered = sorted(values)
    rank = (len(ordered) - 1) * share
    below = math.floor(rank)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (rank - below)


def _percentiles(values: Collection[float]) -> Percentiles | None:
    return Percentiles(percentile(values, 0.5), percentile(values, 0.9)) if values else None


def _saved(flows: Iterable[Flow], now: datetime) -> Share:
    settled = [flow for flow in flows if is_settled(flow, now)]
    return Share(sum(flow.decision is Decision.SAVED for flow in settled), len(settled))


def _active(records: Iterable[Record], days: int) -> Share:
    known = [record.is_active.get(days) for record in records]
    return Share(known.count(True), known.count(True) + known.count(False))

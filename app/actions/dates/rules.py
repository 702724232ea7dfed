"""To which days something can be moved, and what cannot be moved at all. Pure.

Recharge refuses today and every day before it (``date is not far enough in the future``). The other
rules are the shop's: what is due on a day can be changed until its cut-off, so nothing new comes to
a day whose cut-off has passed; and nothing is planned further ahead than `LONGEST`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final, Literal

from app.actions.dates import texts
from app.actions.errors import NotPossible
from app.actions.situation import LONGEST, Situation
from app.mirror import charge_rhythm
from app.mirror.calendar import Rhythm
from app.recharge import ChargeStatus, Subscription

Span = Literal["day", "week", "month", "interval"]
"""What a delay is counted in. An interval is the subscription's own."""

_UNDER_WAY: Final = (ChargeStatus.PENDING, ChargeStatus.PENDING_MANUAL_PAYMENT)
_DAY: Final = timedelta(days=1)


def first_day(situation: Situation) -> date:
    """The earliest day to which anything can be moved: tomorrow, or the first whose cut-off has
    not passed."""
    day = situation.today + _DAY
    while situation.is_too_late(day):
        day += _DAY
    return day


def last_day(situation: Situation) -> date:
    """The latest day to which anything can be moved."""
    return situation.today + LONGEST


def refuse_day(situation: Situation, day: date) -> None:
    """Nothing can be moved to some days.

    Raises:
        NotPossible: this is one of them.
    """
    first, last = first_day(situation), last_day(situation)
    if day < first:
        raise NotPossible(notice=texts.too_early(day, first))
    if day > last:
        raise NotPossible(notice=texts.too_far(last))


def can_come(situation: Situation, day: date) -> bool:
    """Whether anything can be given this day: there is no way back to one on which it is due now
    and which Recharge gives to nothing any more, such as today."""
    return first_day(situation) <= day <= last_day(situation)


def refuse_new_rhythm(situation: Situation, subscription: Subscription, day: date | None) -> None:
    """Recharge works out a next date of its own for a new rhythm: the one that it is to have
    (`day`; None is the one that stands) is set after it.

    Raises:
        NotPossible: that cannot be set any more.
    """
    planned = subscription.next_charge_scheduled_at
    if day is not None and day != planned:
        refuse_day(situation, day)
    elif planned is not None and planned <= situation.today:
        raise NotPossible(notice=texts.comes_today(subscription))


def refuse_late(situation: Situation, day: date) -> None:
    """What is due on a day stays there once the cut-off has passed.

    Raises:
        NotPossible: it has.
    """
    if situation.is_too_late(day):
        raise NotPossible(notice=texts.too_late_to_move(situation.change_until(day)))


def refuse_open_payments(situation: Situation, ids: Collection[int]) -> None:
    """What a payment is open for is not moved: the charge would lose it.

    Raises:
        NotPossible: a charge that has failed, is under way, or is in a state that nobody knows
            holds one of these items.
    """
    for charge in situation.snapshot.charges:
        day = charge.scheduled_at
        if day is None or not any(line.purchase_item_id in ids for line in charge.line_items):
            continue
        if charge.status == ChargeStatus.ERROR:
            raise NotPossible(notice=texts.payment_failed(day))
        if charge.status in _UNDER_WAY:
            raise NotPossible(notice=texts.payment_under_way(day))
        if not charge.status.is_known:
            raise NotPossible(notice=texts.state_unknown(day))


def refuse_skipped(situation: Situation, ids: Collection[int], day: date) -> None:
    """A skipped day is not moved to: it is put back, which says what comes then.

    Raises:
        NotPossible: one of these items is skipped on that day.
    """
    if any(day in skipped_days(situation, id) for id in ids):
        raise NotPossible(notice=texts.skipped_there(day))


def is_possible(situation: Situation, ids: Collection[int], day: date) -> bool:
    """Whether these items can be moved to a day: for each day of a calendar, so it is cheap."""
    try:
        refuse_day(situation, day)
        refuse_skipped(situation, ids, day)
    except NotPossible:
        return False
    return True


def check_next(situation: Situation, id: int) -> date:
    """The date on which a subscription comes next, when it can leave that date.

    Raises:
        NotPossible: it cannot, with the reason.
    """
    subscription = active(situation, id)
    planned = subscription.next_charge_scheduled_at
    if planned is None:
        raise NotPossible(notice=texts.no_date(subscription))
    refuse_late(situation, planned)
    return planned


def skipped_days(situation: Situation, id: int) -> tuple[date, ...]:
    """The days to come on which an item is skipped, by date."""
    return tuple(
        sorted(
            charge.scheduled_at
            for charge in situation.snapshot.charges
            if charge.status == ChargeStatus.SKIPPED
            and charge.scheduled_at is not None
            and charge.scheduled_at >= situation.today
            and any(line.purchase_item_id == id for line in charge.line_items)
        )
    )


def active(situation: Situation, id: int) -> Subscription:
    """The subscription, when its next delivery can have another date.

    Raises:
        NotPossible: it has ended, was paid for in advance, or a payment of it is open.
    """
    found = situation.snapshot.subscription(id)
    if found is None or found.status != "active":
        raise NotPossible(notice=texts.not_active(found))
    if found.is_prepaid:
        raise NotPossible(notice=texts.prepaid(found))
    refuse_open_payments(situation, {id})
    return found


def later(day: date, count: int, span: Span, subscription: Subscription | None = None) -> date:
    """`day`, so much later. Months keep the day of the month, cut to the month's end.

    Raises:
        NotPossible: an interval was asked for that is not known, or the date cannot be told.
    """
    following: date | None = day
    rhythm = Rhythm(1, span)
    if span == "interval":
        if subscription is None:
            raise NotPossible(notice=texts.rhythm_unknown())
        rhythm = charge_rhythm(subscription)
    elif span == "month":
        rhythm, count = Rhythm(count, "month"), 1  # 31 January, two months: 31 March, not the 28th
    for _ in range(count):
        following = rhythm.after(following) if following else None
    if following is None:
        raise NotPossible(notice=texts.rhythm_unknown())
    return following

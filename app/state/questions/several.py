"""The same change of several subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, cast

from app.actions import (
    Action,
    ActionError,
    AlignDates,
    CancelSeveral,
    CancelSubscription,
    ChangeQuantity,
    ChangeRhythm,
    ChangeSeveral,
    ChangeSeveralQuantities,
    ChangeSeveralRhythms,
    MoveSeveralToAddress,
    MoveSubscription,
    MoveToAddress,
    ReactivateSeveral,
    ReactivateSubscription,
    which,
)
from app.actions.dates import rules
from app.actions.products.rhythms import Unit, choices
from app.actions.products.swaps import rhythm_of_plan
from app.i18n import Message, say
from app.recharge import Address
from app.state.questions.dates import DayQuestion, Suggestion

if TYPE_CHECKING:
    from app.state.portal import Portal
    from app.state.subscription import SubscriptionState

SeveralKind = Literal["quantity", "rhythm", "date", "address", "cancel", "reactivate"]
Rhythm = tuple[int, int, Unit]

_SINGLE: Final[dict[SeveralKind, type[Action]]] = {
    "quantity": ChangeQuantity,
    "rhythm": ChangeRhythm,
    "date": MoveSubscription,
    "address": MoveToAddress,
    "cancel": CancelSubscription,
    "reactivate": ReactivateSubscription,
}


class TogetherQuestion(DayQuestion):
    """On which date several subscriptions should come together.

    candidates: the subscriptions whose dates can be changed, next one first
    chosen:     the ids of those that should come together; at first all
    date:       at first the date of the one that comes next
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self.candidates = movable(portal)
        self.chosen: tuple[int, ...] = tuple(one.key for one in self.candidates)
        self.suggested = self._suggestions()
        self.date = next((one.date for one in self.suggested), None)

    def is_allowed(self, day: date) -> bool:
        """Whether a day can be chosen for all of them."""
        return rules.is_possible(self.portal.situation, frozenset(self.chosen), day)

    @property
    def action(self) -> AlignDates | None:
        day = self.date
        if day is None or len(self.chosen) < 2:
            return None
        moving = [
            one.subscription
            for one in self.candidates
            if one.key in self.chosen and one.subscription.next_charge_scheduled_at != day
        ]
        if not moving:
            return None
        return AlignDates.of(subscriptions=tuple(map(which, moving)), date=day)

    def _suggestions(self) -> tuple[Suggestion, ...]:
        """The dates on which they come now: then one of them stays where it is."""
        found: dict[date, list[SubscriptionState]] = {}
        for one in self.candidates:
            day = one.subscription.next_charge_scheduled_at
            if day is not None and self.is_allowed(day):
                found.setdefault(day, []).append(one)
        return tuple(
            Suggestion(day, say("With {items}", items=_names(some)))
            for day, some in sorted(found.items())[:4]
        )


class SeveralQuestion(DayQuestion):
    """What should change for which subscriptions.

    kind:       what changes
    chosen:     the ids of the subscriptions; at first none
    quantity, rhythm, date, address_id: what it changes to
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self.kinds = kinds(portal)
        self.kind: SeveralKind = self.kinds[0] if self.kinds else "quantity"
        self.chosen: tuple[int, ...] = ()
        self.quantity = 1
        self.rhythm: Rhythm | None = None
        self.date: date | None = None
        self.address_id: int | None = None

    @property
    def candidates(self) -> list[SubscriptionState]:
        """The subscriptions for which this change is possible or may be."""
        is_ended = self.kind == "reactivate"
        return [
            one
            for one in self.portal.subscriptions
            if one.status == ("cancelled" if is_ended else "active")
            or (one.status == "paused" and not is_ended)
        ]

    @property
    def rhythms(self) -> list[Rhythm]:
        """The rhythms that the shop offers for all that are chosen, or for any while none is."""
        found: list[Rhythm] = []
        known = [one for one in self.candidates if not self.chosen or one.key in self.chosen]
        offered = [set(_rhythms(self.portal, one)) for one in known]
        for one in known:
            for rhythm in _rhythms(self.portal, one):
                is_common = not self.chosen or all(rhythm in some for some in offered)
                if is_common and rhythm not in found:
                    found.append(rhythm)
        return sorted(found, key=_length)

    @property
    def addresses(self) -> list[Address]:
        """Where they can go."""
        return list(self.portal.records.addresses)

    def is_allowed(self, day: date) -> bool:
        """Whether a day can be chosen for all that are chosen."""
        return rules.is_possible(self.portal.situation, frozenset(self.chosen), day)

    @property
    def left_out(self) -> list[tuple[SubscriptionState, Message]]:
        """Those that are chosen and cannot be changed like this, with the reason."""
        found = []
        for one in self.candidates:
            reason = self._reason_against(one) if one.key in self.chosen else None
            if reason is not None:
                found.append((one, reason))
        return found

    @property
    def action(self) -> Action | None:
        out = {one.key for one, _ in self.left_out}
        some = [one for one in self.candidates if one.key in self.chosen and one.key not in out]
        return self._action(some) if some else None

    def _reason_against(self, one: SubscriptionState) -> Message | None:
        action = self._action([one])
        if action is None:
            return None
        try:
            for step in action.steps(self.portal.situation):
                step.check(self.portal.situation)
        except ActionError as error:
            return error.notice
        return None

    def _action(self, some: Sequence[SubscriptionState]) -> ChangeSeveral | None:
        listed = tuple(which(one.subscription) for one in some)
        match self.kind:
            case "quantity":
                return ChangeSeveralQuantities.of(subscriptions=listed, quantity=self.quantity)
            case "rhythm" if self.rhythm is not None:
                charge, order, unit = self.rhythm
                return ChangeSeveralRhythms.of(
                    subscriptions=listed, charge=charge, order=order, unit=unit
                )
            case "date" if self.date is not None:
                return AlignDates.of(subscriptions=listed, date=self.date)
            case "address" if self.address_id is not None:
                return MoveSeveralToAddress.of(subscriptions=listed, to_address_id=self.address_id)
            case "cancel":
                return CancelSeveral.of(subscriptions=listed)
            case "reactivate":
                return ReactivateSeveral.of(subscriptions=listed)
            case _:
                return None


def kinds(portal: Portal) -> tuple[SeveralKind, ...]:
    """What the merchant lets be changed of several, and what there is something for."""
    statuses = [one.status for one in portal.subscriptions]
    going = sum(status in ("active", "paused") for status in statuses)
    found = []
    for kind, action in _SINGLE.items():
        enough = statuses.count("cancelled") if kind == "reactivate" else going
        is_possible = kind != "address" or len(portal.records.addresses) > 1
        if enough > 1 and is_possible and portal.is_offered(action):
            found.append(kind)
    return tuple(found)


def movable(portal: Portal) -> list[SubscriptionState]:
    """The subscriptions whose next dates can be changed, next one first."""
    found = []
    for one in portal.subscriptions:
        try:
            rules.check_next(portal.situation, one.key)
        except ActionError:
            continue
        found.append(one)
    return sorted(found, key=lambda one: one.subscription.next_charge_scheduled_at or date.max)


def can_align(portal: Portal) -> bool:
    """Whether two subscriptions come on different dates, and can come together."""
    if not portal.is_offered(MoveSubscription):
        return False
    return len({one.subscription.next_charge_scheduled_at for one in movable(portal)}) > 1


def _rhythms(portal: Portal, one: SubscriptionState) -> list[Rhythm]:
    found: list[Rhythm] = []
    for plan in choices(portal.records, one.subscription):
        charge, order, unit = rhythm_of_plan(plan)
        if charge and order and unit in ("day", "week", "month"):
            found.append((charge, order, cast(Unit, str(unit))))
    return found


def _length(rhythm: Rhythm) -> tuple[int, int]:
    charge, order, unit = rhythm
    days = {"day": 1, "week": 7, "month": 30}[unit]
    return order * days, charge


def _names(some: Iterable[SubscriptionState]) -> list[str]:
    names = [one.title for one in some]
    return names[:2]

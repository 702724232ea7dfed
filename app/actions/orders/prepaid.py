"""Move what was paid for in advance to a later day, and back."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from app.actions.at_address import AddressAction, Id
from app.actions.base import Upstream
from app.actions.comparison import compared
from app.actions.deliveries.texts import named
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.orders.foresight import by_day, day_of, moment_of, moved
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryItem, Snapshot, delivery_rhythm
from app.recharge import Order

Days = Annotated[tuple[tuple[Id, datetime.date], ...], Field(min_length=1, max_length=250)]
"""Orders by id, each with a day."""


class PrepaidAction(AddressAction):
    """A change of the days on which paid goods come to an address.

    days: where each order is to be; None until the wish is spelled out
    """

    switch: ClassVar[str | None] = "skip_prepaid_order"

    date: datetime.date

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = by_day(situation.snapshot, self.address_id, self.date)
        ids = [order.id for order in found]
        held = [(line.title, line.quantity) for order in found for line in order.line_items]
        now = say("What you have paid for in advance does not come on {date} now.", date=self.date)
        return (
            Shown("orders", repr(ids), now),
            Shown("items", repr(sorted(held)), say("It now holds other products or quantities.")),
        )

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("orders",)

    def possible_until(self, situation: Situation) -> datetime.datetime:
        return situation.changes_end(self.date) - datetime.timedelta.resolution


class DelayPrepaid(PrepaidAction):
    """Let a delivery that is paid for come one interval later, and with it those after it.

    ``POST /orders/{id}/delay``. Each call moves the orders on, so it is never sent again where
    nobody knows what came of it.
    """

    name = "delay prepaid delivery"
    is_safe_to_repeat = False

    days: Days | None = None

    def check(self, situation: Situation) -> None:
        self._goals(situation)

    def spelled_out(self, situation: Situation) -> Self:
        return self.model_copy(update={"days": tuple(sorted(self._goals(situation).items()))})

    def foreseen(self, situation: Situation) -> Snapshot:
        return moved(situation.snapshot, self._goals(situation))

    def effect(self, situation: Situation) -> Effect:
        goals = self._goals(situation)
        before = _days(situation.snapshot, goals)
        to = min(
            goals[order.id] for order in by_day(situation.snapshot, self.address_id, self.date)
        )
        delivery = situation.delivery(self.address_id, self.date, skipped=False)
        items = named(_paid_items(delivery))
        after = self.after(situation)
        ids = {
            line.purchase_item_id
            for order in situation.snapshot.prepaid_orders
            if order.id in goals
            for line in order.line_items
            if line.purchase_item_id is not None
        }
        others = [
            each for each in compared(situation, after, ids) if each.name in ("together", "rest")
        ]
        text = say(
            "{items} will come on {date} instead of {before}.",
            items=items,
            date=to,
            before=self.date,
        )
        dates = Change("dates", text, before=sorted(before.values()), after=sorted(goals.values()))
        later = [
            Change("later", say("The deliveries after it that you have paid for move on as well."))
        ]
        return Effect(
            question=say("Move your delivery of {date}?", date=self.date),
            confirm=say("Move it to {date}", date=to),
            done=say("Your delivery of {before} comes on {date}.", before=self.date, date=to),
            changes=(dates, *(later if len(set(before.values())) > 1 else ()), *others),
            stays=(
                say("You have paid for it, and pay nothing more."),
                say("Nothing is lost: you get as many deliveries as you have paid for."),
            ),
        )

    async def run(self, upstream: Upstream) -> None:
        """An order is sent on only where it stands where it stood."""
        goals = dict(self.days or ())
        left = [
            order
            for order in by_day(upstream.situation.snapshot, self.address_id, self.date)
            if goals.get(order.id, self.date) != self.date
        ]
        if not left:
            raise NotPossible(notice=_nothing(self.date))
        for order in left:
            upstream.answers.append(await upstream.client.orders.delay(order.id))

    async def is_done(self, upstream: Upstream) -> bool:
        return _stand_at(upstream.situation.snapshot, dict(self.days or ()))

    def is_partly_done(self, situation: Situation) -> bool:
        days = _days(situation.snapshot, dict(self.days or ()))
        return any(days.get(id) == day for id, day in self.days or ())

    def while_unknown(self) -> Message:
        return say(
            "The shop has not answered, so we do not know yet if your delivery was moved. "
            "We are checking, and will tell you here."
        )

    def inverse(self, before: Situation) -> PutPrepaidBack:
        goals = self._goals(before)
        return PutPrepaidBack(
            address_id=self.address_id,
            date=self.date,
            days=tuple(sorted(_days(before.snapshot, goals).items())),
        )

    def _goals(self, situation: Situation) -> dict[int, datetime.date]:
        """The day that each order comes to: those of the delivery, and the later ones that the
        same charge has paid for.

        Raises:
            NotPossible: there are none, or it is too late.
        """
        snapshot = situation.snapshot
        found = by_day(snapshot, self.address_id, self.date)
        if not found:
            raise NotPossible(notice=_nothing(self.date))
        if situation.is_too_late(self.date):
            raise NotPossible(notice=_too_late(situation.change_until(self.date)))
        goals: dict[int, datetime.date] = {}
        for order in found:
            for later in snapshot.prepaid_orders:
                day = day_of(snapshot, later)
                is_of_it = later.id == order.id or (
                    order.charge.id is not None and later.charge.id == order.charge.id
                )
                if is_of_it and day is not None and day >= self.date:
                    goals[later.id] = self._after(snapshot, order, day)
        return goals

    def _after(self, snapshot: Snapshot, order: Order, day: datetime.date) -> datetime.date:
        for line in order.line_items:
            found = snapshot.subscription(line.purchase_item_id)
            following = delivery_rhythm(found).after(day) if found else None
            if following is not None:
                return following
        raise NotPossible(
            notice=say(
                "How often this comes is not known, so it cannot be moved here. "
                "Please write to the shop."
            )
        )


class PutPrepaidBack(PrepaidAction):
    """Bring orders that were moved back to their days: ``PUT /orders/{id}`` for each."""

    name = "put prepaid delivery back"

    days: Days

    def check(self, situation: Situation) -> None:
        self._left(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        days = _days(situation.snapshot, dict(self.days))
        now = say("What you have paid for in advance has other dates now.")
        return (Shown("days", repr(sorted(days.items())), now),)

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def foreseen(self, situation: Situation) -> Snapshot:
        return moved(situation.snapshot, self._left(situation))

    def effect(self, situation: Situation) -> Effect:
        left = self._left(situation)
        before = _days(situation.snapshot, left)
        dates = Change(
            "dates",
            say("What you have paid for comes on {date} again.", date=self.date),
            before=sorted(before.values()),
            after=sorted(left.values()),
        )
        return Effect(
            question=say("Bring your delivery back to {date}?", date=self.date),
            confirm=say("Back to {date}", date=self.date),
            done=say("Your delivery comes on {date} again.", date=self.date),
            changes=(dates,),
            stays=(say("You have paid for it, and pay nothing more."),),
        )

    async def run(self, upstream: Upstream) -> None:
        snapshot = upstream.situation.snapshot
        for id, day in self._left(upstream.situation).items():
            answer = await upstream.client.orders.update(id, scheduled_at=moment_of(snapshot, day))
            upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        return _stand_at(upstream.situation.snapshot, dict(self.days))

    def inverse(self, before: Situation) -> PutPrepaidBack:
        days = _days(before.snapshot, self._left(before))
        return PutPrepaidBack(
            address_id=self.address_id,
            date=min(days.values()),
            days=tuple(sorted(days.items())),
        )

    def is_partly_done(self, situation: Situation) -> bool:
        days = _days(situation.snapshot, dict(self.days))
        return any(days.get(id) == day for id, day in self.days)

    def _left(self, situation: Situation) -> dict[int, datetime.date]:
        """The orders that stand elsewhere, with their days.

        Raises:
            NotPossible: one is not there any more, all stand there, or it is too late.
        """
        if situation.is_too_late(self.date):
            raise NotPossible(notice=_too_late(situation.change_until(self.date)))
        goals = dict(self.days)
        days = _days(situation.snapshot, goals)
        left = {id: day for id, day in goals.items() if id in days and days[id] != day}
        if not left or len(days) < len(goals):
            raise NotPossible(notice=_nothing(self.date))
        return left


def _days(snapshot: Snapshot, ids: dict[int, datetime.date]) -> dict[int, datetime.date]:
    """The days on which these orders stand, of those that still wait."""
    found = {order.id: day_of(snapshot, order) for order in snapshot.prepaid_orders}
    return {id: day for id in ids if (day := found.get(id)) is not None}


def _stand_at(snapshot: Snapshot, goals: dict[int, datetime.date]) -> bool:
    return bool(goals) and _days(snapshot, goals) == goals


def _paid_items(delivery: Delivery | None) -> list[DeliveryItem]:
    items = delivery.items if delivery else ()
    return [item for item in items if item.is_prepaid and item.charge_id is None]


def _nothing(day: datetime.date) -> Message:
    return say(
        "Nothing that you have paid for in advance comes on {date}, so nothing was changed.",
        date=day,
    )


def _too_late(until: datetime.datetime) -> Message:
    return say(
        "This delivery could be changed until {until}. It can no longer be moved.", until=until
    )

"""What is different between two situations, in words, and what an action promises by it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.actions.deliveries.texts import about, named
from app.actions.effect import Change, promise_kind
from app.actions.foresight import NEW_ID
from app.actions.situation import LONGEST, Situation
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryItem, DeliveryStatus

SHOWN: Final = 3
"""Coming dates that are told side by side."""
PROMISED: Final = 4
"""Coming dates of an item that are looked up again after the write."""

_DUE = (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)


def due(situation: Situation, ids: Collection[int] | None = None) -> list[Delivery]:
    """Deliveries that are to come, neither skipped nor failed, of these items where they are
    told. From the horizon of a year and a little, see `Situation.deliveries`; of items that come
    later first, from as far ahead as anything can be planned."""
    if ids is not None and not _may_come(situation, ids):
        return []  # without working out what else comes: most ask this of what has ended
    found = _due(situation.deliveries, ids)
    if found or ids is None:
        return found
    return _due(situation.deliveries_until(situation.today + LONGEST), ids)


def due_soon(situation: Situation, ids: Collection[int] | None = None) -> list[Delivery]:
    """The same of the next weeks only. A year of deliveries for each of many steps would hold
    everyone else up."""
    return _due(situation.soon, ids)


def dates_of(situation: Situation, item_id: int, most: int = PROMISED) -> tuple[date, ...]:
    """The next dates on which an item is to come."""
    return tuple(dict.fromkeys(each.date for each in due(situation, {item_id})))[:most]


def item_of(situation: Situation, item_id: int) -> DeliveryItem | None:
    """The item as its next delivery holds it."""
    for delivery in due(situation, {item_id}):
        return next(item for item in delivery.items if item.purchase_item_id == item_id)
    return None


def cost(delivery: Delivery) -> Message:
    """What a delivery costs: "$20.00", "about $20.00", or that it is not known."""
    if not delivery.is_total_known:
        return say("price not known yet")
    return about(delivery.total, delivery.is_estimate)


def line(delivery: Delivery) -> Message:
    """A delivery in one line: its date and its cost."""
    return say("{date}: {cost}", date=delivery.date, cost=cost(delivery))


def compared(before: Situation, after: Situation, ids: Collection[int]) -> tuple[Change, ...]:
    """What changes for these items and for the deliveries around them, most important first:

    dates:     when they come, old and new dates and totals side by side
    together:  what else comes in the first of their new deliveries
    emptied:   a delivery that they leave, and what it costs without them
    discount:  a discount that is lost
    """
    old, new = due(before, ids), due(after, ids)
    changes: list[Change] = []
    if _told(old) != _told(new):
        changes.append(_dates_change(old, new))
    if new and not (old and new[0].date == old[0].date):
        others = [item for item in new[0].items if item.purchase_item_id not in ids]
        if others:
            text = say("It comes together with {items}.", items=named(others))
            changes.append(Change("together", text))
    changes += rest(before, after, ids)
    changes += lost_discounts(before, after)
    return tuple(changes)


def lost_discounts(before: Situation, after: Situation) -> list[Change]:
    """Discounts on deliveries to come that are there before and not after."""
    kept = {code for delivery in due(after) for code in delivery.discounts}
    lost: dict[str, Delivery] = {}
    for delivery in due(before):
        for code in delivery.discounts:
            if code not in kept:
                lost.setdefault(code, delivery)
    return [
        Change(
            "discount",
            say(
                "The discount {code} on your delivery of {date} is lost.",
                code=code,
                date=delivery.date,
            ),
        )
        for code, delivery in lost.items()
    ]


def rest(before: Situation, after: Situation, ids: Collection[int]) -> list[Change]:
    """Deliveries of the near future that go on without these items, and their new cost."""
    told: list[Change] = []
    first, later = due_soon(before, ids)[:1], due_soon
    if not first:
        first, later = due(before, ids)[:1], due
    for delivery in first:
        place = delivery.address_id, delivery.date
        left = next((one for one in later(after) if (one.address_id, one.date) == place), None)
        if left is None or any(item.purchase_item_id in ids for item in left.items):
            continue
        text = say(
            "You still get {items} on {date}, for {cost}.",
            items=named(left.items),
            date=left.date,
            cost=cost(left),
        )
        told.append(Change("rest", text, before=cost(delivery), after=cost(left)))
    return told


def _may_come(situation: Situation, ids: Collection[int]) -> bool:
    """Whether anything is there that these items could come by, however far ahead."""
    snapshot = situation.snapshot
    orders = snapshot.prepaid_orders
    return (
        any(one.id in ids and one.status == "active" for one in snapshot.subscriptions)
        or any(one.id in ids for one in snapshot.onetimes)
        or any(line.purchase_item_id in ids for one in snapshot.charges for line in one.line_items)
        or any(line.purchase_item_id in ids for one in orders for line in one.line_items)
    )


def _due(deliveries: Sequence[Delivery], ids: Collection[int] | None) -> list[Delivery]:
    return [
        delivery
        for delivery in deliveries
        if delivery.status in _DUE
        and (ids is None or any(item.purchase_item_id in ids for item in delivery.items))
    ]


def _dates_change(old: Sequence[Delivery], new: Sequence[Delivery]) -> Change:
    if not new:
        return Change("dates", say("No more deliveries are planned."), before=_lines(old))
    if not old:
        text = say(
            "The next delivery is on {date}, for {cost}.", date=new[0].date, cost=cost(new[0])
        )
        return Change("dates", text, after=_lines(new))
    if old[0].date != new[0].date:
        text = say(
            "The next delivery is on {date} instead of {before}, for {cost}.",
            date=new[0].date,
            before=old[0].date,
            cost=cost(new[0]),
        )
    elif [each.date for each in old] != [each.date for each in new]:
        text = say("Your next delivery stays on {date}; later ones move.", date=new[0].date)
    else:
        text = say(
            "Your delivery of {date} costs {cost} instead of {before}.",
            date=new[0].date,
            cost=cost(new[0]),
            before=cost(old[0]),
        )
    return Change("dates", text, before=_lines(old), after=_lines(new))


def _told(deliveries: Sequence[Delivery]) -> list[tuple[date, object]]:
    return [(each.date, each.total if each.is_total_known else None) for each in deliveries]


def _lines(deliveries: Sequence[Delivery]) -> list[Message]:
    return [line(delivery) for delivery in deliveries[:SHOWN]]


@promise_kind("dates of an item")
@dataclass(frozen=True, slots=True)
class DatesPromise:
    """An item comes on these dates next, that many of it. No dates: it does not come any more.

    title: what it is called, as several can come out otherwise; "" where an earlier release has
           kept the promise without it
    """

    item_id: int
    dates: tuple[date, ...]
    quantity: int = 1
    title: str = ""

    @classmethod
    def of(cls, after: Situation, item_id: int) -> DatesPromise:
        """What the situation as it will be says of an item."""
        item = item_of(after, item_id)
        snapshot = after.snapshot
        found = snapshot.subscription(item_id) or snapshot.onetime(item_id)
        return cls(
            item_id,
            dates_of(after, item_id),
            item.quantity if item else 1,
            item.title if item else (found.product_title or "" if found else ""),
        )

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        found = dates_of(after, self.item_id, max(len(self.dates), 1))
        item = item_of(after, self.item_id)
        if found == self.dates and (item is None or item.quantity == self.quantity):
            return None
        if item is None or found != self.dates:
            return self._other_dates(found)
        if not self.title:
            return say("But the quantity is {quantity}.", quantity=item.quantity)
        return say(
            "But the quantity of {title} is {quantity}.", title=self.title, quantity=item.quantity
        )

    def _other_dates(self, found: Sequence[date]) -> Message:
        if not found:
            if not self.title:
                return say("But no delivery is planned for it.")
            return say("But no delivery of {title} is planned.", title=self.title)
        if not self.title:
            return say("But it now comes on {dates}.", dates=list(found))
        return say("But {title} now comes on {dates}.", title=self.title, dates=list(found))


@promise_kind("new item")
@dataclass(frozen=True, slots=True)
class NewItemPromise:
    """A variant is in a delivery to an address on a day, where it was not before.

    `known` are the ids that were there before: Recharge gives the new one its own. `NEW_ID` as
    the address is one that was made along with it, whatever its id has become.
    """

    address_id: int
    day: date
    title: str
    quantity: int
    known: frozenset[int]

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        for item in self._items(after):
            is_new = item.purchase_item_id not in self.known
            if is_new and (item.title, item.quantity) == (self.title, self.quantity):
                return None
        return say("But it is not planned for {date}.", date=self.day)

    def _items(self, after: Situation) -> list[DeliveryItem]:
        """What comes on the day."""
        return [
            item
            for delivery in after.around(self.day)
            if delivery.date == self.day
            and delivery.status is not DeliveryStatus.SKIPPED
            and self.address_id in (delivery.address_id, NEW_ID)
            for item in delivery.items
        ]

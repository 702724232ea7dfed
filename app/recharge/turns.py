"""Whose turn it is: the order in which waiting calls are served. It knows neither time nor tokens.

Money goes before customers' writes, writes before everything else. Page misses, repair, the sync
and the reading of what is long past share what is left as 8 : 4 : 2 : 1, and inside each class
customers take turns, so one customer with many calls delays the others by one call each.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from enum import IntEnum
from typing import Generic, TypeVar

W = TypeVar("W")


class Priority(IntEnum):
    """What a call is for. Lower goes first."""

    MONEY = 0
    """Taking money, and reads that verify a write."""
    WRITE = 1
    """A customer's change."""
    MISS = 2
    """A page waits for it."""
    REPAIR = 3
    """A webhook or a doubtful record asks for a fresh copy."""
    SYNC = 4
    """The incremental sync."""
    BACKFILL = 5
    """What is long past: orders of years ago, page by page."""

    @property
    def is_strict(self) -> bool:
        """Whether it goes before all lower classes and may use the reserve."""
        return self <= Priority.WRITE


STRIDES = {Priority.MISS: 1, Priority.REPAIR: 2, Priority.SYNC: 4, Priority.BACKFILL: 8}
"""How far a class moves back when it has been served: the weights 8 : 4 : 2 : 1, turned over."""


class _Class(Generic[W]):
    """The waiting calls of one priority, a lane for each customer."""

    def __init__(self) -> None:
        self.lanes: OrderedDict[int | None, deque[W]] = OrderedDict()
        self.waiting = 0
        self.position = 0  # in the race of the weighted classes

    def add(self, customer_id: int | None, waiter: W) -> None:
        self.lanes.setdefault(customer_id, deque()).append(waiter)
        self.waiting += 1

    def discard(self, customer_id: int | None, waiter: W) -> bool:
        lane = self.lanes.get(customer_id)
        if lane is None or waiter not in lane:
            return False
        lane.remove(waiter)
        self.waiting -= 1
        if not lane:
            del self.lanes[customer_id]
        return True

    def pop(self) -> W:
        customer_id, lane = next(iter(self.lanes.items()))
        waiter = lane.popleft()
        self.waiting -= 1
        if lane:
            self.lanes.move_to_end(customer_id)
        else:
            del self.lanes[customer_id]
        return waiter

    def ahead(self, customer_id: int | None) -> int:
        """How many are served before a call which that customer would add now."""
        own = len(self.lanes.get(customer_id, ()))
        count, turns = own, own + 1
        for other, lane in self.lanes.items():
            if other == customer_id:
                turns = own  # customers behind ours in the ring have had one turn less
            else:
                count += min(len(lane), turns)
        return count


class Turns(Generic[W]):
    """The waiting calls and their order."""

    def __init__(self) -> None:
        self._classes: dict[Priority, _Class[W]] = {priority: _Class() for priority in Priority}
        self._race = 0  # position of the weighted class that was served last

    def __iter__(self) -> Iterator[W]:
        for each in self._classes.values():
            for lane in each.lanes.values():
                yield from lane

    def __bool__(self) -> bool:
        return any(each.waiting for each in self._classes.values())

    def waiting(self, priority: Priority) -> int:
        return self._classes[priority].waiting

    def add(self, priority: Priority, customer_id: int | None, waiter: W) -> None:
        chosen = self._classes[priority]
        if not chosen.waiting:
            # A class that had nothing to do does not save its turns up.
            chosen.position = max(chosen.position, self._race)
        chosen.add(customer_id, waiter)

    def discard(self, priority: Priority, customer_id: int | None, waiter: W) -> bool:
        """Takes a waiter out of the line, and says whether it stood there."""
        return self._classes[priority].discard(customer_id, waiter)

    def next_priority(self) -> Priority | None:
        """The class whose turn it is, or None when nobody waits."""
        for priority in (Priority.MONEY, Priority.WRITE):
            if self._classes[priority].waiting:
                return priority
        weighted = [priority for priority in STRIDES if self._classes[priority].waiting]
        return min(weighted, key=lambda p: (self._classes[p].position, p), default=None)

    def pop(self, priority: Priority) -> W:
        """The next one of the class that `next_priority` named."""
        chosen = self._classes[priority]
        if not priority.is_strict:
            self._race = chosen.position
            chosen.position += STRIDES[priority]
        return chosen.pop()

    def ahead(self, priority: Priority, customer_id: int | None) -> int:
        """How many are served before a call that would be added now, if no more come."""
        own = self._classes[priority].ahead(customer_id)
        count = own + sum(
            self.waiting(other) for other in Priority if other < priority and other.is_strict
        )
        if priority.is_strict:
            return count
        chosen = self._classes[priority]
        start = chosen.position if chosen.waiting else max(chosen.position, self._race)
        mine = start + own * STRIDES[priority]
        for other, stride in STRIDES.items():
            if other != priority:
                distance = mine - self._classes[other].position + (1 if other < priority else 0)
                count += min(self.waiting(other), max(0, -(-distance // stride)))
        return count

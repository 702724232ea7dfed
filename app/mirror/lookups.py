"""How often one customer may have a single old record looked for in Recharge."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

MOST: Final = 20
"""Look-ups of one customer within `WITHIN`. They cost a call each, of the whole shop's budget, and
an address with a guessed number asks for one."""

WITHIN: Final = timedelta(minutes=5)

_MOST_CUSTOMERS: Final = 10_000


class Lookups:
    """Counts look-ups, in this process."""

    def __init__(self) -> None:
        self._made: OrderedDict[int, deque[datetime]] = OrderedDict()

    def take(self, customer_id: int, now: datetime) -> bool:
        """Whether this customer may have one more made now; it is counted then."""
        made = self._made.setdefault(customer_id, deque())
        self._made.move_to_end(customer_id)
        while made and now - made[0] > WITHIN:
            made.popleft()
        if len(made) >= MOST:
            return False
        made.append(now)
        while len(self._made) > _MOST_CUSTOMERS:
            self._made.popitem(last=False)
        return True

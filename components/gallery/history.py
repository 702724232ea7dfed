"""Examples of the list of everything that was ever bought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from app.i18n import say
from app.mirror import Purchase
from app.mirror.purchases import day_of, status_of
from app.recharge import Charge, Order
from app.state import HistoryState, Period, PurchaseState, State
from app.state.history import Kind
from components.gallery.example import Example
from components.gallery.made_up import SHOP_ZONE, MadeUpPortal
from components.gallery.samples import ARABIC, COFFEE, DAY, LONG, OATS, PICTURES
from components.order_list import OrderEntry, OrderList

__all__ = ["EXAMPLES", "MadeUpHistory", "bought"]

_PAST = ("2026-06-21T14:03:00+00:00", "2026-06-07T14:03:00+00:00", "2026-05-24T14:03:00+00:00")
_BARE = {"title": "Something from before", "quantity": 1}
_HOME = {"address1": "12 Harbour Lane", "city": "Portland", "country_code": "US"}


def _line(title: str, quantity: int = 1, picture: str = "coffee-house.svg") -> dict[str, Any]:
    return {"title": title, "quantity": quantity, "images": {"medium": PICTURES + picture}}


def bought(
    *titles: str,
    id: int = 1042,
    at: str = _PAST[0],
    is_charge: bool = False,
    quantity: int = 1,
    **fields: Any,
) -> PurchaseState:
    """An order that is only made up; or a charge."""
    values: dict[str, Any] = {
        "id": id,
        "address_id": 201,
        "customer": {"id": 101},
        "currency": "USD",
        "line_items": [_line(title, quantity) for title in titles or (COFFEE.title,)],
        "shipping_address": _HOME,
        "total_price": "43.90",
    }
    record: Order | Charge
    if is_charge:
        record = Charge.model_validate({**values, "scheduled_at": at[:10], **fields})
    else:
        number = {"external_order_number": {"ecommerce": str(id)}, "processed_at": at}
        record = Order.model_validate({**values, "status": "success", **number, **fields})
    portal = MadeUpPortal(deliveries=(), subscriptions=())
    return PurchaseState(portal, Purchase(record, status_of(record), day_of(record, SHOP_ZONE)))


class MadeUpHistory(HistoryState):
    """A history of the given purchases; None has not been read."""

    def __init__(
        self,
        given: Sequence[PurchaseState] | None,
        *,
        kinds: tuple[Kind, ...] = (),
        is_complete: bool = True,
        is_failed: bool = False,
        has_more: bool = False,
        words: str = "",
    ) -> None:
        State.__init__(self)
        self.purchases = None if given is None else list(given)
        self.kind, self.period, self.words = None, None, words
        self.kinds = kinds
        self.periods = (Period("2026", say("{year}", year="2026"), DAY.replace(month=1, day=1)),)
        self.count = len(given or ())
        self.is_complete, self.is_failed = is_complete, is_failed
        self.said, self.resets = None, 0
        self._has_more = has_more
        self.presses: list[str] = []

    @property
    def has_more(self) -> bool:
        return self._has_more

    async def open(self, *, status: str = "", time: str = "") -> None:
        return None

    async def choose(self, kind: Kind | None) -> None:
        self.kind = kind
        self.changed.emit()

    async def choose_period(self, name: str) -> None:
        self.presses.append(f"time {name}")

    async def search(self, words: str) -> None:
        self.presses.append(f"search {words}")

    async def show_everything(self) -> None:
        self.kind, self.words = None, ""
        self.changed.emit()

    async def show_more(self) -> None:
        self._has_more = False
        self.changed.emit()

    async def fetch_again(self) -> None:
        self.presses.append("fetch again")

    def close(self) -> None:
        State.close(self)


def _failed(**fields: Any) -> PurchaseState:
    values = {"status": "error", "error_type": "CARD_EXPIRED", "is_charge": True, "id": 501}
    return bought(COFFEE.title, OATS.title, **{**values, **fields})


def _all() -> list[PurchaseState]:
    return [
        _failed(at=_PAST[0]),
        bought(COFFEE.title, OATS.title, "Dark Chocolate", "Oolong", id=1043, at=_PAST[0]),
        bought(id=1042, at=_PAST[1], quantity=3, total_refunds="10.00"),
        bought(is_charge=True, id=499, at=_PAST[1], status="skipped"),
        bought(id=1041, at=_PAST[2], total_refunds="43.90"),
        bought(id=1040, at=_PAST[2], status="cancelled"),
    ]


def _entry(case: str, make: Callable[[], PurchaseState], language: str = "en") -> Example:
    return Example(OrderEntry, case, lambda texts: OrderEntry.show(make(), texts), language)


def _list(case: str, make: Callable[[], MadeUpHistory], language: str = "en") -> Example:
    return Example(OrderList, case, lambda texts: OrderList.show(make(), texts), language)


_KINDS = cast(tuple[Kind, ...], ("ordered", "failed", "skipped", "refunded", "cancelled"))

EXAMPLES: tuple[Example, ...] = (
    _entry("ordered", lambda: bought(COFFEE.title, OATS.title)),
    _entry("many items", lambda: bought("One", "Two", "Three", "Four", "Five")),
    _entry("payment failed", _failed),
    _entry("payment under way", lambda: _failed(status="pending")),
    _entry("skipped", lambda: bought(is_charge=True, status="skipped")),
    _entry("refunded", lambda: bought(total_refunds="43.90")),
    _entry("state not known", lambda: bought(status="frozen")),
    _entry("no day and no picture", lambda: bought(processed_at=None, line_items=[_BARE])),
    _entry("long names", lambda: bought(LONG.title)),
    _entry("right to left", lambda: bought(ARABIC.title), "ar"),
    _list("a history", lambda: MadeUpHistory(_all(), kinds=_KINDS, has_more=True)),
    _list("older ones are fetched", lambda: MadeUpHistory(_all()[:2], is_complete=False)),
    _list(
        "older ones could not be fetched",
        lambda: MadeUpHistory(_all()[:2], is_complete=False, is_failed=True),
    ),
    _list(
        "nothing could be fetched",
        lambda: MadeUpHistory([], is_complete=False, is_failed=True),
    ),
    _list("being read", lambda: MadeUpHistory(None)),
    _list("nothing yet", lambda: MadeUpHistory([])),
    _list("nothing found", lambda: MadeUpHistory([], words="tea", kinds=_KINDS)),
    _list("right to left", lambda: MadeUpHistory([bought(ARABIC.title)], kinds=_KINDS), "ar"),
)

"""What the customer has asked for and Recharge has not confirmed: shown at once, marked as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import uuid4

from app.actions import Action, ActionError, ListedSteps, Situation
from app.mirror import Delivery, Snapshot
from app.mirror.delivery import group_of
from app.recharge import Membership, Onetime, PaymentMethod, Subscription

Contents = tuple[date, int, str, tuple[tuple[int, str, str, int], ...]]


@dataclass(eq=False)
class Wish:
    """One change. `activity_id` is given once its result is unknown: then it is not shown as done,
    but what it concerns is marked as being checked."""

    action: Action
    activity_id: str | None = None
    concerned: Marks = field(default_factory=lambda: Marks())

    @property
    def is_shown(self) -> bool:
        """Whether the page shows it as done."""
        return self.activity_id is None and not self.is_awaited

    @property
    def is_awaited(self) -> bool:
        """Whether the page waits for the answer before it shows it."""
        action = self.action
        parts = action.parts if isinstance(action, ListedSteps) else (action,)
        return not all(part.is_shown_at_once for part in parts)

    def is_unknown(self, activity_id: str | None, actual: Situation) -> None:
        """Nobody knows if this was done. `actual` is as it was read last."""
        self.activity_id = activity_id
        self.concerned = self.marks(actual)

    def marks(self, actual: Situation) -> Marks:
        """What it concerns."""
        perhaps = replace(actual, snapshot=_foreseen(actual, [self]))
        return Marks.between(actual, perhaps) | Marks.between(perhaps, actual)


@dataclass
class Wishes:
    """All changes of a page that are not confirmed."""

    _wishes: list[Wish] = field(default_factory=list)

    @property
    def is_any_shown(self) -> bool:
        """Whether what is shown differs from what was read because of a wish."""
        return any(wish.is_shown for wish in self._wishes)

    def add(self, action: Action) -> Wish:
        wish = Wish(action)
        self._wishes.append(wish)
        return wish

    def drop(self, wish: Wish) -> None:
        if wish in self._wishes:
            self._wishes.remove(wish)

    def settle(self, activity_id: str) -> None:
        """The result of this activity is known at last."""
        self._wishes = [wish for wish in self._wishes if wish.activity_id != activity_id]

    def shown(self, actual: Situation) -> Snapshot:
        """The records as the customer wished them."""
        return _foreseen(actual, (wish for wish in self._wishes if wish.is_shown))

    def unconfirmed(self, actual: Situation, shown: Situation) -> Marks:
        """What on screen is shown as wished, or awaits an answer before it is shown."""
        if not self._wishes:
            return NOTHING
        marks = Marks.between(shown, actual)
        for wish in self._wishes:
            if wish.activity_id is None and wish.is_awaited:
                marks |= wish.marks(actual)
        return marks

    def checked(self) -> Marks:
        """What may be otherwise than it is shown, until the results are known."""
        marks = NOTHING
        for wish in self._wishes:
            marks |= wish.concerned
        return marks


@dataclass(frozen=True)
class Marks:
    """Deliveries (by their key), items, memberships and payment methods (by their id) with
    something open."""

    deliveries: frozenset[str] = frozenset()
    items: frozenset[int] = frozenset()
    memberships: frozenset[int] = frozenset()
    methods: frozenset[int] = frozenset()

    @classmethod
    def between(cls, shown: Situation, other: Situation) -> Marks:
        """What of `shown` is otherwise in `other`."""
        if shown.snapshot is other.snapshot:
            return NOTHING
        known = {_contents(delivery) for delivery in other.deliveries}
        return cls(
            frozenset(
                delivery.key for delivery in shown.deliveries if _contents(delivery) not in known
            ),
            _changed(shown.snapshot.subscriptions, other.snapshot.subscriptions)
            | _changed(shown.snapshot.onetimes, other.snapshot.onetimes),
            _changed(shown.snapshot.memberships, other.snapshot.memberships),
            _changed(shown.snapshot.payment_methods, other.snapshot.payment_methods)
            | _paying(shown.snapshot, other.snapshot),
        )

    def __or__(self, other: Marks) -> Marks:
        return Marks(
            self.deliveries | other.deliveries,
            self.items | other.items,
            self.memberships | other.memberships,
            self.methods | other.methods,
        )


NOTHING: Marks = Marks()


def _foreseen(situation: Situation, wishes: Iterable[Wish]) -> Snapshot:
    for wish in wishes:
        try:
            situation = wish.action.after(situation)
        except ActionError:
            continue  # it cannot be done as things are: the answer will say why
    return situation.snapshot


def _changed(
    shown: Sequence[Subscription | Onetime | Membership | PaymentMethod],
    other: Sequence[Subscription | Onetime | Membership | PaymentMethod],
) -> frozenset[int]:
    return frozenset(one.id for one in shown if one not in other)


def _paying(shown: Snapshot, other: Snapshot) -> frozenset[int]:
    """The methods that pay for an address, and did not."""
    before = {one.id: one.payment_method_id for one in other.addresses}
    return frozenset(
        one.payment_method_id
        for one in shown.addresses
        if one.payment_method_id is not None and before.get(one.id) != one.payment_method_id
    )


def _contents(delivery: Delivery) -> Contents:
    """What a customer would call the same delivery. Its cost is left out: an estimate may stand
    beside the store's own figure."""
    items = sorted(
        (item.purchase_item_id or 0, item.title, item.variant_title or "", item.quantity)
        for item in delivery.items
    )
    return delivery.date, delivery.address_id, group_of(delivery.status), tuple(items)


def new_key() -> str:
    """An idempotency key: one for each question the customer is asked."""
    return uuid4().hex

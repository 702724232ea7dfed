"""States that are set by hand, so that a component can be looked at in every one of them.

Each is a subclass of the real state whose answers are simply given. Presses are counted in
`presses` and change nothing but what is on screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar, cast
from zoneinfo import ZoneInfo

from app.actions import Change, Effect, Pause, Preview
from app.i18n import Message, Money, Texts, say
from app.mirror import Delivery, DeliveryStatus
from app.recharge import Address, Order, PaymentMethod, Subscription
from app.state import (
    DeliveryState,
    Notice,
    Portal,
    Question,
    ScheduleState,
    State,
    SubscriptionState,
)
from app.state.schedule import months_after

SHOP_ZONE = ZoneInfo("America/New_York")
_TODAY = date(2026, 6, 27)


class _NoShop:
    """Stands where a state has its portal: a shop that offers nothing, and knows no records."""

    addresses = subscriptions = onetimes = charges = ()

    def is_offered(self, _action: object) -> bool:
        return False

    can = is_offered
    is_too_late = is_offered

    def reason_against(self, _action: object) -> Message | None:
        return None

    @property
    def situation(self) -> _NoShop:
        return self

    @property
    def records(self) -> _NoShop:
        return self


NOTHING_OFFERED: Any = _NoShop()


class MadeUpDelivery(DeliveryState):
    """A delivery that can be skipped unless a `reason` speaks against it."""

    def __init__(
        self,
        delivery: Delivery,
        *,
        address: Address | None = None,
        payment_method: PaymentMethod | None = None,
        reason: Message | None = None,
        is_pending: bool = False,
        offers: tuple[str, ...] = (),
    ) -> None:
        State.__init__(self)
        self._given_offers = offers  # keys of what can be done with it besides skipping
        self.portal = NOTHING_OFFERED
        self.delivery = delivery
        self._given_pending = is_pending
        self._given_address = address
        self._given_method = payment_method
        self._given_reason = reason
        self.presses: list[str] = []

    @property
    def is_pending(self) -> bool:
        return self._given_pending

    @property
    def is_checked(self) -> bool:
        return False

    @property
    def change_until(self) -> datetime:
        return _evening_before(self.delivery.date)

    @property
    def can_skip(self) -> bool:
        is_due = self.delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)
        return is_due and self._given_reason is None and not self.is_pending

    @property
    def can_put_back(self) -> bool:
        return self.is_skipped and self._given_reason is None and not self.is_pending

    @property
    def reason(self) -> Message | None:
        return self._given_reason

    @property
    def address(self) -> Address | None:
        return self._given_address

    @property
    def payment_method(self) -> PaymentMethod | None:
        return self._given_method

    def offers(self, key: str, is_possible: object) -> bool:
        return key in self._given_offers

    async def put_back(self) -> None:
        self.presses.append("put back")
        self._become(DeliveryStatus.QUEUED)

    def _become(self, status: DeliveryStatus) -> None:
        self.delivery = replace(self.delivery, status=status)
        self.changed.emit()


def _evening_before(day: date) -> datetime:
    """The last minute for changes."""
    before = day - timedelta(days=1)
    return datetime(before.year, before.month, before.day, 23, 59, tzinfo=SHOP_ZONE)


Q = TypeVar("Q", bound=Question)


def made_up_question(
    kind: type[Q],
    /,
    *,
    preview: Preview | None = None,
    failure: Notice | None = None,
    is_asking: bool = False,
    **fields: Any,
) -> Q:
    """A question of a kind in a given state; `fields` are what the dialog reads besides."""

    class MadeUp(kind):  # type: ignore[valid-type, misc]
        async def ask(self) -> None:
            return None

        async def choose(self, **choices: object) -> None:
            for name, value in choices.items():
                setattr(self, name, value)
            self.changed.emit()

        async def confirm(self) -> None:
            self.cancel()

    for name, value in fields.items():
        if isinstance(getattr(kind, name, None), property):
            setattr(MadeUp, name, value)  # given, not worked out
    question = cast(Q, MadeUp.__new__(MadeUp))
    State.__init__(question)
    question._asked = None
    question.preview, question.failure, question.is_asking = preview, failure, is_asking
    for name, value in fields.items():
        setattr(question, name, value)
    return question


class MadeUpSchedule(ScheduleState):
    """A timeline of the given deliveries."""

    def __init__(self, deliveries: Sequence[DeliveryState], *, has_more: bool = False) -> None:
        State.__init__(self)
        self.deliveries = list(deliveries)
        self._has_more = has_more

    @property
    def today(self) -> date:
        return self.deliveries[0].delivery.date - timedelta(days=6) if self.deliveries else _TODAY

    @property
    def until(self) -> date:
        return months_after(self.today, 12)

    @property
    def has_more(self) -> bool:
        return self._has_more

    def show_more(self) -> None:
        self._has_more = False
        self.changed.emit()


class MadeUpSubscription(SubscriptionState):
    """A subscription card's state; `next_date`, `picture` and the rest are as given."""

    def __init__(
        self,
        subscription: Subscription,
        *,
        status: Literal["active", "paused", "cancelled", "expired", "unknown"] = "active",
        next_date: date | None = None,
        picture: str | None = None,
        address: Address | None = None,
        payment_method: PaymentMethod | None = None,
        currency: str = "USD",
        is_pending: bool = False,
        pause: Pause | None = None,
        prepaid_left: tuple[date, ...] = (),
        past_orders: tuple[Order, ...] = (),
        offers: tuple[str, ...] = (),
    ) -> None:
        State.__init__(self)
        self._given_offers = offers
        self.portal = NOTHING_OFFERED
        self.subscription = subscription
        self._given_left = prepaid_left
        self._given_orders = past_orders
        self._given_pending = is_pending
        self._given_pause = pause
        self._given_status = status
        self._given_date = next_date
        self._given_picture = picture
        self._given_address = address
        self._given_method = payment_method
        self._currency = currency

    @property
    def is_pending(self) -> bool:
        return self._given_pending

    @property
    def is_checked(self) -> bool:
        return False

    @property
    def status(self) -> Literal["active", "paused", "cancelled", "expired", "unknown"]:
        return self._given_status

    @property
    def pause(self) -> Pause | None:
        return self._given_pause

    @property
    def next_date(self) -> date | None:
        return self._given_date

    @property
    def change_until(self) -> datetime | None:
        return None if self._given_date is None else _evening_before(self._given_date)

    @property
    def prepaid_left(self) -> tuple[date, ...]:
        return self._given_left

    @property
    def past_orders(self) -> tuple[Order, ...]:
        return self._given_orders

    @property
    def price(self) -> Money | None:
        if self.subscription.price is None:
            return None
        return Money(self.subscription.price, self._currency) * self.quantity

    @property
    def picture(self) -> str | None:
        return self._given_picture

    @property
    def address(self) -> Address | None:
        return self._given_address

    @property
    def payment_method(self) -> PaymentMethod | None:
        return self._given_method

    def offers(self, key: str, is_possible: object) -> bool:
        return key in self._given_offers

    def rename(self, title: str) -> None:
        """The shop gave the product another name."""
        self.subscription = self.subscription.model_copy(update={"product_title": title})
        self.changed.emit()


class MadeUpPortal(Portal):
    """An open page's state without anything behind it."""

    def __init__(
        self,
        *,
        status: Literal["loading", "ready", "failed"] = "ready",
        shop: str = "Northbound Coffee & Pantry",
        first_name: str = "Mara",
        deliveries: Sequence[MadeUpDelivery] = (),
        subscriptions: Sequence[SubscriptionState] = (),
        notice: Notice | None = None,
        failure: Notice | None = None,
        age: timedelta = timedelta(0),
        texts: Texts | None = None,
    ) -> None:
        State.__init__(self)
        self.texts = texts or Texts("en")
        self.status = status
        self.failure = failure
        self.schedule = MadeUpSchedule(deliveries)
        self.subscriptions = list(subscriptions)
        self.notice = notice
        self.snapshot = None
        if status == "ready":
            self.snapshot = cast(Any, _Snapshot(shop, first_name))
        self._given_age = age
        self.presses: list[str] = []
        self.rearrange()

    @property
    def age(self) -> timedelta | None:
        return self._given_age if self.snapshot else None

    def rearrange(self) -> None:
        due = (d for d in self.schedule.deliveries if not d.is_skipped)
        self.next_delivery = next(due, None)
        self.changed.emit()

    async def open(self) -> None:
        self.presses.append("open")

    async def reload(self) -> None:
        self.presses.append("reload")
        self.changed.emit()

    async def undo(self) -> None:
        self.presses.append("undo")
        self.tell(Notice("success", say("Your delivery comes as planned again.")))

    def tell(self, notice: Notice) -> None:
        self.notice = notice
        self.changed.emit()

    def dismiss(self) -> None:
        self.presses.append("dismiss")
        self.notice = None
        self.changed.emit()

    def close(self) -> None:
        State.close(self)


class _Snapshot:
    """As much of a snapshot as the page's frame reads."""

    def __init__(self, shop: str, first_name: str) -> None:
        self.unreadable = 0
        self.shop = _Named(name=shop)
        self.customer = _Named(first_name=first_name)


class _Named:
    def __init__(self, **values: str) -> None:
        vars(self).update(values)

    def __getattr__(self, name: str) -> str:
        raise AttributeError(name)


def effect_of_skipping(delivery: Delivery) -> Effect:
    """What the confirmation of a skip says."""
    following = delivery.date + timedelta(days=14)
    return Effect(
        question=say("Skip your delivery of {date}?", date=delivery.date),
        confirm=say("Skip {date}", date=delivery.date),
        done=say("Your delivery of {date} is skipped.", date=delivery.date),
        changes=(
            Change(
                "total",
                say(
                    "You are not charged {amount} on {date}.",
                    amount=delivery.total,
                    date=delivery.date,
                ),
            ),
            Change(
                "next delivery",
                say("Your next delivery is on {date}.", date=following),
                before=delivery.date,
                after=following,
            ),
        ),
        stays=(
            say("All later deliveries keep their dates."),
            say("Your subscriptions go on."),
        ),
        amount=delivery.total,
    )

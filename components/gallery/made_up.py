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

from app.actions import Change, Effect, Preview
from app.i18n import Message, Money, Texts, say
from app.mirror import Delivery, DeliveryStatus
from app.recharge import Address, PaymentMethod, Subscription
from app.state import (
    DeliveryState,
    Notice,
    Portal,
    Question,
    ScheduleState,
    State,
    SubscriptionState,
)

SHOP_ZONE = ZoneInfo("America/New_York")


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
    ) -> None:
        State.__init__(self)
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
        day = self.delivery.date - timedelta(days=1)
        return datetime(day.year, day.month, day.day, 23, 59, tzinfo=SHOP_ZONE)

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

    async def put_back(self) -> None:
        self.presses.append("put back")
        self._become(DeliveryStatus.QUEUED)

    def _become(self, status: DeliveryStatus) -> None:
        self.delivery = replace(self.delivery, status=status)
        self.changed.emit()


Q = TypeVar("Q", bound=Question)


def made_up_question(
    kind: type[Q],
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
    ) -> None:
        State.__init__(self)
        self.subscription = subscription
        self._given_pending = is_pending
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
    def next_date(self) -> date | None:
        return self._given_date

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

"""Made-up deliveries, their timeline, and the effect of skipping one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from app.actions import Change, Effect
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryStatus
from app.recharge import Address, PaymentMethod
from app.state import DeliveryState, PaymentTrouble, ScheduleState, State
from app.state.schedule import months_after
from components.gallery.made_up.nothing import NOTHING_OFFERED, evening_before
from components.gallery.made_up.payments import made_up_troubles

_TODAY = date(2026, 6, 27)


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
        return evening_before(self.delivery.date)

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

    @property
    def troubles(self) -> tuple[PaymentTrouble, ...]:
        return made_up_troubles(self.delivery, self._given_method)

    def offers(self, key: str, is_possible: object) -> bool:
        return key in self._given_offers

    async def put_back(self) -> None:
        self.presses.append("put back")
        self._become(DeliveryStatus.QUEUED)

    def _become(self, status: DeliveryStatus) -> None:
        self.delivery = replace(self.delivery, status=status)
        self.changed.emit()


class MadeUpSchedule(ScheduleState):
    """A timeline of the given deliveries."""

    def __init__(self, deliveries: Sequence[DeliveryState], *, has_more: bool = False) -> None:
        State.__init__(self)
        self._given = list(deliveries)
        self._has_more = has_more

    @property
    def planned(self) -> tuple[Delivery, ...]:  # type: ignore[override]
        return tuple(state.delivery for state in self._given)

    @property
    def deliveries(self) -> list[DeliveryState]:
        return list(self._given)

    def of(self, delivery: Delivery) -> DeliveryState:
        return next(state for state in self._given if state.delivery is delivery)

    @property
    def today(self) -> date:
        return self._given[0].delivery.date - timedelta(days=6) if self._given else _TODAY

    @property
    def until(self) -> date:
        return months_after(self.today, 12)

    @property
    def has_more(self) -> bool:
        return self._has_more

    def show_more(self) -> None:
        self._has_more = False
        self.changed.emit()


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

"""Made-up subscriptions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.actions import Pause
from app.i18n import Money
from app.recharge import Address, Order, PaymentMethod, Subscription
from app.retention import Rules, rules_of
from app.state import State, SubscriptionState
from components.gallery.made_up.nothing import NOTHING_OFFERED, evening_before


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
    def rules(self) -> Rules:
        return rules_of("US", "ME")

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
        return None if self._given_date is None else evening_before(self._given_date)

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

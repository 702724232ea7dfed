"""Made-up payment methods, and payments that have failed or will."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from app.actions import PostalInput, Standing, billing_of
from app.i18n import Message
from app.mirror import Delivery, DeliveryStatus
from app.recharge import PaymentMethod
from app.state import (
    DeliveryState,
    PaymentMethodState,
    PaymentsState,
    PaymentTrouble,
    State,
    Use,
)
from app.state.payment_trouble import failed_payment
from components.gallery.made_up.nothing import NOTHING_OFFERED


def made_up_troubles(
    delivery: Delivery, method: PaymentMethod | None
) -> tuple[PaymentTrouble, ...]:
    """What is told of a delivery whose payment has failed, the day after."""
    if delivery.status is not DeliveryStatus.FAILED:
        return ()
    return (failed_payment(delivery, method, delivery.date + timedelta(days=1)),)


class MadeUpPaymentMethod(PaymentMethodState):
    """A payment method whose standing and uses are as given."""

    def __init__(
        self,
        method: PaymentMethod,
        *,
        standing: Standing = Standing.GOOD,
        uses: tuple[Use, ...] = (),
        is_pending: bool = False,
        offers: tuple[str, ...] = (),
    ) -> None:
        State.__init__(self)
        self.portal = NOTHING_OFFERED
        self.method = method
        self._given_standing = standing
        self._given_uses = uses
        self._given_pending = is_pending
        self._given_offers = offers

    @property
    def is_pending(self) -> bool:
        return self._given_pending

    @property
    def is_checked(self) -> bool:
        return False

    @property
    def standing(self) -> Standing:
        return self._given_standing

    @property
    def uses(self) -> tuple[Use, ...]:
        return self._given_uses

    @property
    def billing(self) -> PostalInput:
        return billing_of(self.method)

    @property
    def is_hosted(self) -> bool:
        return False

    @property
    def why_not_removed(self) -> Message | None:
        return None

    @property
    def others(self) -> tuple[PaymentMethod, ...]:
        return ()

    def offers(self, key: str, is_possible: object) -> bool:
        return key in self._given_offers


class MadeUpPayments(PaymentsState):
    """The given methods and troubles. A failed payment can be tried again where its delivery is
    given."""

    def __init__(
        self,
        methods: Sequence[PaymentMethodState] = (),
        troubles: tuple[PaymentTrouble, ...] = (),
        delivery: DeliveryState | None = None,
    ) -> None:
        State.__init__(self)
        self.portal = NOTHING_OFFERED
        self._given_methods = list(methods)
        self._given_troubles = troubles
        self._given_delivery = delivery

    @property
    def methods(self) -> list[PaymentMethodState]:
        return self._given_methods

    @property
    def troubles(self) -> tuple[PaymentTrouble, ...]:
        return self._given_troubles

    def delivery(self, trouble: PaymentTrouble) -> DeliveryState | None:
        return self._given_delivery

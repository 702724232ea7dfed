"""What all changes of one subscription have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import Field

from app.actions.at_address import AddressAction, Id, check_subscription
from app.actions.effect import Shown, promise_kind
from app.actions.errors import NotPossible
from app.actions.products import texts
from app.actions.situation import Situation
from app.i18n import Message, Money, say
from app.recharge import ChargeStatus, Subscription

ExternalKey = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_-]+$")]
"""The shop system's id of a product or variant."""

_FAILED = (ChargeStatus.ERROR,)
_UNDER_WAY = (ChargeStatus.PENDING, ChargeStatus.PENDING_MANUAL_PAYMENT)


class SubscriptionAction(AddressAction):
    """A change of one subscription, and with it of all its deliveries that can still be changed.

    address_id: where it goes: Recharge locks an address and all that is under it together
    """

    leaves_failed: ClassVar[bool] = False
    """Whether Recharge takes the subscription out of a failed payment, however old: then it is not
    done while there is one."""

    subscription_id: Id

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        check_subscription(situation, self.subscription_id)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.subscription(self.subscription_id)
        return facts(situation, found) if found else ()

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def possible_until(self, situation: Situation) -> datetime | None:
        found = situation.snapshot.subscription(self.subscription_id)
        day = found.next_charge_scheduled_at if found else None
        return situation.changes_end(day) - timedelta.resolution if day else None

    def concerned(self, situation: Situation) -> Subscription:
        """The subscription, when it can be changed now.

        Raises:
            NotPossible: it has ended, goes to another address, its payment has failed or is under
                way, or the cut-off of its next delivery has passed.
        """
        found = situation.snapshot.subscription(self.subscription_id)
        if found is None:
            raise NotPossible(notice=say("This subscription is not there any more."))
        name = texts.name_of(found)
        if found.address_id != self.address_id:
            raise NotPossible(notice=texts.went_elsewhere(name))
        if found.status in ("cancelled", "expired"):
            raise NotPossible(notice=texts.has_ended(name))
        if found.status != "active":
            raise NotPossible(notice=texts.is_unclear(name))
        self._check_payments(situation, found)
        day = found.next_charge_scheduled_at
        if day is not None and situation.is_too_late(day):
            raise NotPossible(notice=texts.too_late(situation.change_until(day)))
        return found

    def _check_payments(self, situation: Situation, found: Subscription) -> None:
        for charge in situation.snapshot.charges:
            day = charge.scheduled_at
            if day is None or all(line.purchase_item_id != found.id for line in charge.line_items):
                continue
            is_next = day == found.next_charge_scheduled_at
            if charge.status in _FAILED and (is_next or self.leaves_failed):
                raise NotPossible(notice=texts.payment_failed(day))
            if charge.status in _UNDER_WAY and is_next:
                raise NotPossible(notice=texts.payment_under_way(day))


def currency_of(situation: Situation, found: Subscription) -> str:
    """The currency in which a subscription is charged."""
    address = situation.snapshot.address(found.address_id)
    own = found.presentment_currency or (address.presentment_currency if address else None)
    return own or situation.snapshot.shop.currency


def price_of(situation: Situation, found: Subscription) -> Money | None:
    """What a subscription costs each time it is charged, before discounts, tax and shipping."""
    if found.price is None:
        return None
    return Money(found.price, currency_of(situation, found)) * found.quantity


def facts(situation: Situation, found: Subscription) -> tuple[Shown, ...]:
    """What a customer sees of a subscription when deciding about it."""
    price = price_of(situation, found)
    day = found.next_charge_scheduled_at
    name = texts.name_of(found)
    return (
        Shown(
            "status",
            str(found.status),
            say("Your subscription to {name} is not as it was.", name=name),
        ),
        Shown(
            "product",
            f"{found.external_variant_id.ecommerce} {found.product_title} {found.variant_title}",
            say("It is now {name}.", name=name),
        ),
        Shown(
            "quantity",
            str(found.quantity),
            say("The quantity is now {quantity}.", quantity=found.quantity),
        ),
        Shown(
            "price",
            f"{price.amount:f} {price.currency}" if price else "unknown",
            say("It now costs {price} each time.", price=price)
            if price
            else say("What it costs is not known now."),
        ),
        Shown(
            "rhythm",
            f"{found.charge_interval_frequency} {found.order_interval_frequency} "
            f"{found.order_interval_unit}",
            say("It now comes {rhythm}.", rhythm=texts.rhythm_of(found)),
        ),
        Shown(
            "date",
            day.isoformat() if day else "none",
            say("It is now charged next on {date}.", date=day)
            if day
            else say("No delivery of it is planned now."),
        ),
        Shown(
            "address",
            str(found.address_id),
            say("{name} goes to another address now.", name=name),
        ),
    )


@promise_kind("price")
@dataclass(frozen=True, slots=True)
class PricePromise:
    """A subscription costs so much for one piece, each time it is charged."""

    subscription_id: int
    price: Decimal
    currency: str

    def difference(self, after: Situation) -> Message | None:
        """What came out otherwise, or None when the promise was kept."""
        found = after.snapshot.subscription(self.subscription_id)
        if found is None or found.price == self.price:
            return None
        if found.price is None:
            return say("But what it costs is not known yet.")
        price = Money(found.price, self.currency)
        return say("But one of it costs {price} each time.", price=price)

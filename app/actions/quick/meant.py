"""What a wish means now: the one action that it comes to. Pure."""

from __future__ import annotations

from typing import Final

from app.actions.base import Action
from app.actions.dates.deliveries import DelayDelivery
from app.actions.dates.subscriptions import DelaySubscription
from app.actions.deliveries.skips import SkipDelivery
from app.actions.ending.cancel import ReactivateSubscription
from app.actions.errors import NotPossible, UnknownObject
from app.actions.onetimes.changes import AddOnetime
from app.actions.orders.order_now import OrderNow
from app.actions.quick.wishes import What, Wish
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryStatus

_DUE: Final = (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)


def action_of(wish: Wish, situation: Situation) -> Action:
    """The action that a wish comes to in this situation.

    Raises:
        UnknownObject: what it names is not there, or is another customer's.
        NotPossible: there is no delivery that it could mean, with the reason.
        LookupError: it is nothing that an action does: a card is changed on the card's own page.
    """
    match wish.what:
        case What.SKIP:
            return _skip(wish, situation)
        case What.MOVE:
            return _move(wish, situation)
        case What.ADD:
            return _add(wish, situation)
        case What.ORDER_NOW:
            return _order_now(wish, situation)
        case What.REACTIVATE:
            return ReactivateSubscription.of(
                address_id=_address_id(wish, situation), subscription_id=wish.subscription
            )
        case _:
            raise LookupError(f"{wish.what} is no action")


def address_of(action: Action) -> int:
    """The address under which all stands that an action of `action_of` is about."""
    address_id: int = action.address_id  # type: ignore[attr-defined]
    return address_id


def skipped_before(wish: Wish, situation: Situation) -> tuple[Delivery, ...]:
    """Deliveries that "the next one" would have meant, were they not skipped already."""
    if wish.date is not None or wish.what not in (What.SKIP, What.MOVE, What.ADD, What.ORDER_NOW):
        return ()
    found: list[Delivery] = []
    for delivery in situation.deliveries:
        if delivery.date < situation.today or not _fits(wish, situation, delivery):
            continue
        if delivery.status is not DeliveryStatus.SKIPPED:
            return tuple(found)
        found.append(delivery)
    return ()


def _skip(wish: Wish, situation: Situation) -> SkipDelivery:
    items = (wish.subscription,) if wish.subscription is not None else None
    address_id = _address_id(wish, situation)
    day = wish.date
    if day is None:
        delivery = _next(wish, situation)
        address_id, day = delivery.address_id, delivery.date
    return SkipDelivery.of(address_id=address_id, date=day, purchase_item_ids=items)


def _move(wish: Wish, situation: Situation) -> Action:
    weeks = wish.weeks or 1
    if wish.subscription is not None:
        return DelaySubscription.of(
            address_id=_address_id(wish, situation),
            subscription_id=wish.subscription,
            from_date=wish.date,
            count=weeks,
            unit="week",
        )
    address_id, day = wish.address, wish.date
    if address_id is None or day is None:
        delivery = _next(wish, situation)
        address_id, day = delivery.address_id, delivery.date
    return DelayDelivery.of(address_id=address_id, date=day, count=weeks, unit="week")


def _add(wish: Wish, situation: Situation) -> AddOnetime:
    address_id, day = _address_id(wish, situation), wish.date
    if day is None:
        coming = [
            one
            for one in situation.deliveries
            if one.status in _DUE and _fits(wish, situation, one)
        ]
        if not coming:
            raise NotPossible(notice=_nothing_comes())
        # It goes with the first that still takes anything. Where none does, the first tells why.
        open_ones = (one for one in coming if not situation.is_too_late(one.date))
        delivery = next(open_ones, coming[0])
        address_id, day = delivery.address_id, delivery.date
    return AddOnetime.of(
        address_id=address_id, date=day, variant_id=wish.variant, quantity=wish.quantity or 1
    )


def _order_now(wish: Wish, situation: Situation) -> OrderNow:
    delivery = _next(wish, situation)
    charge_id = delivery.charge_id
    if wish.subscription is not None:
        held = (one for one in delivery.items if one.purchase_item_id == wish.subscription)
        charge_id = next(held).charge_id
    if charge_id is None:
        raise NotPossible(
            notice=say(
                "The shop has not prepared your delivery of {date} yet, so it cannot be ordered "
                "now. Nothing was charged.",
                date=delivery.date,
            )
        )
    return OrderNow.of(address_id=delivery.address_id, charge_id=charge_id)


def _next(wish: Wish, situation: Situation) -> Delivery:
    """The delivery that is meant: the first to come, or that of the date that is named. One whose
    payment is under way, or will be tried again, is still to come."""
    _address_id(wish, situation)  # what is not there has no delivery: that is told as what it is
    for delivery in situation.deliveries:
        is_over = delivery.status is DeliveryStatus.FAILED and delivery.retry_date is None
        is_left = delivery.status in (DeliveryStatus.SKIPPED, DeliveryStatus.UNKNOWN)
        if is_left or (is_over and wish.what is not What.ORDER_NOW):
            continue
        if _fits(wish, situation, delivery) and wish.date in (None, delivery.date):
            return delivery
    if wish.date is not None:
        raise NotPossible(
            notice=say(
                "There is no delivery on {date} any more. Nothing was changed.", date=wish.date
            )
        )
    raise NotPossible(notice=_nothing_comes())


def _fits(wish: Wish, situation: Situation, delivery: Delivery) -> bool:
    """Whether a delivery is one of those that a wish is about. A product that is added goes with
    whatever comes to where its subscription goes."""
    if wish.subscription is not None and wish.what is not What.ADD:
        return any(item.purchase_item_id == wish.subscription for item in delivery.items)
    address_id = _address_id(wish, situation)
    return address_id is None or delivery.address_id == address_id


def _address_id(wish: Wish, situation: Situation) -> int | None:
    """Where what is meant goes now: an address of this customer's. None where none is named.

    Raises:
        UnknownObject: what is named is not there, or is another customer's.
    """
    if wish.subscription is not None:
        found = situation.snapshot.subscription(wish.subscription)
        if found is None:
            raise UnknownObject(f"subscription {wish.subscription}")
        return found.address_id
    if wish.address is not None and situation.snapshot.address(wish.address) is None:
        raise UnknownObject(f"address {wish.address}")
    return wish.address


def _nothing_comes() -> Message:
    return say("No delivery is planned at the moment, so nothing was changed.")

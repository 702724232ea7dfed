"""What an address is used for, and which deliveries go there. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.actions.deliveries.texts import named
from app.actions.ending import membership_texts
from app.actions.names import called
from app.actions.products.texts import name_of
from app.actions.situation import Situation
from app.i18n import Message, Value, say
from app.mirror import Delivery, DeliveryStatus, Snapshot
from app.recharge import Charge, ChargeStatus, Onetime, Order, Subscription

DATES: Final = 4
"""Dates that are told one by one; those after them are told as "all later ones"."""

_UNDER_WAY: Final = (ChargeStatus.PENDING, ChargeStatus.PENDING_MANUAL_PAYMENT)
_OPEN: Final = (ChargeStatus.ERROR, *_UNDER_WAY)
_COMING: Final = (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)
_OVER: Final = ("cancelled", "expired")

Kind = Literal["subscription", "onetime", "prepaid", "payment", "membership"]


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that an address is needed for.

    text:       what it is, in one sentence
    can_move:   whether it can go to another address
    """

    kind: Kind
    text: Message
    can_move: bool


def uses(situation: Situation, address_id: int) -> tuple[Use, ...]:
    """What needs this address, the most important first; none where it can be deleted."""
    snapshot = situation.snapshot
    found = [
        Use("subscription", say("{name} goes there.", name=name_of(one)), can_move=True)
        for one in subscriptions_at(snapshot, address_id)
    ]
    for onetime in onetimes_at(snapshot, address_id):
        found.append(Use("onetime", _once(onetime), can_move=True))
    for day in prepaid_days(situation, address_id):
        text = say("A delivery that you have paid for comes there on {date}.", date=day)
        found.append(Use("prepaid", text, can_move=False))
    for charge in open_charges(snapshot, address_id):
        found.append(Use("payment", _open(charge), can_move=False))
    for membership in snapshot.memberships:
        if membership.address_id == address_id and not membership.is_cancelled:
            name = membership_texts.name_of(snapshot, membership)
            text = say("Your membership {name} is paid through it.", name=name)
            found.append(Use("membership", text, can_move=False))
    return tuple(found)


def subscriptions_at(snapshot: Snapshot, address_id: int) -> tuple[Subscription, ...]:
    """Those that go there and have not ended, as far as is known."""
    return tuple(
        one
        for one in snapshot.subscriptions
        if one.address_id == address_id and str(one.status) not in _OVER
    )


def ended_at(snapshot: Snapshot, address_id: int) -> tuple[Subscription, ...]:
    """Those that went there, and have ended."""
    return tuple(
        one
        for one in snapshot.subscriptions
        if one.address_id == address_id and str(one.status) in _OVER
    )


def onetimes_at(snapshot: Snapshot, address_id: int) -> tuple[Onetime, ...]:
    """What is still to come there once."""
    return tuple(
        one for one in snapshot.onetimes if one.address_id == address_id and not one.is_cancelled
    )


def prepaid_at(snapshot: Snapshot, address_id: int) -> tuple[Order, ...]:
    """Orders to come there that are paid for already."""
    return tuple(one for one in snapshot.prepaid_orders if one.address_id == address_id)


def prepaid_days(situation: Situation, address_id: int) -> tuple[date, ...]:
    """The days on which something comes there that is paid for already."""
    zone = situation.snapshot.shop.timezone
    days = {
        order.scheduled_at.astimezone(zone).date()
        for order in prepaid_at(situation.snapshot, address_id)
        if order.scheduled_at is not None
    }
    return tuple(sorted(day for day in days if day >= situation.today))


def failed_days(situation: Situation, address_id: int) -> list[date]:
    """The days of deliveries whose payment has failed."""
    return _days_in(situation.snapshot, address_id, (ChargeStatus.ERROR,))


def paid_days(situation: Situation, address_id: int) -> list[date]:
    """The days of deliveries whose payment is under way."""
    return _days_in(situation.snapshot, address_id, _UNDER_WAY)


def _days_in(snapshot: Snapshot, address_id: int, statuses: Collection[ChargeStatus]) -> list[date]:
    charges = open_charges(snapshot, address_id)
    days = {one.scheduled_at for one in charges if one.status in statuses}
    return sorted(day for day in days if day is not None)


def open_charges(snapshot: Snapshot, address_id: int) -> tuple[Charge, ...]:
    """Payments for it that have failed or are under way, or are in a state that nobody knows."""
    return tuple(
        one
        for one in snapshot.charges
        if one.address_id == address_id and (one.status in _OPEN or not one.status.is_known)
    )


def coming_to(situation: Situation, address_id: int) -> list[Delivery]:
    """Deliveries to an address that are to come. What was paid for before has its address from
    then: see `prepaid_days`."""
    return [
        one
        for one in situation.deliveries
        if one.address_id == address_id
        and one.status in _COMING
        and not (one.status is DeliveryStatus.QUEUED and one.charge_id is None)
    ]


def go_to(place: Value, days: Collection[date]) -> Message:
    """Which deliveries go to a place, in one sentence."""
    told, is_more = _first(days)
    if len(told) == 1 and not is_more:
        return say("Your delivery of {date} goes to {place}.", date=told[0], place=place)
    if not is_more:
        return say("Your deliveries of {dates} go to {place}.", dates=told, place=place)
    return say(
        "Your deliveries of {dates} and all later ones go to {place}.", dates=told, place=place
    )


def stay_at(place: Value, days: Collection[date]) -> Message:
    """Which deliveries go where they went before, in one sentence."""
    told, is_more = _first(days)
    if len(told) == 1 and not is_more:
        return say("Your delivery of {date} still goes to {place}.", date=told[0], place=place)
    if not is_more:
        return say("Your deliveries of {dates} still go to {place}.", dates=told, place=place)
    return say(
        "Your deliveries of {dates} and all later ones still go to {place}.",
        dates=told,
        place=place,
    )


def go_with(days: Collection[date]) -> Message:
    """Which deliveries something goes with, in one sentence."""
    told, is_more = _first(days)
    if len(told) == 1 and not is_more:
        return say("It goes with your delivery of {date}.", date=told[0])
    if not is_more:
        return say("It goes with your deliveries of {dates}.", dates=told)
    return say("It goes with your deliveries of {dates} and all later ones.", dates=told)


def days_of(deliveries: Iterable[Delivery]) -> list[date]:
    """Their days in order, each once."""
    return sorted({one.date for one in deliveries})


def what_comes(delivery: Delivery) -> list[Message]:
    """What is in a delivery, as a customer calls it."""
    return named(delivery.items)


def _first(days: Collection[date]) -> tuple[list[date], bool]:
    told = sorted(set(days))
    return told[:DATES], len(told) > DATES


def _once(one: Onetime) -> Message:
    name = called(one.product_title, one.variant_title, one.quantity)
    if one.next_charge_scheduled_at is None:
        return say("{name} comes there once.", name=name)
    return say("{name} comes there once, on {date}.", name=name, date=one.next_charge_scheduled_at)


def _open(charge: Charge) -> Message:
    if charge.scheduled_at is None:
        return say("A payment for it is not settled yet.")
    if charge.status == ChargeStatus.ERROR:
        return say("The payment for {date} has failed.", date=charge.scheduled_at)
    return say("The payment for {date} is not settled yet.", date=charge.scheduled_at)

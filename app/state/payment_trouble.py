"""Payments that have failed, or that will: what stands in the way, and what helps. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from app.actions import (
    Remedy,
    Situation,
    Standing,
    card_named,
    card_titled,
    failure_of,
    standing_of,
)
from app.actions.addresses.texts import place
from app.actions.payments.hosted import is_hosted
from app.actions.payments.standing import last_day, why_invalid
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryStatus
from app.recharge import PaymentMethod
from app.state.places import ADDRESSES, PAYMENT_METHODS

GIVEN_UP_FOR: Final = timedelta(days=90)
"""How long after its date a payment that is not tried again is told of."""

ADD_CARD: Final = PAYMENT_METHODS + "/add"
"""Where a card is added: a plain page, which is no view of this one."""

TroubleKind = Literal["failed", "missing", "expired", "invalid", "expires"]

_COMES: Final = (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)


@dataclass(frozen=True)
class PaymentTrouble:
    """One payment that has failed or will, with everything that the customer is told of it.

    key:          names it for as long as it stands
    address_id:   where the delivery goes
    date:         of the delivery
    method:       what is charged; None where there is nothing
    title:        what is the matter
    reason:       why; None where the title says it
    next:         what happens next, and when
    otherwise:    what happens if nothing is done; None where nothing has to be
    advice:       what to do; None where the buttons say it
    update:       whether another card may help
    items:        ids of what is in the delivery
    delivery_key: of the delivery whose payment can be tried again; None where there is none
    fix:          the address of ours where it is mended otherwise, and what the link says
    """

    kind: TroubleKind
    key: str
    address_id: int
    date: date
    method: PaymentMethod | None
    title: Message
    reason: Message | None
    next: Message
    otherwise: Message | None = None
    advice: Message | None = None
    update: bool = True
    items: frozenset[int] = frozenset()
    delivery_key: str | None = None
    fix: tuple[str, Message] | None = None

    @property
    def without_buttons(self) -> PaymentTrouble:
        """The same where the merchant does not let customers change what pays."""
        advice = say("Please write to the shop.") if self.update or self.fix else self.advice
        return replace(self, update=False, fix=None, advice=advice)

    @property
    def is_urgent(self) -> bool:
        """Whether it has gone wrong already."""
        return self.kind == "failed"

    @property
    def update_path(self) -> str:
        """Where the card is updated: where a new one is added, or, for one that only its processor
        can change, the card's own page, which has the way there."""
        if self.method is not None and is_hosted(self.method):
            return f"{PAYMENT_METHODS}/{self.method.id}"
        return ADD_CARD


def troubles_of(situation: Situation, planned: Sequence[Delivery]) -> tuple[PaymentTrouble, ...]:
    """All of them: what has failed first, then what will, by date; each card once.

    planned: the coming deliveries, and the earlier ones that are not settled, by date
    """
    failed = list(_failed(situation, planned))
    told = {one.method.id for one in failed if one.method is not None and one.update}
    return (*failed, *_coming(situation, planned, told))


def _failed(situation: Situation, planned: Sequence[Delivery]) -> Iterator[PaymentTrouble]:
    for delivery in planned:
        if delivery.status is not DeliveryStatus.FAILED:
            continue
        if delivery.retry_date is None and delivery.date + GIVEN_UP_FOR < situation.today:
            continue
        method = situation.snapshot.payment_method(delivery.payment_method_id)
        trouble = failed_payment(delivery, method, situation.today)
        yield _with_others(situation, trouble)


def failed_payment(delivery: Delivery, method: PaymentMethod | None, today: date) -> PaymentTrouble:
    """What is told of a delivery whose payment has failed."""
    failure = failure_of(delivery.error_type)
    is_waiting = failure.remedy is Remedy.WAIT and delivery.retry_date is not None
    return PaymentTrouble(
        kind="failed",
        key=f"failed-{delivery.key}",
        address_id=delivery.address_id,
        date=delivery.date,
        method=method,
        title=say("The payment for your delivery of {date} failed", date=delivery.date),
        reason=failure.reason,
        next=_next_try(delivery, method, today),
        otherwise=None if is_waiting else _if_nothing_is_done(delivery),
        advice=failure.advice,
        update=failure.is_helped_by_card,
        items=_ids(delivery),
        delivery_key=delivery.key,
        fix=_fix(failure.remedy, delivery, method),
    )


def _with_others(situation: Situation, trouble: PaymentTrouble) -> PaymentTrouble:
    """With the way to a card that the customer has already, where there is one."""
    mine = trouble.method.id if trouble.method else None
    others = any(one.id != mine for one in situation.snapshot.payment_methods)
    if not trouble.update or trouble.fix is not None or not others:
        return trouble
    path = f"{ADDRESSES}/{trouble.address_id}"
    return replace(trouble, fix=(path, say("Use a card that you have")))


def _ids(delivery: Delivery) -> frozenset[int]:
    return frozenset(one.purchase_item_id for one in delivery.items if one.purchase_item_id)


def _next_try(delivery: Delivery, method: PaymentMethod | None, today: date) -> Message:
    retry = delivery.retry_date
    if retry is None:
        return say("The shop does not try this payment again by itself.")
    if retry < today:
        return say("The shop will try again soon.")
    if method is None:
        return say("The shop tries again on {date}.", date=retry)
    return say("The shop tries again on {date}, with {card}.", date=retry, card=card_named(method))


def _if_nothing_is_done(delivery: Delivery) -> Message:
    if delivery.retry_date is None:
        return say(
            "If nothing is done, this delivery is not sent, and the shop may end the subscription."
        )
    return say(
        "Nothing is sent until it is paid. If it keeps failing, the shop may end the subscription."
    )


def _fix(
    remedy: Remedy, delivery: Delivery, method: PaymentMethod | None
) -> tuple[str, Message] | None:
    if remedy is Remedy.BILLING and method is not None:
        return f"{PAYMENT_METHODS}/{method.id}", say("Check the billing address")
    if remedy is Remedy.ADDRESS:
        return f"{ADDRESSES}/{delivery.address_id}", say("Check the address")
    return None


def _coming(
    situation: Situation, planned: Sequence[Delivery], told: set[int]
) -> Iterator[PaymentTrouble]:
    """What will fail: the next payment of each method, and of each address without one."""
    seen: set[tuple[int | None, int]] = set()
    for delivery in planned:
        is_charged = not delivery.is_total_known or delivery.total.amount > 0
        if delivery.status not in _COMES or not is_charged:
            continue
        method = situation.snapshot.payment_method(delivery.payment_method_id)
        who = (None, delivery.address_id) if method is None else (method.id, 0)
        if who in seen or (method is not None and method.id in told):
            continue
        seen.add(who)
        trouble = (
            _missing(situation, delivery) if method is None else _bad(situation, delivery, method)
        )
        if trouble is not None:
            yield _with_others(situation, trouble)


def _missing(situation: Situation, delivery: Delivery) -> PaymentTrouble | None:
    address = situation.snapshot.address(delivery.address_id)
    if address is None:
        return None
    return PaymentTrouble(
        kind="missing",
        key=f"missing-{delivery.address_id}",
        address_id=delivery.address_id,
        date=delivery.date,
        method=None,
        title=say("Nothing pays for your deliveries to {place}", place=place(address)),
        reason=None,
        next=say("The next payment there is due on {date}.", date=delivery.date),
        otherwise=_fails(),
        advice=say("Please add a card, or choose one that you have."),
    )


def _bad(situation: Situation, delivery: Delivery, method: PaymentMethod) -> PaymentTrouble | None:
    standing, last = standing_of(situation, method), last_day(method)
    card = card_titled(method)
    kind: TroubleKind
    reason: Message | None = None
    if standing is Standing.EXPIRED and last is not None:
        kind, title = "expired", say("{card} expired on {date}", card=card, date=last)
    elif standing is Standing.INVALID:
        kind, title = "invalid", say("{card} cannot be charged", card=card)
        reason = why_invalid(method)
    elif standing is Standing.EMPTY:
        kind, title = "invalid", say("{card} cannot be charged", card=card)
        reason = say("The payment service has no details of it any more.")
    elif last is not None and last < delivery.date:
        kind, title = "expires", say("{card} expires before your next delivery", card=card)
        reason = say("It is valid until {date}.", date=last)
    else:
        return None
    return PaymentTrouble(
        kind=kind,
        key=f"{kind}-{method.id}",
        address_id=delivery.address_id,
        date=delivery.date,
        method=method,
        title=title,
        reason=reason,
        next=say("The next payment with it is due on {date}.", date=delivery.date),
        otherwise=_fails(),
        advice=say("Please update the card before then."),
    )


def _fails() -> Message:
    return say("If nothing is done, that payment will fail, and the delivery is not sent.")

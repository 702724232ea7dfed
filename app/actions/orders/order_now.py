"""Order a delivery now: the money machine.

One charge is paid by one ``POST /charges/{id}/process``, always the same charge and never another
one. The record of it is kept before it is sent, and stays open until reading *that* charge has
shown what came of it:

- ``success``: it is done.
- ``error``, tried since: the payment was declined. That is a result of its own, with its reason.
- ``pending``: the bank is at work; it is looked up until that is over.
- ``queued``, or failed as it was before: nothing has come of it *yet*. Ten minutes after it was
  sent nothing will: the customer was not charged, and may order again.

It is sent again by itself in two cases alone, which prove that it was not executed: no connection
was made, or the answer was a 429. See `Action.pays` and `app.actions.write`.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import ClassVar, Self

from app.actions.at_address import AddressAction, Id
from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, compared
from app.actions.effect import Effect, Shown
from app.actions.errors import NothingKnown, NotPossible, UnknownObject
from app.actions.orders import texts
from app.actions.orders.foresight import with_paid_charge
from app.actions.orders.payments import declined
from app.actions.principal import Level
from app.actions.situation import Situation
from app.i18n import Message, Money, say
from app.mirror import DeliveryItem, Snapshot
from app.recharge import Charge, ChargeStatus, NotFound, PaymentMethod, RechargeClient

_PAID = (ChargeStatus.SUCCESS, ChargeStatus.REFUNDED, ChargeStatus.PARTIALLY_REFUNDED)
_UNDER_WAY = (ChargeStatus.PENDING, ChargeStatus.PENDING_MANUAL_PAYMENT)


class OrderNow(AddressAction):
    """Pay a delivery's charge now, so that it is sent now; or try its failed payment again.

    ``POST /charges/{id}/process``. The subscriptions in it go on with their next dates, its
    one-time products are done with. There is no way back.

    amount, date, attempts: what the customer saw of the charge, written down when the wish is
    spelled out: the charge is read once more before the money is taken, and must still say so.
    """

    name = "order now"
    switch: ClassVar[str | None] = "order_now"
    is_safe_to_repeat = False
    pays = True

    charge_id: Id
    amount: Decimal | None = None
    date: datetime.date | None = None
    attempts: int | None = None

    @property
    def once(self) -> str:
        return f"charge {self.charge_id}"

    def needs_step_up(self, situation: Situation, level: Level) -> bool:
        return situation.code_for_order_now or super().needs_step_up(situation, level)

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        charge = situation.snapshot.charge(self.charge_id)
        if charge is not None and charge.address_id != self.address_id:
            raise UnknownObject(f"charge {self.charge_id} at address {self.address_id}")

    def check(self, situation: Situation) -> None:
        self._chargeable(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        address = situation.snapshot.address(self.address_id)
        charge = situation.snapshot.charge(self.charge_id)
        if address is None:
            return (Shown("status", "gone", texts.gone()),)
        amount = _amount(situation, charge) if charge else None
        return texts.shown(charge, amount, self._method(situation), address)

    def foreseen(self, situation: Situation) -> Snapshot:
        charge, _ = self._chargeable(situation)
        return with_paid_charge(situation.snapshot, charge, situation.today)

    def effect(self, situation: Situation) -> Effect:
        charge, method = self._chargeable(situation)
        address = situation.snapshot.address(self.address_id)
        day = charge.scheduled_at
        assert address is not None and day is not None  # noqa: S101, PT018
        after = self.after(situation)
        ids = {
            line.purchase_item_id
            for line in charge.line_items
            if situation.snapshot.subscription(line.purchase_item_id) is not None
        }
        known = {id for id in ids if id is not None}
        is_retry = charge.status == ChargeStatus.ERROR
        amount = _amount(situation, charge)
        # A discount of the charge is not lost: it is used.
        later = [each for each in compared(situation, after, known) if each.name != "discount"]
        return Effect(
            question=texts.question(day, is_retry=is_retry),
            confirm=say("Pay {amount} now", amount=amount),
            done=texts.done(amount),
            changes=(
                texts.payment(amount, method),
                texts.sent(self._items(situation), address, day, is_retry=is_retry),
                *later,
                texts.final(),
            ),
            stays=(say("All later deliveries keep their dates."),) if known else (),
            amount=amount,
            promises=tuple(DatesPromise.of(after, id) for id in sorted(known)),
        )

    def spelled_out(self, situation: Situation) -> Self:
        charge, _ = self._chargeable(situation)
        seen = {
            "amount": charge.total_price,
            "date": charge.scheduled_at,
            "attempts": charge.charge_attempts if charge.status == ChargeStatus.ERROR else None,
        }
        return self.model_copy(update=seen)

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("charges", "subscriptions", "onetimes", "orders")

    async def run(self, upstream: Upstream) -> None:
        charge = await upstream.client.charges.get(self.charge_id)
        self._check_unchanged(upstream.situation, charge)
        upstream.answers.append(await upstream.client.charges.process(self.charge_id))

    async def is_done(self, upstream: Upstream) -> bool:
        charge = await self._charge(upstream.client)
        was_tried = any(
            isinstance(answer, Charge) and answer.status == ChargeStatus.ERROR
            for answer in upstream.answers
        )
        if charge is not None and charge.status == ChargeStatus.ERROR:
            if was_tried or self._is_tried_since(charge):
                raise declined(charge)
            return False
        return self._is_paid(charge)

    async def has_come_out(self, client: RechargeClient) -> bool:
        charge = await self._charge(client)
        if charge is not None and charge.status == ChargeStatus.ERROR:
            return self._is_tried_since(charge)
        return self._is_paid(charge)

    def while_unknown(self) -> Message:
        return texts.while_unknown()

    def if_not_done(self) -> Message:
        return texts.not_charged()

    def possible_until(self, situation: Situation) -> datetime.datetime | None:
        charge = situation.snapshot.charge(self.charge_id)
        if charge is None or charge.scheduled_at is None or charge.status == ChargeStatus.ERROR:
            return None
        return situation.changes_end(charge.scheduled_at) - datetime.timedelta.resolution

    def _chargeable(self, situation: Situation) -> tuple[Charge, PaymentMethod]:
        """The charge, and what it is paid with.

        Raises:
            NotPossible: it cannot be paid now, with the reason.
        """
        charge = situation.snapshot.charge(self.charge_id)
        if charge is None or charge.scheduled_at is None:
            raise NotPossible(notice=texts.gone())
        day = charge.scheduled_at
        if charge.status in _UNDER_WAY:
            raise NotPossible(notice=texts.under_way(day))
        if charge.status not in (ChargeStatus.QUEUED, ChargeStatus.ERROR):
            raise NotPossible(notice=texts.gone())
        if charge.status == ChargeStatus.ERROR:
            if not situation.snapshot.shop.allows("retry_failed_payment"):
                raise NotPossible(notice=texts.no_retries())
        elif situation.is_too_late(day):
            raise NotPossible(notice=texts.too_late(situation.change_until(day), day))
        if charge.has_uncommitted_changes:
            raise NotPossible(notice=texts.being_updated())
        method = self._method(situation)
        if method is None:
            raise NotPossible(notice=texts.no_card())
        return charge, method

    def _check_unchanged(self, situation: Situation, charge: Charge) -> None:
        """The charge, just read, is what the customer saw: the mirror can be some minutes old.

        Raises:
            NotPossible: it is not. Nothing was sent.
            UnknownObject: it is another customer's.
        """
        if charge.customer.id != situation.snapshot.customer.id:
            raise UnknownObject(f"charge {self.charge_id}")
        day = charge.scheduled_at
        if day is None or charge.address_id != self.address_id:
            raise NotPossible(notice=texts.gone())
        if charge.status in _PAID:
            raise NotPossible(notice=texts.paid_already(day))
        if charge.status in _UNDER_WAY:
            raise NotPossible(notice=texts.under_way(day))
        expected = ChargeStatus.QUEUED if self.attempts is None else ChargeStatus.ERROR
        if charge.status != expected:
            raise NotPossible(notice=texts.gone())
        if charge.has_uncommitted_changes:
            raise NotPossible(notice=texts.being_updated())
        if day != self.date:
            raise NotPossible(notice=texts.moved(day))
        if charge.total_price != self.amount:
            raise NotPossible(notice=texts.costs_otherwise(_amount(situation, charge)))

    async def _charge(self, client: RechargeClient) -> Charge | None:
        """The charge as it stands; None where it is gone, which no paid charge is so soon."""
        try:
            return await client.charges.get(self.charge_id)
        except NotFound:
            return None

    def _is_tried_since(self, charge: Charge) -> bool:
        """Whether a failed charge was tried after the customer saw it."""
        return self.attempts is None or charge.charge_attempts > self.attempts

    def _is_paid(self, charge: Charge | None) -> bool:
        if charge is None:
            return False
        if charge.status in _UNDER_WAY or not charge.status.is_known:
            raise NothingKnown(f"charge {self.charge_id} is {charge.status}")
        return charge.status in _PAID

    def _method(self, situation: Situation) -> PaymentMethod | None:
        address = situation.snapshot.address(self.address_id)
        return situation.snapshot.payment_method(address.payment_method_id if address else None)

    def _items(self, situation: Situation) -> list[DeliveryItem]:
        """What the charge holds, as a delivery has it."""
        return [
            item
            for delivery in situation.deliveries
            for item in delivery.items
            if item.charge_id == self.charge_id
        ]


def _amount(situation: Situation, charge: Charge) -> Money:
    address = situation.snapshot.address(charge.address_id)
    standing = address.presentment_currency if address else None
    currency = charge.currency or standing or situation.snapshot.shop.currency
    return Money(charge.total_price, currency)

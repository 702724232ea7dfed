"""Put a card into the account that the payment processor has confirmed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from pydantic import Field

from app.actions.at_address import Id
from app.actions.base import Action, Upstream
from app.actions.effect import Change, Effect, Promise, Shown, promise_kind
from app.actions.errors import NotPossible, UnknownObject
from app.actions.foresight import NEW_ID
from app.actions.payments import add_texts as texts
from app.actions.payments.base import SWITCH
from app.actions.payments.names import card_named, card_titled
from app.actions.payments.remove import RemoveCard
from app.actions.situation import Situation
from app.i18n import Message, Money, say
from app.mirror import Snapshot
from app.recharge import (
    Charge,
    ChargeStatus,
    PaymentDetails,
    PaymentMethod,
    PaymentMethodStatus,
    PostalAddress,
    RechargeClient,
)


class AddsCard(Action):
    """What adding a card is told by. Made by the service only, of what the processor itself says.

    customer_token, payment_method_token: the processor's names; a card number never comes here
    payment_type:  as Recharge writes it, such as ``CREDIT_CARD``
    retry_charges: the payments that have failed are tried again at once, with this card
    billing:       where its bills go, part by part; nothing where that is not known
    """

    switch: ClassVar[str | None] = SWITCH
    needs_code = True
    is_shown_at_once = False

    customer_id: Id
    processor_name: str
    customer_token: str
    payment_method_token: str
    payment_type: str = "CREDIT_CARD"
    brand: str = ""
    last4: str = ""
    exp_month: int | None = None
    exp_year: int | None = None
    address_ids: tuple[Id, ...] = ()
    make_default: bool = False
    retry_charges: bool = False
    billing: dict[str, str] = Field(default_factory=dict)

    def check_owner(self, situation: Situation) -> None:
        if situation.snapshot.customer.id != self.customer_id:
            raise UnknownObject(f"customer {self.customer_id}")
        for id in self.address_ids:
            if situation.snapshot.address(id) is None:
                raise UnknownObject(f"address {id}")

    @property
    def card(self) -> PaymentMethod:
        """The card as the account will hold it."""
        billing = PostalAddress(**self.billing) if self.billing else None
        return PaymentMethod(
            id=NEW_ID,
            customer_id=self.customer_id,
            billing_address=billing,
            default=self.make_default,
            payment_details=PaymentDetails(
                brand=self.brand or None,
                last4=self.last4 or None,
                exp_month=self.exp_month,
                exp_year=self.exp_year,
            ),
            payment_type=self.payment_type,
            processor_name=self.processor_name,
            processor_customer_token=self.customer_token,
            processor_payment_method_token=self.payment_method_token,
            status=PaymentMethodStatus.VALID,
        )

    @property
    def called(self) -> Message:
        """The card as its owner knows it, within a sentence; before its form was filled in, nobody
        knows more."""
        return card_named(self.card) if self.last4 or self.brand else say("your new card")

    @property
    def titled(self) -> Message:
        """The same, as it begins a sentence."""
        return card_titled(self.card) if self.last4 or self.brand else say("Your new card")

    def found(self, situation: Situation) -> PaymentMethod | None:
        """The method with the processor's name of this card, where the account holds it."""
        token = self.payment_method_token
        for method in situation.snapshot.payment_methods:
            if token and method.processor_payment_method_token == token:
                return method
        return None

    def holds(self, situation: Situation) -> bool:
        return self.found(situation) is not None

    def failed(self, situation: Situation) -> tuple[Charge, ...]:
        """Payments that have failed, of the customer's, the earliest first."""
        found = (one for one in situation.snapshot.charges if one.status == ChargeStatus.ERROR)
        return tuple(sorted(found, key=lambda one: (str(one.scheduled_at), one.id)))


class AddPaymentMethod(AddsCard):
    """``POST /payment_methods``. What was not answered is not sent again: it is looked up by the
    processor's name of the card.

    With `retry_charges` the call gives the card to `address_ids` too, so that what is tried again
    is tried with it.
    """

    name = "add payment method"
    is_safe_to_repeat = False

    @property
    def object(self) -> str:
        return f"payment methods of customer {self.customer_id}"

    @property
    def objects(self) -> tuple[str, ...]:
        return (self.object, *(f"address {id}" for id in self.address_ids))

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        facts = [texts.shown_default(situation)]
        if self.retry_charges:
            facts.append(texts.shown_failed(self.failed(situation)))
        return tuple(facts)

    def check(self, situation: Situation) -> None:
        self.foreseen(situation)

    def foreseen(self, situation: Situation) -> Snapshot:
        snapshot = situation.snapshot
        if snapshot.customer.can_add_payment_method is False:
            raise NotPossible(notice=texts.takes_none())
        if self.found(situation) is not None:
            raise NotPossible(notice=texts.in_account(self.titled))
        if self.retry_charges:
            self._check_retries(situation)
        is_default = self.make_default or not snapshot.payment_methods
        others = snapshot.payment_methods
        if is_default:
            others = tuple(each.model_copy(update={"default": False}) for each in others)
        card = self.card.model_copy(update={"default": is_default})
        addresses = tuple(
            one.model_copy(update={"payment_method_id": NEW_ID})
            if one.id in self.address_ids
            else one
            for one in snapshot.addresses
        )
        return replace(snapshot, payment_methods=(*others, card), addresses=addresses)

    def effect(self, situation: Situation) -> Effect:
        after = self.foreseen(situation)
        card = self.titled
        changes = [Change("method", say("{card} comes into your account.", card=card), after=card)]
        if any(each.id == NEW_ID and each.default for each in after.payment_methods):
            changes.append(Change("default", say("It becomes your default payment method.")))
        promises: list[Promise] = []
        if self.address_ids:
            changes.append(texts.pays(situation, self.address_ids, card))
            promises.append(PaysPromise(self.payment_method_token, self.address_ids))
        amount: Money | None = None
        if self.retry_charges:
            failed = self.failed(situation)
            amount = texts.owed(situation, failed)
            changes.append(texts.tried_at_once(failed, amount))
            promises.append(PaidPromise(tuple(one.id for one in failed)))
        return Effect(
            question=say("Add {card}?", card=self.called),
            confirm=say("Add {card}", card=self.called),
            done=say("{card} is in your account now.", card=card),
            changes=tuple(changes),
            amount=amount,
            promises=tuple(promises),
        )

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def touches(self, before: Situation) -> tuple[str, ...]:
        if self.retry_charges:
            return ("payment_methods", "addresses", "charges", "subscriptions", "orders")
        return ("payment_methods",)

    async def run(self, upstream: Upstream) -> None:
        client = upstream.client
        known = client.payment_methods.list(
            customer_id=self.customer_id, processor_payment_method_token=self.payment_method_token
        )
        if present := [one async for one in known if one.deleted_at is None]:
            upstream.answers.append(present[0])  # it is there, whoever has put it there
            return
        more: dict[str, Any] = {}
        if self.billing:
            more["billing_address"] = self.billing
        if self.make_default:
            more["default"] = True
        if self.retry_charges:
            more |= {"retry_charges": True, "address_ids": list(self.address_ids)}
        answer = await client.payment_methods.create(
            customer_id=self.customer_id,
            payment_type=self.payment_type,
            processor_name=self.processor_name,
            processor_customer_token=self.customer_token,
            processor_payment_method_token=self.payment_method_token,
            **more,
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        return self.made(upstream.situation) is not None

    async def has_come_out(self, client: RechargeClient) -> bool:
        known = client.payment_methods.list(
            customer_id=self.customer_id, processor_payment_method_token=self.payment_method_token
        )
        return any([one.deleted_at is None async for one in known])

    def made(self, situation: Situation) -> int | None:
        found = self.found(situation)
        return None if found is None or found.id == NEW_ID else found.id

    def inverse_after(self, before: Situation, after: Situation) -> Action | None:
        id = self.made(after)
        if id is None or self.retry_charges:
            return None  # money that was taken does not come back by taking the card away
        return RemoveCard(payment_method_id=id)

    def while_unknown(self) -> Message:
        return texts.while_unknown(self.called)

    def if_not_done(self) -> Message:
        return texts.not_added(self.titled)

    def if_refused(self) -> Message:
        return texts.refused(self.called)

    def _check_retries(self, situation: Situation) -> None:
        """All that would be tried again is paid with this card.

        Raises:
            NotPossible: something else would be tried, or nothing has failed any more.
        """
        failed = self.failed(situation)
        if not situation.snapshot.shop.allows("retry_failed_payment"):
            raise NotPossible(notice=texts.no_retries())
        if not failed:
            raise NotPossible(notice=texts.nothing_failed())
        if not {one.address_id for one in failed} <= set(self.address_ids):
            raise NotPossible(notice=texts.other_places(situation, failed, self.address_ids))


def mark_of(token: str) -> str:
    """A short text for one card, which tells nothing of its token."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


@promise_kind("card pays")
@dataclass(frozen=True, slots=True)
class PaysPromise:
    """A card pays for what comes to these addresses."""

    payment_method_token: str
    address_ids: tuple[int, ...]

    def difference(self, after: Situation) -> Message | None:
        """Where it does not."""
        snapshot = after.snapshot
        wanted = {
            one.id
            for one in snapshot.payment_methods
            if one.processor_payment_method_token == self.payment_method_token
        }
        left = [
            one
            for one in snapshot.addresses
            if one.id in self.address_ids and one.payment_method_id not in wanted
        ]
        return texts.does_not_pay(left) if left else None


@promise_kind("failed payments are made")
@dataclass(frozen=True, slots=True)
class PaidPromise:
    """Payments that had failed are tried again, and go through."""

    charge_ids: tuple[int, ...]

    def difference(self, after: Situation) -> Message | None:
        """Which are still open."""
        left = [
            one
            for one in after.snapshot.charges
            if one.id in self.charge_ids and one.status == ChargeStatus.ERROR
        ]
        return texts.still_open(left) if left else None

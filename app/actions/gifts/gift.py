"""Skip a delivery, and have it sent to somebody else once."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import ClassVar, Self

from app.actions.at_address import Ids
from app.actions.base import Upstream
from app.actions.deliveries import texts as delivery_texts
from app.actions.deliveries.effects import skip_effect
from app.actions.deliveries.skips import DeliveryAction, Items, SkipDelivery
from app.actions.effect import Change, Effect
from app.actions.errors import NotPossible
from app.actions.foresight import NEW_ID, with_address, with_item, with_skip
from app.actions.gifts.recipient import Recipient
from app.actions.payments.names import card_named
from app.actions.principal import Level
from app.actions.promises import GiftPromise
from app.actions.situation import Situation
from app.i18n import Message, Money, Value, say
from app.mirror import Delivery, Shop, Snapshot
from app.recharge import Address, Onetime, Subscription


class SkipAndGift(DeliveryAction):
    """Skip the next delivery of some subscriptions, and have it sent to somebody else once.

    ``POST /purchase_items/skip_gift``: Recharge skips the date, makes an address for the recipient,
    and a one-time product there on the same day. The customer pays. There is no way back in one
    step.

    known: the ids of all one-times that were there before: what is new is the gift
    """

    name = "skip and gift"
    switch: ClassVar[str | None] = "skip_and_gift"
    level = Level.CODE
    is_safe_to_repeat = False
    from_skipped = False

    recipient: Recipient
    known: Ids | tuple[()] | None = None

    @classmethod
    def is_offered(cls, shop: Shop) -> bool:
        return super().is_offered(shop) and SkipDelivery.is_offered(shop)

    def check(self, situation: Situation) -> None:
        self._concerned(situation)

    def spelled_out(self, situation: Situation) -> Self:
        known = tuple(sorted(one.id for one in situation.snapshot.onetimes))
        return super().spelled_out(situation).model_copy(update={"known": known})

    def foreseen(self, situation: Situation) -> Snapshot:
        _, items = self._concerned(situation)
        after = situation.snapshot
        own = after.address(self.address_id)
        for number, item in enumerate(items):
            given = situation.snapshot.subscription(item.purchase_item_id)
            if given is None or own is None:
                continue
            id = NEW_ID + number
            after = with_skip(after, self.address_id, self.date, (given.id,))
            after = with_address(after, self._address(own, id))
            after = with_item(after, self._onetime(given, id))
        return after

    def effect(self, situation: Situation) -> Effect:
        delivery, items = self._concerned(situation)
        name = self.recipient.name
        skipping = skip_effect(situation, delivery, items, ())
        kept = [each for each in skipping.changes if each.name not in ("charge", "items")]
        given = delivery_texts.named(items)
        return Effect(
            question=say("Give your delivery of {date} to {name}?", date=self.date, name=name),
            confirm=say("Send it to {name}", name=name),
            done=say(
                "Your delivery of {date} goes to {name} this time.", date=self.date, name=name
            ),
            changes=(
                Change(
                    "gift",
                    say(
                        "{items} will be sent to {name}, {address}, once.",
                        items=given,
                        name=name,
                        address=self.recipient.line,
                    ),
                ),
                Change(
                    "items",
                    say("You will not get {items} this time.", items=given),
                    before=given,
                ),
                self._payment(situation, delivery, items),
                *kept,
                Change(
                    "mail",
                    say(
                        "The shop is given {email}, to write to {name} about it.",
                        email=self.recipient.email,
                        name=name,
                    ),
                ),
                Change("final", say("This cannot be undone here. Please write to the shop.")),
            ),
            stays=skipping.stays,
            promises=(
                GiftPromise(self.address_id, self.date, tuple(item.title for item in items)),
            ),
        )

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("charges", "subscriptions", "onetimes", "addresses")

    async def run(self, upstream: Upstream) -> None:
        ids = self.purchase_item_ids or ()
        self._concerned(upstream.situation)
        made = await upstream.client.onetimes.skip_gift(ids, self.recipient.recipient_address())
        upstream.answers.extend(made)

    async def is_done(self, upstream: Upstream) -> bool:
        situation = upstream.situation
        snapshot = situation.snapshot
        due = situation.delivery(self.address_id, self.date, skipped=False)
        wanted = set(self.purchase_item_ids or ())
        if due and wanted & {item.purchase_item_id for item in due.items}:
            return False
        asked = [snapshot.subscription(id) for id in sorted(wanted)]
        expected = Counter(one.external_variant_id.ecommerce for one in asked if one is not None)
        made = Counter(one.external_variant_id.ecommerce for one in self._gifts(snapshot))
        return expected <= made

    def is_partly_done(self, situation: Situation) -> bool:
        return bool(self._gifts(situation.snapshot)) or super().is_partly_done(situation)

    def while_unknown(self) -> Message:
        return say(
            "The shop has not answered, so we do not know yet if your gift was ordered. "
            "We are checking, and will tell you here. Please do not send it again meanwhile."
        )

    def _concerned(self, situation: Situation) -> tuple[Delivery, Items]:
        self.recipient.checked(situation.snapshot.shop.shipping_countries)
        SkipDelivery(
            address_id=self.address_id,
            date=self.date,
            purchase_item_ids=self.purchase_item_ids,
        ).check(situation)
        delivery = self._delivery(situation)
        if delivery is None:
            raise NotPossible(notice=delivery_texts.gone(self.date))
        items = tuple(
            item
            for item in self._chosen(delivery)
            if item.is_skippable and self._is_next(situation, item.purchase_item_id)
        )
        if not items:
            raise NotPossible(
                notice=say("Only the next delivery of a subscription can be given away.")
            )
        return delivery, items

    def _is_next(self, situation: Situation, id: int | None) -> bool:
        found = situation.snapshot.subscription(id)
        return found is not None and found.next_charge_scheduled_at == self.date

    def _gifts(self, snapshot: Snapshot) -> list[Onetime]:
        """The one-times that were made since, for another address on that day."""
        if self.known is None:
            return []
        return [
            one
            for one in snapshot.onetimes
            if one.id not in self.known
            and one.address_id != self.address_id
            and one.next_charge_scheduled_at == self.date
            and self._is_recipients(snapshot.address(one.address_id))
        ]

    def _is_recipients(self, address: Address | None) -> bool:
        """Whether it is where the gift goes."""
        return address is not None and (
            (address.address1.strip(), address.last_name.strip())
            == (self.recipient.address1.strip(), self.recipient.last_name.strip())
        )

    def _payment(self, situation: Situation, delivery: Delivery, items: Items) -> Change:
        """What it costs the customer. Only the shop knows what sending it there costs."""
        nothing = Money(Decimal("0.00"), delivery.total.currency)
        amount = sum((item.total for item in items), nothing)
        method = situation.snapshot.payment_method(delivery.payment_method_id)
        values: dict[str, Value] = {"date": self.date, "amount": amount}
        if not all(item.is_total_known for item in items):
            return Change("charge", say("You pay for it on {date}.", date=self.date))
        if method is None:
            text = say("You pay for it on {date}: {amount}, and what sending it costs.", **values)
        else:
            text = say(
                "You pay for it on {date} with {card}: {amount}, and what sending it costs.",
                card=card_named(method),
                **values,
            )
        return Change("charge", text)

    def _address(self, own: Address, id: int) -> Address:
        return Address(
            id=id,
            customer_id=own.customer_id,
            company=self.recipient.company or None,
            is_gift=True,
            payment_method_id=own.payment_method_id,
            presentment_currency=own.presentment_currency,
            first_name=self.recipient.first_name,
            last_name=self.recipient.last_name,
            address1=self.recipient.address1,
            address2=self.recipient.address2 or None,
            city=self.recipient.city,
            province=self.recipient.province or None,
            zip=self.recipient.zip or None,
            country_code=self.recipient.country_code,
            phone=self.recipient.phone or None,
        )

    def _onetime(self, given: Subscription, id: int) -> Onetime:
        return Onetime(
            id=id,
            address_id=id,
            customer_id=given.customer_id,
            external_product_id=given.external_product_id,
            external_variant_id=given.external_variant_id,
            next_charge_scheduled_at=self.date,
            presentment_currency=given.presentment_currency,
            price=given.price,
            product_title=given.product_title,
            quantity=given.quantity,
            variant_title=given.variant_title,
        )

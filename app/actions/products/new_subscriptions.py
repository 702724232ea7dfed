"""Something more that comes again and again."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import ClassVar, Self

from app.actions.at_address import AddressAction, Id, check_address
from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, NewItemPromise, compared
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import NEW_ID, with_item
from app.actions.names import called
from app.actions.products import texts
from app.actions.products.quantities import Quantity
from app.actions.products.rhythms import Count, Unit
from app.actions.products.subscriptions import ExternalKey, SubscriptionAction, price_of
from app.actions.products.swaps import offered, rhythm_of_plan
from app.actions.situation import LONGEST, Situation
from app.i18n import Message, say
from app.mirror import Offering, Snapshot, catalogue
from app.recharge import (
    Address,
    ExternalId,
    IntervalUnit,
    Plan,
    Subscription,
    SubscriptionStatus,
)

FRESH_FOR = datetime.timedelta(hours=1)
"""How long after it was made a subscription can be removed for good, as if it had never been: the
way back of making it. Later it is cancelled, which the shop keeps a record of."""


class AddSubscription(AddressAction):
    """Subscribe to one more product: ``POST /subscriptions``.

    plan_id: a plan of the product; its price is what Recharge takes for the new subscription
    charge, order, unit: the rhythm of that plan, as it was when it was chosen
    date:    when it is charged and comes for the first time
    known:   ids of all subscriptions that were there before; worked out when it is spelled out.
             It is how the new one is recognised.
    """

    name = "add subscription"
    switch = "add_product"
    is_safe_to_repeat: ClassVar[bool] = False

    variant_id: ExternalKey
    plan_id: Id
    charge: Count
    order: Count
    unit: Unit
    quantity: Quantity = 1
    date: datetime.date
    known: tuple[Id, ...] | None = None

    @property
    def words(self) -> Message:
        """The rhythm, in words."""
        return texts.rhythm(self.charge, self.order, self.unit)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        address = situation.snapshot.address(self.address_id)
        offering = catalogue.offering(situation.snapshot, self.variant_id)
        plan = self._plan(offering)
        amount = catalogue.unit_price(offering.variant, plan) if offering and plan else None
        there = self._at_address(situation)
        return (
            Shown(
                "offer",
                "gone" if amount is None else f"{amount:f}",
                say("What you chose has another price now.") if plan else texts.not_subscribed(),
            ),
            Shown(
                "card",
                str(address.payment_method_id if address else None),
                say("Another payment method is used for this address now."),
            ),
            Shown(
                "subscriptions",
                repr([one.id for one in there]),
                say("Other subscriptions go to this address now."),
            ),
        )

    def foreseen(self, situation: Situation) -> Snapshot:
        address, offering, plan = self._wanted(situation)
        return with_item(situation.snapshot, self._new(situation, address, offering, plan))

    def effect(self, situation: Situation) -> Effect:
        address, offering, plan = self._wanted(situation)
        new = self._new(situation, address, offering, plan)
        after = self.after(situation)
        name = called(offering.product.title, offering.variant.title)
        price = price_of(after, new)
        changes = [
            Change("item", say("You get {quantity} × {name}, {rhythm}, from {date} on.",
                quantity=self.quantity, name=name, rhythm=self.words, date=self.date))
        ]  # fmt: skip
        changes.append(
            Change(
                "price", say("It costs {price} each time, before shipping and tax.", price=price)
            )
            if price
            else Change("price", say("What it will cost is not known yet."))
        )
        changes += compared(situation, after, {new.id})
        product_id = offering.product.external_product_id
        if any(
            one.external_product_id.ecommerce == product_id for one in self._at_address(situation)
        ):
            changes.append(
                Change("twice", say("You get this product already: this one comes besides."))
            )
        return Effect(
            question=say("Subscribe to {name}?", name=name),
            confirm=say("Subscribe for {price}, {rhythm}", price=price, rhythm=self.words)
            if price
            else say("Subscribe, {rhythm}", rhythm=self.words),
            done=say(
                "You are subscribed to {name}. The first delivery is on {date}.",
                name=name,
                date=self.date,
            ),
            changes=tuple(changes),
            stays=(say("Your other subscriptions stay as they are."),),
            amount=price,
            promises=(
                NewItemPromise(
                    self.address_id,
                    self.date,
                    new.product_title,
                    self.quantity,
                    frozenset(_ids(situation)),
                ),
            ),
        )

    def check(self, situation: Situation) -> None:
        self._wanted(situation)

    def spelled_out(self, situation: Situation) -> Self:
        return self.model_copy(update={"known": _ids(situation)})

    async def run(self, upstream: Upstream) -> None:
        answer = await upstream.client.subscriptions.create(
            address_id=self.address_id,
            external_variant_id=ExternalId(ecommerce=self.variant_id),
            plan_id=self.plan_id,
            quantity=self.quantity,
            next_charge_scheduled_at=self.date,
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        return self._made(upstream.situation) is not None

    def inverse_after(self, before: Situation, after: Situation) -> RemoveNewSubscription | None:
        made = self._made(after)
        if made is None:
            return None
        return RemoveNewSubscription(address_id=self.address_id, subscription_id=made.id)

    def possible_until(self, situation: Situation) -> datetime.datetime:
        return situation.changes_end(self.date) - datetime.timedelta.resolution

    def _wanted(self, situation: Situation) -> tuple[Address, Offering, Plan]:
        """Where it goes, and what it is.

        Raises:
            NotPossible: it cannot be subscribed to like this, with the reason.
        """
        address = situation.snapshot.address(self.address_id)
        if address is None:
            raise NotPossible(notice=say("This address is not there any more."))
        if address.payment_method_id is None:
            notice = say("There is no payment method for this address yet. Please add one first.")
            raise NotPossible(notice=notice)
        offering = offered(situation.snapshot, self.variant_id)
        plan = self._plan(offering)
        if plan is None:
            name = called(offering.title, offering.variant_title)
            notice = say("{name} is not offered {rhythm} here.", name=name, rhythm=self.words)
            raise NotPossible(notice=notice)
        if self.date <= situation.today or situation.is_too_late(self.date):
            notice = say("{date} is too soon. Please choose a later day.", date=self.date)
            raise NotPossible(notice=notice)
        if self.date > situation.today + LONGEST:
            notice = say("{date} is too far ahead. Please choose an earlier day.", date=self.date)
            raise NotPossible(notice=notice)
        return address, offering, plan

    def _plan(self, offering: Offering | None) -> Plan | None:
        rhythm = self.charge, self.order, self.unit
        for plan in offering.plans if offering else ():
            if plan.id == self.plan_id and rhythm_of_plan(plan) == rhythm:
                return plan
        return None

    def _new(
        self, situation: Situation, address: Address, offering: Offering, plan: Plan
    ) -> Subscription:
        """As Recharge will make it."""
        product, variant = offering.product, offering.variant
        own = address.presentment_currency
        is_priced = own in (None, situation.snapshot.shop.currency)
        is_prepaid = catalogue.is_prepaid(plan)
        rhythm = plan.subscription_preferences
        return Subscription(
            id=NEW_ID,
            address_id=address.id,
            customer_id=situation.snapshot.customer.id,
            charge_interval_frequency=self.charge,
            external_product_id=ExternalId(ecommerce=product.external_product_id),
            external_variant_id=ExternalId(ecommerce=variant.external_variant_id),
            is_prepaid=is_prepaid,
            is_skippable=not is_prepaid,
            next_charge_scheduled_at=self.date,
            order_day_of_month=rhythm.order_day_of_month,
            order_day_of_week=rhythm.order_day_of_week,
            order_interval_frequency=self.order,
            order_interval_unit=IntervalUnit(self.unit),
            plan_id=plan.id,
            presentment_currency=own,
            price=catalogue.unit_price(variant, plan) if is_priced else None,
            product_title=product.title,
            quantity=self.quantity,
            sku=variant.sku,
            status=SubscriptionStatus.ACTIVE,
            variant_title=variant.title,
        )

    def _at_address(self, situation: Situation) -> list[Subscription]:
        return [
            one
            for one in situation.snapshot.subscriptions
            if one.address_id == self.address_id and one.status == "active"
        ]

    def _made(self, situation: Situation) -> Subscription | None:
        """The subscription that was made by this, when it was."""
        known = set(self.known or ())
        wanted = (self.address_id, self.variant_id, self.quantity, self.date)
        for one in situation.snapshot.subscriptions:
            found = (
                one.address_id,
                one.external_variant_id.ecommerce,
                one.quantity,
                one.next_charge_scheduled_at,
            )
            if one.id not in known and found == wanted and one.status == "active":
                return one
        return None


class RemoveNewSubscription(SubscriptionAction):
    """Remove a subscription that was just made, as if it had never been: ``DELETE``.

    It is the way back of `AddSubscription` alone, and refused for anything older than `FRESH_FOR`.
    """

    name = "remove new subscription"
    switch = "add_product"

    def check_owner(self, situation: Situation) -> None:
        # Once it is removed nobody knows whose it was; it is looked for among this customer's.
        check_address(situation, self.address_id)

    def concerned(self, situation: Situation) -> Subscription:
        found = super().concerned(situation)
        made = found.created_at
        if made is None or situation.now - made > FRESH_FOR:
            notice = say("This subscription is no longer new. Please cancel it instead.")
            raise NotPossible(notice=notice)
        return found

    def foreseen(self, situation: Situation) -> Snapshot:
        found = self.concerned(situation)
        ended = found.model_copy(
            update={"status": SubscriptionStatus.CANCELLED, "next_charge_scheduled_at": None}
        )
        after = with_item(situation.snapshot, ended)
        left = tuple(one for one in after.subscriptions if one.id != found.id)
        return replace(after, subscriptions=left)

    def effect(self, situation: Situation) -> Effect:
        found = self.concerned(situation)
        after = self.after(situation)
        name = texts.name_of(found)
        return Effect(
            question=say("Remove {name} again?", name=name),
            confirm=say("Remove {name}", name=name),
            done=say("{name} is removed again.", name=name),
            changes=(
                Change("item", say("You do not get {name}.", name=name)),
                *compared(situation, after, {found.id}),
            ),
            stays=(say("Your other subscriptions stay as they are."),),
            promises=(DatesPromise(found.id, (), title=found.product_title),),
        )

    def check(self, situation: Situation) -> None:
        self.concerned(situation)

    async def run(self, upstream: Upstream) -> None:
        await upstream.client.subscriptions.delete(self.subscription_id, send_email=False)

    async def is_done(self, upstream: Upstream) -> bool:
        return upstream.situation.snapshot.subscription(self.subscription_id) is None


def _ids(situation: Situation) -> tuple[int, ...]:
    return tuple(sorted(one.id for one in situation.snapshot.subscriptions))

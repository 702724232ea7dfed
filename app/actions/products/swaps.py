"""Another product, or another variant of the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, compared
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible, SwitchedOff
from app.actions.foresight import with_item
from app.actions.names import called
from app.actions.products import texts
from app.actions.products.subscriptions import (
    ExternalKey,
    PricePromise,
    SubscriptionAction,
    currency_of,
    price_of,
)
from app.actions.situation import Situation
from app.i18n import Message, Money, Value, say
from app.mirror import Offering, Snapshot, catalogue
from app.recharge import ExternalId, Plan, Subscription, SubscriptionChanges


class SwapProduct(SubscriptionAction):
    """Get another product from the next delivery on: ``PUT /subscriptions/{id}``.

    The price is the new variant's with its plan's discount: Recharge is told to take the variant's
    own values (`use_external_variant_defaults`), and what it took is compared with what was said.

    variant_id:     the shop system's id of what will come
    is_rhythm_kept: False as a step of `SwapWithRhythm`, where another rhythm follows at once
    """

    name = "swap product"
    switch = "change_product"

    variant_id: ExternalKey
    is_rhythm_kept: bool = True

    def check_offered(self, situation: Situation) -> None:
        super().check_offered(situation)
        found = situation.snapshot.subscription(self.subscription_id)
        offering = catalogue.offering(situation.snapshot, self.variant_id)
        product_id = offering.product.external_product_id if offering else None
        if found and product_id and product_id == found.external_product_id.ecommerce:
            refuse_variant_switched_off(situation, self.name)

    def wanted(self, situation: Situation) -> tuple[Subscription, Offering]:
        """The subscription, and what it will be.

        Raises:
            NotPossible: it cannot be swapped for that, with the reason.
        """
        found = self.concerned(situation)
        if not found.is_swappable:
            name = texts.name_of(found)
            notice = say("The shop does not let {name} be swapped here.", name=name)
            raise NotPossible(notice=notice)
        if found.external_product_id.ecommerce in situation.snapshot.bundles:
            name = texts.name_of(found)
            notice = say("{name} holds what you have chosen, so it cannot be swapped.", name=name)
            raise NotPossible(notice=notice)
        if found.external_variant_id.ecommerce == self.variant_id:
            raise NotPossible(notice=say("That is what you get already."))
        offering = offered(situation.snapshot, self.variant_id)
        self.check_product(found, offering)
        if self.is_rhythm_kept and plan_with(offering, found) is None:
            raise NotPossible(
                notice=say(
                    "{name} does not come {rhythm}. Please choose how often it should come.",
                    name=called(offering.title, offering.variant_title),
                    rhythm=texts.rhythm_of(found),
                )
            )
        return found, offering

    def check_product(self, found: Subscription, offering: Offering) -> None:
        """Raises NotPossible: this action is not for that product."""

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        offering = catalogue.offering(situation.snapshot, self.variant_id)
        price = offering.price if offering else None
        return (
            *super().shown(situation),
            Shown(
                "offer",
                f"{price.amount:f} {price.currency}" if price else "gone",
                say("What you chose now costs {price}.", price=price)
                if price
                else texts.not_subscribed(),
            ),
        )

    def foreseen(self, situation: Situation) -> Snapshot:
        found, offering = self.wanted(situation)
        variant, product = offering.variant, offering.product
        changed = found.model_copy(
            update={
                "external_product_id": ExternalId(ecommerce=product.external_product_id),
                "external_variant_id": ExternalId(ecommerce=variant.external_variant_id),
                "product_title": product.title,
                "variant_title": variant.title,
                "sku": variant.sku,
                "price": self._price(situation, found, offering),
            }
        )
        return with_item(situation.snapshot, changed)

    def effect(self, situation: Situation) -> Effect:
        found, offering = self.wanted(situation)
        after = self.after(situation)
        name = called(offering.product.title, offering.variant.title)
        price = self._price(situation, found, offering)
        promises: list[DatesPromise | PricePromise] = [DatesPromise.of(after, found.id)]
        if price is not None:
            promises.append(PricePromise(found.id, price, currency_of(situation, found)))
        return _swap_effect(situation, after, found, name, tuple(promises))

    def check(self, situation: Situation) -> None:
        self.wanted(situation)

    async def run(self, upstream: Upstream) -> None:
        answer = await upstream.client.subscriptions.update(
            self.subscription_id,
            external_variant_id=ExternalId(ecommerce=self.variant_id),
            use_external_variant_defaults=True,
            commit=True,
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        return found is not None and found.external_variant_id.ecommerce == self.variant_id

    def inverse(self, before: Situation) -> SwapBack | None:
        """None where the old variant or its price is not known: it could not be as it was."""
        found = self.concerned(before)
        variant_id, price = found.external_variant_id.ecommerce, found.price
        if variant_id is None or price is None:
            return None
        return SwapBack(
            address_id=self.address_id,
            subscription_id=self.subscription_id,
            variant_id=variant_id,
            product_id=found.external_product_id.ecommerce,
            price=price,
            product_title=found.product_title,
            variant_title=found.variant_title,
            sku=found.sku,
        )

    def _price(
        self, situation: Situation, found: Subscription, offering: Offering
    ) -> Decimal | None:
        """Of one; None where it is charged in a currency in which the shop has no prices."""
        if currency_of(situation, found) != offering.price.currency:
            return None
        plan = plan_with(offering, found) or offering.plans[0]
        return catalogue.unit_price(offering.variant, plan)


class ChangeVariant(SwapProduct):
    """Get another variant of the same product."""

    name = "change variant"
    switch = "change_variant"

    def check_product(self, found: Subscription, offering: Offering) -> None:
        if found.external_product_id.ecommerce != offering.product.external_product_id:
            name = called(offering.title, offering.variant_title)
            notice = say("{name} is another product, so nothing was changed.", name=name)
            raise NotPossible(notice=notice)


class SwapBack(SubscriptionAction):
    """Take a swap back, at the old price. It is made as the way back of a swap alone: no customer
    chooses a price. What allowed the swap allows it: see `check_offered`."""

    name = "swap back"
    switch = None

    variant_id: ExternalKey
    product_id: str | None
    price: Annotated[Decimal, Field(ge=0)]
    product_title: str
    variant_title: str | None
    sku: str | None

    def check_offered(self, situation: Situation) -> None:
        found = situation.snapshot.subscription(self.subscription_id)
        if found is not None and found.external_product_id.ecommerce == self.product_id:
            refuse_variant_switched_off(situation, self.name)
        elif not SwapProduct.is_offered(situation.snapshot.shop):
            raise SwitchedOff(f"{self.name}: {SwapProduct.switch}")

    def foreseen(self, situation: Situation) -> Snapshot:
        found = self.concerned(situation)
        changed = found.model_copy(
            update={
                "external_product_id": ExternalId(ecommerce=self.product_id),
                "external_variant_id": ExternalId(ecommerce=self.variant_id),
                "product_title": self.product_title,
                "variant_title": self.variant_title,
                "sku": self.sku,
                "price": self.price,
            }
        )
        return with_item(situation.snapshot, changed)

    def effect(self, situation: Situation) -> Effect:
        found = self.concerned(situation)
        after = self.after(situation)
        promises = (
            DatesPromise.of(after, found.id),
            PricePromise(found.id, self.price, currency_of(situation, found)),
        )
        name = called(self.product_title, self.variant_title)
        return _swap_effect(situation, after, found, name, promises)

    def check(self, situation: Situation) -> None:
        self.concerned(situation)

    async def run(self, upstream: Upstream) -> None:
        changes: SubscriptionChanges = {
            "external_variant_id": ExternalId(ecommerce=self.variant_id),
            "price": self.price,
            "product_title": self.product_title,
        }
        if self.variant_title is not None:
            changes["variant_title"] = self.variant_title
        answer = await upstream.client.subscriptions.update(
            self.subscription_id, commit=True, **changes
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        if found is None or found.external_variant_id.ecommerce != self.variant_id:
            return False
        return found.price == self.price


def refuse_variant_switched_off(situation: Situation, name: str) -> None:
    """Another variant of the same product has a switch of its own, whatever action asks for it.

    Raises:
        SwitchedOff: the merchant does not offer it.
    """
    if not ChangeVariant.is_offered(situation.snapshot.shop):
        raise SwitchedOff(f"{name}: {ChangeVariant.switch}")


def offered(snapshot: Snapshot, variant_id: str) -> Offering:
    """What can be subscribed to.

    Raises:
        NotPossible: it is not offered, or the shop's products are not known here.
    """
    found = catalogue.offering(snapshot, variant_id)
    if found is not None and found.product.external_product_id in snapshot.bundles:
        raise NotPossible(notice=texts.put_together(called(found.title, None)))
    if found is not None:
        return found
    if snapshot.is_unlisted:
        raise NotPossible(notice=texts.not_listed())
    if not snapshot.products:
        raise NotPossible(notice=texts.being_read())
    raise NotPossible(notice=texts.not_subscribed())


def plan_with(offering: Offering, found: Subscription) -> Plan | None:
    """The plan of what is offered that has the subscription's rhythm."""
    rhythm = (
        found.charge_interval_frequency,
        found.order_interval_frequency,
        found.order_interval_unit,
    )
    return next((plan for plan in offering.plans if rhythm_of_plan(plan) == rhythm), None)


def rhythm_of_plan(plan: Plan) -> tuple[int | None, int | None, str | None]:
    """Charged every, delivered every, and the unit of both."""
    rhythm = plan.subscription_preferences
    return (
        rhythm.charge_interval_frequency,
        rhythm.order_interval_frequency,
        rhythm.interval_unit,
    )


def _swap_effect(
    situation: Situation,
    after: Situation,
    found: Subscription,
    name: Message,
    promises: tuple[DatesPromise | PricePromise, ...],
) -> Effect:
    before = texts.name_of(found)
    changed = after.snapshot.subscription(found.id) or found
    changes = [
        Change(
            "product",
            say("You get {after} instead of {before}.", after=name, before=before),
        ),
        *price_change(price_of(situation, found), price_of(after, changed)),
        *compared(situation, after, {found.id}),
    ]
    stays = [say("It still comes {rhythm}.", rhythm=texts.rhythm_of(found))]
    if found.quantity > 1:
        stays.append(say("You still get {quantity} each time.", quantity=found.quantity))
    return Effect(
        question=say("Swap {before}?", before=before),
        confirm=say("Swap for {after}", after=name),
        done=say("You now get {after} instead of {before}.", after=name, before=before),
        changes=tuple(changes),
        stays=tuple(stays),
        promises=promises,
    )


def price_change(before: Money | None, after: Money | None) -> tuple[Change, ...]:
    """What it costs each time, and how much more or less that is."""
    words = texts.difference(before, after)
    if after is None:
        return (Change("price", say("What it will cost is not known yet.")),)
    if words is None or before is None:
        return (Change("price", say("It costs {price} each time.", price=after)),)
    if before == after:
        return (Change("price", say("It costs the same: {price} each time.", price=after)),)
    old, new = (say("{price} each time", price=price) for price in (before, after))
    sides: dict[str, Value] = {"before": old, "after": new}
    text = say("It costs {price} each time: {difference}.", price=after, difference=words)
    return (Change("price", text, **sides),)

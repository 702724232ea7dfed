"""What comes, and how much of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from app.actions import (
    Action,
    AddSubscription,
    ChangeQuantity,
    ChangeVariant,
    SwapProduct,
    SwapWithRhythm,
)
from app.actions.comparison import due
from app.actions.products.swaps import plan_with, rhythm_of_plan
from app.actions.products.texts import difference
from app.i18n import Message, Money
from app.mirror import Delivery, Offering, catalogue
from app.recharge import Address, Plan, Product
from app.state.question import Question
from app.state.questions.dates import DayQuestion

if TYPE_CHECKING:
    from app.state.portal import Portal
    from app.state.subscription import SubscriptionState

MOST_FOUND: Final = 10
"""Products that a search shows: who looks for another one writes another word."""
MOST_DATES: Final = 4
"""First dates that are suggested."""


class QuantityQuestion(Question):
    """How many of it come each time.

    quantity: as chosen; at first as it is
    """

    def __init__(self, subscription: SubscriptionState) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription
        self.now = subscription.quantity
        self.quantity = self.now

    @property
    def action(self) -> ChangeQuantity | None:
        if self.quantity == self.now:
            return None
        record = self.subscription.subscription
        return ChangeQuantity.of(
            address_id=record.address_id, subscription_id=record.id, quantity=self.quantity
        )


class Search(Question):
    """A question that is answered with a product out of the shop's.

    words:      what is searched for
    variant_id: what was chosen; None at first
    plan_id:    the plan in which it should come, where the customer has chosen one
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self.words = ""
        self.variant_id: str | None = None
        self.plan_id: int | None = None
        self._listed: tuple[str, Mapping[str, Product], tuple[Offering, ...]] | None = None

    @property
    def offerings(self) -> tuple[Offering, ...]:
        """What the words find."""
        products = self.portal.records.products
        known = self._listed
        if known is None or known[0] != self.words or known[1] is not products:
            known = self._listed = (self.words, products, self._find())
        return known[2]

    @property
    def is_unlisted(self) -> bool:
        """Whether the store does not let its products be listed."""
        return self.portal.records.is_unlisted

    @property
    def is_being_read(self) -> bool:
        """Whether the products have not come yet."""
        return not self.portal.records.products and not self.is_unlisted

    @property
    def chosen(self) -> Offering | None:
        """What was chosen."""
        if self.variant_id is None:
            return None
        return catalogue.offering(self.portal.records, self.variant_id)

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans to choose from: none where there is nothing to choose."""
        return self.chosen.plans if self.chosen else ()

    @property
    def plan(self) -> Plan | None:
        """The plan that was chosen, or the one that is likeliest."""
        plans = self.plans
        wanted = (plan for plan in plans if plan.id == self.plan_id)
        return next(wanted, self.likeliest(plans) if plans else None)

    def likeliest(self, plans: Sequence[Plan]) -> Plan:
        """The plan that is chosen until the customer chooses: of these, which are some."""
        return plans[0]

    def _find(self) -> tuple[Offering, ...]:
        return tuple(self._all()[:MOST_FOUND])

    def _all(self) -> list[Offering]:
        """All that the words find, without what is put together in the shop."""
        records = self.portal.records
        found = catalogue.find(records, self.words, limit=len(records.products) * 100)
        return [one for one in found if one.product.external_product_id not in records.bundles]


class SwapQuestion(Search):
    """What should come instead: other variants of the product first, then other products."""

    def __init__(self, subscription: SubscriptionState) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription
        self.now = subscription.subscription

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Only where the present rhythm is none of what was chosen."""
        chosen = self.chosen
        if chosen is None or plan_with(chosen, self.now) is not None:
            return ()
        kind = self.now.is_prepaid
        return tuple(plan for plan in chosen.plans if catalogue.is_prepaid(plan) == kind)

    def likeliest(self, plans: Sequence[Plan]) -> Plan:
        """The one whose rhythm is nearest to that of now."""
        now = _days(self.now.order_interval_frequency, self.now.order_interval_unit)
        return min(plans, key=lambda plan: abs(_days(*rhythm_of_plan(plan)[1:]) - now))

    @property
    def action(self) -> SwapProduct | SwapWithRhythm | None:
        chosen = self.chosen
        if chosen is None or self.variant_id is None:
            return None
        which = {"address_id": self.now.address_id, "subscription_id": self.now.id}
        plan = self.plan
        if chosen.product.external_product_id == self.now.external_product_id.ecommerce:
            return ChangeVariant.of(**which, variant_id=self.variant_id)
        if plan is None:
            return SwapProduct.of(**which, variant_id=self.variant_id)
        return SwapWithRhythm.of(**which, variant_id=self.variant_id, **_rhythm(plan))

    def difference(self, offering: Offering) -> Message | None:
        """How much more or less it costs than now, each time; None where that is not known."""
        if self.now.price is None:
            return None
        currency = self.now.presentment_currency or self.portal.records.shop.currency
        plan = plan_with(offering, self.now) or offering.plans[0]
        amount = catalogue.unit_price(offering.variant, plan)
        if amount is None:
            return None
        return difference(
            Money(self.now.price, currency) * self.now.quantity,
            Money(amount, offering.price.currency) * self.now.quantity,
        )

    def _find(self) -> tuple[Offering, ...]:
        own = self.now.external_product_id.ecommerce
        found: list[Offering] = []
        offers_variants = self.portal.is_offered(ChangeVariant)
        offers_products = self.portal.is_offered(SwapProduct)
        for one in self._all():
            is_own = one.product.external_product_id == own
            is_now = one.variant.external_variant_id == self.now.external_variant_id.ecommerce
            is_kind = any(catalogue.is_prepaid(p) == self.now.is_prepaid for p in one.plans)
            if not is_now and is_kind and (offers_variants if is_own else offers_products):
                found.append(one)
        # Stable: within both groups the order of the search stays.
        found.sort(key=lambda one: one.product.external_product_id != own)
        return tuple(found[:MOST_FOUND])


class AddSubscriptionQuestion(Search, DayQuestion):
    """What else should come, how often, how much, where to and from when.

    address_id: where it should go; at first where the next delivery goes
    date:       the first day; at first that of the next delivery to the address, so that it comes
                in the same parcel
    """

    def __init__(self, portal: Portal, address_id: int | None = None) -> None:
        super().__init__(portal)
        self.quantity = 1
        self.address_id = address_id or self._likely_address()
        self.date = self._likely_date()

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Where it can go: addresses with a payment method."""
        return tuple(
            one for one in self.portal.records.addresses if one.payment_method_id is not None
        )

    @property
    def dates(self) -> tuple[date, ...]:
        """First days that are likely: those of the next deliveries to the address, and the first
        that is possible at all."""
        coming = [each.date for each in self._coming() if self.is_allowed(each.date)]
        days = list(dict.fromkeys(coming))[: MOST_DATES - 1]
        return tuple(sorted({*days, self.first}))

    def is_allowed(self, day: date) -> bool:
        """Whether it can come on a day for the first time."""
        situation = self.portal.situation
        is_in_reach = situation.today < day <= self.last
        return is_in_reach and not situation.is_too_late(day)

    def joins(self, day: date) -> bool:
        """Whether something else comes to the address on that day."""
        return any(each.date == day for each in self._coming())

    async def choose(self, **choices: object) -> None:
        if choices.get("address_id", self.address_id) != self.address_id:
            self.address_id = int(str(choices["address_id"]))
            choices.setdefault("date", self._likely_date())
        await super().choose(**choices)

    @property
    def action(self) -> Action | None:
        plan = self.plan
        if plan is None or self.variant_id is None or self.address_id is None:
            return None
        return AddSubscription.of(
            address_id=self.address_id,
            variant_id=self.variant_id,
            plan_id=plan.id,
            quantity=self.quantity,
            date=self.date,
            **_rhythm(plan),
        )

    def likeliest(self, plans: Sequence[Plan]) -> Plan:
        """The one in the rhythm that most of the customer's subscriptions have."""
        usual = Counter(
            (each.order_interval_frequency, str(each.order_interval_unit))
            for each in self.portal.records.subscriptions
            if each.status == "active"
        )
        return max(plans, key=lambda plan: usual[_comes(plan)])

    def _likely_address(self) -> int | None:
        with_card = [one.id for one in self.addresses]
        coming = (each.address_id for each in due(self.portal.situation))
        return next((id for id in coming if id in with_card), with_card[0] if with_card else None)

    def _likely_date(self) -> date:
        coming = (each.date for each in self._coming() if self.is_allowed(each.date))
        return next(coming, self.first)

    def _coming(self) -> list[Delivery]:
        return [each for each in due(self.portal.situation) if each.address_id == self.address_id]


def _days(count: int | None, unit: str | None) -> int:
    """About how many days a rhythm is long."""
    return (count or 0) * {"day": 1, "week": 7, "month": 30}.get(unit or "", 0)


def _comes(plan: Plan) -> tuple[int | None, str]:
    """How often a plan's product comes."""
    _, order, unit = rhythm_of_plan(plan)
    return order, str(unit)


def _rhythm(plan: Plan) -> dict[str, object]:
    """A plan's rhythm as actions take it."""
    rhythm = plan.subscription_preferences
    return {
        "charge": rhythm.charge_interval_frequency,
        "order": rhythm.order_interval_frequency,
        "unit": str(rhythm.interval_unit),
    }


def can_swap(subscription: SubscriptionState) -> bool:
    """Whether to offer something else in its place. Cheap, since it is asked for every card: for
    what it is swapped is not asked yet."""
    portal, record = subscription.portal, subscription.subscription
    if not record.is_swappable or subscription.status not in ("active", "paused"):
        return False
    if record.external_product_id.ecommerce in portal.records.bundles:
        return False
    if not (portal.is_offered(SwapProduct) or portal.is_offered(ChangeVariant)):
        return False
    day = record.next_charge_scheduled_at
    return day is None or not portal.situation.is_too_late(day)

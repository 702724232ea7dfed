"""How often a subscription comes."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field

from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, compared, dates_of
from app.actions.dates.rules import can_come, refuse_new_rhythm, skipped_days
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import with_item, without_skips
from app.actions.products import texts
from app.actions.products.subscriptions import (
    PricePromise,
    SubscriptionAction,
    currency_of,
    price_of,
)
from app.actions.products.swaps import price_change, rhythm_of_plan
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Shop, Snapshot, catalogue
from app.recharge import Plan, Subscription, SubscriptionChanges

Unit = Literal["day", "week", "month"]
Count = Annotated[int, Field(ge=1, le=1000)]
"""The greatest interval that Recharge takes."""

_FORBIDDEN: Final = ("prevent", "no", "none")
"""Words of the store's `edit_order_frequency` that forbid it. Only "Any" is known for certain."""


class _Rhythm(SubscriptionAction):
    """Another rhythm, and the next date that goes with it.

    Recharge works out a next date of its own for a new rhythm, and forgets which dates were skipped
    or moved. So the rhythm is written first, and then the date, where another one came of it.

    charge: it is charged every so many units
    order:  it comes every so many units
    date:   when it is charged next; None keeps the date as it is
    """

    leaves_failed = True

    charge: Count
    order: Count
    unit: Unit
    date: datetime.date | None = None

    @classmethod
    def is_offered(cls, shop: Shop) -> bool:
        if "edit_order_frequency" in shop.switches:  # as yes or no: by the store, or here over it
            return shop.allows("edit_order_frequency")
        group = shop.settings.get("subscription")
        word = group.get("edit_order_frequency", "Any") if isinstance(group, dict) else "Any"
        return str(word).lower() not in _FORBIDDEN and word is not False

    def concerned(self, situation: Situation) -> Subscription:
        found = super().concerned(situation)
        if self.has_rhythm(found) and self.date in (None, found.next_charge_scheduled_at):
            notice = say("It comes {rhythm} already.", rhythm=texts.rhythm_of(found))
            raise NotPossible(notice=notice)
        refuse_new_rhythm(situation, found, self.date)
        return found

    def has_rhythm(self, found: Subscription) -> bool:
        """Whether the subscription comes like this already."""
        rhythm = (
            found.charge_interval_frequency,
            found.order_interval_frequency,
            found.order_interval_unit,
        )
        return rhythm == (self.charge, self.order, self.unit)

    @property
    def words(self) -> Message:
        """The rhythm, in words."""
        return texts.rhythm(self.charge, self.order, self.unit)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.subscription(self.subscription_id)
        if found is None:
            return ()
        skipped = skipped_dates(situation, found)
        return (
            *super().shown(situation),
            Shown(
                "skips",
                repr(skipped),
                say("Skipped now: {dates}.", dates=list(skipped))
                if skipped
                else say("No delivery of it is skipped now."),
            ),
        )

    def foreseen(self, situation: Situation) -> Snapshot:
        found = self.concerned(situation)
        is_prepaid = self.charge > self.order
        update: dict[str, Any] = {
            "charge_interval_frequency": self.charge,
            "order_interval_frequency": self.order,
            "order_interval_unit": self.unit,
            "next_charge_scheduled_at": self.date or found.next_charge_scheduled_at,
            "is_prepaid": is_prepaid,
            "is_skippable": found.is_skippable
            if is_prepaid == found.is_prepaid
            else not is_prepaid,
            "price": self.new_price(situation, found),
        }
        after = with_item(situation.snapshot, found.model_copy(update=update))
        for day in skipped_dates(situation, found):
            after = without_skips(after, found.id, on=day)
        return after

    def new_price(self, situation: Situation, found: Subscription) -> Decimal | None:
        """What one of it will cost each time it is charged."""
        return found.price

    def price_changes(self, found: Subscription) -> SubscriptionChanges:
        """What is written beside the rhythm where the price changes with it."""
        return {}

    def effect(self, situation: Situation) -> Effect:
        found = self.concerned(situation)
        after = self.after(situation)
        changed = after.snapshot.subscription(found.id) or found
        name, before = texts.name_of(found), texts.rhythm_of(found)
        changes = [
            Change(
                "rhythm",
                say("It comes {after} instead of {before}.", after=self.words, before=before),
            ),
            *_skips_changes(situation, after, found),
            *compared(situation, after, {found.id}),
        ]
        stays = []
        if changed.price == found.price:
            price = price_of(situation, found)
            if price is not None:
                stays.append(say("It costs {price} each time, as now.", price=price))
        else:
            changes += price_change(price_of(situation, found), price_of(after, changed))
        day = changed.next_charge_scheduled_at
        is_told = any(change.name == "dates" for change in changes)
        if day is not None and day == found.next_charge_scheduled_at and not is_told:
            stays.insert(0, say("Your next delivery stays on {date}.", date=day))
        promises: list[DatesPromise | PricePromise] = [DatesPromise.of(after, found.id)]
        if changed.price is not None:
            price_promise = PricePromise(found.id, changed.price, currency_of(situation, found))
            promises.append(price_promise)
        return Effect(
            question=say("How often should {name} come?", name=name),
            confirm=say("Change to {rhythm}", rhythm=self.words),
            done=say("{name} now comes {rhythm}.", name=name, rhythm=self.words),
            changes=tuple(changes),
            stays=tuple(stays),
            promises=tuple(promises),
        )

    def check(self, situation: Situation) -> None:
        self.concerned(situation)

    def spelled_out(self, situation: Situation) -> Self:
        found = self.concerned(situation)
        return self.model_copy(update={"date": self.date or found.next_charge_scheduled_at})

    async def run(self, upstream: Upstream) -> None:
        found = _newest(upstream, self.subscription_id)
        if not self.has_rhythm(found):
            changes: SubscriptionChanges = {
                "charge_interval_frequency": self.charge,
                "order_interval_frequency": self.order,
                "order_interval_unit": self.unit,
                **self.price_changes(found),
            }
            found = await upstream.client.subscriptions.update(
                self.subscription_id, commit=True, **changes
            )
            upstream.answers.append(found)
        if self.date is not None and found.next_charge_scheduled_at != self.date:
            answer = await upstream.client.subscriptions.set_next_charge_date(
                self.subscription_id, self.date, commit=True
            )
            upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        if found is None or not self.has_rhythm(found):
            return False
        return self.date in (None, found.next_charge_scheduled_at)

    def is_partly_done(self, situation: Situation) -> bool:
        found = situation.snapshot.subscription(self.subscription_id)
        return found is not None and self.has_rhythm(found)


class ChangeRhythm(_Rhythm):
    """Have it come in the rhythm of another plan of the product: ``PUT /subscriptions/{id}`` with
    all three fields, then ``set_next_charge_date``: the next delivery stays where it is."""

    name = "change rhythm"
    switch: ClassVar[str | None] = "edit_order_frequency"

    def concerned(self, situation: Situation) -> Subscription:
        found = super().concerned(situation)
        if self._plan(situation, found) is None:
            notice = say(
                "{name} is not offered {rhythm} here.", name=texts.name_of(found), rhythm=self.words
            )
            if not situation.snapshot.plans:
                notice = texts.being_read()
            raise NotPossible(notice=notice)
        return found

    def effect(self, situation: Situation) -> Effect:
        effect = super().effect(situation)
        if effect.change("skips") is None:
            return effect
        stays = (*effect.stays, say("This cannot be put back: the skipped dates would be lost."))
        return replace(effect, stays=stays)

    def new_price(self, situation: Situation, found: Subscription) -> Decimal | None:
        if not self._is_repriced(found):
            return found.price
        plan = self._plan(situation, found)
        offering = catalogue.offering(situation.snapshot, found.external_variant_id.ecommerce or "")
        if offering is None or currency_of(situation, found) != offering.price.currency:
            return None
        return catalogue.unit_price(offering.variant, plan)

    def price_changes(self, found: Subscription) -> SubscriptionChanges:
        # A payment for more deliveries costs more: Recharge is asked to work it out anew.
        return {"use_external_variant_defaults": True} if self._is_repriced(found) else {}

    def inverse(self, before: Situation) -> RhythmBack | None:
        """None where dates are skipped: they could not be as they were."""
        found = self.concerned(before)
        charge, order = found.charge_interval_frequency, found.order_interval_frequency
        unit: Any = found.order_interval_unit
        if charge is None or order is None or unit not in ("day", "week", "month"):
            return None
        if skipped_dates(before, found) or (self._is_repriced(found) and found.price is None):
            return None
        day = found.next_charge_scheduled_at
        if day is not None and not can_come(before, day):
            return None
        return RhythmBack(
            address_id=self.address_id,
            subscription_id=self.subscription_id,
            charge=charge,
            order=order,
            unit=str(unit),  # type: ignore[arg-type]  # one of the three: see above
            date=found.next_charge_scheduled_at,
            price=found.price if self._is_repriced(found) else None,
        )

    def _is_repriced(self, found: Subscription) -> bool:
        """Whether one payment buys another number of deliveries than now."""
        charge, order = found.charge_interval_frequency, found.order_interval_frequency
        return bool(charge and order and charge // order != self.charge // self.order)

    def _plan(self, situation: Situation, found: Subscription) -> Plan | None:
        for plan in choices(situation.snapshot, found):
            if rhythm_of_plan(plan) == (self.charge, self.order, self.unit):
                return plan
        return None


class RhythmBack(_Rhythm):
    """Take a change of rhythm back, with the old date and price. It is made as the way back of one
    alone: no customer chooses a price."""

    name = "rhythm back"

    price: Annotated[Decimal, Field(ge=0)] | None = None

    def new_price(self, situation: Situation, found: Subscription) -> Decimal | None:
        return found.price if self.price is None else self.price

    def price_changes(self, found: Subscription) -> SubscriptionChanges:
        return {} if self.price is None else {"price": self.price}


def choices(snapshot: Snapshot, found: Subscription) -> tuple[Plan, ...]:
    """The plans among which a subscription's rhythm can be chosen, in the merchant's order.

    Paid ahead stays paid ahead: the API keeps both kinds apart.
    """
    plans = catalogue.displayed_plans(snapshot, found.external_product_id.ecommerce)
    fitting = catalogue.plans_of(plans, found.external_variant_id.ecommerce or "")
    return tuple(plan for plan in fitting if catalogue.is_prepaid(plan) == found.is_prepaid)


def skipped_dates(situation: Situation, found: Subscription) -> tuple[datetime.date, ...]:
    """The dates from today on that a subscription is skipped on."""
    return tuple(sorted(set(skipped_days(situation, found.id))))


def _skips_changes(
    situation: Situation, after: Situation, found: Subscription
) -> tuple[Change, ...]:
    """Skipped dates are forgotten; on those that the new rhythm falls on, it comes again."""
    skipped = skipped_dates(situation, found)
    if not skipped:
        return ()
    coming = set(dates_of(after, found.id, most=1000))
    back = [day for day in skipped if day in coming]
    if not back:
        text = say("What you skipped on {dates} is forgotten.", dates=list(skipped))
    elif len(back) == len(skipped):
        text = say("You had skipped {dates}: it comes on these dates again.", dates=back)
    else:
        text = say(
            "What you skipped on {dates} is forgotten: it comes on {back} again.",
            dates=list(skipped),
            back=back,
        )
    return (Change("skips", text),)


def _newest(upstream: Upstream, subscription_id: int) -> Subscription:
    """The subscription as it was read or answered last."""
    found = upstream.situation.snapshot.subscription(subscription_id)
    answered = [
        each
        for each in upstream.answers
        if isinstance(each, Subscription) and each.id == subscription_id
    ]
    if found is None:
        raise NotPossible(notice=say("This subscription is not there any more."))
    for each in answered:
        is_newer = None not in (each.updated_at, found.updated_at) and (
            each.updated_at > found.updated_at  # type: ignore[operator]  # neither is None
        )
        found = each if is_newer else found
    return found

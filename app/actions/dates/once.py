"""Move a single delivery of a subscription, while all later ones keep their dates.

Recharge has no such call: a new next date moves everything after it. So the date is skipped, and
the same goods are added once, on the new day and at the subscription's price.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Self, TypedDict

from pydantic import Field

from app.actions.at_address import AddressAction, Id, check_address, check_subscription
from app.actions.base import Action, Upstream
from app.actions.comparison import NewItemPromise, compared
from app.actions.dates import rules, texts
from app.actions.deliveries.skips import SkipDelivery
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import NEW_ID, with_item
from app.actions.onetimes.changes import RemoveOnetime
from app.actions.saga import Saga
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Snapshot, charge_rhythm
from app.recharge import Onetime, Property, Subscription


class _Priced(TypedDict, total=False):
    """A price of our own: without one, Recharge takes the shop's."""

    price: Decimal


Known = Annotated[tuple[Id, ...], Field(max_length=1000)]

_MARK = "_instead_of"
"""Name of the property that tells which delivery a one-time stands in for. Shopify shows customers
no property whose name begins with an underscore."""


class DeliverOnce(AddressAction):
    """A subscription's goods come once on another day, in the place of a delivery that is skipped:
    ``POST /onetimes`` with the subscription's variant, quantity, price and properties.

    Only in the place of a skipped one, and once for each: nobody gets more at the subscription's
    price than before. So it is marked with what it stands in for, as a property. A second POST
    would add a second product, so it is never repeated by itself.

    instead_of:    the day that is skipped
    to_address_id: where it comes; None is where the subscription goes
    known:         the one-times that were there before, by which a new one is recognised
    """

    name = "deliver subscription once"
    switch: ClassVar[str | None] = "onetime_enabled"
    is_safe_to_repeat: ClassVar[bool] = False

    subscription_id: Id
    instead_of: datetime.date
    date: datetime.date
    to_address_id: Id | None = None
    known: Known | None = None

    @property
    def goes_to(self) -> int:
        """The address at which it comes."""
        return self.to_address_id or self.address_id

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(sorted({self.object, f"address {self.goes_to}"}))

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        check_address(situation, self.goes_to)
        check_subscription(situation, self.subscription_id)

    def check(self, situation: Situation) -> None:
        self._concerned(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        subscription = situation.snapshot.subscription(self.subscription_id)
        facts = texts.shown_of(subscription)
        # The date is left out: skipping is what changes it.
        return (
            *(fact for fact in facts if fact.name != "date"),
            self._shown_instead(situation),
        )

    def foreseen(self, situation: Situation) -> Snapshot:
        subscription = self._concerned(situation)
        return with_item(situation.snapshot, self._new(situation, subscription))

    def effect(self, situation: Situation) -> Effect:
        subscription = self._concerned(situation)
        item = texts.called(subscription)
        new = self._new(situation, subscription)
        return Effect(
            question=say("Get {item} on {date}?", item=item, date=self.date),
            confirm=say("Add {item} on {date}", item=item, date=self.date),
            done=say("{item} comes on {date}.", item=item, date=self.date),
            changes=compared(situation, self.after(situation), {new.id}),
            promises=(
                NewItemPromise(
                    address_id=self.goes_to,
                    day=self.date,
                    title=new.product_title,
                    quantity=new.quantity,
                    known=frozenset(one.id for one in situation.snapshot.onetimes),
                ),
            ),
        )

    def spelled_out(self, situation: Situation) -> Self:
        if self.known is not None:
            return self
        return self.model_copy(update={"known": known_onetimes(situation)})

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("charges", "onetimes")

    async def run(self, upstream: Upstream) -> None:
        subscription = self._concerned(upstream.situation)
        priced: _Priced = {} if subscription.price is None else {"price": subscription.price}
        answer = await upstream.client.onetimes.create(
            address_id=self.goes_to,
            external_product_id=subscription.external_product_id,
            external_variant_id=subscription.external_variant_id,
            next_charge_scheduled_at=self.date,
            product_title=subscription.product_title,
            properties=[each.model_dump(mode="json") for each in self._properties(subscription)],
            quantity=subscription.quantity,
            **priced,
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        return self._made(upstream.situation) is not None

    def inverse_after(self, before: Situation, after: Situation) -> RemoveOnetime | None:
        made = self._made(after)
        if made is None:
            return None
        return RemoveOnetime(address_id=self.goes_to, onetime_id=made.id)

    def possible_until(self, situation: Situation) -> datetime.datetime:
        return situation.changes_end(self.date) - datetime.timedelta.resolution

    def _concerned(self, situation: Situation) -> Subscription:
        """The subscription of which one delivery comes on another day.

        Raises:
            NotPossible: it cannot be done, with the reason.
        """
        subscription = rules.active(situation, self.subscription_id)
        if subscription.address_id != self.address_id:
            raise NotPossible(notice=texts.elsewhere(subscription))
        if situation.snapshot.address(self.goes_to) is None:
            raise NotPossible(notice=say("This address is not there any more."))
        if self.instead_of not in rules.skipped_days(situation, subscription.id):
            notice = say("Your delivery of {date} is not skipped.", date=self.instead_of)
            raise NotPossible(notice=notice)
        if there := self._instead(situation):
            raise NotPossible(notice=_instead_already(there[0], self.instead_of))
        rules.refuse_day(situation, self.date)
        return subscription

    def _properties(self, subscription: Subscription) -> tuple[Property, ...]:
        """Those of the subscription, and what the one-time stands in for."""
        return *subscription.properties, Property(name=_MARK, value=self._mark)

    @property
    def _mark(self) -> str:
        return f"subscription {self.subscription_id}, {self.instead_of.isoformat()}"

    def _instead(self, situation: Situation) -> tuple[Onetime, ...]:
        """What comes already in the place of the skipped delivery."""
        return tuple(
            one
            for one in situation.snapshot.onetimes
            if not one.is_cancelled
            and any((each.name, each.value) == (_MARK, self._mark) for each in one.properties)
        )

    def _shown_instead(self, situation: Situation) -> Shown:
        there = self._instead(situation)
        now = say("Nothing comes in the place of your delivery of {date}.", date=self.instead_of)
        if there:
            now = _instead_already(there[0], self.instead_of)
        return Shown("instead", " ".join(str(one.id) for one in there), now)

    def _new(self, situation: Situation, subscription: Subscription) -> Onetime:
        """The one-time as Recharge will make it."""
        taken = {one.id for one in situation.snapshot.onetimes}
        return Onetime(
            id=next(id for id in range(NEW_ID, NEW_ID + len(taken) + 1) if id not in taken),
            address_id=self.goes_to,
            customer_id=subscription.customer_id,
            external_product_id=subscription.external_product_id,
            external_variant_id=subscription.external_variant_id,
            next_charge_scheduled_at=self.date,
            presentment_currency=subscription.presentment_currency,
            price=subscription.price,
            product_title=subscription.product_title,
            properties=self._properties(subscription),
            quantity=subscription.quantity,
            variant_title=subscription.variant_title,
        )

    def _made(self, situation: Situation) -> Onetime | None:
        """The one-time that has been added since: it bears the mark of what it stands for."""
        known = set(self.known or ())
        for one in self._instead(situation):
            is_there = (one.address_id, one.next_charge_scheduled_at) == (self.goes_to, self.date)
            if is_there and one.id not in known and one.id < NEW_ID:
                return one
        return None


class MoveOnce(Saga):
    """The next delivery of a subscription comes on another date; all later ones keep theirs.

    from_date: the date it stands on now; None is whatever that is
    known:     see `DeliverOnce`
    """

    name = "move subscription once"
    switch: ClassVar[str | None] = "edit_scheduled_date"

    address_id: Id
    subscription_id: Id
    date: datetime.date
    from_date: datetime.date | None = None
    known: Known | None = None

    @property
    def object(self) -> str:
        return f"address {self.address_id}"

    def check_owner(self, situation: Situation) -> None:
        check_address(situation, self.address_id)
        check_subscription(situation, self.subscription_id)

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        day = self.from_date or self._concerned(situation)[1]
        skip = SkipDelivery(
            address_id=self.address_id, date=day, purchase_item_ids=(self.subscription_id,)
        )
        deliver = DeliverOnce(
            address_id=self.address_id,
            subscription_id=self.subscription_id,
            instead_of=day,
            date=self.date,
            known=self.known,
        )
        return skip, deliver

    def check(self, situation: Situation) -> None:
        self._concerned(situation)

    def effect(self, situation: Situation) -> Effect:
        subscription, day = self._concerned(situation)
        item = texts.called(subscription)
        after = self.after(situation)
        new = max(one.id for one in after.snapshot.onetimes)
        how = say(
            "Your delivery of {day} is skipped, and the same comes once on {date}, "
            "at the same price.",
            day=day,
            date=self.date,
        )
        return self.told(
            situation,
            question=say("When should {item} come next?", item=item),
            confirm=say("Move to {date}", date=self.date),
            done=say("{item} comes on {date} this once.", item=item, date=self.date),
            changes=(
                Change("how", how, before=day, after=self.date),
                *_taken_along(situation, after),
                *compared(situation, after, {subscription.id, new}),
            ),
            stays=(
                say("Later deliveries keep their dates."),
                say("Everything else you get keeps its dates."),
            ),
        )

    def spelled_out(self, situation: Situation) -> Self:
        _, day = self._concerned(situation)
        return self.model_copy(update={"from_date": day, "known": known_onetimes(situation)})

    def _concerned(self, situation: Situation) -> tuple[Subscription, datetime.date]:
        """The subscription, and the date that its next delivery leaves.

        Raises:
            NotPossible: it cannot be done, with the reason.
        """
        subscription = rules.active(situation, self.subscription_id)
        planned = subscription.next_charge_scheduled_at
        if subscription.address_id != self.address_id:
            raise NotPossible(notice=texts.elsewhere(subscription))
        if planned is None:
            raise NotPossible(notice=texts.no_date(subscription))
        if self.from_date not in (None, planned):
            raise NotPossible(notice=texts.moved_meanwhile(subscription, planned))
        rules.refuse_late(situation, planned)
        rules.refuse_day(situation, self.date)
        rules.refuse_skipped(situation, {subscription.id}, self.date)
        if self.date in charge_rhythm(subscription).dates(planned, self.date):
            raise NotPossible(notice=texts.there_already(self.date))
        return subscription, planned


def known_onetimes(situation: Situation) -> tuple[int, ...]:
    """The ids of all one-times that are there."""
    return tuple(sorted(one.id for one in situation.snapshot.onetimes if one.id < NEW_ID))


def _instead_already(one: Onetime, day: datetime.date) -> Message:
    if one.next_charge_scheduled_at is None:
        return say(
            "{item} comes already in the place of your delivery of {day}.",
            item=texts.called(one),
            day=day,
        )
    return say(
        "{item} comes on {date} already, in the place of your delivery of {day}.",
        item=texts.called(one),
        date=one.next_charge_scheduled_at,
        day=day,
    )


def _taken_along(before: Situation, after: Situation) -> list[Change]:
    """One-time products that leave with the delivery that is skipped."""
    told = []
    for one in before.snapshot.onetimes:
        moved = after.snapshot.onetime(one.id)
        day = moved.next_charge_scheduled_at if moved else None
        if day is not None and day != one.next_charge_scheduled_at:
            text = say("{item} will come on {date} instead.", item=texts.called(one), date=day)
            told.append(Change("onetimes", text, after=day))
    return told

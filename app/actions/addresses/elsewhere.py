"""Have one subscription, or one delivery, go to an address that is not there yet.

Each is a change of several steps: the address is made first, without anything that goes there, and
only what follows is sent to it. Where a step is refused, what was made before it stays, the
customer is told which that is, and may try the rest.
"""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from app.actions.addresses import elsewhere_texts as texts
from app.actions.addresses.add import AddAddress, paid_with
from app.actions.addresses.move import MoveToAddress
from app.actions.addresses.onetimes import OnetimeToAddress
from app.actions.addresses.postal import PostalInput
from app.actions.addresses.texts import gone, joins_and_splits, onetime_goes, place
from app.actions.at_address import Id, check_address, check_items, check_subscription
from app.actions.base import Action
from app.actions.comparison import DatesPromise, compared, lost_discounts
from app.actions.dates.once import DeliverOnce
from app.actions.deliveries.skips import SkipDelivery
from app.actions.effect import Effect
from app.actions.errors import NotPossible
from app.actions.foresight import NEW_ID
from app.actions.principal import Level
from app.actions.products.texts import name_of
from app.actions.saga import Saga, Stage
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Delivery
from app.recharge import Address


class ToNewAddress(Saga):
    """What goes to an address that an earlier step makes.

    address_id:        where it goes now
    postal:            where it is to go
    payment_method_id: what pays there; None is what pays for the address now
    currency:          as `payment_method_id`
    """

    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE

    address_id: Id
    postal: PostalInput | None
    payment_method_id: Id | None = None
    currency: str | None = None

    @property
    def goes_to(self) -> int:
        """The address that it goes to, as the later steps name it."""
        return NEW_ID

    @property
    def object(self) -> str:
        return f"address {self.address_id}"

    @property
    def objects(self) -> tuple[str, ...]:
        names = {self.object}
        if self.goes_to != NEW_ID:
            names.add(f"address {self.goes_to}")
        return tuple(sorted({*names, *(step.object for step in self._adding())}))

    def check_owner(self, situation: Situation) -> None:
        for id in (self.address_id, self.goes_to):
            check_address(situation, id)
        for step in self._adding():
            step.check_owner(situation)

    def spelled_out(self, situation: Situation) -> Self:
        for step in self._adding(situation):
            update = {"payment_method_id": step.payment_method_id, "currency": step.currency}
            return self.model_copy(update=update)
        return self

    def _adding(self, situation: Situation | None = None) -> tuple[AddAddress, ...]:
        """The step that makes the address, where it is not there yet."""
        if self.postal is None:
            return ()
        method, currency = self.payment_method_id, self.currency
        found = situation.snapshot.address(self.address_id) if situation else None
        if found is not None:
            method = method or found.payment_method_id
            currency = currency or found.presentment_currency
        return (AddAddress(postal=self.postal, payment_method_id=method, currency=currency),)

    def _places(self, situation: Situation, after: Situation) -> tuple[Address, Address]:
        old = situation.snapshot.address(self.address_id)
        new = after.snapshot.address(self.goes_to)
        if old is None or new is None:
            raise NotPossible(notice=gone())
        return old, new


class MoveToNewAddress(ToNewAddress):
    """Have a subscription delivered to a new address, from its next delivery on."""

    name = "move to new address"

    postal: PostalInput
    subscription_id: Id

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        check_subscription(situation, self.subscription_id)

    def check(self, situation: Situation) -> None:
        self._moving().concerned(situation)
        for step in self._adding(situation):
            step.check(situation)

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        return (*self._adding(situation), self._moving())

    def effect(self, situation: Situation) -> Effect:
        found = self._moving().concerned(situation)
        after = self.after(situation)
        old, new = self._places(situation, after)
        name = name_of(found)
        changes = [
            texts.goes(name, old, new),
            *texts.going(after, NEW_ID, new),
            *joins_and_splits(situation, after, {found.id}),
            *(
                change
                for change in compared(situation, after, {found.id})
                if change.name not in ("together", "rest")
            ),
            *texts.forgotten(situation, found),
            *texts.discount_left(old, new),
            paid_with(situation, new.payment_method_id),
        ]
        day = found.next_charge_scheduled_at
        stays = texts.staying(situation, after)
        if day is not None:
            stays.append(say("The next delivery stays on {date}.", date=day))
        return self.told(
            situation,
            question=say("Where should {name} go?", name=name),
            confirm=say("Deliver to {place}", place=place(new)),
            done=say("{name} now goes to {place}.", name=name, place=place(new)),
            changes=changes,
            stays=stays,
            promises=(DatesPromise.of(after, found.id),),
        )

    def _moving(self) -> MoveToAddress:
        return MoveToAddress(
            address_id=self.address_id,
            subscription_id=self.subscription_id,
            to_address_id=self.goes_to,
        )


class SendElsewhereOnce(ToNewAddress):
    """Have one delivery come to another address, once; all others keep theirs.

    Recharge has no such call. So the address is made, where it is not there yet; what comes once in
    that delivery goes there; the date is skipped; and the same goods come there once on that day,
    at the same price.

    postal:           the new address; None where it is there: then `to_address_id`
    subscription_ids: those whose delivery it is; None is all that are in it
    onetime_ids:      what comes once in it; None is all that is in it
    """

    name = "send elsewhere once"

    postal: PostalInput | None = None
    to_address_id: Id | None = None
    date: datetime.date
    subscription_ids: Annotated[tuple[Id, ...], Field(max_length=250)] | None = None
    onetime_ids: Annotated[tuple[Id, ...], Field(max_length=250)] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.postal is None) == (self.to_address_id is None):
            raise ValueError("either a new address, or one that is there")
        return self

    @property
    def goes_to(self) -> int:
        return self.to_address_id or NEW_ID

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        check_items(situation, (*(self.subscription_ids or ()), *(self.onetime_ids or ())))

    def check(self, situation: Situation) -> None:
        for step in self._adding(situation):
            step.check(situation)
        if self.to_address_id is not None:
            texts.refuse_place(situation, self.address_id, self.to_address_id)
        self.check_delivery(situation)

    def check_delivery(self, situation: Situation) -> None:
        """Whether this delivery can go elsewhere at all.

        Raises:
            NotPossible: it cannot, with the reason.
        """
        self.check_offered(situation)
        subscriptions, onetimes = self._items(situation)
        if subscriptions:
            self._skipping(subscriptions).check(situation)
        for id in subscriptions:
            texts.refuse_prepaid(situation, id)
        for step in self._taking_along(onetimes):
            step.check(situation)

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        subscriptions, onetimes = self._items(situation)
        if not subscriptions and not onetimes:
            raise NotPossible(notice=texts.nothing_there(self.date))
        # What comes once moves on with a delivery that is skipped, so it goes first.
        return (
            *self._adding(situation),
            *self._taking_along(onetimes),
            *((self._skipping(subscriptions),) if subscriptions else ()),
            *(self._delivering(id) for id in subscriptions),
        )

    def step_text(self, stage: Stage) -> Message:
        if isinstance(stage.step, OnetimeToAddress):
            return onetime_goes(stage.before, stage.step.onetime_id)
        return super().step_text(stage)

    def effect(self, situation: Situation) -> Effect:
        self.check(situation)
        delivery = self._delivery(situation)
        after = self.after(situation)
        old, new = self._places(situation, after)
        return self.told(
            situation,
            question=say("Where should your delivery of {date} go?", date=self.date),
            confirm=say("Send it to {place} this once", place=place(new)),
            done=say(
                "Your delivery of {date} goes to {place} this once.",
                date=self.date,
                place=place(new),
            ),
            changes=(
                *texts.goes_once(delivery, old, new),
                *texts.cost_there(delivery, after, self.goes_to),
                paid_with(situation, new.payment_method_id),
                *texts.discount_left(old, new),
                *lost_discounts(situation, after),
            ),
            stays=[
                *texts.staying(situation, after),
                say("All deliveries keep their dates."),
            ],
        )

    def spelled_out(self, situation: Situation) -> Self:
        subscriptions, onetimes = self._items(situation)
        update = {"subscription_ids": subscriptions, "onetime_ids": onetimes}
        return super().spelled_out(situation).model_copy(update=update)

    def _items(self, situation: Situation) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The subscriptions and the one-times of the delivery."""
        if self.subscription_ids is not None and self.onetime_ids is not None:
            return self.subscription_ids, self.onetime_ids
        items = self._delivery(situation).items
        return texts.ids_of(items, "subscription"), texts.ids_of(items, "onetime")

    def _delivery(self, situation: Situation) -> Delivery:
        found = situation.delivery(self.address_id, self.date, skipped=False)
        if found is None:
            raise NotPossible(notice=texts.nothing_there(self.date))
        return found

    def _taking_along(self, onetime_ids: tuple[int, ...]) -> tuple[OnetimeToAddress, ...]:
        return tuple(
            OnetimeToAddress(address_id=self.address_id, onetime_id=id, to_address_id=self.goes_to)
            for id in onetime_ids
        )

    def _skipping(self, subscription_ids: tuple[int, ...]) -> SkipDelivery:
        return SkipDelivery(
            address_id=self.address_id, date=self.date, purchase_item_ids=subscription_ids
        )

    def _delivering(self, subscription_id: int) -> DeliverOnce:
        return DeliverOnce(
            address_id=self.address_id,
            subscription_id=subscription_id,
            instead_of=self.date,
            date=self.date,
            to_address_id=self.goes_to,
        )

"""The same change of several subscriptions at once, with a result for each of them.

Each subscription is a step. Changes of quantity, rhythm and date go to Recharge together, at most
20 of an address in one call (`app.actions.several.bulk`); all others take a call each. What cannot
be changed of one does not keep the others from being changed.
"""

from __future__ import annotations

import datetime
from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from app.actions.addresses.move import MoveToAddress
from app.actions.addresses.texts import joins_and_splits, place
from app.actions.at_address import Id, check_address
from app.actions.base import Action
from app.actions.comparison import DatesPromise, compared, cost, due
from app.actions.dates.subscriptions import MoveSubscription
from app.actions.effect import Change, Effect, Promise
from app.actions.errors import NotPossible
from app.actions.principal import Level
from app.actions.products import texts
from app.actions.products.quantities import ChangeQuantity, Quantity
from app.actions.products.rhythms import ChangeRhythm, Count, Unit
from app.actions.saga import Saga, Stage
from app.actions.situation import Situation
from app.i18n import Message, Value, say, say_many
from app.recharge import Subscription

MOST = 250
"""Subscriptions in one change."""


class Which(BaseModel):
    """A subscription, and the address that it goes to: writes to an address go one by one."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    address_id: Id
    subscription_id: Id


class ChangeSeveral(Saga):
    """The same change of several subscriptions."""

    subscriptions: Annotated[tuple[Which, ...], Field(min_length=1, max_length=MOST)]

    @property
    def object(self) -> str:
        return f"address {self.subscriptions[0].address_id}"

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(sorted({f"address {which.address_id}" for which in self.subscriptions}))

    @property
    def is_independent(self) -> bool:
        return True

    @property
    def goes_in_bulk(self) -> bool:
        return True

    @abstractmethod
    def step(self, which: Which) -> Action:
        """The change of one of them."""

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        # What goes to one address stands together, so that it can go in one call.
        listed = sorted(dict.fromkeys(self.subscriptions), key=lambda which: which.address_id)
        return tuple(self.step(which) for which in listed)

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def check_owner(self, situation: Situation) -> None:
        for which in self.subscriptions:
            check_address(situation, which.address_id)
        super().check_owner(situation)

    def step_text(self, stage: Stage) -> Message:
        found = _subscription(stage.before, stage.step)
        return say(
            "{name}: {change}",
            name=texts.name_of(found),
            change=stage.step.press(stage.before),
        )

    def item_changes(self, situation: Situation) -> list[Change]:
        """What changes for each of them, in its name."""
        changes = []
        for stage in self.stages(situation):
            found = _subscription(stage.before, stage.step)
            old, new = self.sides(stage, found, _subscription(_after(stage), stage.step))
            text = say(
                "{name}: {after} instead of {before}",
                name=texts.name_of(found),
                after=new,
                before=old,
            )
            changes.append(Change(f"item {found.id}", text, before=old, after=new))
        return changes

    def sides(self, stage: Stage, old: Subscription, new: Subscription) -> tuple[Value, Value]:
        """What one of them is before and after, for `item_changes`."""
        raise NotImplementedError

    @property
    def ids(self) -> frozenset[int]:
        """The subscriptions."""
        return frozenset(which.subscription_id for which in self.subscriptions)

    def told_of_all(
        self,
        situation: Situation,
        *,
        question: Message,
        confirm: Message,
        done: Message,
        more: Sequence[Change] = (),
        promises: Sequence[Promise] | None = None,
    ) -> Effect:
        """The effect, with a line for each subscription and what it does to the deliveries."""
        general = compared(situation, self.after(situation), self.ids)
        kept = [change for change in general if change.name in ("dates", "discount")]
        return self.told(
            situation,
            question=question,
            confirm=confirm,
            done=done,
            changes=[*self.item_changes(situation), *more, *kept],
            promises=promises,
        )

    def dates_promised(self, after: Situation) -> list[Promise]:
        """When each of them comes, once all are changed."""
        return [DatesPromise.of(after, which.subscription_id) for which in self.subscriptions]


class ChangeSeveralQuantities(ChangeSeveral):
    """Get that many of each from now on."""

    name = "change several quantities"
    switch: ClassVar[str | None] = "change_quantity"

    quantity: Quantity

    def step(self, which: Which) -> ChangeQuantity:
        return ChangeQuantity(**dict(which), quantity=self.quantity)

    def sides(self, stage: Stage, old: Subscription, new: Subscription) -> tuple[Value, Value]:
        return old.quantity, new.quantity

    def effect(self, situation: Situation) -> Effect:
        count = len(self.ids)
        return self.told_of_all(
            situation,
            question=say("How many of each?"),
            confirm=say("Get {quantity} of each", quantity=self.quantity),
            done=say_many(
                "You now get {quantity} each time, of {count} subscription.",
                "You now get {quantity} each time, of {count} subscriptions.",
                count,
                quantity=self.quantity,
            ),
        )


class ChangeSeveralRhythms(ChangeSeveral):
    """Have all of them come in the same rhythm. Their next deliveries stay where they are."""

    name = "change several rhythms"
    switch: ClassVar[str | None] = "edit_order_frequency"

    charge: Count
    order: Count
    unit: Unit

    def step(self, which: Which) -> ChangeRhythm:
        rhythm = {"charge": self.charge, "order": self.order, "unit": self.unit}
        return ChangeRhythm(**dict(which), **rhythm)  # type: ignore[arg-type]  # as above

    def sides(self, stage: Stage, old: Subscription, new: Subscription) -> tuple[Value, Value]:
        return texts.rhythm_of(old), texts.rhythm_of(new)

    def effect(self, situation: Situation) -> Effect:
        rhythm = texts.rhythm(self.charge, self.order, self.unit)
        count = len(self.ids)
        return self.told_of_all(
            situation,
            question=say("How often should they come?"),
            confirm=say("Change all to {rhythm}", rhythm=rhythm),
            done=say_many(
                "{count} subscription now comes {rhythm}.",
                "{count} subscriptions now come {rhythm}.",
                count,
                rhythm=rhythm,
            ),
        )


class AlignDates(ChangeSeveral):
    """Have several subscriptions come on one date, and from then on in their own rhythms."""

    name = "align dates"
    switch: ClassVar[str | None] = "edit_scheduled_date"

    date: datetime.date

    def step(self, which: Which) -> MoveSubscription:
        return MoveSubscription(**dict(which), date=self.date)

    def sides(self, stage: Stage, old: Subscription, new: Subscription) -> tuple[Value, Value]:
        return old.next_charge_scheduled_at or say("no date"), self.date

    def effect(self, situation: Situation) -> Effect:
        after = self.after(situation)
        changes: list[Change] = self.item_changes(situation)
        together = [one for one in due(after, self.ids) if one.date == self.date]
        for delivery in together:
            where = after.snapshot.address(delivery.address_id)
            values: dict[str, Value] = {"date": self.date, "cost": cost(delivery)}
            text = say("The delivery of {date} costs {cost}.", **values)
            if len(together) > 1 and where is not None:
                text = say("{date} to {place}: {cost}.", **values, place=place(where))
            changes.append(Change("total", text, after=cost(delivery)))
        changes += [
            change
            for change in compared(situation, after, self.ids)
            if change.name in ("rest", "discount")
        ]
        return self.told(
            situation,
            question=say("When should they come together?"),
            confirm=say("Bring them together on {date}", date=self.date),
            done=say("They now come together on {date}.", date=self.date),
            changes=changes,
            stays=_apart(situation, self.ids),
        )


class MoveSeveralToAddress(ChangeSeveral):
    """Deliver several subscriptions to another address: a call for each."""

    name = "move several to address"
    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE

    to_address_id: Id
    date: datetime.date | None = None

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(sorted({*super().objects, f"address {self.to_address_id}"}))

    @property
    def goes_in_bulk(self) -> bool:
        return False

    def check_owner(self, situation: Situation) -> None:
        check_address(situation, self.to_address_id)
        super().check_owner(situation)

    def step(self, which: Which) -> MoveToAddress:
        return MoveToAddress(**dict(which), to_address_id=self.to_address_id, date=self.date)

    def sides(self, stage: Stage, old: Subscription, new: Subscription) -> tuple[Value, Value]:
        return _place_of(stage.before, old), _place_of(_after(stage), new)

    def effect(self, situation: Situation) -> Effect:
        target = situation.snapshot.address(self.to_address_id)
        if target is None:
            raise NotPossible(notice=say("This address is not there any more."))
        count = len(self.ids)
        return self.told_of_all(
            situation,
            question=say("Where should they go?"),
            confirm=say("Deliver to {place}", place=place(target)),
            done=say_many(
                "{count} subscription now goes to {place}.",
                "{count} subscriptions now go to {place}.",
                count,
                place=place(target),
            ),
            more=joins_and_splits(situation, self.after(situation), self.ids),
        )


def which(found: Subscription) -> Which:
    """How a subscription is named in a change of several."""
    return Which(address_id=found.address_id, subscription_id=found.id)


def _after(stage: Stage) -> Situation:
    return stage.after


def _subscription(situation: Situation, step: Action) -> Subscription:
    found = situation.snapshot.subscription(getattr(step, "subscription_id", 0))
    if found is None:
        raise NotPossible(notice=say("This subscription is not there any more."))
    return found


def _place_of(situation: Situation, found: Subscription) -> Message:
    address = situation.snapshot.address(found.address_id)
    return place(address) if address else say("an address that is not there any more")


def _apart(situation: Situation, ids: Sequence[int] | frozenset[int]) -> tuple[Message, ...]:
    """What to know where the rhythms differ: they meet once, and then go their own ways."""
    rhythms = {
        str(texts.rhythm_of(found)) for found in situation.snapshot.subscriptions if found.id in ids
    }
    if len(rhythms) < 2:
        return ()
    return (say("Each keeps how often it comes, so later deliveries may come apart again."),)

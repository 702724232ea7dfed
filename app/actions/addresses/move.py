"""Have a subscription delivered to another address of the customer."""

from __future__ import annotations

import datetime
from typing import ClassVar

from app.actions.addresses.texts import joins_and_splits, place
from app.actions.at_address import Id, check_address
from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, compared
from app.actions.dates.rules import can_come, refuse_day
from app.actions.effect import Change, Effect
from app.actions.errors import NotPossible
from app.actions.foresight import with_item, without_skips
from app.actions.principal import Level
from app.actions.products import texts
from app.actions.products.rhythms import skipped_dates
from app.actions.products.subscriptions import SubscriptionAction
from app.actions.situation import Situation
from app.i18n import say
from app.mirror import Snapshot
from app.recharge import Address, Subscription


class MoveToAddress(SubscriptionAction):
    """Deliver a subscription to another address, from its next delivery on:
    ``POST /subscriptions/{id}/change_address``. It costs one call for each subscription.

    to_address_id: an address of the same customer
    date:          when it comes next there; None keeps the date as it is
    """

    name = "move to address"
    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE
    leaves_failed = True

    to_address_id: Id
    date: datetime.date | None = None

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(sorted({self.object, f"address {self.to_address_id}"}))

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        check_address(situation, self.to_address_id)

    def concerned(self, situation: Situation) -> Subscription:
        """The subscription, when it can go elsewhere now.

        Raises:
            NotPossible: it cannot be changed, or goes there already.
        """
        found = super().concerned(situation)
        if self.to_address_id == found.address_id:
            notice = say("{name} goes there already.", name=texts.name_of(found))
            raise NotPossible(notice=notice)
        if self.date not in (None, found.next_charge_scheduled_at):
            refuse_day(situation, self.date or situation.today)
        return found

    def check(self, situation: Situation) -> None:
        self.concerned(situation)

    def foreseen(self, situation: Situation) -> Snapshot:
        found = self.concerned(situation)
        after = situation.snapshot
        for day in skipped_dates(situation, found):
            after = without_skips(after, found.id, on=day)
        update = {
            "address_id": self.to_address_id,
            "next_charge_scheduled_at": self.date or found.next_charge_scheduled_at,
        }
        return with_item(after, found.model_copy(update=update))

    def effect(self, situation: Situation) -> Effect:
        found = self.concerned(situation)
        after = self.after(situation)
        old, new = self._places(situation)
        name = texts.name_of(found)
        changes = [
            Change(
                "address",
                say("{name} goes to {place}.", name=name, place=place(new)),
                before=place(old),
                after=place(new),
            ),
            *joins_and_splits(situation, after, {found.id}),
            *(
                change
                for change in compared(situation, after, {found.id})
                if change.name not in ("together", "rest")
            ),
        ]
        skipped = skipped_dates(situation, found)
        if skipped:
            text = say(
                "What you skipped on {dates} is forgotten: it comes on those days again.",
                dates=list(skipped),
            )
            changes.append(Change("skips", text))
        stays = []
        day = found.next_charge_scheduled_at
        if day is not None and self.date in (None, day):
            stays.append(say("The next delivery stays on {date}.", date=day))
        return Effect(
            question=say("Where should {name} go?", name=name),
            confirm=say("Deliver to {place}", place=place(new)),
            done=say("{name} now goes to {place}.", name=name, place=place(new)),
            changes=tuple(changes),
            stays=tuple(stays),
            promises=(DatesPromise.of(after, found.id),),
        )

    async def run(self, upstream: Upstream) -> None:
        answer = await upstream.client.subscriptions.change_address(
            self.subscription_id, self.to_address_id, next_charge_scheduled_at=self.date
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        if found is None or found.address_id != self.to_address_id:
            return False
        return self.date in (None, found.next_charge_scheduled_at)

    def is_partly_done(self, situation: Situation) -> bool:
        found = situation.snapshot.subscription(self.subscription_id)
        return found is not None and found.address_id == self.to_address_id

    def inverse(self, before: Situation) -> MoveToAddress | None:
        found = self.concerned(before)
        if skipped_dates(before, found):
            return None  # they are forgotten, and nothing brings them back
        day = found.next_charge_scheduled_at
        if day is not None and self.date not in (None, day) and not can_come(before, day):
            return None
        return MoveToAddress(
            address_id=self.to_address_id,
            subscription_id=self.subscription_id,
            to_address_id=self.address_id,
            date=found.next_charge_scheduled_at,
        )

    def _places(self, situation: Situation) -> tuple[Address, Address]:
        old = situation.snapshot.address(self.address_id)
        new = situation.snapshot.address(self.to_address_id)
        if old is None or new is None:
            raise NotPossible(notice=say("This address is not there any more."))
        return old, new

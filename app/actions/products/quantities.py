"""How many of a product come each time."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, compared
from app.actions.effect import Change, Effect
from app.actions.errors import NotPossible
from app.actions.foresight import with_item
from app.actions.products import texts
from app.actions.products.subscriptions import SubscriptionAction, price_of
from app.actions.situation import Situation
from app.i18n import say
from app.mirror import Snapshot
from app.recharge import Subscription

MOST: Final = 999
"""More than that is asked of the shop itself."""

Quantity = Annotated[int, Field(ge=1, le=MOST)]


class ChangeQuantity(SubscriptionAction):
    """Get more or less of it each time, from the next delivery on: ``PUT /subscriptions/{id}``."""

    name = "change quantity"
    switch = "change_quantity"

    quantity: Quantity

    def concerned(self, situation: Situation) -> Subscription:
        found = super().concerned(situation)
        if found.quantity == self.quantity:
            notice = say("You get {quantity} of it already.", quantity=self.quantity)
            raise NotPossible(notice=notice)
        return found

    def foreseen(self, situation: Situation) -> Snapshot:
        found = self.concerned(situation)
        return with_item(situation.snapshot, found.model_copy(update={"quantity": self.quantity}))

    def effect(self, situation: Situation) -> Effect:
        found = self.concerned(situation)
        name = texts.name_of(found)
        after = self.after(situation)
        changes = [
            Change(
                "quantity",
                say(
                    "You get {quantity} instead of {before} each time.",
                    quantity=self.quantity,
                    before=found.quantity,
                ),
            )
        ]
        old, new = price_of(situation, found), price_of(after, self._changed(after))
        if old is not None and new is not None:
            changes.append(
                Change(
                    "price",
                    say("That is {price} each time, before shipping and tax.", price=new),
                    before=old,
                    after=new,
                )
            )
        changes += compared(situation, after, {found.id})
        stays = [say("Your delivery dates stay as they are.")]
        if found.is_prepaid:
            stays.append(say("Deliveries that you have paid for stay as they are."))
        return Effect(
            question=say("How many {name} each time?", name=name),
            confirm=say("Get {quantity} each time", quantity=self.quantity),
            done=say(
                "You now get {quantity} × {name} each time.", quantity=self.quantity, name=name
            ),
            changes=tuple(changes),
            stays=tuple(stays),
            promises=(DatesPromise.of(after, found.id),),
        )

    def check(self, situation: Situation) -> None:
        self.concerned(situation)

    async def run(self, upstream: Upstream) -> None:
        answer = await upstream.client.subscriptions.update(
            self.subscription_id, quantity=self.quantity, commit=True
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        return found is not None and found.quantity == self.quantity

    def inverse(self, before: Situation) -> ChangeQuantity | None:
        found = self.concerned(before)
        if found.quantity > MOST:
            return None
        return self.model_copy(update={"quantity": found.quantity})

    def _changed(self, after: Situation) -> Subscription:
        found = after.snapshot.subscription(self.subscription_id)
        assert found is not None  # noqa: S101
        return found

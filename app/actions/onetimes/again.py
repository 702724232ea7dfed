"""The same goods once more: several products added to one delivery."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from app.actions.at_address import Id, check_address
from app.actions.base import Action
from app.actions.comparison import lost_discounts
from app.actions.effect import Change, Effect
from app.actions.errors import NotPossible
from app.actions.names import called
from app.actions.onetimes import effects
from app.actions.onetimes.changes import AddOnetime, Pieces, VariantId
from app.actions.saga import Saga, Stage
from app.actions.situation import Situation
from app.i18n import Message, Money, say
from app.mirror import catalogue

MOST_GOODS = 50
"""Products that are ordered again by one press: each is a call."""


class Goods(BaseModel):
    """A product, and how many of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    variant_id: VariantId
    quantity: Pieces = 1


class BuyAgain(Saga):
    """Add several products to one delivery, or have them come on a day of their own: each as
    `AddOnetime` does it, one after the other.

    goods: each product once. What one of them is refused for does not keep the others from coming.
    """

    name = "buy again"
    switch: ClassVar[str | None] = "onetime_enabled"

    address_id: Id
    date: datetime.date
    goods: Annotated[tuple[Goods, ...], Field(min_length=1, max_length=MOST_GOODS)]

    @property
    def object(self) -> str:
        return f"address {self.address_id}"

    @property
    def is_independent(self) -> bool:
        return True

    def check_owner(self, situation: Situation) -> None:
        check_address(situation, self.address_id)

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        counted: dict[str, int] = {}
        for one in self.goods:
            counted[one.variant_id] = counted.get(one.variant_id, 0) + one.quantity
        return tuple(
            AddOnetime.of(
                address_id=self.address_id, date=self.date, variant_id=id, quantity=quantity
            )
            for id, quantity in counted.items()
        )

    def step_text(self, stage: Stage) -> Message:
        step = stage.step
        found = (
            catalogue.offering(stage.before.snapshot, step.variant_id, "onetime")
            if isinstance(step, AddOnetime)
            else None
        )
        if found is None or not isinstance(step, AddOnetime):
            return super().step_text(stage)
        name = called(found.title, found.variant_title)
        return say("{quantity} × {name}", quantity=step.quantity, name=name)

    def effect(self, situation: Situation) -> Effect:
        address = situation.snapshot.address(self.address_id)
        if address is None:
            raise NotPossible(notice=say("This address is not there any more."))
        if address.payment_method_id is None:
            notice = say("There is no payment method for this address yet. Please add one first.")
            raise NotPossible(notice=notice)
        stages = list(self.stages(situation))
        after = stages[-1].after
        is_alone = situation.delivery(self.address_id, self.date, skipped=False) is None
        where = (
            say("It comes by itself on {date}.", date=self.date)
            if is_alone
            else say("It comes with your delivery of {date}.", date=self.date)
        )
        changes = [
            *effects.costs(situation, after, self.address_id, [self.date]),
            *(self._line(stage, number) for number, stage in enumerate(stages)),
            Change("where", where),
            *lost_discounts(situation, after),
        ]
        return self.told(
            situation,
            question=say("Order this again for {date}?", date=self.date),
            confirm=say("Order for {date}", date=self.date),
            done=say("Your order comes on {date}.", date=self.date),
            changes=changes,
            stays=(say("It comes once. Your subscriptions stay as they are."),),
            amount=_sum_of(stages),
        )

    def _line(self, stage: Stage, number: int) -> Change:
        amount = stage.step.effect(stage.before).amount
        text = self.step_text(stage)
        if amount is not None:
            text = say("{item}: {amount}", item=text, amount=amount)
        return Change(f"item {number}", text)


def _sum_of(stages: list[Stage]) -> Money | None:
    """What all of it costs; None where that is not known of one of them."""
    amounts = [stage.step.effect(stage.before).amount for stage in stages]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts) or not known:
        return None
    return sum(known[1:], known[0] + Money(Decimal(0), known[0].currency))

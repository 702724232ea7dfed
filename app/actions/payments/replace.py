"""Remove a payment method that still pays for something: another one takes its place first."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from app.actions.addresses.texts import place
from app.actions.at_address import Id
from app.actions.base import Action
from app.actions.effect import Effect
from app.actions.payments.base import SWITCH, method_in
from app.actions.payments.give import GiveCard
from app.actions.payments.names import card_named
from app.actions.payments.remove import RemoveCard
from app.actions.saga import Saga, Stage
from app.actions.situation import Situation
from app.i18n import Message, say


class ReplaceCard(Saga):
    """Have another method pay where this one does, then remove it. Where an address is refused, it
    is not removed.

    payment_method_id: what goes
    by_id:             what takes its place
    address_ids:       where it pays; all of them, or it cannot be removed
    """

    name = "replace card"
    switch: ClassVar[str | None] = SWITCH
    needs_code = True

    payment_method_id: Id
    by_id: Id
    address_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]

    @property
    def object(self) -> str:
        return f"payment method {self.payment_method_id}"

    @property
    def objects(self) -> tuple[str, ...]:
        found = {name for one in self._parts() for name in one.objects}
        return tuple(sorted({self.object, *found}))

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        return self._parts()

    def step_text(self, stage: Stage) -> Message:
        step = stage.step
        if isinstance(step, GiveCard):
            address = stage.before.snapshot.address(step.address_id)
            if address is not None:
                return say("Deliveries to {place}", place=place(address))
        return super().step_text(stage)

    def effect(self, situation: Situation) -> Effect:
        old = card_named(method_in(situation, self.payment_method_id))
        new = card_named(method_in(situation, self.by_id))
        return self.told(
            situation,
            question=say("Remove {card}?", card=old),
            confirm=say("Pay with {other}, remove {card}", other=new, card=old),
            done=say("{card} is removed, and {other} pays in its place.", card=old, other=new),
            stays=(say("All deliveries keep their dates, and nothing is charged now."),),
        )

    def _parts(self) -> tuple[Action, ...]:
        given = (
            GiveCard(address_id=id, payment_method_id=self.by_id)
            for id in dict.fromkeys(self.address_ids)
        )
        return (*given, RemoveCard(payment_method_id=self.payment_method_id))

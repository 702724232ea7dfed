"""Another product in another rhythm: two steps, which go on after an interruption."""

from __future__ import annotations

import datetime
from typing import Self

from app.actions.at_address import Id
from app.actions.effect import Effect
from app.actions.errors import NotPossible
from app.actions.names import called
from app.actions.products import texts
from app.actions.products.rhythms import ChangeRhythm, Count, Unit
from app.actions.products.subscriptions import ExternalKey
from app.actions.products.swaps import SwapProduct
from app.actions.saga import Saga
from app.actions.situation import Situation
from app.i18n import say


class SwapWithRhythm(Saga):
    """Swap a product for one that does not come in the rhythm of now, and choose its rhythm. The
    next delivery stays on its date."""

    name = "swap with rhythm"
    switch = "change_product"

    address_id: Id
    subscription_id: Id
    variant_id: ExternalKey
    charge: Count
    order: Count
    unit: Unit
    date: datetime.date | None = None

    @property
    def object(self) -> str:
        return f"address {self.address_id}"

    def steps(self, situation: Situation) -> tuple[SwapProduct, ChangeRhythm]:
        which = {"address_id": self.address_id, "subscription_id": self.subscription_id}
        return (
            SwapProduct(**which, variant_id=self.variant_id, is_rhythm_kept=False),
            ChangeRhythm(
                **which, charge=self.charge, order=self.order, unit=self.unit, date=self.date
            ),
        )

    def effect(self, situation: Situation) -> Effect:
        swap, change = self.steps(situation)
        found, offering = swap.wanted(situation)
        before, after = texts.name_of(found), called(offering.title, offering.variant_title)
        return self.told(
            situation,
            question=say("Swap {before}?", before=before),
            confirm=say("Swap for {after}, {rhythm}", after=after, rhythm=change.words),
            done=say(
                "You now get {after} instead of {before}, {rhythm}.",
                after=after,
                before=before,
                rhythm=change.words,
            ),
        )

    def spelled_out(self, situation: Situation) -> Self:
        found = situation.snapshot.subscription(self.subscription_id)
        if found is None:
            raise NotPossible(notice=say("This subscription is not there any more."))
        return self.model_copy(update={"date": self.date or found.next_charge_scheduled_at})

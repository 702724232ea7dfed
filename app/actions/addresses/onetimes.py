"""Have what comes once go to another address."""

from __future__ import annotations

import datetime
from typing import ClassVar

from app.actions.addresses.texts import gone, joins_and_splits, place
from app.actions.at_address import Id, check_address
from app.actions.base import Upstream
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import with_item
from app.actions.names import called
from app.actions.onetimes import effects
from app.actions.onetimes.changes import OwnOnetimeAction
from app.actions.principal import Level
from app.actions.situation import Situation
from app.i18n import say
from app.mirror import Snapshot
from app.recharge import Onetime


class OnetimeToAddress(OwnOnetimeAction):
    """Deliver a one-time product to another address, on the day that it has:
    ``PUT /onetimes/{id}``."""

    name = "one-time product to address"
    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE

    to_address_id: Id

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(sorted({self.object, f"address {self.to_address_id}"}))

    def check_owner(self, situation: Situation) -> None:
        check_address(situation, self.address_id)
        check_address(situation, self.to_address_id)
        found = situation.snapshot.onetime(self.onetime_id)
        if found is not None and found.address_id != self.to_address_id:
            super().check_owner(situation)

    def check(self, situation: Situation) -> None:
        self._going(situation)

    def spelled_out(self, situation: Situation) -> OnetimeToAddress:
        return self

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.onetime(self.onetime_id)
        where = situation.snapshot.address(found.address_id) if found else None
        now = say("It goes to {place} now.", place=place(where)) if where else effects.gone()
        place_now = Shown("place", str(found.address_id) if found else "gone", now)
        return (effects.shown_onetime(found), place_now)

    def foreseen(self, situation: Situation) -> Snapshot:
        found, _ = self._going(situation)
        moved = found.model_copy(update={"address_id": self.to_address_id})
        return with_item(situation.snapshot, moved)

    def effect(self, situation: Situation) -> Effect:
        found, day = self._going(situation)
        old = situation.snapshot.address(self.address_id)
        new = situation.snapshot.address(self.to_address_id)
        if old is None or new is None:
            raise NotPossible(notice=gone())
        name = called(found.product_title, found.variant_title, found.quantity)
        text = say("{name} goes to {place}.", name=name, place=place(new))
        return Effect(
            question=say("Where should {name} go?", name=name),
            confirm=say("Deliver to {place}", place=place(new)),
            done=say("{name} now goes to {place}.", name=name, place=place(new)),
            changes=(
                Change("address", text, before=place(old), after=place(new)),
                *joins_and_splits(situation, self.after(situation), {found.id}),
            ),
            stays=(say("It still comes on {date}.", date=day),),
        )

    async def run(self, upstream: Upstream) -> None:
        answer = await upstream.client.onetimes.update(
            self.onetime_id, address_id=self.to_address_id
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.onetime(self.onetime_id)
        return found is not None and found.address_id == self.to_address_id

    def inverse(self, before: Situation) -> OnetimeToAddress:
        return OnetimeToAddress(
            address_id=self.to_address_id,
            onetime_id=self.onetime_id,
            to_address_id=self.address_id,
        )

    def _going(self, situation: Situation) -> tuple[Onetime, datetime.date]:
        """The one-time and its day, when it can go elsewhere.

        Raises:
            NotPossible: it cannot.
        """
        found, day = self._open(situation)
        if found.address_id == self.to_address_id:
            name = called(found.product_title, found.variant_title, found.quantity)
            raise NotPossible(notice=say("{name} goes there already.", name=name))
        return found, day

"""Make one address of several.

Recharge moves the subscriptions of up to ten addresses with one call. Whether it moves one-time
products too is not documented, and what it does with the addresses that are left is better seen
than hoped for. So these are steps: one-time products go first, one by one; then the subscriptions
go, in one call; and each address that was left is deleted only once it was read that nothing goes
there any more.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from app.actions.addresses import merge_texts as texts
from app.actions.addresses.delete import DeleteAddress
from app.actions.addresses.move_all import (
    MoveAllToAddress,
    Sources,
    address_in,
    check_merge,
    going_from,
    merged_objects,
)
from app.actions.addresses.onetimes import OnetimeToAddress
from app.actions.addresses.texts import onetime_goes, place
from app.actions.addresses.uses import onetimes_at, uses
from app.actions.at_address import Id, check_address
from app.actions.base import Action
from app.actions.comparison import DatesPromise
from app.actions.effect import Effect, Promise
from app.actions.errors import NotPossible
from app.actions.principal import Level
from app.actions.saga import ListedSteps, Saga, Stage, TakeBack
from app.actions.situation import Situation
from app.i18n import Message, say, say_many
from app.recharge.addresses import MOST_MERGED


class Once(BaseModel):
    """What comes once, and to which address."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    address_id: Id
    onetime_id: Id


class MergeAddresses(Saga):
    """Make one address of several: all that goes to the others goes to this one, and the others
    are deleted where nothing is left there.

    is_removed:  whether the others are deleted
    onetimes:    what goes along once; None is all that is there
    moves:       whether there are subscriptions to move; None is whatever is so
    removed_ids: those that are deleted; None is all at which nothing is left
    """

    name = "merge addresses"
    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE

    to_address_id: Id
    from_address_ids: Sources
    is_removed: bool = True
    onetimes: Annotated[tuple[Once, ...], Field(max_length=1000)] | None = None
    moves: bool | None = None
    removed_ids: Annotated[tuple[Id, ...], Field(max_length=MOST_MERGED)] | None = None

    @property
    def object(self) -> str:
        return f"address {self.to_address_id}"

    @property
    def objects(self) -> tuple[str, ...]:
        return merged_objects(self.to_address_id, self.from_address_ids)

    def check_owner(self, situation: Situation) -> None:
        for id in (self.to_address_id, *self.from_address_ids):
            check_address(situation, id)
        super().check_owner(situation)

    def check(self, situation: Situation) -> None:
        for step in self.steps(situation)[:1]:
            step.check(situation)
        check_merge(situation, self.to_address_id, self.from_address_ids)

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        if self.removed_ids is None:
            check_merge(situation, self.to_address_id, self.from_address_ids)
        found: list[Action] = [*self._onetimes(situation)]
        if self._moves(situation):
            found.append(
                MoveAllToAddress(
                    to_address_id=self.to_address_id, from_address_ids=self.from_address_ids
                )
            )
        found += (DeleteAddress(address_id=id) for id in self._removed(situation))
        if not found:
            raise NotPossible(notice=texts.nothing_to_merge())
        return tuple(found)

    def step_text(self, stage: Stage) -> Message:
        if isinstance(stage.step, DeleteAddress):
            found = address_in(stage.before, stage.step.address_id)
            return say("Delete {place}", place=place(found))
        if isinstance(stage.step, OnetimeToAddress):
            return onetime_goes(stage.before, stage.step.onetime_id)
        return super().step_text(stage)

    def effect(self, situation: Situation) -> Effect:
        target = address_in(situation, self.to_address_id)
        sources = [address_in(situation, id) for id in self.from_address_ids]
        moved = self._moved(situation)
        going = going_from(situation, self.from_address_ids)
        onetime_ids = {one.onetime_id for one in self._onetimes(situation)}
        removed = self._removed(situation)
        changes = [
            *texts.onetimes_moved(situation, onetime_ids, target),
            *texts.moved(situation, moved, going, target, more=onetime_ids),
            *texts.others_of(situation, sources, target),
            *texts.removed([one for one in sources if one.id in removed]),
        ]
        if self.is_removed:
            changes += texts.kept(moved, [one for one in sources if one.id not in removed])
        if removed:
            changes.append(texts.final())
        promises: list[Promise] = [DatesPromise.of(moved, one.id) for one in going]
        promises += (DatesPromise.of(moved, id) for id in sorted(onetime_ids))
        count = len(sources)
        return self.told(
            situation,
            question=say("Deliver everything to {place}?", place=place(target)),
            confirm=say_many(
                "Move everything to {place}",
                "Merge {count} addresses into {place}",
                count,
                place=place(target),
            ),
            done=say("Everything now goes to {place}.", place=place(target)),
            changes=changes,
            stays=texts.stays(going, onetime_ids),
            promises=promises,
        )

    def spelled_out(self, situation: Situation) -> Self:
        update = {
            "onetimes": tuple(
                Once(address_id=one.address_id, onetime_id=one.onetime_id)
                for one in self._onetimes(situation)
            ),
            "moves": self._moves(situation),
            "removed_ids": self._removed(situation),
        }
        return self.model_copy(update=update)

    def inverse(self, before: Situation) -> TakeBack | None:
        """Everything goes back to where it went, while those addresses are there still."""
        if self._removed(before):
            return None
        found: list[Action] = []
        for stage in self.stages(before):
            back = stage.step.inverse(stage.before)
            if back is None:
                return None
            parts = back.parts if isinstance(back, ListedSteps) else (back,)
            found = [*parts, *found]
        return TakeBack.of_steps(found)

    def inverse_after(self, before: Situation, after: Situation) -> None:
        return None

    def _onetimes(self, situation: Situation) -> tuple[OnetimeToAddress, ...]:
        going = self.onetimes
        if going is None:
            going = tuple(
                Once(address_id=id, onetime_id=one.id)
                for id in self.from_address_ids
                for one in onetimes_at(situation.snapshot, id)
                if one.next_charge_scheduled_at is not None
            )
        return tuple(
            OnetimeToAddress(**dict(once), to_address_id=self.to_address_id) for once in going
        )

    def _moves(self, situation: Situation) -> bool:
        if self.moves is not None:
            return self.moves
        return bool(going_from(situation, self.from_address_ids))

    def _removed(self, situation: Situation) -> tuple[int, ...]:
        """The addresses at which nothing will be left."""
        if self.removed_ids is not None:
            return self.removed_ids
        if not self.is_removed:
            return ()
        moved = self._moved(situation)
        return tuple(id for id in self.from_address_ids if not uses(moved, id))

    def _moved(self, situation: Situation) -> Situation:
        """The situation once everything has gone, and before anything is deleted."""
        for one in self._onetimes(situation):
            situation = one.after(situation)
        if self._moves(situation):
            step = MoveAllToAddress(
                to_address_id=self.to_address_id, from_address_ids=self.from_address_ids
            )
            situation = step.after(situation)
        return situation

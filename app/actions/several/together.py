"""End subscriptions and memberships together, by one wish."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from app.actions.at_address import Id, check_address
from app.actions.base import Action
from app.actions.effect import Change, Effect, Promise
from app.actions.ending import membership_texts
from app.actions.ending.cancel import CancelSubscription
from app.actions.ending.memberships import CancelMembership
from app.actions.products.texts import name_of
from app.actions.saga import Saga
from app.actions.several.changes import MOST, Which
from app.actions.several.endings import CancelSeveral
from app.actions.situation import Situation
from app.i18n import Message, say


class CancelTogether(Saga):
    """End several subscriptions and memberships. As with the end of each, nothing is called
    cancelled before it was read back, and what cannot be ended keeps none of the others."""

    name = "cancel subscriptions and memberships"
    is_shown_at_once: ClassVar[bool] = False
    is_done_when_read: ClassVar[bool] = True

    subscriptions: Annotated[tuple[Which, ...], Field(max_length=MOST)] = ()
    memberships: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST)]
    reason: Annotated[str, Field(max_length=255)] = ""
    comments: Annotated[str, Field(max_length=1024)] = ""

    @property
    def object(self) -> str:
        return self._endings()[0].object

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(sorted({name for one in self._endings() for name in one.objects}))

    @property
    def is_independent(self) -> bool:
        return True

    def check_owner(self, situation: Situation) -> None:
        for which in self.subscriptions:
            check_address(situation, which.address_id)
        super().check_owner(situation)

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        return self._endings()

    def effect(self, situation: Situation) -> Effect:
        changes: list[Change] = []
        promises: list[Promise] = []
        stays: tuple[Message, ...] = ()
        if self.subscriptions:
            several = CancelSeveral(subscriptions=self.subscriptions, reason=self.reason)
            effect = several.effect(self._without_memberships(situation))
            changes, promises, stays = [*effect.changes], [*effect.promises], effect.stays
        for step in self._of_memberships():
            effect = step.effect(situation)
            changes += effect.changes
            promises += effect.promises
        return self.told(
            situation,
            question=say("Cancel all of these?"),
            confirm=say("Cancel all of these"),
            done=say("You have cancelled {names}.", names=self._names(situation)),
            changes=changes,
            stays=stays,
            promises=promises,
        )

    @property
    def ids(self) -> frozenset[int]:
        """The subscriptions."""
        return frozenset(which.subscription_id for which in self.subscriptions)

    def while_unknown(self) -> Message:
        return say(
            "We have asked the shop to cancel, and not all of it is confirmed yet. "
            "We keep looking, and tell you here when it is."
        )

    def _without_memberships(self, situation: Situation) -> Situation:
        """The situation without the memberships that end as well."""
        snapshot = situation.snapshot
        left = tuple(one for one in snapshot.memberships if one.id not in self.memberships)
        return replace(situation, snapshot=replace(snapshot, memberships=left))

    def _names(self, situation: Situation) -> list[Message]:
        snapshot = situation.snapshot
        ids = self.ids
        return [
            *(name_of(one) for one in snapshot.subscriptions if one.id in ids),
            *(
                membership_texts.name_of(snapshot, one)
                for one in snapshot.memberships
                if one.id in self.memberships
            ),
        ]

    def _endings(self) -> tuple[Action, ...]:
        # What goes to one address stands together: the next one finds what the last has left.
        listed = sorted(dict.fromkeys(self.subscriptions), key=lambda which: which.address_id)
        ending = (
            CancelSubscription(**dict(which), reason=self.reason, comments=self.comments)
            for which in listed
        )
        return (*ending, *self._of_memberships())

    def _of_memberships(self) -> tuple[CancelMembership, ...]:
        return tuple(
            CancelMembership(membership_id=id, reason=self.reason, comments=self.comments)
            for id in dict.fromkeys(self.memberships)
        )

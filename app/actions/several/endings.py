"""End several subscriptions, or take them up again.

Each takes a call of its own: an end has a reason, which has no place in the call for many.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from app.actions.effect import Change, Effect
from app.actions.ending.cancel import CancelSubscription, ReactivateSubscription
from app.actions.saga import Stage
from app.actions.several.changes import ChangeSeveral, Which
from app.actions.situation import Situation
from app.i18n import Value, say, say_many
from app.recharge import Subscription

_OF_ALL = ("dates", "rest", "discount")


class CancelSeveral(ChangeSeveral):
    """End several subscriptions. Like the end of one, it is never refused for a cut-off."""

    name = "cancel several subscriptions"
    switch: ClassVar[str | None] = "cancel_subscription"

    reason: Annotated[str, Field(max_length=255)] = ""

    @property
    def goes_in_bulk(self) -> bool:
        return False

    def step(self, which: Which) -> CancelSubscription:
        return CancelSubscription(**dict(which), reason=self.reason)

    def sides(self, stage: Stage, old: Subscription, new: Subscription) -> tuple[Value, Value]:
        day = old.next_charge_scheduled_at
        return day or say("no date"), say("cancelled")

    def effect(self, situation: Situation) -> Effect:
        count = len(self.ids)
        # What is being sent already still comes: each end says so of its own.
        own = [
            change
            for stage in self.stages(situation)
            for change in stage.step.effect(stage.before).changes
            if change.name not in (*_OF_ALL, "ended")
        ]
        told = self.told_of_all(
            situation,
            question=say_many(
                "Cancel {count} subscription?", "Cancel {count} subscriptions?", count
            ),
            confirm=say_many("Cancel {count} subscription", "Cancel {count} subscriptions", count),
            done=say_many(
                "{count} subscription is cancelled.", "{count} subscriptions are cancelled.", count
            ),
        )
        return with_changes(told, own)


class ReactivateSeveral(ChangeSeveral):
    """Take several cancelled subscriptions up again."""

    name = "reactivate several subscriptions"
    switch: ClassVar[str | None] = "reactivate_subscription"

    @property
    def goes_in_bulk(self) -> bool:
        return False

    def step(self, which: Which) -> ReactivateSubscription:
        return ReactivateSubscription(**dict(which))

    def sides(self, stage: Stage, old: Subscription, new: Subscription) -> tuple[Value, Value]:
        return say("cancelled"), new.next_charge_scheduled_at or say("no date")

    def effect(self, situation: Situation) -> Effect:
        count = len(self.ids)
        return self.told_of_all(
            situation,
            question=say_many(
                "Start {count} subscription again?", "Start {count} subscriptions again?", count
            ),
            confirm=say_many(
                "Start {count} subscription again", "Start {count} subscriptions again", count
            ),
            done=say_many(
                "{count} subscription is active again.",
                "{count} subscriptions are active again.",
                count,
            ),
        )


def with_changes(effect: Effect, more: list[Change]) -> Effect:
    """The effect with more changes, each told once."""
    told = [*effect.changes]
    told += [change for change in more if change not in told]
    return Effect(
        question=effect.question,
        confirm=effect.confirm,
        done=effect.done,
        changes=tuple(told),
        stays=effect.stays,
        amount=effect.amount,
        promises=effect.promises,
    )

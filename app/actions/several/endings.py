"""End several subscriptions, or take them up again.

Each takes a call of its own: an end has a reason, which has no place in the call for many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from app.actions.base import Action
from app.actions.comparison import rest
from app.actions.effect import Change, Effect
from app.actions.ending import texts, told
from app.actions.ending.cancel import CancelSubscription, ReactivateSubscription
from app.actions.products.subscriptions import price_of
from app.actions.products.texts import rhythm_of
from app.actions.saga import Stage, TakeBack
from app.actions.several.changes import ChangeSeveral, Which
from app.actions.situation import Situation
from app.i18n import Message, Value, say, say_many
from app.recharge import Subscription


class CancelSeveral(ChangeSeveral):
    """End several subscriptions. Like the end of one, it is never refused for a cut-off, and is
    called cancelled once that was read back. The merchant's switch counts as for each of them."""

    name = "cancel several subscriptions"
    switch: ClassVar[str | None] = "cancel_subscription"
    is_shown_at_once: ClassVar[bool] = False

    reason: Annotated[str, Field(max_length=255)] = ""
    comments: Annotated[str, Field(max_length=1024)] = ""

    @property
    def goes_in_bulk(self) -> bool:
        return False

    def check_offered(self, situation: Situation) -> None:
        for step in self._steps_if_any(situation):
            step.check_offered(situation)

    def step(self, which: Which) -> CancelSubscription:
        return CancelSubscription(**dict(which), reason=self.reason, comments=self.comments)

    def effect(self, situation: Situation) -> Effect:
        count = len(self.ids)
        after = self.after(situation)
        ending = [one for one in situation.snapshot.subscriptions if one.id in self.ids]
        return self.told(
            situation,
            question=say_many(
                "Cancel {count} subscription?", "Cancel {count} subscriptions?", count
            ),
            confirm=say_many("Cancel {count} subscription", "Cancel {count} subscriptions", count),
            done=say_many(
                "{count} subscription is cancelled.", "{count} subscriptions are cancelled.", count
            ),
            changes=[
                told.all_stop(situation, ending),
                *told.next_of_all(situation, ending),
                *(one for found in ending for one in told.still_coming(situation, found)),
                *rest(situation, after, self.ids),
                *told.failed_payments(situation, ending),
                *told.lost_discounts(situation, after),
                *(one for found in ending for one in told.price_at_stake(situation, found)),
                *told.forgotten(situation, ending),
            ],
            stays=told.goes_on(situation, self.ids),
            promises=self.dates_promised(after),
        )

    def while_unknown(self) -> Message:
        return texts.asked_to_cancel(len(self.ids))

    def inverse(self, before: Situation) -> Action | None:
        back = super().inverse(before)
        return StartSeveralAgain(listed=back.listed) if isinstance(back, TakeBack) else back


class StartSeveralAgain(TakeBack):
    """The way back of the end of several: each starts again on the date that it had. What Recharge
    forgets at an end, such as skipped dates and failed payments, does not come back."""

    name = "start several again"

    def effect(self, situation: Situation) -> Effect:
        count = len(self.listed)
        return self.told(
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
        price = price_of(stage.before, old)
        values: dict[str, Value] = {
            "date": new.next_charge_scheduled_at or say("no date"),
            "rhythm": rhythm_of(old),
        }
        if price is None:
            return say("cancelled"), say("{date}, {rhythm}", **values)
        return say("cancelled"), say("{date}, {rhythm}, for {price}", price=price, **values)

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
            promises=self.dates_promised(self.after(situation)),
        )


def with_changes(effect: Effect, more: Sequence[Change]) -> Effect:
    """The effect with more changes, each told once."""
    told = [*effect.changes]
    for change in more:
        told += [] if change in told else [change]
    return replace(effect, changes=tuple(told))

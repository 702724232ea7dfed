"""Withdraw from the contracts of several subscriptions: a declaration for each."""

from __future__ import annotations

import datetime
from typing import ClassVar, Self

from app.actions.effect import Effect
from app.actions.ending import withdrawal_texts
from app.actions.ending.withdraw import WithdrawFromSubscription
from app.actions.saga import Stage
from app.actions.several.changes import ChangeSeveral, Which
from app.actions.several.endings import with_changes
from app.actions.situation import Situation
from app.i18n import Message, Value, say, say_many
from app.recharge import Subscription

_OF_ALL = ("dates", "rest", "discount")


class WithdrawFromSeveral(ChangeSeveral):
    """Withdraw from several subscriptions. As with one, only the end of the days for it refuses.

    asked_on: see `WithdrawFromSubscription`
    """

    name = "withdraw from several subscriptions"
    is_shown_at_once: ClassVar[bool] = False
    is_done_when_read: ClassVar[bool] = True

    asked_on: datetime.date | None = None

    @property
    def goes_in_bulk(self) -> bool:
        return False

    def step(self, which: Which) -> WithdrawFromSubscription:
        return WithdrawFromSubscription(**dict(which), asked_on=self.asked_on)

    def spelled_out(self, situation: Situation) -> Self:
        return self.model_copy(update={"asked_on": self.asked_on or situation.today})

    def sides(self, stage: Stage, old: Subscription, new: Subscription) -> tuple[Value, Value]:
        return old.next_charge_scheduled_at or say("no date"), say("withdrawn from")

    def effect(self, situation: Situation) -> Effect:
        count = len(self.ids)
        own = [
            change
            for stage in self.stages(situation)
            for change in stage.step.effect(stage.before).changes
            if change.name not in _OF_ALL
        ]
        told = self.told_of_all(
            situation,
            question=say_many(
                "Withdraw from {count} contract?", "Withdraw from {count} contracts?", count
            ),
            confirm=say_many(
                "Withdraw from {count} contract", "Withdraw from {count} contracts", count
            ),
            done=say_many(
                "You have withdrawn from {count} contract.",
                "You have withdrawn from {count} contracts.",
                count,
            ),
        )
        return with_changes(told, own)

    def while_unknown(self) -> Message:
        return withdrawal_texts.asked_to_withdraw()

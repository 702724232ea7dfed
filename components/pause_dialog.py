"""The questions before a subscription pauses, and before it comes again."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.i18n import Message, say
from app.state import (
    PauseQuestion,
    ResumeQuestion,
    SubscriptionState,
    Suggestion,
    can_pause,
    can_resume,
)
from components.base import Component
from components.fields import Option
from components.move_dialog import DateDialog
from components.offers import Offer


class PauseDialog(DateDialog[PauseQuestion]):
    """How long a subscription should pause: in words, and as the date until which it does."""

    def title(self) -> Message:
        return say("How long should {item} pause?", item=self.model.subscription.title)

    def press(self) -> Message:
        return say("Pause")

    def choices(self) -> None:
        self.days(say("How long"), self.length)

    def length(self, one: Suggestion) -> Option[date]:
        """One line of the list."""
        return Option(one.date, self.say(one.reason), self.t("Until {date}", date=one.date))


class ResumeDialog(DateDialog[ResumeQuestion]):
    """When a paused subscription should come again."""

    def title(self) -> Message:
        return say("When should {item} come again?", item=self.model.subscription.title)

    def press(self) -> Message:
        return say("Resume")


async def _pause(opener: Component[Any], state: SubscriptionState) -> None:
    await PauseDialog.open(opener, PauseQuestion(state))


async def _resume(opener: Component[Any], state: SubscriptionState) -> None:
    await ResumeDialog.open(opener, ResumeQuestion(state))


PAUSE: Offer[SubscriptionState] = Offer(
    "pause",
    say("Pause"),
    "pause",
    can_pause,
    _pause,
    lambda state: say("Pause {title}", title=state.title),
)
RESUME: Offer[SubscriptionState] = Offer(
    "resume",
    say("Resume"),
    "play",
    can_resume,
    _resume,
    lambda state: say("Resume {title}", title=state.title),
)

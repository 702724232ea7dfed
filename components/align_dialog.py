"""Having several subscriptions come together."""

from __future__ import annotations

from typing import Any

from app.actions import Change
from app.i18n import Message, say
from app.state import Portal, TogetherQuestion, can_align
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.day_picker import DayChoice, DayPicker
from components.fields import Option, checks
from components.offers import Offer
from components.several_dialog import item_change, listed


class AlignDialog(ActionDialog[TogetherQuestion]):
    """The date on which they come together, and which do: for each its old and its new date."""

    def title(self) -> Message:
        return say("When should they come together?")

    def press(self) -> Message:
        return say("Bring them together")

    def choices(self) -> None:
        question = self.model
        choice = DayChoice(
            chosen=question.date,
            is_allowed=question.is_allowed,
            first=question.first,
            last=question.last,
            suggested=tuple(
                Option(one.date, self.texts.date(one.date), self.say(one.reason))
                for one in question.suggested
            ),
            choose=lambda day: question.choose(date=day),
            today=question.today,
        )
        DayPicker.show(choice, self.texts, legend=self.t("Date"), key="date")
        checks(
            self.t("Which subscriptions"),
            [listed(self, one) for one in question.candidates],
            question.chosen,
            lambda chosen: question.choose(chosen=chosen),
            key="which",
        )

    def change(self, change: Change) -> None:
        if not item_change(self, change):
            super().change(change)

    def unanswered(self) -> None:
        html.p(
            self.t("Choose at least two that do not come on that date already."), class_="ds-muted"
        )


async def bring_together(opener: Component[Any], portal: Portal) -> None:
    """Ask on which date subscriptions should come together."""
    await AlignDialog.open(opener, TogetherQuestion(portal))


TOGETHER: Offer[Portal] = Offer(
    key="come-together",
    label=say("Have them come together"),
    icon="calendar",
    is_offered=can_align,
    open=bring_together,
)

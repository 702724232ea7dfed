"""The questions before something comes on another date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from app.i18n import Message, say
from app.state import (
    DateQuestion,
    Delay,
    DelayDeliveryQuestion,
    DelayQuestion,
    DeliveryState,
    MoveDeliveryQuestion,
    MoveQuestion,
    SubscriptionState,
    Suggestion,
    can_move,
    can_move_delivery,
)
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.day_picker import DayChoice, DayPicker
from components.fields import Option, checks, radios
from components.offers import Offer

D = TypeVar("D", bound=DateQuestion)


class DateDialog(ActionDialog[D]):
    """A question that is answered with a date: from a short list, or from a calendar."""

    def choices(self) -> None:
        self.days(say("New date"))

    def days(
        self, legend: Message, option: Callable[[Suggestion], Option[date]] | None = None
    ) -> None:
        """The dates to choose from."""
        question = self.model
        choice = DayChoice(
            chosen=question.date,
            is_allowed=question.is_allowed,
            first=question.first,
            last=question.last,
            suggested=tuple(map(option or self.suggestion, question.suggested)),
            choose=lambda day: question.choose(date=day),
            today=question.today,
        )
        DayPicker.show(choice, self.texts, legend=self.say(legend), key="date")

    def suggestion(self, one: Suggestion) -> Option[date]:
        """One line of the list."""
        return Option(one.date, self.texts.date(one.date), self.say(one.reason))

    def unanswered(self) -> None:
        html.p(self.t("Choose a date to see what it changes."), class_="ds-muted")


class MoveDialog(DateDialog[MoveQuestion]):
    """When the next delivery of a subscription should come, and whether those after it move too."""

    def title(self) -> Message:
        return say("When should {item} come next?", item=self.model.subscription.title)

    def press(self) -> Message:
        return say("Move")

    def choices(self) -> None:
        super().choices()
        question = self.model
        if question.can_be_once:
            radios(
                self.t("What moves"),
                [
                    Option("all", self.t("This and all after it")),
                    Option("once", self.t("Only this one")),
                ],
                question.scope,
                lambda scope: question.choose(scope=scope),
                key="scope",
            )


class MoveDeliveryDialog(DateDialog[MoveDeliveryQuestion]):
    """When a delivery should come, and which of its items move."""

    def title(self) -> Message:
        return say("When should your delivery come?")

    def press(self) -> Message:
        return say("Move")

    def choices(self) -> None:
        super().choices()
        question = self.model
        if len(question.movable) > 1:
            checks(
                self.t("What moves"),
                [
                    Option(
                        item.purchase_item_id or 0,
                        item.title,
                        item.variant_title or "",
                        item.picture,
                    )
                    for item in question.movable
                ],
                question.chosen,
                lambda chosen: question.choose(chosen=chosen),
                key="items",
            )

    def unanswered(self) -> None:
        html.p(self.t("Choose what should move, and to which date."), class_="ds-muted")


class DelayDialog(ActionDialog[DelayQuestion]):
    """How much later the next delivery of a subscription should come."""

    def title(self) -> Message:
        return say("How much later should {item} come?", item=self.model.subscription.title)

    def press(self) -> Message:
        return say("Move")

    def choices(self) -> None:
        question = self.model
        delays(self, question.delays, question.delay, lambda one: question.choose(delay=one))


class DelayDeliveryDialog(ActionDialog[DelayDeliveryQuestion]):
    """How much later a delivery should come."""

    def title(self) -> Message:
        return say("How much later should your delivery come?")

    def press(self) -> Message:
        return say("Move")

    def choices(self) -> None:
        question = self.model
        delays(self, question.delays, question.delay, lambda one: question.choose(delay=one))


def delays(
    dialog: Component[Any],
    options: Sequence[Delay],
    chosen: Delay | None,
    choose: Callable[[Delay], Any],
) -> None:
    """So much later, each with the date that it comes to."""
    radios(
        dialog.t("How much later"),
        [Option(one, dialog.say(one.words), dialog.texts.date(one.date)) for one in options],
        chosen,
        choose,
        key="delay",
    )


async def _move(opener: Component[Any], state: SubscriptionState) -> None:
    await MoveDialog.open(opener, MoveQuestion(state))


async def _delay(opener: Component[Any], state: SubscriptionState) -> None:
    await DelayDialog.open(opener, DelayQuestion(state))


async def _move_delivery(opener: Component[Any], state: DeliveryState) -> None:
    await MoveDeliveryDialog.open(opener, MoveDeliveryQuestion(state))


async def _delay_delivery(opener: Component[Any], state: DeliveryState) -> None:
    await DelayDeliveryDialog.open(opener, DelayDeliveryQuestion(state))


MOVE: Offer[SubscriptionState] = Offer(
    "move",
    say("Change date"),
    "calendar",
    can_move,
    _move,
    lambda state: say("Change date of {title}", title=state.title),
)
DELAY: Offer[SubscriptionState] = Offer(
    "delay",
    say("Delay"),
    "clock",
    can_move,
    _delay,
    lambda state: say("Delay {title}", title=state.title),
)
MOVE_DELIVERY: Offer[DeliveryState] = Offer(
    "move",
    say("Change date"),
    "calendar",
    can_move_delivery,
    _move_delivery,
    lambda state: say("Change date of the delivery of {date}", date=state.delivery.date),
)
DELAY_DELIVERY: Offer[DeliveryState] = Offer(
    "delay",
    say("Delay"),
    "clock",
    can_move_delivery,
    _delay_delivery,
    lambda state: say("Delay the delivery of {date}", date=state.delivery.date),
)

"""What comes once: added to a delivery, changed, taken out."""

from __future__ import annotations

from typing import Any

from app.actions import AddOnetime
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryStatus
from app.state import (
    AddOnetimeQuestion,
    ChangeOnetimeQuestion,
    DeliveryState,
    RemoveOnetimeQuestion,
    SubscriptionState,
)
from app.state.questions.onetimes import OwnOnetimeQuestion, onetimes_of
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.day_picker import DayChoice, DayPicker
from components.fields import Option, radios, stepper
from components.offers import Offer
from components.parts import cost_of
from components.product_search import ProductSearch

MOST = 99
"""As many as the stepper goes to."""


class AddOnetimeDialog(ProductSearch[AddOnetimeQuestion]):
    """What to add to a delivery, and how many.

    ::

        choices
        ├── search line, found   as in `ProductSearch`
        ├── amount               how many, once there is a product
        └── days                 the day, where nothing is planned for the address
    """

    def title(self) -> Message:
        if self.model.is_alone:
            return say("What would you like to order once?")
        return say("Add something to your delivery of {date}?", date=self.model.date)

    def press(self) -> Message:
        return say("Add it")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        super().choices()
        if not self.model.is_unlisted:
            self.section("quantity")
            self.section("days")

    def found(self) -> None:
        super().found()
        if self.state.has_more:
            html.Button(
                self.t("Show more products"),
                self.model.show_more,
                key="more-products",
                class_="ds-button ds-quiet",
            )

    def quantity(self) -> None:
        """How many of it."""
        if self.state.chosen is None:
            return
        stepper(
            self.t("How many"),
            self.model.quantity,
            lambda quantity: self.model.choose(quantity=quantity),
            texts=self.texts,
            most=MOST,
            key="quantity",
        )

    def days(self) -> None:
        """When, where that is open."""
        model = self.model
        if not model.is_alone or self.seen(lambda: model.chosen is None):
            return
        DayPicker.show(
            DayChoice(
                chosen=model.date,
                is_allowed=model.is_allowed,
                first=model.first,
                last=model.last,
                suggested=(
                    Option(
                        model.first,
                        self.texts.date(model.first),
                        self.t("The first day that is possible"),
                    ),
                ),
                choose=lambda day: model.choose(date=day),
                today=model.today,
            ),
            self.texts,
            legend=self.t("Day of delivery"),
            key="day",
        )

    def unanswered(self) -> None:
        if not self.model.is_unlisted and not self.model.is_being_read:
            html.p(
                self.t("Choose a product. It comes once, and you see the new total first."),
                class_="ds-muted",
            )


class ChangeOnetimeDialog(ActionDialog[ChangeOnetimeQuestion]):
    """How many of a one-time product, and with which delivery.

    ::

        choices
        ├── which     of several one-time products
        ├── quantity  how many
        └── delivery  the deliveries that it can come with
    """

    def title(self) -> Message:
        onetime = self.model.onetime
        return say("Change {title}?", title=onetime.product_title if onetime else "")

    def press(self) -> Message:
        return say("Change it")

    def choices(self) -> None:
        which(self, self.model)
        self.section("quantity")
        deliveries = self.model.deliveries
        if len(deliveries) > 1:
            radios(
                self.t("With which delivery"),
                [
                    Option(each.date, self.texts.date(each.date), amount=self.cost(each))
                    for each in deliveries
                ],
                self.model.date,
                lambda day: self.model.choose(date=day),
                key="delivery",
            )

    def quantity(self) -> None:
        """How many of the chosen one."""
        self.seen(lambda: self.model.onetime_id)
        stepper(
            self.t("How many"),
            self.model.quantity,
            lambda quantity: self.model.choose(quantity=quantity),
            texts=self.texts,
            most=max(MOST, self.model.quantity),
            key="quantity",
        )

    def cost(self, delivery: Delivery) -> str:
        """What a delivery costs now."""
        return cost_of(delivery, self.texts)

    def unanswered(self) -> None:
        html.p(self.t("It stays as it is until you choose otherwise."), class_="ds-muted")


class RemoveOnetimeDialog(ActionDialog[RemoveOnetimeQuestion]):
    """Which one-time product to take out, and what the delivery costs without it."""

    def title(self) -> Message:
        return say("Remove something from your delivery?")

    def press(self) -> Message:
        return say("Remove it")

    def choices(self) -> None:
        which(self, self.model)


def which(dialog: ActionDialog[Any], question: OwnOnetimeQuestion) -> None:
    """Which one-time product is meant, where there are several."""
    if len(question.onetimes) < 2:
        return
    radios(
        dialog.t("Which product"),
        [
            Option(
                one.id,
                one.product_title,
                detail=one.variant_title or "",
                picture=question.picture(one),
                amount=dialog.t("{quantity} ×", quantity=one.quantity),
            )
            for one in question.onetimes
        ],
        question.onetime_id,
        lambda id: question.choose(onetime_id=id),
        key="which",
    )


def _is_open(state: DeliveryState) -> bool:
    """Whether one-time products of this delivery can be changed. Asked for every delivery."""
    delivery = state.delivery
    is_due = delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)
    is_late = state.portal.situation.is_too_late(delivery.date)
    return is_due and not is_late and state.portal.is_offered(AddOnetime)


def _has_onetimes(state: DeliveryState) -> bool:
    return _is_open(state) and bool(onetimes_of(state))


def _can_send_to(state: SubscriptionState) -> bool:
    address = state.address
    is_payable = address is not None and address.payment_method_id is not None
    return is_payable and not state.is_over and state.portal.is_offered(AddOnetime)


async def _add(opener: Component[Any], state: DeliveryState) -> None:
    await AddOnetimeDialog.open(opener, AddOnetimeQuestion.of(state))


async def _add_next_to(opener: Component[Any], state: SubscriptionState) -> None:
    address_id = state.subscription.address_id
    question = AddOnetimeQuestion.next_to(state.portal, address_id)
    await AddOnetimeDialog.open(opener, question)


async def _change(opener: Component[Any], state: DeliveryState) -> None:
    await ChangeOnetimeDialog.open(opener, ChangeOnetimeQuestion(state))


async def _remove(opener: Component[Any], state: DeliveryState) -> None:
    await RemoveOnetimeDialog.open(opener, RemoveOnetimeQuestion(state))


ADD_ONETIME: Offer[DeliveryState] = Offer(
    key="add",
    label=say("Add something"),
    icon="plus",
    is_offered=_is_open,
    open=_add,
    described=lambda state: say("Add something to {date}", date=state.delivery.date),
)
CHANGE_ONETIME: Offer[DeliveryState] = Offer(
    key="change-once",
    label=say("Change one-time product"),
    icon="box",
    is_offered=_has_onetimes,
    open=_change,
    described=lambda state: say("Change one-time product of {date}", date=state.delivery.date),
)
REMOVE_ONETIME: Offer[DeliveryState] = Offer(
    key="remove-once",
    label=say("Remove one-time product"),
    icon="stop",
    is_offered=_has_onetimes,
    open=_remove,
    described=lambda state: say("Remove one-time product from {date}", date=state.delivery.date),
)
ADD_TO_NEXT: Offer[SubscriptionState] = Offer(
    key="add",
    label=say("Add something"),
    icon="plus",
    is_offered=_can_send_to,
    open=_add_next_to,
)

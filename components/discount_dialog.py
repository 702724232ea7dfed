"""Codes that take something off: used, and taken off again."""

from __future__ import annotations

from typing import Any

from app.actions import ApplyDiscount
from app.i18n import Message, say
from app.mirror import DeliveryStatus
from app.state import (
    DeliveryState,
    DiscountQuestion,
    RemoveDiscountQuestion,
    SubscriptionState,
)
from app.state.questions.discounts import Scope
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.fields import Option, radios, text_field
from components.offers import Offer

LONGEST = 100
"""Of a code."""


class DiscountDialog(ActionDialog[DiscountQuestion]):
    """A code, what it takes off, and whether it is for one delivery or for all.

    ::

        choices
        ├── code   the code, and a button that looks it up
        └── scope  this delivery, or all to the address
    """

    def title(self) -> Message:
        return say("Do you have a discount code?")

    def press(self) -> Message:
        return say("Use the code")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        model = self.model
        with html.div(class_="ds-code"):
            text_field(
                self.t("Discount code"),
                model.code,
                lambda code: model.choose(code=code),
                key="code",
                help=self.t("You see what it takes off before anything changes."),
                longest=LONGEST,
            )
            html.Button(self.t("Check code"), model.check, key="check", class_="ds-button")
        if model.can_be_for_one and model.date is not None:
            options: list[Option[Scope]] = [
                Option("one", self.t("Only the delivery of {date}", date=model.date)),
                Option("all", self.t("All deliveries to this address"), detail=model.street),
            ]
            radios(
                self.t("What it is for"),
                options,
                model.scope,
                lambda scope: model.choose(scope=scope),
                key="scope",
            )
        else:
            html.p(
                self.t("It is for all deliveries to {address}.", address=model.street),
                class_="ds-muted",
            )


class RemoveDiscountDialog(ActionDialog[RemoveDiscountQuestion]):
    """What a delivery, or all of an address, cost without the discount."""

    def title(self) -> Message:
        return say("Remove the discount?")

    def press(self) -> Message:
        return say("Remove it")


def _is_offered(state: DeliveryState | SubscriptionState) -> bool:
    return state.portal.is_offered(ApplyDiscount)


def _is_open(state: DeliveryState) -> bool:
    """Whether a code can be used for it. Asked for every delivery."""
    delivery = state.delivery
    is_due = delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)
    return is_due and not state.portal.situation.is_too_late(delivery.date) and _is_offered(state)


def _has_code(state: DeliveryState) -> bool:
    return bool(state.delivery.discounts) and _is_open(state)


def _is_going_on(state: SubscriptionState) -> bool:
    return state.status in ("active", "paused") and _is_offered(state)


def _has_standing(state: SubscriptionState) -> bool:
    address = state.address
    return bool(address and address.discounts) and _is_going_on(state)


async def _use(opener: Component[Any], state: DeliveryState) -> None:
    await DiscountDialog.open(opener, DiscountQuestion.of(state))


async def _take_off(opener: Component[Any], state: DeliveryState) -> None:
    await RemoveDiscountDialog.open(opener, RemoveDiscountQuestion.of(state))


async def _use_for_all(opener: Component[Any], state: SubscriptionState) -> None:
    await DiscountDialog.open(opener, DiscountQuestion.of_address(state))


async def _end_for_all(opener: Component[Any], state: SubscriptionState) -> None:
    await RemoveDiscountDialog.open(opener, RemoveDiscountQuestion.of_address(state))


DISCOUNT: Offer[DeliveryState] = Offer(
    key="discount",
    label=say("Discount code"),
    icon="tag",
    is_offered=_is_open,
    open=_use,
    described=lambda state: say("Discount code for {date}", date=state.delivery.date),
)
REMOVE_DISCOUNT: Offer[DeliveryState] = Offer(
    key="remove-discount",
    label=say("Remove discount"),
    icon="stop",
    is_offered=_has_code,
    open=_take_off,
    described=lambda state: say("Remove discount from {date}", date=state.delivery.date),
)
DISCOUNT_FOR_ALL: Offer[SubscriptionState] = Offer(
    key="discount",
    label=say("Discount code"),
    icon="tag",
    is_offered=_is_going_on,
    open=_use_for_all,
)
END_DISCOUNT: Offer[SubscriptionState] = Offer(
    key="end-discount",
    label=say("Remove discount"),
    icon="stop",
    is_offered=_has_standing,
    open=_end_for_all,
)

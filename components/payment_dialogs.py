"""What is asked about payment methods: where one pays, which is the default, and its removal."""

from __future__ import annotations

from typing import Any

from app.actions import card_titled
from app.actions.addresses.texts import place
from app.i18n import Message, say
from app.state import (
    BillingQuestion,
    GiveCardQuestion,
    MakeDefaultQuestion,
    PaymentMethodState,
    RemoveCardQuestion,
    can_edit_billing,
    can_give_card,
    can_make_default,
    can_remove_card,
)
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.fields import Option, checks, radios
from components.offers import Offer
from components.payment_banner import add_card
from components.postal_dialog import PostalDialog


class BillingDialog(PostalDialog[BillingQuestion]):
    """The billing address of a method, as the bank knows it."""

    def title(self) -> Message:
        return say("Billing address of {card}", card=self.model.method.name)

    def press(self) -> Message:
        return say("Save the billing address")

    def question(self) -> Message:
        return self.title()

    def unanswered(self) -> None:
        html.p(
            self.t("Write it as your bank knows it. Where your deliveries go does not change."),
            class_="ds-muted",
        )


class MakeDefaultDialog(ActionDialog[MakeDefaultQuestion]):
    """What being the default means, before a method becomes it."""

    def title(self) -> Message:
        return say("Make {card} your default?", card=self.model.method.name)

    def press(self) -> Message:
        return say("Make it the default")

    def keep(self) -> Message:
        return say("Not now")


class GiveCardDialog(ActionDialog[GiveCardQuestion]):
    """The addresses where something else pays, or nothing."""

    def title(self) -> Message:
        return say("What should {card} pay for?", card=self.model.method.name)

    def press(self) -> Message:
        return say("Pay with {card}", card=self.model.method.name)

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        question = self.model
        options = []
        for address in question.addresses:
            pays = question.pays(address)
            now = (
                self.t("Paid with {card} now", card=card_titled(pays))
                if pays is not None
                else self.t("Nothing pays here now")
            )
            options.append(Option(address.id, self.say(place(address)), now))
        checks(
            self.t("Deliveries to"),
            options,
            question.address_ids,
            lambda ids: question.choose(address_ids=ids),
            key="address",
        )

    def unanswered(self) -> None:
        html.p(self.t("Choose an address to see what changes."), class_="ds-muted")


class RemoveCardDialog(ActionDialog[RemoveCardQuestion]):
    """Whether a method is removed. Where it still pays, what takes its place is chosen first."""

    def title(self) -> Message:
        return say("Remove {card}?", card=self.model.method.name)

    def press(self) -> Message:
        return say("Remove it")

    def choices(self) -> None:
        question = self.model
        if not question.used_at:
            return
        if not question.others:
            places = tuple(one.id for one in question.used_at)
            add_card(self.t("Add another card"), key="remove-add", address_ids=places)
            return
        html.p(
            self.t(
                "{card} still pays for deliveries to {places}. Choose what pays there instead: "
                "then it can be removed.",
                card=question.method.name,
                places=[place(one) for one in question.used_at],
            )
        )
        radios(
            self.t("What pays there instead?"),
            [Option(one.id, self.say(card_titled(one))) for one in question.others],
            question.by_id,
            lambda id: question.choose(by_id=id),
            key="by",
        )


async def _give(opener: Component[Any], state: PaymentMethodState) -> None:
    await GiveCardDialog.open(opener, GiveCardQuestion(state))


async def _edit_billing(opener: Component[Any], state: PaymentMethodState) -> None:
    await BillingDialog.open(opener, BillingQuestion(state))


async def _make_default(opener: Component[Any], state: PaymentMethodState) -> None:
    await MakeDefaultDialog.open(opener, MakeDefaultQuestion(state))


async def _remove(opener: Component[Any], state: PaymentMethodState) -> None:
    await RemoveCardDialog.open(opener, RemoveCardQuestion(state))


GIVE_CARD: Offer[PaymentMethodState] = Offer(
    key="give",
    label=say("Use for an address"),
    icon="pin",
    is_offered=can_give_card,
    open=_give,
    described=lambda state: say("Use for an address: {card}", card=state.name),
)
EDIT_BILLING: Offer[PaymentMethodState] = Offer(
    key="billing",
    label=say("Edit billing address"),
    icon="receipt",
    is_offered=can_edit_billing,
    open=_edit_billing,
    described=lambda state: say("Edit billing address of {card}", card=state.name),
)
MAKE_DEFAULT: Offer[PaymentMethodState] = Offer(
    key="default",
    label=say("Make default"),
    icon="check",
    is_offered=can_make_default,
    open=_make_default,
    described=lambda state: say("Make default: {card}", card=state.name),
)
REMOVE_CARD: Offer[PaymentMethodState] = Offer(
    key="remove",
    label=say("Remove"),
    icon="stop",
    is_offered=can_remove_card,
    open=_remove,
    described=lambda state: say("Remove {card}", card=state.name),
)

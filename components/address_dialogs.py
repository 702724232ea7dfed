"""What is asked about addresses: a new one, what it holds, what pays there, and its end."""

from __future__ import annotations

from functools import partial
from typing import Any

from app.actions import card_titled
from app.actions.addresses.note import LONGEST_ANSWER, LONGEST_NOTE
from app.actions.addresses.texts import place
from app.i18n import Message, say
from app.recharge import Address
from app.state import (
    AddAddressQuestion,
    AddressCardQuestion,
    AddressState,
    DeleteAddressQuestion,
    EditAddressQuestion,
    MergeQuestion,
    NoteQuestion,
    Portal,
    can_add_address,
    can_change_note,
    can_choose_card,
    can_delete_address,
    can_edit_address,
    can_merge,
)
from app.state.places import ADDRESSES
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.fields import Option, checks, radios, select, text_area, text_field
from components.offers import Offer
from components.postal_dialog import PostalDialog

NEW_ADDRESS = ADDRESSES + "/new"
"""The page with the form of a new address."""


class AddAddressDialog(PostalDialog[AddAddressQuestion]):
    """A new address, and what pays there. It stands on a page of its own."""

    def title(self) -> Message:
        return say("New address")

    def press(self) -> Message:
        return say("Add this address")

    def question(self) -> Message:
        return self.title()

    def header(self) -> None:
        # On its own page the heading has said it.
        html.h2(self.say(self.title()), id=self.html_id + "-title", class_="ds-unseen")

    def choices(self) -> None:
        super().choices()
        question = self.model
        if len(question.methods) > 1:
            select(
                self.t("Paid with"),
                [Option(one.id, self.say(card_titled(one))) for one in question.methods],
                question.payment_method_id,
                lambda id: question.choose(payment_method_id=id),
                key="payment_method",
            )

    def unanswered(self) -> None:
        html.p(
            self.t("Nothing goes there until you have something delivered to it."),
            class_="ds-muted",
        )


class EditAddressDialog(PostalDialog[EditAddressQuestion]):
    """What an address is changed to, and for what."""

    def title(self) -> Message:
        return say("Change this address?")

    def press(self) -> Message:
        return say("Save address")

    def choices(self) -> None:
        super().choices()
        self.section("scope")

    def scope(self) -> None:
        """What the change is for."""
        question = self.model
        scopes = self.seen(lambda: question.scopes)
        if len(scopes) < 2:
            return
        radios(
            self.t("What is the change for?"),
            [Option(key, self.say(one.label)) for key, one in scopes],
            question.chosen,
            lambda key: question.choose(scope=key),
            key="scope",
        )

    def unanswered(self) -> None:
        html.p(
            self.t("Change something, and you see which deliveries that concerns."),
            class_="ds-muted",
        )


class DeleteAddressDialog(ActionDialog[DeleteAddressQuestion]):
    """Whether to delete an address. Where something still goes there, where that goes instead is
    chosen first."""

    def title(self) -> Message:
        return say("Delete {place}?", place=self.model.address.place)

    def press(self) -> Message:
        return say("Delete this address")

    def choices(self) -> None:
        question = self.model
        if not question.others:
            return
        radios(
            self.t("Where should it all go instead?"),
            [place_option(self, one) for one in question.others],
            question.to_address_id,
            lambda id: question.choose(to_address_id=id),
            key="instead",
        )


class MergeDialog(ActionDialog[MergeQuestion]):
    """Which addresses become one."""

    def title(self) -> Message:
        return say("Merge addresses")

    def press(self) -> Message:
        return say("Merge them")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        question = self.model
        radios(
            self.t("Which address do you keep?"),
            [place_option(self, one) for one in question.addresses],
            question.to_address_id,
            lambda id: question.choose(to_address_id=id),
            key="stays",
        )
        self.section("others")

    def others(self) -> None:
        """Those that become one with it."""
        question = self.model
        others = self.seen(lambda: question.others)
        checks(
            self.t("Which addresses become part of it?"),
            [place_option(self, one) for one in others],
            question.chosen,
            lambda ids: question.choose(from_address_ids=ids),
            key="others",
        )
        for one in self.seen(lambda: question.left_out):
            text = self.t(
                "{place} is paid in another currency, so it stays as it is.", place=place(one)
            )
            html.p(text, class_="ds-help")

    def body(self) -> None:
        if self.seen(lambda: self.model.is_too_many):
            html.p(
                self.t("Ten addresses can be merged at once. The others stay as they are."),
                class_="ds-help",
            )
        super().body()

    def unanswered(self) -> None:
        html.p(self.t("Choose addresses to see what changes."), class_="ds-muted")


class NoteDialog(ActionDialog[NoteQuestion]):
    """What the shop reads with every order to an address."""

    def title(self) -> Message:
        return say("Delivery note for {place}", place=self.model.address.place)

    def question(self) -> Message:
        return self.title()

    def press(self) -> Message:
        return say("Save the note")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        question = self.model
        with html.div(class_="ds-fields"):
            text_area(
                self.t("Note for every delivery"),
                question.note,
                lambda text: question.choose(note=text),
                key="note",
                longest=LONGEST_NOTE,
            )
            for number, (name, value) in enumerate(question.answers.items()):
                text_field(
                    name,
                    value,
                    partial(question.answer, name),
                    key=f"answer-{number}",
                    longest=LONGEST_ANSWER,
                )

    def unanswered(self) -> None:
        html.p(self.t("The shop reads it with every order that goes there."), class_="ds-muted")


class AddressCardDialog(ActionDialog[AddressCardQuestion]):
    """What pays for deliveries to an address."""

    def title(self) -> Message:
        return say("What should pay for deliveries to {place}?", place=self.model.address.place)

    def press(self) -> Message:
        return say("Pay with it")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        question = self.model
        radios(
            self.t("Pay with"),
            [Option(one.id, self.say(card_titled(one))) for one in question.others],
            question.payment_method_id,
            lambda id: question.choose(payment_method_id=id),
            key="method",
        )

    def unanswered(self) -> None:
        html.p(self.t("Choose a card to see what changes."), class_="ds-muted")


def place_option(component: Component[Any], address: Address) -> Option[int]:
    """An address in a list to choose from."""
    name = " ".join(part for part in (address.first_name, address.last_name) if part)
    return Option(address.id, component.say(place(address)), name)


async def _edit(opener: Component[Any], state: AddressState) -> None:
    await EditAddressDialog.open(opener, EditAddressQuestion(state))


async def _delete(opener: Component[Any], state: AddressState) -> None:
    await DeleteAddressDialog.open(opener, DeleteAddressQuestion(state))


async def _note(opener: Component[Any], state: AddressState) -> None:
    await NoteDialog.open(opener, NoteQuestion(state))


async def _card(opener: Component[Any], state: AddressState) -> None:
    await AddressCardDialog.open(opener, AddressCardQuestion(state))


async def _merge(opener: Component[Any], state: Portal) -> None:
    await MergeDialog.open(opener, MergeQuestion(state))


EDIT_ADDRESS: Offer[AddressState] = Offer(
    key="edit",
    label=say("Edit address"),
    icon="pin",
    is_offered=can_edit_address,
    open=_edit,
    described=lambda state: say("Edit address: {place}", place=state.place),
)
ADDRESS_NOTE: Offer[AddressState] = Offer(
    key="note",
    label=say("Delivery note"),
    icon="info",
    is_offered=can_change_note,
    open=_note,
    described=lambda state: say("Delivery note: {place}", place=state.place),
)
ADDRESS_CARD: Offer[AddressState] = Offer(
    key="card",
    label=say("Choose the card"),
    icon="card",
    is_offered=can_choose_card,
    open=_card,
    described=lambda state: say("Choose the card: {place}", place=state.place),
)
DELETE_ADDRESS: Offer[AddressState] = Offer(
    key="delete",
    label=say("Delete address"),
    icon="stop",
    is_offered=can_delete_address,
    open=_delete,
    described=lambda state: say("Delete address: {place}", place=state.place),
)
ADDRESS_OFFERS: tuple[Offer[AddressState], ...] = (
    EDIT_ADDRESS,
    ADDRESS_CARD,
    ADDRESS_NOTE,
    DELETE_ADDRESS,
)
"""What can be done with an address, in order."""

ADD_ADDRESS: Offer[Portal] = Offer(
    key="add-address",
    label=say("Add an address"),
    icon="plus",
    is_offered=can_add_address,
    path=lambda _state: NEW_ADDRESS,
)
MERGE: Offer[Portal] = Offer(
    key="merge",
    label=say("Merge addresses"),
    icon="repeat",
    is_offered=can_merge,
    open=_merge,
)

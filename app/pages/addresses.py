"""Where the customer's deliveries go: all of it, a new one, and one of them."""

from __future__ import annotations

from nicegui import ui

from app.actions import Action, Outcome
from app.i18n import Texts, say
from app.pages.subscriptions import unreadable_note
from app.pages.view import RecordView, View, not_found
from app.state import ACCOUNT, ADDRESSES, AddAddressQuestion, AddressesState, AddressState, Portal
from components import AddressCard, AddressDetails, Empty, EmptyState, html
from components.address_dialogs import ADD_ADDRESS, MERGE, AddAddressDialog
from components.base import Component
from components.offer_buttons import offer_button, offered


class AddressView(View):
    """A page about addresses."""

    def __init__(self, state: Portal, texts: Texts) -> None:
        self.addresses = AddressesState(state)
        super().__init__(state, texts)

    def _handle_delete(self) -> None:
        self.addresses.close()
        super()._handle_delete()


class Addresses(AddressView):
    """``/addresses``: every address, and what can be done with none of them in particular."""

    def header(self) -> None:
        html.a(ACCOUNT, self.t("Account"), class_="ds-back")
        super().header()

    def heading(self) -> str:
        return self.t("Addresses")

    def ready(self) -> None:
        unreadable_note(self)
        with html.div(class_="ds-page-actions"):
            for offer in offered(self, (ADD_ADDRESS, MERGE)):
                offer_button(self, offer, key=offer.key)
        AddressList.show(self.addresses, self.texts)


class AddressList(Component[AddressesState]):
    """All addresses.

    ::

        AddressList (div)
        └── body       a card for each
    """

    element = "div"
    sections = ("body",)

    def body(self) -> None:
        found = self.state.addresses
        if not found:
            EmptyState.show(
                Empty(
                    title=say("You have no address here"),
                    text=say("Add one, so that something can be delivered to you."),
                    icon="pin",
                ),
                self.texts,
            )
            return
        html.h2(self.t("Your addresses"), class_="ds-unseen")
        with html.div(class_="ds-cards ds-wide-cards"):
            for one in found:
                AddressCard.show(one, self.texts)


class NewAddress(View):
    """``/addresses/new``: the form of a new address. Once it is there, the list is shown."""

    def header(self) -> None:
        html.a(ADDRESSES, self.t("All addresses"), class_="ds-back")
        super().header()

    def heading(self) -> str:
        return self.t("Add an address")

    def ready(self) -> None:
        if not self.seen(lambda: ADD_ADDRESS.is_offered(self.model)):
            not_found(self.texts)
            return
        question = AddAddressQuestion(self.model)
        question.answered = self._added
        AddAddressDialog.inline(question, self.texts)

    async def _added(self, action: Action, outcome: Outcome | None) -> None:
        if outcome is not None and not self.is_deleted:
            with self:
                ui.navigate.to(ADDRESSES)


class AddressPage(AddressView, RecordView):
    """``/addresses/{id}``: one address."""

    back = ADDRESSES, say("All addresses")
    kind = say("Address")

    def __init__(self, state: Portal, texts: Texts, address_id: int | None) -> None:
        self.address_id = address_id
        super().__init__(state, texts)

    @property
    def is_missing(self) -> bool:
        """The records are known, and it is not among them."""
        return self.address_id is None or (self.state.status == "ready" and self._find() is None)

    def name(self) -> str | None:
        address = self._find()
        return self.say(address.place) if address else None

    def ready(self) -> None:
        address = self.seen(self._find)
        if address is not None:
            AddressDetails.show(address, self.texts)

    def _find(self) -> AddressState | None:
        return self.addresses.of(self.address_id)

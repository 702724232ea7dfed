"""An address: as a card in the list, and in full on its own page."""

from __future__ import annotations

from typing import ClassVar

from app.actions import card_titled
from app.actions.products.texts import name_of
from app.i18n import say_many
from app.state import PAYMENT_METHODS, AddressState, shows
from components import html
from components.address_dialogs import ADDRESS_OFFERS, EDIT_ADDRESS
from components.base import Component
from components.icons import icon
from components.offer_buttons import draw_list, offer_button, offered
from components.offers import Offer
from components.parts import badge


class AddressCard(Component[AddressState]):
    """An address, what goes there, and what pays for it.

    ::

        AddressCard (article)
        ├── header     what it is called, and whether it is being saved
        ├── body       the address in full
        ├── uses       what goes there, when next, what pays for it
        └── actions    what is done most, and the way to its own page
    """

    element = "article"
    sections = ("header", "body", "uses", "actions")
    offers: ClassVar[tuple[Offer[AddressState], ...]] = (EDIT_ADDRESS,)
    """The buttons beside the way to its own page."""

    def build(self) -> None:
        self.set(class_="ds-card ds-payment", data_key=f"address-{self.state.key}")
        super().build()

    def header(self) -> None:
        icon("pin")
        with html.h3():
            html.a(self.state.path, self.say(self.state.place), dir="auto")
        if self.state.is_pending:
            badge(self.t("Saving…"), "info")

    def body(self) -> None:
        draw_lines(self)

    def uses(self) -> None:
        names = self.state.subscriptions
        if names:
            text = say_many("{count} subscription", "{count} subscriptions", len(names))
            html.fact("box", self.say(text))
        day = self.state.next_date
        if day is not None:
            html.fact("calendar", self.t("Next on {date}", date=day))
        elif not names:
            html.p(self.t("Nothing goes there at the moment."), class_="ds-muted")
        draw_card(self)

    def actions(self) -> None:
        for offer in offered(self, self.offers):
            offer_button(
                self,
                offer,
                key=f"address-{self.state.key}-{offer.key}",
                class_="ds-button ds-compact",
            )
        html.a(
            self.state.path,
            self.t("Details"),
            class_="ds-link",
            aria_label=self.t("Details of {place}", place=self.state.place),
        )


class AddressDetails(Component[AddressState]):
    """Everything about one address, on its own page.

    ::

        AddressDetails (div)
        ├── header     whose it is, and whether it is being saved
        ├── body       the address in full, and the delivery note
        ├── uses       all that goes there, and what pays for it
        └── actions    all that can be done
    """

    element = "div"
    sections = ("header", "body", "uses", "actions")
    offers: ClassVar[tuple[Offer[AddressState], ...]] = ADDRESS_OFFERS
    """What can be done with it."""

    def build(self) -> None:
        self.set(class_="ds-subscription-details", data_key=f"address-{self.state.key}")
        with html.div(class_="ds-card ds-payment"):
            for name in ("header", "body", "uses"):
                self.section(name)
        self.section("actions")

    def header(self) -> None:
        icon("pin")
        html.strong(self.state.name or self.say(self.state.place), dir="auto")
        if self.state.is_pending:
            badge(self.t("Saving…"), "info")

    def body(self) -> None:
        draw_lines(self, is_named=False)
        if self.state.note:
            html.h2(self.t("Delivery note"), class_="ds-small-heading")
            html.p(self.state.note, class_="ds-note-text", dir="auto")
        answers = [one for one in self.state.answers if one.value]
        if answers:
            with html.Tag("dl", class_="ds-facts"):
                for one in answers:
                    with html.div():
                        html.Tag("dt", one.name, dir="auto")
                        html.Tag("dd", one.value, dir="auto")

    def uses(self) -> None:
        html.h2(self.t("What goes there"), class_="ds-small-heading")
        subscriptions = self.state.subscriptions
        others = [one for one in self.state.uses if one.kind != "subscription"]
        if not subscriptions and not others:
            html.p(self.t("Nothing goes there at the moment."), class_="ds-muted")
        else:
            with html.ul(class_="ds-uses"):
                for one in subscriptions:
                    with html.li():
                        html.a(f"/subscriptions/{one.id}", self.say(name_of(one)), dir="auto")
                for use in others:
                    html.li(self.say(use.text))
        if (day := self.state.next_date) is not None:
            html.fact("calendar", self.t("Next on {date}", date=day))
        draw_card(self)

    def actions(self) -> None:
        offers = offered(self, self.offers)
        if not offers:
            return
        with html.div(class_="ds-card ds-offers-card"), html.div(class_="ds-offers"):
            draw_list(self, offers, key="page")


def draw_lines(component: Component[AddressState], *, is_named: bool = True) -> None:
    """The address in full, as it is written in its country."""
    state = component.state
    lines = [state.name if is_named else "", *state.lines, state.country]
    with html.Tag("address", class_="ds-lines"):
        for line in lines:
            if line:
                html.span(line, dir="auto")
        if state.phone:
            html.Tag("bdi", state.phone, class_="ds-muted")


def draw_card(component: Component[AddressState]) -> None:
    """What pays for deliveries there."""
    state = component.state
    method = state.payment_method
    if method is None:
        with html.p(class_="ds-note", data_tone="warning"):
            icon("alert")
            html.span(component.t("No card pays for what goes there. Please choose one."))
        return
    text = component.t("Paid with {card}", card=card_titled(method))
    if component.seen(lambda: shows(state.portal, PAYMENT_METHODS)):
        with html.p(class_="ds-fact", data_icon="card"):
            html.a(f"{PAYMENT_METHODS}/{method.id}", text)
    else:
        html.fact("card", text)

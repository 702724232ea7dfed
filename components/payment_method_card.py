"""A card or wallet on file: as a card in the list, and in full on its own page."""

from __future__ import annotations

from typing import ClassVar

from app.actions import Standing
from app.i18n import Texts
from app.state import HostedUpdateState, PaymentMethodState, Use
from components import html
from components.base import Component
from components.hosted_update import HostedUpdate
from components.icons import icon
from components.offer_buttons import draw_list, offer_button, offered
from components.offers import Offer
from components.parts import Tone, badge
from components.payment_banner import add_card
from components.payment_dialogs import EDIT_BILLING, GIVE_CARD, MAKE_DEFAULT, REMOVE_CARD

_TONES: dict[Standing, Tone] = {
    Standing.EXPIRED: "error",
    Standing.INVALID: "error",
    Standing.EMPTY: "error",
    Standing.EXPIRES_FIRST: "warning",
    Standing.UNKNOWN: "warning",
    Standing.UNCHECKED: "quiet",
    Standing.GOOD: "quiet",
}


class PaymentMethodCard(Component[PaymentMethodState]):
    """What a payment method is, whether it can pay, and what it pays for.

    ::

        PaymentMethodCard (article)
        ├── header     what it is called, whether it is the default, its state
        ├── body       until when it is valid, what is wrong with it
        ├── uses       the addresses that it pays for, and what comes next there
        └── actions    what is done most, and the way to its own page
    """

    element = "article"
    sections = ("header", "body", "uses", "actions")
    offers: ClassVar[tuple[Offer[PaymentMethodState], ...]] = (GIVE_CARD, REMOVE_CARD)
    """The buttons beside the way to its own page."""

    def build(self) -> None:
        self.set(
            class_="ds-card ds-payment",
            data_key=f"payment-{self.state.key}",
            data_status=self.state.standing.value,
        )
        super().build()

    def header(self) -> None:
        icon("card")
        with html.h3():
            html.a(self.state.path, self.say(self.state.title), dir="auto")
        draw_standing(self)

    def body(self) -> None:
        draw_validity(self)

    def uses(self) -> None:
        draw_uses(self)

    def actions(self) -> None:
        for offer in offered(self, self.offers):
            offer_button(
                self,
                offer,
                key=f"payment-{self.state.key}-{offer.key}",
                class_="ds-button ds-compact",
            )
        html.a(
            self.state.path,
            self.t("Details"),
            class_="ds-link",
            aria_label=self.t("Details of {card}", card=self.state.name),
        )


class PaymentMethodDetails(Component[PaymentMethodState]):
    """Everything about one payment method, on its own page.

    ::

        PaymentMethodDetails (div)
        ├── header     what it is called, whether it is the default, its state
        ├── body       until when it is valid, what is wrong with it, its billing address
        ├── uses       the addresses that it pays for, and what comes next there
        ├── hosted     the mail by which it is changed, where only its processor can
        └── actions    all that can be done
    """

    element = "div"
    sections = ("header", "body", "uses", "hosted", "actions")
    offers: ClassVar[tuple[Offer[PaymentMethodState], ...]] = (
        GIVE_CARD,
        EDIT_BILLING,
        MAKE_DEFAULT,
        REMOVE_CARD,
    )
    """What can be done with it."""

    def __init__(self, state: PaymentMethodState, texts: Texts) -> None:
        self._hosted: HostedUpdateState | None = None
        super().__init__(state, texts)

    def build(self) -> None:
        self.set(
            class_="ds-subscription-details",
            data_key=f"payment-{self.state.key}",
            data_status=self.state.standing.value,
        )
        with html.div(class_="ds-card ds-subscription ds-payment"):
            for name in ("header", "body", "uses", "hosted"):
                self.section(name)
        self.section("actions")

    def header(self) -> None:
        icon("card")
        html.strong(self.say(self.state.title), dir="auto")
        draw_standing(self)

    def body(self) -> None:
        draw_validity(self)
        html.h2(self.t("Billing address"), class_="ds-small-heading")
        billing = self.state.billing
        code = billing.country_code.upper()
        country = str(self.texts.locale.territories.get(code, code))
        lines = [line for line in (billing.name, *billing.lines, country) if line]
        if not lines:
            html.p(self.t("None is known."), class_="ds-muted")
        else:
            with html.Tag("address", class_="ds-lines"):
                for line in lines:
                    html.span(line, dir="auto")
        if self.state.is_read_only:
            html.p(
                self.t(
                    "The shop keeps this payment method with Shopify Payments, so its billing "
                    "address and your default cannot be changed here. Use the button below, "
                    "or write to the shop."
                ),
                class_="ds-muted",
            )

    def uses(self) -> None:
        draw_uses(self)

    def hosted(self) -> None:
        """Where only its processor changes it: the mail with the way there."""
        if not self.state.is_hosted:
            return
        if self._hosted is None:
            self._hosted = HostedUpdateState(self.model.portal, self.model.key)
        html.h2(self.t("Change it"), class_="ds-small-heading")
        HostedUpdate.show(self._hosted, self.texts)

    def actions(self) -> None:
        offers = offered(self, self.offers)
        with html.div(class_="ds-card ds-offers-card"), html.div(class_="ds-offers"):
            if not self.state.is_hosted:
                places = tuple(use.address.id for use in self.state.uses)
                add_card(
                    self.t("Use a new card instead") if places else self.t("Add another card"),
                    key="page-new",
                    address_ids=places,
                    class_="ds-menu-item",
                    drawing="plus",
                )
            draw_list(self, offers, key="page")

    def _handle_delete(self) -> None:
        if self._hosted is not None:
            self._hosted.close()
        super()._handle_delete()


def draw_standing(component: Component[PaymentMethodState]) -> None:
    """Whether it is the default, and its state."""
    state = component.state
    with html.span(class_="ds-badges"):
        if state.is_default:
            badge(component.t("Default"), "info")
        if state.is_checked:
            badge(component.t("Checking…"), "info")
        elif state.is_pending:
            badge(component.t("Saving…"), "info")
        else:
            badge(component.say(state.status_text), _TONES[state.standing])


def draw_validity(component: Component[PaymentMethodState]) -> None:
    """Until when it is valid, and what is wrong with it."""
    state = component.state
    if (last := state.expires) is not None:
        month = component.texts.month(last)
        if state.standing is Standing.EXPIRED:
            html.fact("clock", component.t("Was valid until {month}", month=month))
        else:
            html.fact("clock", component.t("Valid until {month}", month=month))
    if not state.has_details:
        html.p(
            component.t("The payment service tells no number by which you could know it."),
            class_="ds-muted ds-small",
        )
    if (sentence := state.explanation) is not None:
        tone = _TONES[state.standing]
        with html.p(class_="ds-note", data_tone="info" if tone == "quiet" else tone):
            html.span(component.say(sentence))


def draw_uses(component: Component[PaymentMethodState]) -> None:
    """What it pays for: each address with what comes next there."""
    uses = component.state.uses
    if not uses:
        html.p(component.t("It pays for nothing at the moment."), class_="ds-muted")
        return
    html.p(component.t("Pays for deliveries to"), class_="ds-small-heading")
    with html.ul(class_="ds-uses"):
        for use in uses:
            _use(component, use)


def _use(component: Component[PaymentMethodState], use: Use) -> None:
    with html.li():
        html.a(f"/addresses/{use.address.id}", component.say(use.place), dir="auto")
        html.span(component.say(use.text), class_="ds-muted ds-small")
        if use.failed is not None:
            badge(component.t("Payment for {date} failed", date=use.failed), "error")

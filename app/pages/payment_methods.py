"""What the customer pays with: all of it, and one of it."""

from __future__ import annotations

from app.i18n import Texts, say
from app.pages.subscriptions import unreadable_note
from app.pages.view import RecordView, View
from app.state import ACCOUNT, PAYMENT_METHODS, PaymentMethodState, Portal
from components import (
    Empty,
    EmptyState,
    OpenCards,
    PaymentBanner,
    PaymentMethodCard,
    PaymentMethodDetails,
    add_card,
    html,
)


class PaymentMethods(View):
    """``/payment-methods``: what is wrong with payments first, then every card and wallet."""

    def header(self) -> None:
        html.a(ACCOUNT, self.t("Account"), class_="ds-back")
        super().header()

    def heading(self) -> str:
        return self.t("Payment methods")

    def ready(self) -> None:
        unreadable_note(self)
        payments = self.model.payments
        OpenCards.show(self.model.cards, self.texts)
        PaymentBanner.show(payments, self.texts)
        with html.div(class_="ds-page-actions"):
            add_card(self.t("Add a card"), key="add-card")
        found = self.seen(lambda: tuple(payments.methods))
        if not found:
            EmptyState.show(
                Empty(
                    title=say("You have no payment method here"),
                    text=say("Add a card, so that your deliveries can be paid."),
                    icon="card",
                ),
                self.texts,
            )
            return
        html.h2(self.t("Cards and wallets"), class_="ds-unseen")
        with html.div(class_="ds-cards ds-wide-cards"):
            for method in found:
                PaymentMethodCard.show(method, self.texts)


class PaymentMethodPage(RecordView):
    """``/payment-methods/{id}``: one payment method."""

    back = PAYMENT_METHODS, say("All payment methods")
    kind = say("Payment method")

    def __init__(self, state: Portal, texts: Texts, method_id: int | None) -> None:
        self.method_id = method_id
        super().__init__(state, texts)

    @property
    def is_missing(self) -> bool:
        """The records are known, and it is not among them."""
        return self.method_id is None or (self.state.status == "ready" and self._find() is None)

    def name(self) -> str | None:
        # Its processor may have put another card in its place.
        method = self._find()
        return self.say(method.title) if method else None

    def ready(self) -> None:
        method = self.seen(self._find)
        if method is None:
            return
        PaymentBanner.show(
            self.model.payments,
            self.texts,
            concerns=lambda trouble: (
                trouble.method is not None and trouble.method.id == self.method_id
            ),
        )
        with html.div(class_="ds-details"):
            PaymentMethodDetails.show(method, self.texts)

    def _find(self) -> PaymentMethodState | None:
        return self.model.payments.of(self.method_id)

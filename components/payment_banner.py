"""Payments that have failed or will: why, what happens next, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from app.i18n import Texts
from app.state import (
    DeliveryState,
    OrderNowQuestion,
    PaymentsState,
    PaymentTrouble,
)
from app.state.payment_trouble import ADD_CARD
from components import html
from components.base import Component
from components.icons import IconName, icon
from components.order_now_dialog import TRY_PAYMENT_AGAIN, OrderNowDialog

Concerns = Callable[[PaymentTrouble], bool]


class PaymentBanner(Component[PaymentsState]):
    """What is wrong with payments, each trouble once; nothing where all is well.

    ::

        PaymentBanner (section)
        └── body       for each: what is the matter, why, the next try, what happens if nothing is
                       done, and the buttons that help

    `concerns` picks those that belong to the page; all of them where it is not given.
    """

    sections = ("body",)

    def __init__(
        self, state: PaymentsState, texts: Texts, *, concerns: Concerns | None = None
    ) -> None:
        self.concerns = concerns
        super().__init__(state, texts)

    def build(self) -> None:
        self.set(class_="ds-troubles")
        super().build()

    def body(self) -> None:
        troubles = self.seen(self._shown)
        self.set(aria_label=self.t("Payments that need your attention") if troubles else None)
        for trouble in troubles:
            self.trouble(trouble)

    def trouble(self, trouble: PaymentTrouble) -> None:
        """One of them."""
        delivery = self.model.delivery(trouble)
        can_retry = delivery is not None and self.seen(partial(_can_try_again, delivery))
        draw_trouble(self, trouble, retry=delivery if can_retry else None)

    def _shown(self) -> tuple[PaymentTrouble, ...]:
        concerns = self.concerns
        found = self.model.troubles
        return found if concerns is None else tuple(one for one in found if concerns(one))


def draw_trouble(
    component: Component[Any], trouble: PaymentTrouble, *, retry: DeliveryState | None = None
) -> None:
    """One trouble in full. `retry` is the delivery whose payment can be tried again at once."""
    with html.div(
        class_="ds-note ds-trouble",
        data_tone="error" if trouble.is_urgent else "warning",
        data_key=f"trouble-{trouble.key}",
        data_kind=trouble.kind,
    ):
        icon("alert")
        with html.div():
            html.strong(component.say(trouble.title))
            for sentence in (trouble.reason, trouble.next, trouble.otherwise, trouble.advice):
                if sentence is not None:
                    html.p(component.say(sentence))
            _buttons(component, trouble, retry)


def update_card(
    component: Component[Any],
    trouble: PaymentTrouble,
    *,
    class_: str = "ds-button ds-compact ds-primary",
) -> None:
    """The way to another card: the page where one is added, or that of the card itself."""
    text = component.t("Add a card") if trouble.method is None else component.t("Update card")
    if trouble.update_path != ADD_CARD:
        html.a(trouble.update_path, text, class_=class_, data_key=f"update-{trouble.key}")
        return
    add_card(text, key=f"update-{trouble.key}", address_ids=(trouble.address_id,), class_=class_)


def add_card(
    text: str,
    *,
    key: str,
    address_ids: tuple[int, ...] = (),
    class_: str = "ds-button",
    drawing: IconName | None = None,
) -> None:
    """Leads to the plain page where a card is added. It is a form: a link of ours would be taken
    for a view of this page. `address_ids` are where the card is to pay."""
    with html.Tag("form", method="get", action=ADD_CARD, class_="ds-inline"):
        for id in address_ids:
            html.Tag("input", type="hidden", name="address", value=str(id))
        with html.Tag("button", type="submit", class_=class_, data_key=key):
            if drawing is not None:
                icon(drawing)
            html.span(text)


def _buttons(
    component: Component[Any], trouble: PaymentTrouble, retry: DeliveryState | None
) -> None:
    if not (trouble.update or trouble.fix or retry):
        return
    with html.div(class_="ds-trouble-actions"):
        if trouble.update:
            update_card(component, trouble)
        if trouble.fix is not None:
            path, text = trouble.fix
            html.a(path, component.say(text), class_="ds-button ds-compact")
        if retry is not None:
            html.Button(
                component.t("Try again now"),
                partial(_try_again, component, retry),
                key=f"retry-{trouble.key}",
                class_="ds-button ds-compact",
                aria_label=component.t(
                    "Try again now: the payment for {date}", date=retry.delivery.date
                ),
            )


def _can_try_again(delivery: DeliveryState) -> bool:
    return delivery.offers(TRY_PAYMENT_AGAIN.key, TRY_PAYMENT_AGAIN.is_offered)


async def _try_again(component: Component[Any], delivery: DeliveryState) -> None:
    await OrderNowDialog.open(component, OrderNowQuestion(delivery))

"""Small things that several components show the same way."""

from __future__ import annotations

from typing import Literal

from app.actions import card_titled
from app.i18n import Texts, address_lines
from app.mirror import Delivery, DeliveryStatus
from app.recharge import Address, PaymentMethod
from app.state import DeliveryState, SubscriptionState
from components import html

Tone = Literal["success", "info", "warning", "error", "quiet"]


def badge(text: str, tone: Tone) -> html.Tag:
    """A status in a word or two. Its colour only repeats what the word says."""
    return html.span(text, class_="ds-badge", data_tone=tone)


def delivery_status(state: DeliveryState, texts: Texts) -> tuple[str, Tone] | None:
    """What to say of a delivery's status, or None when it simply comes."""
    if state.is_checked:
        return texts.t("Checking…"), "info"
    if state.is_pending:
        return texts.t("Saving…"), "info"
    match state.delivery.status:
        case DeliveryStatus.SKIPPED:
            return texts.t("Skipped"), "quiet"
        case DeliveryStatus.FAILED:
            return texts.t("Payment failed"), "error"
        case DeliveryStatus.PENDING:
            return texts.t("Payment under way"), "info"
        case DeliveryStatus.UNKNOWN:
            return texts.t("State not known"), "warning"
        case _:
            return None


_TONES: dict[str, Tone] = {
    "paused": "warning",
    "cancelled": "quiet",
    "expired": "quiet",
    "unknown": "warning",
}


def subscription_status(state: SubscriptionState, texts: Texts) -> tuple[str, Tone] | None:
    """What to say of a subscription's status, or None when it simply goes on."""
    if state.is_checked:
        return texts.t("Checking…"), "info"
    if state.is_pending:
        return texts.t("Saving…"), "info"
    if tone := _TONES.get(state.status):
        return texts.render(state.status_text), tone
    return (texts.t("Prepaid"), "info") if state.is_prepaid else None


def cost_of(delivery: Delivery, texts: Texts) -> str:
    """What a delivery costs; or that it was paid before, or that it is not known."""
    if not delivery.is_total_known:
        return texts.t("Price not known yet")
    if not delivery.total.amount and all(item.is_prepaid for item in delivery.items):
        return texts.t("Already paid")
    return texts.money(delivery.total)


def address_line(address: Address) -> str:
    """Where a delivery goes, in one line, in the order of its country."""
    lines = address_lines(
        address.country_code,
        name=" ".join(part for part in (address.first_name, address.last_name) if part),
        company=address.company or "",
        street=(address.address1 or "", address.address2 or ""),
        city=address.city or "",
        province=address.province or "",
        postcode=address.zip or "",
    )
    return ", ".join(lines)


def short_address(address: Address) -> str:
    """Enough of an address to tell it from the customer's others."""
    return ", ".join(part for part in (address.address1, address.city) if part)


def card_line(method: PaymentMethod, texts: Texts) -> str:
    """A card as its owner knows it: brand and last four digits."""
    return texts.render(card_titled(method))

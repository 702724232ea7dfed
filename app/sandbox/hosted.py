"""The payment service's own page: where a customer follows a mailed link to change a card.

What Shopify Payments and PayPal have for it, the sandbox has here. No number is typed: one of the
processor's test cards is chosen, so the page may stand on any origin. A link is known by a secret
that the method's memo holds; a newer mail ends it, and so does using it.
"""
# markup, this file: pages of the look-alike, not of the portal; what is shown goes through escape()

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final
from urllib.parse import parse_qs

from app.sandbox.charging import regenerate
from app.sandbox.customers import refresh_customer
from app.sandbox.errors import Document, Invalid
from app.sandbox.inbox import STYLE, add_mail
from app.sandbox.shop import Shop
from app.sandbox.whereabouts import HERE

PATH: Final = re.compile(r"/hosted/payment-methods/([1-9]\d{0,17})-([0-9a-f]{32})")
TEMPLATE: Final = "shopify_update_payment_information"
HOSTED: Final = ("shopify_payments", "shopify_app_subscription_billing")
"""Processors whose methods are changed by such a link alone."""

_ELSEWHERE = ("PAYPAL", "PAYPAL_EXPRESS", "SHOP_PAY")
_HOLDS = timedelta(hours=48)


@dataclass(frozen=True)
class Card:
    """A card that can be chosen. Those with `refused` the bank does not accept."""

    key: str
    brand: str
    last4: str
    token: str
    years: int = 4
    refused: str = ""


CARDS: Final = (
    Card("visa", "visa", "4242", "pm_card_visa"),
    Card("mastercard", "mastercard", "4444", "pm_card_mastercard"),
    Card("amex", "amex", "8431", "pm_card_amex", years=2),
    Card("declined", "visa", "0002", "", refused="The bank declined this card."),
    Card("expired", "visa", "0069", "", refused="This card has expired."),
)


def send_link(shop: Shop, customer: Document, variables: Document) -> None:
    """Mail the customer the way to change a payment method: the one that is named, or the one of
    the address that is named.

    Raises:
        Invalid: there is no such method of this customer's, or it is not changed by a link.
    """
    method = _named(shop, customer, variables)
    secret = secrets.token_hex(16)
    until = shop.now() + _HOLDS
    memo = {**shop.store.memo("payment_methods", method["id"]), "link": secret}
    shop.store.write("payment_methods", method, {**memo, "link_until": until.isoformat()})
    link = f"{HERE}/hosted/payment-methods/{method['id']}-{secret}"
    text = (
        f"Hello {customer['first_name']},\n\n"
        f"{_shop_name(shop)} has sent you this link to change the way you pay:\n\n{link}\n\n"
        "It works once, and for two days. Nothing changes until you have used it.\n"
    )
    subject = f"Update your payment method at {_shop_name(shop)}"
    add_mail(shop, {"to": customer["email"], "subject": subject, "text": text})


def _named(shop: Shop, customer: Document, variables: Document) -> Document:
    id = variables.get("payment_method_id")
    address_id = variables.get("address_id")
    if id is None and isinstance(address_id, int):
        address = shop.store.get("addresses", address_id)
        id = address["payment_method_id"] if address else None
    method = shop.store.get("payment_methods", id) if isinstance(id, int) else None
    if method is None or method["customer_id"] != customer["id"] or method.get("deleted_at"):
        raise Invalid("template_vars", "Payment method not found.")
    is_hosted = method["processor_name"] in HOSTED or method.get("payment_type") in _ELSEWHERE
    if not is_hosted:
        raise Invalid("template_vars", "This payment method is not updated by email.")
    return method


def answer(shop: Shop, method: str, path: str, raw: bytes) -> tuple[int, str] | None:
    """The page of a link, and what comes of choosing a card there; None for another path."""
    found = PATH.fullmatch(path)
    if found is None or method not in ("GET", "POST"):
        return None
    kept = _behind(shop, int(found.group(1)), found.group(2))
    if kept is None:
        return 404, _page("This link does not work any more", "<p>Ask for a new one.</p>")
    if method == "GET":
        return 200, _form(shop, kept)
    chosen = parse_qs(raw.decode("latin-1")).get("chosen", [""])[0]
    card = next((each for each in CARDS if each.key == chosen), None)
    if card is None:
        return 400, _form(shop, kept, "Please choose a card.")
    if card.refused:
        return 402, _form(shop, kept, f"{card.refused} Nothing was changed.")
    _replace(shop, kept, card)
    told = f"<p>{escape(_shop_name(shop))} charges {_named_card(card)} from now on.</p>"
    return 200, _page("Your payment method is updated", told)


def _behind(shop: Shop, id: int, secret: str) -> Document | None:
    """The method that a link is for; None where the link is none, or has ended."""
    method = shop.store.get("payment_methods", id)
    memo = shop.store.memo("payment_methods", id) if method else {}
    if method is None or method.get("deleted_at") or not memo.get("link"):
        return None
    if not secrets.compare_digest(str(memo["link"]), secret):
        return None
    return method if shop.now() < datetime.fromisoformat(memo["link_until"]) else None


def _replace(shop: Shop, method: Document, card: Card) -> None:
    """The card takes the place of what was there. The method stays the same one."""
    with shop.store.transaction():
        memo = shop.store.memo("payment_methods", method["id"])
        del memo["link"], memo["link_until"]
        details = {
            "brand": card.brand,
            "exp_month": 12,
            "exp_year": shop.today().year + card.years,
            "funding_type": "credit",
            "last4": card.last4,
            "paypal_email": None,
            "paypal_payer_id": None,
            "wallet_type": None,
        }
        shop.save(
            "payment_methods",
            {
                **method,
                "payment_details": details,
                "payment_type": "CREDIT_CARD",
                "processor_payment_method_token": card.token,
                "status": "valid",
                "status_reason": None,
            },
            memo=memo,
        )
        for address in shop.find("addresses", payment_method_id=method["id"]):
            regenerate(shop, address["id"])
        customer = refresh_customer(shop, method["customer_id"])
        shop.emit("payment_method_updated", "customers", customer)


def _shop_name(shop: Shop) -> str:
    stores = shop.store.find("store", limit=1)
    return str(stores[0]["name"]) if stores else "The shop"


def _named_card(card: Card) -> str:
    return f"{card.brand.title()} ending in {card.last4}"


def _form(shop: Shop, method: Document, problem: str = "") -> str:
    details = method.get("payment_details") or {}
    old = f"{str(details.get('brand') or 'card').title()} ending in {details.get('last4') or '…'}"
    choices = "".join(
        f'<p><label><input type="radio" name="chosen" value="{card.key}" required> '
        f"{escape(_named_card(card))}{' (refused)' if card.refused else ''}</label></p>"
        for card in CARDS
    )
    told = f'<p role="alert"><strong>{escape(problem)}</strong></p>' if problem else ""
    return _page(
        "Update your payment method",
        f"{told}<p>{escape(_shop_name(shop))} charges {escape(old)}. Choose the test card that "
        "takes its place. A real payment service asks for a number here.</p>"
        f'<form method="post"><fieldset><legend>New card</legend>{choices}</fieldset>'
        '<p><button type="submit">Save</button></p></form>',
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><article><h1>{escape(title)}</h1>{body}</article></main></body></html>"
    )

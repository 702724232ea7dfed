"""Payment methods. No card number ever comes here: a processor's tokens do."""

from app.sandbox import cards
from app.sandbox import fields as f
from app.sandbox.charging import regenerate
from app.sandbox.customers import refresh_customer
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.listing import visible
from app.sandbox.postal import refuse_unreadable_parts, refuse_wrong_parts
from app.sandbox.processing import card_changed, process
from app.sandbox.resources.generic import one, reading, writing
from app.sandbox.shop import Shop

_TYPES = (
    "CREDIT_CARD", "PAYPAL", "APPLE_PAY", "GOOGLE_PAY", "SEPA_DEBIT", "IDEAL", "SHOP_PAY",
    "PAYPAL_EXPRESS", "SOFORT", "GIROPAY", "STORED_VALUE", "AMAZON_PAY", "INVOICE",
    "AFTERPAY_CLEARPAY", "KLARNA",
)  # fmt: skip
_PROCESSORS = (
    "stripe", "braintree", "authorize", "shopify_payments", "mollie", "adyen",
    "shopify_app_subscription_billing", "frictionless",
)  # fmt: skip
_BILLING: f.Fields = {
    "address1": f.text(),
    "address2": f.nullable(f.text()),
    "city": f.text(),
    "company": f.nullable(f.text()),
    "country": f.text(),
    "country_code": f.text(2, 2),
    "first_name": f.text(),
    "last_name": f.text(),
    "phone": f.nullable(f.text()),
    "province": f.nullable(f.text()),
    "zip": f.nullable(f.text()),
}
_ADDRESS = "billing_address"
_UPDATE: f.Fields = {
    "apply_to_all_subscription_addresses": f.flag,
    "billing_address": f.nested(_BILLING),
    "default": f.flag,
    "processor_name": f.one_of(*_PROCESSORS),
}
_CREATE: f.Fields = {
    **_UPDATE,
    "address_ids": f.list_of(f.identifier),
    "customer_id": f.required(f.identifier),
    "external_mandate_id": f.nullable(f.text()),
    "external_payment_method_id": f.nullable(f.text()),
    "payment_method_intent_id": f.nullable(f.text()),
    "payment_type": f.required(f.one_of(*_TYPES)),
    "processor_customer_token": f.required(f.text(1)),
    "processor_name": f.required(f.one_of(*_PROCESSORS)),
    "processor_payment_method_token": f.nullable(f.text(1)),
    "retry_charges": f.flag,
}
# Tokens of a processor's test cards, and what the card looks like.
_TEST_CARDS = {
    "pm_card_visa": ("visa", "4242"),
    "pm_card_mastercard": ("mastercard", "4444"),
    "pm_card_amex": ("amex", "8431"),
    "pm_card_visa_chargeDeclined": ("visa", "0002"),
    "pm_card_chargeDeclined": ("visa", "0002"),
    "pm_card_chargeDeclinedInsufficientFunds": ("visa", "9995"),
    "pm_card_chargeDeclinedExpiredCard": ("visa", "0069"),
    "pm_card_authenticationRequired": ("visa", "3155"),
}


def _create(shop: Shop, call: Call) -> Reply:
    body = call.read(_CREATE)
    customer_id = body["customer_id"]
    if shop.store.get("customers", customer_id) is None:
        raise Invalid("customer_id", "Not found")
    token = body["processor_customer_token"]
    if _is_unknown(token, body["processor_name"]):
        raise Invalid("processor_customer_token", "Not found")
    refuse_unreadable_parts(body.get("billing_address", {}), under=_ADDRESS)
    document: Document = {
        name: body[name] for name in (
            "billing_address", "customer_id", "default", "payment_type",
            "processor_customer_token", "processor_name", "processor_payment_method_token",
        ) if name in body
    }  # fmt: skip
    document["payment_details"] = _details(shop, body)
    document["default"] = body.get("default") or not _others(shop, customer_id, None)
    method = shop.add("payment_methods", document)
    for id in body.get("address_ids", []):
        address = shop.store.get("addresses", id)
        if address is None or address["customer_id"] != customer_id:
            raise Invalid("address_ids", "Not found")
        _attach(shop, address, method)
    _after(shop, method, body)
    return one(shop, call, "payment_methods", method, 201)


def _is_unknown(token: str, processor: str) -> bool:
    """Whether the processor has no such customer; `cus_unknown…` is nobody's token."""
    if processor == "stripe" and not token.startswith("cus_"):
        return True
    return token.removeprefix("cus_") == "" or token.startswith("cus_unknown")


def _details(shop: Shop, body: Document) -> Document:
    if body["payment_type"] != "CREDIT_CARD":
        return {}
    token = str(body.get("processor_payment_method_token") or "")
    if token.startswith(cards.TOKEN):
        known = cards.details_of(shop, token, body["processor_customer_token"])
        return {**known, "funding_type": "credit", "wallet_type": None}
    brand, last4 = _TEST_CARDS.get(token, ("visa", token[-4:] if token[-4:].isdigit() else "4242"))
    return {
        "brand": brand,
        "exp_month": 12,
        "exp_year": 2034,
        "funding_type": "credit",
        "last4": last4,
        "wallet_type": None,
    }


def _update(shop: Shop, call: Call) -> Reply:
    method = visible(shop, "payment_methods", call.id())
    body = call.read(_UPDATE)
    if method["processor_name"] == "shopify_payments":
        raise Invalid("processor_name", "Methods of shopify_payments are read-only.")
    if "billing_address" in body:
        refuse_wrong_parts(body["billing_address"], method["billing_address"], under=_ADDRESS)
    kept = {name: value for name, value in body.items() if name.startswith(("b", "d", "p"))}
    if "billing_address" in kept:
        billing = kept["billing_address"]
        billing.setdefault("country_code", billing.get("country"))
        billing.setdefault("country", billing.get("country_code"))
        nothing = dict.fromkeys(_BILLING)
        kept["billing_address"] = {**nothing, **billing}
    written = shop.save("payment_methods", {**method, **kept})
    _after(shop, written, body)
    return one(shop, call, "payment_methods", written)


def _after(shop: Shop, method: Document, body: Document) -> None:
    """One default per customer, addresses where that was asked for, and fresh charges."""
    if method["default"]:
        for other in _others(shop, method["customer_id"], method["id"]):
            if other["default"]:
                shop.save("payment_methods", {**other, "default": False})
    addresses = shop.find("addresses", customer_id=method["customer_id"])
    for address in addresses:
        if body.get("apply_to_all_subscription_addresses"):
            _attach(shop, address, method)
        elif "billing_address" in body and address["payment_method_id"] == method["id"]:
            regenerate(shop, address["id"])
    if body.get("retry_charges"):
        for charge in shop.find("charges", customer_id=method["customer_id"], status="error"):
            process(shop, charge)  # at once, with what pays there by now
    customer = refresh_customer(shop, method["customer_id"])
    shop.emit("payment_method_updated", "customers", customer)


def _attach(shop: Shop, address: Document, method: Document) -> None:
    if address["payment_method_id"] != method["id"]:
        shop.save("addresses", {**address, "payment_method_id": method["id"]})
        regenerate(shop, address["id"])
        card_changed(shop, address["id"])


def _others(shop: Shop, customer_id: int, id: int | None) -> list[Document]:
    found = shop.find("payment_methods", customer_id=customer_id)
    return [each for each in found if each["id"] != id and not each.get("deleted_at")]


def _delete(shop: Shop, call: Call) -> Reply:
    method = visible(shop, "payment_methods", call.id())
    if shop.find("addresses", payment_method_id=method["id"]):
        raise Invalid("address", "Can not delete payment method associated with addresses")
    shop.save("payment_methods", {**method, "deleted_at": shop.stamp()[:19]})
    refresh_customer(shop, method["customer_id"])
    return Reply(status=204)


ENDPOINTS: list[Endpoint] = [
    *reading("payment_methods"),
    *writing("payment_methods", create=_create, update=_update, delete=_delete),
]

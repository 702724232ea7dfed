"""Credit accounts, their adjustments, and a customer's summary."""

from decimal import Decimal

from app.sandbox import fields as f
from app.sandbox.dates import parse_moment
from app.sandbox.defaults import currency
from app.sandbox.errors import Document, Invalid
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.includes import includes_of
from app.sandbox.listing import list_reply, show
from app.sandbox.resources.generic import listing, one, reading, scopes, writing
from app.sandbox.shop import Shop
from app.sandbox.totals import money

_FIELDS: f.Fields = {
    "currency_code": f.text(3, 3),
    "customer_id": f.required(f.identifier),
    "expires_at": f.nullable(f.moment),
    "initial_balance": f.required(f.money),
    "name": f.text(),
    "type": f.one_of("reward", "manual", "gift"),
}
_ADJUSTMENT: f.Fields = {
    "amount": f.required(f.money),
    "note": f.nullable(f.text()),
    "type": f.required(f.one_of("debit", "credit")),
}


def credit_summary(shop: Shop, call: Call, customer: Document) -> Document:
    """What a customer has to spend, without what has expired."""
    by_type: dict[str, Decimal] = {}
    for account in shop.find("credit_accounts", customer_id=customer["id"]):
        ends = parse_moment(account["expires_at"])
        if ends is None or ends > shop.now():
            kind = account["type"]
            by_type[kind] = by_type.get(kind, Decimal(0)) + Decimal(account["available_balance"])
    total, code = money(sum(by_type.values(), Decimal(0))), currency(shop)
    summary = {
        "customer_id": customer["id"],
        "currency_code": code,
        "max_redemption_limit": None,
        "total_available_balance": total,
        "total_available_balance_by_credit_type": {
            kind: money(amount) for kind, amount in sorted(by_type.items())
        },
        "total_available_balance_set": {"shop_money": {"amount": total, "currency_code": code}},
    }
    return show(shop, call, summary, includes_of("credit_summary"))


def _create(shop: Shop, call: Call) -> Reply:
    body = call.read(_FIELDS)
    if shop.store.get("customers", body["customer_id"]) is None:
        raise Invalid("customer_id", "Not found")
    return one(shop, call, "credit_accounts", shop.add("credit_accounts", body), 201)


def _update(shop: Shop, call: Call) -> Reply:
    account = shop.read("credit_accounts", call.id())
    body = call.read(f.optional(_FIELDS, ("expires_at", "name", "type")))
    written = shop.save("credit_accounts", {**account, **body})
    return one(shop, call, "credit_accounts", written)


def _adjust(shop: Shop, call: Call) -> Reply:
    body = call.read(_ADJUSTMENT)
    account = shop.read("credit_accounts", call.id())
    amount = Decimal(body["amount"])
    balance = Decimal(account["available_balance"])
    balance += amount if body["type"] == "credit" else -amount
    if balance < 0:
        raise Invalid("amount", "More than the available balance.")
    code = account["currency_code"]
    both = {"shop_money": {"amount": money(balance), "currency_code": code}}
    changed = {"available_balance": money(balance), "available_balance_set": both}
    shop.save("credit_accounts", {**account, **changed})
    adjustment = shop.add(
        "credit_adjustments",
        {
            **body,
            "credit_account_id": account["id"],
            "currency_code": account["currency_code"],
            "ending_balance": money(balance),
        },
    )
    return one(shop, call, "credit_adjustments", adjustment, 201)


def _adjustments(shop: Shop, call: Call) -> Reply:
    account = shop.read("credit_accounts", call.id())
    where = f"credit_account_id = {int(account['id'])}"
    return list_reply(shop, call, "credit_adjustments", {}, where=where)


_PATH = "/credit_accounts/{id}/credit_adjustments"

ENDPOINTS = [
    *reading("credit_accounts"),
    *writing("credit_accounts", create=_create, update=_update),
    Endpoint("POST", _PATH, _adjust, scopes("credit_adjustments", "write")),
    Endpoint("GET", _PATH, _adjustments, scopes("credit_adjustments", "read")),
    Endpoint(
        "GET",
        "/credit_adjustments",
        listing("credit_adjustments"),
        scopes("credit_adjustments", "read"),
    ),
]

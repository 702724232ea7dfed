"""Customers, their delivery schedule, credit summary and notifications."""

from datetime import date, timedelta

from app.sandbox import fields as f
from app.sandbox.dates import parse_day
from app.sandbox.errors import Document, Invalid
from app.sandbox.hosted import TEMPLATE, send_link
from app.sandbox.http import Call, Endpoint, Reply
from app.sandbox.inbox import add_mail
from app.sandbox.resources.credits import credit_summary
from app.sandbox.resources.generic import one, reading, scopes, writing
from app.sandbox.schedule import delivery_schedule
from app.sandbox.shop import Shop

_FIELDS: f.Fields = {
    "email": f.required(f.text(3, 254)),
    "first_name": f.required(f.text(1, 255)),
    "last_name": f.required(f.text(1, 255)),
    "phone": f.nullable(f.text()),
    "tax_exempt": f.flag,
    "external_customer_id": f.nullable(f.external),
}
_UPDATE: f.Fields = {
    **f.optional(_FIELDS),
    "apply_credit_to_next_checkout_charge": f.flag,
    "apply_credit_to_next_recurring_charge": f.flag,
    "apply_credit_to_next_recurring_charge_channel": f.nullable(f.text()),
    "backup_payment_methods_enabled": f.nullable(f.flag),
    "payment_method_fallback_on_failure_disabled": f.flag,
}
_DEFAULT_DAYS = 90
_MOST_DAYS = 1100


def _create(shop: Shop, call: Call) -> Reply:
    body = call.read(_FIELDS)
    _refuse_duplicate(shop, body["email"], None)
    return one(shop, call, "customers", shop.add("customers", body), 201)


def _update(shop: Shop, call: Call) -> Reply:
    customer = shop.read("customers", call.id())
    body = call.read(_UPDATE)
    if "email" in body:
        _refuse_duplicate(shop, body["email"], customer["id"])
    return one(shop, call, "customers", shop.save("customers", {**customer, **body}))


def _refuse_duplicate(shop: Shop, email: str, own_id: int | None) -> None:
    if "@" not in email:
        raise Invalid("email", "Not a valid email address.")
    taken = shop.find("customers", email=email.lower())
    if any(each["id"] != own_id for each in taken):
        raise Invalid.bare("email", "email already exists on store")


def _delete(shop: Shop, call: Call) -> Reply:
    customer = shop.read("customers", call.id())
    id = customer["id"]
    if shop.find("subscriptions", customer_id=id, status="active"):
        raise Invalid("subscriptions", "Customer has active subscriptions")
    for plural in ("charges", "onetimes", "subscriptions", "addresses", "payment_methods"):
        for document in shop.find(plural, customer_id=id):
            shop.store.delete(plural, document["id"])
    shop.remove("customers", customer)
    return Reply(status=204)


def _schedule(shop: Shop, call: Call) -> Reply:
    customer = shop.read("customers", call.id())
    today = shop.today()
    first = _day(call, "date_min") or today
    days = _count(call, "future_interval") or _DEFAULT_DAYS
    last = _day(call, "date_max") or today + timedelta(days=min(days, _MOST_DAYS))
    last = min(last, today + timedelta(days=_MOST_DAYS))
    dates = _count(call, "delivery_count_future")
    return Reply(delivery_schedule(shop, customer, first=first, last=last, dates=dates))


def _day(call: Call, name: str) -> date | None:
    text = call.query.get(name)
    if text is None:
        return None
    day = parse_day(text)
    if day is None:
        raise Invalid(name, f"Invalid date: {text}. Must be a valid ISO-8601 datetime string")
    return day


def _count(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    if not text.isdigit() or not 1 <= int(text) <= 5000:
        raise Invalid(name, "Not a valid integer.")
    return int(text)


def _credit_summary(shop: Shop, call: Call) -> Reply:
    customer = shop.read("customers", call.id())
    return Reply({"credit_summary": credit_summary(shop, call, customer)})


_TEMPLATES = {
    "upcoming_charge": "Your next order is coming",
    "get_account_access": "Your account",
    TEMPLATE: "Update your payment method",
    "shopify_migrate_payment_information": "Confirm your payment method",
}


def _notify(shop: Shop, call: Call) -> Reply:
    body = call.read({
        "type": f.required(f.one_of("email", "sms")),
        "template_type": f.required(f.one_of(*_TEMPLATES)),
        "template_vars": f.nullable(f.mapping),
    })  # fmt: skip
    customer = shop.read("customers", call.id())
    if body["template_type"] == TEMPLATE:
        send_link(shop, customer, body.get("template_vars") or {})
    else:
        add_mail(shop, _mail(customer, body))
    return Reply({})


def _mail(customer: Document, body: Document) -> Document:
    subject = _TEMPLATES[body["template_type"]]
    return {
        "to": customer["email"],
        "subject": subject,
        "text": f"Hello {customer['first_name']},\n\n{subject}.\n",
    }


ENDPOINTS = [
    *reading("customers"),
    *writing("customers", update=_update, delete=_delete),
    Endpoint("POST", "/customers", _create, ("write_customers", "write_payment_methods")),
    Endpoint("GET", "/customers/{id}/delivery_schedule", _schedule, scopes("customers", "read")),
    Endpoint("GET", "/customers/{id}/credit_summary", _credit_summary, ("read_credit_summary",)),
    Endpoint("POST", "/customers/{id}/notifications", _notify, ("write_notifications",)),
]

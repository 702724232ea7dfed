"""Money: a charge is tried, becomes orders or fails, is tried again, and the dates move on."""

from datetime import date, timedelta

from app.sandbox.cards import TOKEN as CARD_TOKEN
from app.sandbox.charging import (
    item_ids,
    method_of,
    next_free_day,
    regenerate,
    settle,
    settle_now,
)
from app.sandbox.customers import refresh_customer
from app.sandbox.dates import parse_moment
from app.sandbox.errors import Document
from app.sandbox.memberships import next_membership_due, renew_or_end
from app.sandbox.ordering import make_orders, ship
from app.sandbox.shop import Shop

CLOSED = "CLOSED_MAX_RETRIES_REACHED"
# A clock that is put years ahead must come to an end.
_MOST_STEPS = 20_000

# Cards that fail, by their last four digits, as payment processors' test cards do.
FAILING_CARDS = {
    "0002": "CARD_DECLINED",
    "9995": "INSUFFICIENT_FUNDS",
    "0069": "CARD_EXPIRED",
    "0127": "DO_NOT_HONOR",
    "0019": "FRAUD_SUSPECTED",
    "0341": "CARD_DECLINED",
    "3155": "AUTHENTICATION_REQUIRED",
}
FAILING_TOKENS = {
    "pm_card_visa_chargeDeclined": "CARD_DECLINED",
    "pm_card_chargeDeclined": "CARD_DECLINED",
    "pm_card_chargeDeclinedInsufficientFunds": "INSUFFICIENT_FUNDS",
    "pm_card_chargeDeclinedExpiredCard": "CARD_EXPIRED",
    "pm_card_authenticationRequired": "AUTHENTICATION_REQUIRED",
}
_TEXTS = {
    "CARD_DECLINED": "Your card was declined.",
    "INSUFFICIENT_FUNDS": "Your card has insufficient funds.",
    "CARD_EXPIRED": "Your card has expired.",
    "DO_NOT_HONOR": "The bank returned: do not honor.",
    "FRAUD_SUSPECTED": "The payment was refused: suspected fraud.",
    "AUTHENTICATION_REQUIRED": "The bank asks the customer to confirm this payment.",
    "PAYMENT_METHOD_NOT_FOUND": "No payment method is attached to this address.",
}


_OF_THE_CARD = {*FAILING_CARDS.values(), "PAYMENT_METHOD_NOT_FOUND"}


def card_changed(shop: Shop, address_id: int) -> None:
    """Another card pays at an address: what failed for the old one is tried again the next day, and
    the attempts are counted anew."""
    for charge in shop.find("charges", address_id=address_id, status="error"):
        if charge["retry_date"] is not None and charge["error_type"] in _OF_THE_CARD:
            tomorrow = shop.today() + timedelta(days=1)
            renewed = {
                "charge_attempts": 1,
                "error": None,
                "error_type": "CARD_UPDATED_NOW_PENDING_NEXT_ATTEMPT",
                "retry_date": tomorrow.isoformat(),
            }
            shop.save("charges", {**charge, **renewed})


def process(shop: Shop, charge: Document) -> Document:
    """Try to collect a queued or failed charge now; answers with the charge as it then stands."""
    settle_now(shop, charge["address_id"])
    charge = shop.store.get("charges", charge["id"]) or charge
    address = shop.read("addresses", charge["address_id"])
    problem = _problem(shop, address)
    charge["charge_attempts"] = int(charge["charge_attempts"]) + 1
    charge["last_charge_attempt"] = shop.stamp()
    if problem is not None:
        return _fail(shop, charge, problem)
    return succeed(shop, charge)


def _problem(shop: Shop, address: Document) -> str | None:
    method = method_of(shop, address)
    if method is None:
        return "PAYMENT_METHOD_NOT_FOUND"
    details = method.get("payment_details") or {}
    token = method.get("processor_payment_method_token")
    found = FAILING_TOKENS.get(str(token)) or FAILING_CARDS.get(str(details.get("last4")))
    if found == "AUTHENTICATION_REQUIRED" and str(token).startswith(CARD_TOKEN):
        found = None  # the bank was asked when the card was saved
    if found:
        return found
    month, year = details.get("exp_month"), details.get("exp_year")
    today = shop.today()
    if month and year and (int(year), int(month)) < (today.year, today.month):
        return "CARD_EXPIRED"
    return None


def _fail(shop: Shop, charge: Document, problem: str) -> Document:
    is_last = charge["charge_attempts"] >= shop.settings.max_attempts
    retry = shop.today() + timedelta(days=shop.settings.retry_days)
    failed = shop.save(
        "charges",
        {
            **charge,
            "status": "error",
            "error": _TEXTS.get(problem, "The payment failed."),
            "error_type": CLOSED if is_last else problem,
            "retry_date": None if is_last else retry.isoformat(),
        },
    )
    shop.emit("failed", "charges", failed)
    if is_last:
        shop.emit("max_retries_reached", "charges", failed)
        for id in item_ids(failed, "subscription"):
            _close(shop, id)
    regenerate(shop, charge["address_id"], keep_discounts=True)
    refresh_customer(shop, charge["customer"]["id"])
    return shop.store.get("charges", failed["id"]) or failed


def _close(shop: Shop, subscription_id: int) -> None:
    subscription = shop.change("subscriptions", subscription_id, max_retries_reached=True)
    if shop.settings.cancel_after_max_retries and subscription["status"] == "active":
        cancelled = {
            **subscription,
            "status": "cancelled",
            "cancelled_at": shop.now().isoformat(),
            "cancellation_reason": "max retries reached",
            "next_charge_scheduled_at": None,
        }
        shop.save("subscriptions", cancelled, event="cancelled")


def succeed(shop: Shop, charge: Document) -> Document:
    """The money came: orders appear, subscriptions move to their next date, one-times are done."""
    stamp = shop.stamp()
    number = charge["id"]
    paid = shop.save(
        "charges",
        {
            **charge,
            "status": "success",
            "error": None,
            "error_type": None,
            "retry_date": None,
            "processed_at": stamp,
            "external_order_id": {"ecommerce": f"{5_000_000_000 + number}"},
            "external_transaction_id": {"payment_processor": f"pi_sandbox_{number}"},
        },
    )
    shop.emit("paid", "charges", paid)
    subscriptions = [
        found
        for id in item_ids(paid, "subscription")
        if (found := shop.store.get("subscriptions", id)) is not None
    ]
    make_orders(shop, paid, subscriptions)
    for subscription in subscriptions:
        _move_on(shop, subscription, paid)
    for id in item_ids(paid, "onetime"):
        onetime = shop.store.get("onetimes", id)
        if onetime is not None:
            shop.remove("onetimes", onetime)
    customer = shop.read("customers", paid["customer"]["id"])
    customer["first_charge_processed_at"] = customer["first_charge_processed_at"] or stamp
    customer["subscription_related_charge_streak"] += 1
    shop.save("customers", customer)
    regenerate(shop, paid["address_id"], keep_discounts=True)
    refresh_customer(shop, customer["id"])
    return shop.read("charges", paid["id"])


def _move_on(shop: Shop, subscription: Document, charge: Document) -> None:
    """One charge more is paid: the next date, or the end after so many charges."""
    memo = shop.store.memo("subscriptions", subscription["id"])
    memo["charges"] = int(memo.get("charges", 0)) + 1
    memo["last_charged"] = charge["scheduled_at"]
    subscription["max_retries_reached"] = False
    limit = subscription["expire_after_specific_number_of_charges"]
    if limit and memo["charges"] >= int(limit):
        subscription.update(
            status="expired", next_charge_scheduled_at=None, has_queued_charges=False
        )
    elif subscription["next_charge_scheduled_at"] == charge["scheduled_at"]:
        paid_for = date.fromisoformat(charge["scheduled_at"])
        following = next_free_day(shop, subscription, paid_for)
        while following <= shop.today() and charge["charge_attempts"] > 1:
            # A payment that came late does not charge for the dates that passed meanwhile.
            following = next_free_day(shop, subscription, following)
        subscription["next_charge_scheduled_at"] = following.isoformat()
    shop.save("subscriptions", subscription, memo=memo)


def process_due(shop: Shop) -> None:
    """Everything whose time has come, day by day as it would have happened."""
    settle(shop)
    for _ in range(_MOST_STEPS):
        following = _next_due(shop)
        if following is None:
            break
        day, plural, document = following
        with shop.as_of(day):
            if plural == "charges":
                process(shop, document)
            elif plural == "memberships":
                renew_or_end(shop, document)
            else:
                ship(shop, document)


def _next_due(shop: Shop) -> tuple[date, str, Document] | None:
    """The earliest charge, retry, prepaid order or membership that is due, with its day."""
    today = shop.today().isoformat()
    charges = shop.store.find(
        "charges",
        "(status = 'queued' AND scheduled_at <= ?) OR (status = 'error' AND retry_date <= ?)",
        (today, today),
        order="COALESCE(retry_date, scheduled_at), id",
        limit=1,
    )
    now = shop.now().strftime("%Y-%m-%dT%H:%M:%S")
    orders = shop.store.find(
        "orders", "status = 'queued' AND scheduled_at <= ?", (now,), order="scheduled_at", limit=1
    )
    found: list[tuple[date, str, Document]] = []
    for charge in charges:
        day = charge["retry_date"] if charge["status"] == "error" else charge["scheduled_at"]
        found.append((date.fromisoformat(day), "charges", charge))
    for order in orders:
        moment = parse_moment(order["scheduled_at"])
        if moment is not None:
            found.append((moment.astimezone(shop.zone()).date(), "orders", order))
    if membership := next_membership_due(shop):
        found.append(membership)
    return min(found, key=lambda each: each[0], default=None)

"""What a customer record says about everything under it."""

from app.sandbox.errors import Document
from app.sandbox.shop import Shop


def refresh_customer(shop: Shop, customer_id: int) -> Document:
    """Count anew, and tell when a customer gains the first or loses the last subscription."""
    customer = shop.read("customers", customer_id)
    where = "customer_id = ?"
    active = shop.store.count("subscriptions", f"{where} AND status = 'active'", (customer_id,))
    dunning = shop.store.count("charges", f"{where} AND status = 'error'", (customer_id,))
    methods = shop.store.find("payment_methods", f"{where} AND deleted_at IS NULL", (customer_id,))
    counted = {
        "has_payment_method_in_dunning": dunning > 0,
        "has_valid_payment_method": any(
            each["status"] not in ("invalid", "empty") for each in methods
        ),
        "subscriptions_active_count": active,
        "subscriptions_total_count": shop.store.count("subscriptions", where, (customer_id,)),
    }
    if all(customer.get(name) == value for name, value in counted.items()):
        return customer
    before = customer["subscriptions_active_count"]
    written = shop.save("customers", {**customer, **counted})
    if bool(before) != bool(active):
        shop.emit("activated" if active else "deactivated", "customers", written)
    return written

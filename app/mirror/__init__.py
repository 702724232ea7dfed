"""A local copy of customers' records. Pages read the mirror, never Recharge.

The upstream budget is 2 calls a second for the whole shop, so a customer's records are read once,
with 4 calls (5 in a shop with memberships), and kept. Afterwards the answers of our own writes and
a repair in the background keep them true::

    mirror = Mirror(database, client)
    mine = mirror.customer(101)             # all that follows is for customer 101 alone
    snapshot = await mine.snapshot()        # no call once the customer is known
    snapshot.next_delivery(mirror.today(snapshot.shop))
    await mine.refresh("charges", "subscriptions")      # after a write: one call per noun
    mirror.changes.subscribe(101, page.reload)          # called after every committed change

Errors::

    MirrorError
    ├── ForeignRow         a record belongs to another customer; nothing of its transaction is kept
    └── UnknownCustomer    Recharge knows no such customer; nothing is kept

Errors of upstream calls pass through as `app.recharge.RechargeError`.
"""

from app.mirror import catalogue
from app.mirror.calendar import Rhythm, charge_rhythm, delivery_rhythm
from app.mirror.catalogue import Offering
from app.mirror.changes import Changes
from app.mirror.credit import Credit, StoreCredit
from app.mirror.customer import REPAIR_AFTER, CustomerMirror
from app.mirror.delivery import Delivery, DeliveryItem, DeliveryStatus
from app.mirror.errors import ForeignRow, MirrorError, UnknownCustomer
from app.mirror.history import Extent, History, PurchaseFilter
from app.mirror.mirror import Mirror
from app.mirror.purchase_rows import Place
from app.mirror.purchases import Purchase, PurchaseKind, PurchaseStatus
from app.mirror.rows import NEWEST_ORDERS, Noun
from app.mirror.shop import SWITCHES, Shop, read_shop
from app.mirror.snapshot import Snapshot
from app.mirror.tables import PREFIX as MIRROR_PREFIX

__all__ = [
    "MIRROR_PREFIX",
    "NEWEST_ORDERS",
    "REPAIR_AFTER",
    "SWITCHES",
    "Changes",
    "Credit",
    "CustomerMirror",
    "Delivery",
    "DeliveryItem",
    "DeliveryStatus",
    "Extent",
    "ForeignRow",
    "History",
    "Mirror",
    "MirrorError",
    "Noun",
    "Offering",
    "Place",
    "Purchase",
    "PurchaseFilter",
    "PurchaseKind",
    "PurchaseStatus",
    "Rhythm",
    "Shop",
    "Snapshot",
    "StoreCredit",
    "UnknownCustomer",
    "catalogue",
    "charge_rhythm",
    "delivery_rhythm",
    "read_shop",
]

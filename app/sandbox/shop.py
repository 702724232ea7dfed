"""The shop as the rules see it: objects, clock, settings, and the events that go out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.sandbox import defaults
from app.sandbox.clock import Clock
from app.sandbox.dates import moment_text
from app.sandbox.errors import Document, NotFound
from app.sandbox.nouns import NOUNS
from app.sandbox.postal import SHIPS_TO
from app.sandbox.scopes import ALL_SCOPES
from app.sandbox.store import Store

TOPICS = frozenset({
    "address/created", "address/updated", "bundle_selection/created", "bundle_selection/updated",
    "bundle_selection/deleted", "customer/activated", "customer/created", "customer/deactivated",
    "customer/payment_method_updated", "customer/updated", "customer/deleted", "charge/created",
    "charge/failed", "charge/max_retries_reached", "charge/paid", "charge/refunded",
    "charge/uncaptured", "charge/upcoming", "charge/updated", "charge/deleted", "onetime/created",
    "onetime/deleted", "onetime/updated", "order/cancelled", "order/created", "order/deleted",
    "order/processed", "order/payment_captured", "order/upcoming", "order/updated",
    "order/success", "plan/created", "plan/deleted", "plan/updated", "subscription/activated",
    "subscription/cancelled", "subscription/created", "subscription/deleted",
    "subscription/skipped", "subscription/updated", "subscription/unskipped",
    "subscription/swapped", "subscription/paused", "store/updated", "recharge/uninstalled",
    "async_batch/processed", "checkout/created", "checkout/completed", "checkout/processed",
    "checkout/updated",
})  # fmt: skip


@dataclass
class Settings:
    """What the controls may switch. Seconds are of real time, days of the shop's calendar."""

    bucket: bool = False
    bucket_size: int = 40
    bucket_rate: float = 2.0
    retry_after: bool = False
    regeneration_seconds: float = 0.0
    lock_seconds: float = 0.0
    scopes: list[str] = field(default_factory=lambda: list(ALL_SCOPES))
    retry_days: int = 3
    max_attempts: int = 4
    cancel_after_max_retries: bool = False
    shipping_price: str = "4.90"
    free_shipping_from: str | None = "40.00"
    shipping_countries: list[str] = field(default_factory=lambda: list(SHIPS_TO))

    def as_document(self) -> Document:
        """All settings as the control route shows them."""
        return asdict(self)


class Shop:
    """Everything that rules read and change. One request is one transaction on it."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self.store = store
        self.clock = clock
        self.settings = settings
        self._events: dict[tuple[str, int], tuple[str, Document]] = {}
        self._as_of: datetime | None = None
        self._variants: dict[str, tuple[Document, Document]] | None = None

    # Time

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        return self._as_of or self.clock.now()

    @contextmanager
    def as_of(self, day: date) -> Iterator[None]:
        """Act as in the small hours of an earlier day, when due charges are collected."""
        moment = datetime.combine(day, time(3), self.zone()).astimezone(UTC)
        self._as_of = min(moment, self.clock.now())
        try:
            yield
        finally:
            self._as_of = None

    def stamp(self) -> str:
        """The present moment as the API writes it."""
        return moment_text(self.now())

    def zone(self) -> ZoneInfo:
        """The shop's time zone, in which delivery dates are meant."""
        document = self.store.find("store", limit=1)
        name = document[0].get("timezone", {}).get("iana_name") if document else None
        return ZoneInfo(name or "America/New_York")

    def today(self) -> date:
        """The present date in the shop's zone."""
        return self.now().astimezone(self.zone()).date()

    def midnight(self, day: date) -> str:
        """The start of a delivery day in the shop's zone, as the UTC text of an order's date."""
        start = datetime.combine(day, time(), self.zone()).astimezone(UTC)
        return moment_text(start)

    # Objects

    def read(self, plural: str, id: int) -> Document:
        """One object.

        Raises:
            NotFound: no such id.
        """
        found = self.store.get(plural, id)
        if found is None:
            raise NotFound
        return found

    def find(self, plural: str, **equals: Any) -> list[Document]:
        """The objects whose columns equal the values, oldest first."""
        where = " AND ".join(f"{name} = ?" for name in equals) or "1"
        return self.store.find(plural, where, tuple(equals.values()))

    def add(self, plural: str, document: Document, memo: Document | None = None) -> Document:
        """A new object: id, timestamps and every modern field are filled in."""
        stamp = self._stamp_for(plural)
        document.setdefault("created_at", stamp)
        document.setdefault("updated_at", stamp)
        if document.get("id") is None and plural != "products":
            document["id"] = self.store.take_id(plural)
        written = self.store.write(plural, defaults.complete(self, plural, document), memo)
        self.emit("created", plural, written)
        return written

    def save(
        self,
        plural: str,
        document: Document,
        *,
        event: str | None = "updated",
        memo: Document | None = None,
    ) -> Document:
        """A changed object, with a new `updated_at`."""
        document["updated_at"] = self._stamp_for(plural)
        written = self.store.write(plural, document, memo)
        if event:
            self.emit(event, plural, written)
        return written

    def remove(self, plural: str, document: Document) -> None:
        """Delete an object."""
        self.store.delete(plural, int(document["id"]))
        self.emit("deleted", plural, document)

    def change(self, plural: str, id: int, **values: Any) -> Document:
        """Set some fields, if that changes anything."""
        document = self.read(plural, id)
        if any(document.get(name) != value for name, value in values.items()):
            document = self.save(plural, {**document, **values})
        return document

    # Events

    def emit(self, event: str, plural: str, document: Document) -> None:
        """Note that a webhook of this topic is due; the last state of a transaction goes out."""
        topic = f"{NOUNS[plural].singular}/{event}"
        if topic in TOPICS:
            self._events[topic, int(document["id"])] = (plural, document)

    def take_events(self) -> list[tuple[str, str, Document]]:
        """Topic, noun and object of every event since the last time."""
        events = [(topic, *rest) for (topic, _), rest in self._events.items()]
        self._events.clear()
        return events

    # Catalogue

    def product(self, external_product_id: str | None) -> Document | None:
        """A product by the id of the outside system."""
        if external_product_id is None:
            return None
        found = self.find("products", external_product_id=external_product_id)
        return found[0] if found else None

    def variant(self, external_variant_id: str | None) -> tuple[Document, Document] | None:
        """Product and variant by the variant's outside id."""
        if external_variant_id is None:
            return None
        if self._variants is None:
            self._variants = {
                str(variant.get("external_variant_id")): (product, variant)
                for product in self.store.find("products")
                for variant in product.get("variants", [])
            }
        return self._variants.get(external_variant_id)

    def forget_catalogue(self) -> None:
        """After products changed: look variants up anew."""
        self._variants = None

    def _stamp_for(self, plural: str) -> str:
        stamp = self.stamp()
        return stamp[:19] if NOUNS[plural].naive_stamps else stamp


def external_id(document: Mapping[str, Any], name: str) -> str | None:
    """The text inside `{"ecommerce": …}`."""
    value = document.get(name)
    inner = value.get("ecommerce") if isinstance(value, dict) else value
    return str(inner) if inner is not None else None

"""What a customer has bought, as it is looked through: orders, and charges that have no order.

Recharge forgets paid charges after 90 days, so orders carry the past. A charge stands for itself
where it has come to no order: its payment failed, is under way, or it was skipped.

Of each there is a narrow row to page, filter and search by. What is searched is folded (`folded`),
what is shown never is: that comes from the record as Recharge sent it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import Any, Final

from app.recharge import Charge, LineItem, Order, PostalAddress

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Where an order does not say when it was: it comes last."""

MOST_WORDS: Final = 8
"""Words of a search; what is beyond is not looked for."""

_AMOUNT: Final = re.compile(r"\d+(?:[.,'’٬٫]\d+)*")
_SEPARATORS: Final = re.compile(r"[.,'’٬٫]")


class PurchaseKind(StrEnum):
    """What a purchase is a record of."""

    ORDER = "order"
    CHARGE = "charge"


class PurchaseStatus(StrEnum):
    """How far a purchase has come.

    COMING   lies ahead: it is the schedule's, and in no list of what was bought
    FAILED   it was not paid; or it was, and the shop could not make an order of it
    UNKNOWN  Recharge calls it something that Doorstep does not know
    """

    PAID = "paid"
    PENDING = "pending"
    FAILED = "failed"
    SKIPPED = "skipped"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    CANCELLED = "cancelled"
    COMING = "coming"
    UNKNOWN = "unknown"


_OF_ORDERS: Final[Mapping[str, PurchaseStatus]] = {
    "cancelled": PurchaseStatus.CANCELLED,
    "error": PurchaseStatus.FAILED,
    "pending_charge_status": PurchaseStatus.PENDING,
    "queued": PurchaseStatus.COMING,
    "success": PurchaseStatus.PAID,
}
_OF_CHARGES: Final[Mapping[str, PurchaseStatus]] = {
    "error": PurchaseStatus.FAILED,
    "partially_refunded": PurchaseStatus.PARTLY_REFUNDED,
    "pending": PurchaseStatus.PENDING,
    "pending_manual_payment": PurchaseStatus.PENDING,
    "queued": PurchaseStatus.COMING,
    "refunded": PurchaseStatus.REFUNDED,
    "skipped": PurchaseStatus.SKIPPED,
    "success": PurchaseStatus.PAID,
}


@dataclass(frozen=True)
class Purchase:
    """One order, or one charge that has come to no order.

    record:   as Recharge sent it
    day:      when it was, in the shop's zone; None where nothing tells
    revision: another one whenever the record was written anew
    """

    record: Order | Charge
    status: PurchaseStatus
    day: date | None
    revision: int = 0

    @property
    def kind(self) -> PurchaseKind:
        return kind_of(self.record)

    @property
    def key(self) -> str:
        """Names it among the customer's: "order-1001"."""
        return f"{self.kind}-{self.record.id}"


def kind_of(record: Order | Charge) -> PurchaseKind:
    """What this is a record of."""
    return PurchaseKind.ORDER if isinstance(record, Order) else PurchaseKind.CHARGE


def status_of(record: Order | Charge) -> PurchaseStatus:
    """How far it has come."""
    if isinstance(record, Charge):
        return _OF_CHARGES.get(record.status, PurchaseStatus.UNKNOWN)
    status = _OF_ORDERS.get(record.status, PurchaseStatus.UNKNOWN)
    if status is PurchaseStatus.COMING:
        return status
    of_charge = _OF_CHARGES.get(record.charge.status or "")
    if of_charge is PurchaseStatus.REFUNDED or 0 < record.total_price <= record.total_refunds:
        return PurchaseStatus.REFUNDED
    if of_charge is PurchaseStatus.PARTLY_REFUNDED or record.total_refunds > 0:
        return PurchaseStatus.PARTLY_REFUNDED
    return status


def day_of(record: Order | Charge, zone: tzinfo) -> date | None:
    """The day under which it is listed, in the shop's zone: when it was made; a charge that was not
    paid is under its own date, which the shop scheduled, unless it was tried before that."""
    if isinstance(record, Charge):
        if record.processed_at is None and record.scheduled_at is not None:
            tried = record.last_charge_attempt
            early = tried.astimezone(zone).date() if tried else record.scheduled_at
            return min(record.scheduled_at, early)
        moment = record.processed_at or record.created_at
    else:
        moment = record.processed_at or record.scheduled_at or record.created_at
    return moment.astimezone(zone).date() if moment else None


def row_of(record: Order | Charge, zone: tzinfo) -> dict[str, Any]:
    """The narrow row of a record, without what says whose it is and when it was written."""
    at = record.processed_at
    if at is None and isinstance(record, Order):
        at = record.scheduled_at or record.created_at
    elif at is None and (day := day_of(record, zone)) is not None:
        # Only to sort by: what is shown is the date itself.
        at = datetime.combine(day, time.min, tzinfo=zone)
    return {
        "kind": kind_of(record).value,
        "id": record.id,
        "at": at or _NEVER,
        "status": status_of(record).value,
        "charge_id": record.charge.id if isinstance(record, Order) else None,
        "text": text_of(record),
    }


def text_of(record: Order | Charge) -> str:
    """What of a record is searched, folded: its number, what is in it, what it cost, and where it
    went. A line for each part, so that no word of a search spans two."""
    parts = [*_numbers(record), *_of_items(record.line_items), f"{record.total_price:.2f}"]
    parts += [record.currency, *_of_address(record.shipping_address)]
    return "\n".join(line for part in parts if part and (line := folded(part)))


def folded(text: str) -> str:
    """A text as it is looked for: without regard to case, to the width and form of its characters,
    to spaces, or to the script of its digits. Accents and vowel signs count: in most scripts
    they are letters."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # The Turkish capital dotted I folds to an i with a dot above, which no keyboard gives.
    text = text.replace("i\u0307", "i").replace("\0", "")
    if not text.isascii():
        text = "".join(map(_digit, text.encode("utf-8", "ignore").decode()))  # halves of signs go
    return " ".join(text.split())


def words_of(search: str) -> tuple[tuple[str, ...], ...]:
    """The words of a search, folded; each with the other ways in which it may be written. An amount
    is kept with a point before its cents, whichever way a reader writes it."""
    found = []
    for word in folded(search).split()[:MOST_WORDS]:
        bare = word.strip("#") or word
        written = _as_amount(bare)
        found.append(tuple(dict.fromkeys(one for one in (bare, written) if one)))
    return tuple(found)


def _as_amount(word: str) -> str | None:
    """ "1.234,50" and "€1,234.50" as "1234.50"; None for what is no amount."""
    bare = "".join(one for one in word if unicodedata.category(one) != "Sc")
    if not _AMOUNT.fullmatch(bare):
        return None
    *whole, last = _SEPARATORS.split(bare)
    if not whole:
        return last
    # Three digits at the end are thousands; one or two are cents.
    return "".join((*whole, last)) if len(last) == 3 else f"{''.join(whole)}.{last}"


def _digit(one: str) -> str:
    return str(unicodedata.decimal(one)) if unicodedata.category(one) == "Nd" else one


def _numbers(record: Order | Charge) -> Iterable[str | None]:
    if isinstance(record, Charge):
        return ()
    own = record.external_order_number.ecommerce, record.external_order_name.ecommerce
    return own if any(own) else (str(record.id),)


def _of_items(lines: Iterable[LineItem]) -> Iterable[str | None]:
    for line in lines:
        yield f"{line.title} {line.variant_title or ''}"
        yield line.sku


def _of_address(address: PostalAddress | None) -> Iterable[str | None]:
    if address is None:
        return ()
    return (
        " ".join(part for part in (address.first_name, address.last_name) if part),
        address.company,
        address.address1,
        address.address2,
        # As they stand together on a parcel, in the orders that countries have.
        " ".join(part for part in (address.zip, address.city) if part),
        address.province,
        address.country or address.country_code,
    )

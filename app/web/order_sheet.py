"""The receipt of an order in words: what stands on it, in the reader's language.

The page and the file are drawn from the same sheet, so they say the same. It is another thing than
the receipts of endings (`app.web.receipt_mail`): those are mailed, and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.actions.names import NO_VARIANT
from app.i18n import Texts, address_lines
from app.mirror import Shop
from app.recharge import LineItem, Order, PostalAddress
from app.state.bill import bill_of, item_total, unit_price
from app.state.standing import day_of, standing_of


@dataclass(frozen=True)
class SheetItem:
    """One product, in words. `price` and `total` are "" where they are not told."""

    title: str
    variant: str
    quantity: str
    price: str
    total: str


@dataclass(frozen=True)
class SheetRow:
    """One line of what it came to. `kind` as in `app.state.bill`."""

    kind: str
    label: str
    amount: str
    is_part: bool


@dataclass(frozen=True)
class Sheet:
    """A whole receipt.

    facts:     names and values that stand at its head
    addresses: each with its heading, line by line
    heads:     the names of the columns of `items`
    notes:     what stands below it
    """

    shop: str
    title: str
    facts: tuple[tuple[str, str], ...]
    addresses: tuple[tuple[str, tuple[str, ...]], ...]
    heads: tuple[str, str, str, str]
    items: tuple[SheetItem, ...]
    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...]
    language: str
    direction: Literal["ltr", "rtl"]

    @property
    def words(self) -> str:
        """All that is written on it, for whoever has to find letters for it."""
        items = (f"{one.title}{one.variant}{one.price}{one.total}" for one in self.items)
        rows = (f"{one.label}{one.amount}" for one in self.rows)
        facts = (f"{name}{value}" for name, value in self.facts)
        addresses = ("".join((name, *lines)) for name, lines in self.addresses)
        return "".join(
            (self.shop, self.title, *facts, *addresses, *self.heads, *items, *rows, *self.notes)
        )


def sheet_of(order: Order, shop: Shop, texts: Texts) -> Sheet:
    """The receipt of an order."""
    t = texts.t
    currency = order.currency or shop.currency
    bill = bill_of(order, shop.currency)
    notes = []
    if bill.adds_up is False:
        notes.append(
            t(
                "These are the amounts that the shop's system has. They do not make up the total: "
                "please ask the shop if you miss one."
            )
        )
    if order.is_prepaid:
        notes.append(t("It was paid for in advance, together with other deliveries."))
    notes.append(t("This is a receipt for your records. For an invoice, please ask the shop."))
    if shop.email:
        notes.append(t("{shop}: {email}", shop=shop.name, email=shop.email))
    return Sheet(
        shop=shop.name,
        title=t("Receipt"),
        facts=_facts(order, shop, texts),
        addresses=_addresses(order, texts),
        heads=(t("Product"), t("Quantity"), t("Price"), t("Amount")),
        items=tuple(_item(line, currency, texts) for line in order.line_items),
        rows=tuple(
            SheetRow(
                line.kind,
                texts.render(line.label),
                texts.money(line.amount) if line.amount else "",
                line.is_included,
            )
            for line in bill.every_line
        ),
        notes=tuple(notes),
        language=texts.language,
        direction=texts.direction,
    )


def _facts(order: Order, shop: Shop, texts: Texts) -> tuple[tuple[str, str], ...]:
    t = texts.t
    number = order.external_order_number.ecommerce or order.external_order_name.ecommerce
    day = day_of(order, shop.timezone)
    found = [(t("Order"), number or t("Number {id}", id=str(order.id)))]
    if day is not None:
        found.append((t("Date"), texts.date(day, "full")))
    found.append((t("Status"), texts.render(standing_of(order).word)))
    if order.customer.email:
        found.append((t("E-mail"), order.customer.email))
    return tuple(found)


def _addresses(order: Order, texts: Texts) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    shipping, billing = order.shipping_address, order.billing_address
    if billing is not None:
        found.append((texts.t("Billing address"), _lines(billing, texts)))
    if shipping is not None:
        found.append((texts.t("Delivery address"), _lines(shipping, texts)))
    return tuple((name, lines) for name, lines in found if lines)


def _lines(address: PostalAddress, texts: Texts) -> tuple[str, ...]:
    code = (address.country_code or "").upper()
    lines = address_lines(
        address.country_code,
        name=" ".join(part for part in (address.first_name, address.last_name) if part),
        company=address.company or "",
        street=(address.address1 or "", address.address2 or ""),
        city=address.city or "",
        province=address.province or "",
        postcode=address.zip or "",
    )
    country = str(texts.locale.territories.get(code, code))
    return tuple(line for line in (*lines, country) if line) if lines else ()


def _item(line: LineItem, currency: str, texts: Texts) -> SheetItem:
    price, total = unit_price(line, currency), item_total(line, currency)
    variant = line.variant_title or ""
    return SheetItem(
        title=line.title or texts.t("A product"),
        variant="" if variant == NO_VARIANT else variant,
        quantity=texts.t("{n}", n=line.quantity),
        price=texts.money(price) if price else "",
        total=texts.money(total) if total else "",
    )

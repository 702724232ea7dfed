"""Everything about one order, or one payment, on its own page."""

from __future__ import annotations

from typing import ClassVar

from app.actions.names import NO_VARIANT
from app.i18n import Texts, address_lines
from app.recharge import LineItem, PostalAddress
from app.state import PAYMENT_METHODS, DeliveryState, OrderState, PaymentTrouble, shows
from app.state.bill import Bill, BillLine, item_total, unit_price
from app.state.tracking import Parcel, safe_url
from components import html
from components.base import Component
from components.buy_again_dialog import BUY_AGAIN
from components.icons import icon
from components.offer_buttons import offer_button, offered
from components.offers import Offer
from components.order_now_dialog import TRY_PAYMENT_AGAIN
from components.parts import badge
from components.payment_banner import update_card


class OrderDetails(Component[OrderState]):
    """One order: how it stands, what was in it, what it came to, where it went.

    ::

        OrderDetails (div)
        ├── header     its day, its number, how it stands
        ├── problem    why a payment failed, when it is tried again, and what helps
        ├── parcels    where its parcels can be followed; nothing where nothing is told of them
        ├── items      what was in it, with pictures and prices
        ├── bill       what it came to, as the shop's system says
        ├── addresses  where it went, and whom it was charged to
        └── actions    order it again, and its receipt
    """

    element = "div"
    sections = ("header", "problem", "parcels", "items", "bill", "addresses", "actions")
    offers: ClassVar[tuple[Offer[OrderState], ...]] = (BUY_AGAIN,)
    """What can be done with it."""

    def build(self) -> None:
        self.set(
            class_="ds-order",
            data_key=f"{self.state.kind}-{self.state.id}",
            data_status=str(self.state.record.status) if self.state.record else None,
        )
        with html.div(class_="ds-card"):
            for name in self.sections[:3]:
                self.section(name)
            self.section("actions")
        with html.div(class_="ds-card"):
            self.section("items")
            self.section("bill")
        self.section("addresses")

    def header(self) -> None:
        standing, day = self.state.standing, self.state.day
        with html.div(class_="ds-heading"):
            if day is not None:
                with html.p(class_="ds-order-day"):
                    html.time(day, self.texts.date(day, "full"))
            if standing is not None:
                badge(self.say(standing.word), standing.mood)
        if standing is not None and standing.sentence is not None:
            html.p(self.say(standing.sentence), class_="ds-muted")

    def problem(self) -> None:
        failure = self.state.failure_reason
        if failure is None:
            return
        with html.div(class_="ds-note", data_tone="error"):
            icon("alert")
            with html.div(class_="ds-order-problem"):
                html.p(self.say(failure.reason))
                html.p(self.say(failure.advice))
                html.p(self.next_try())
        self.ways_on()

    def next_try(self) -> str:
        """When the payment is tried again, and what happens if nothing is done."""
        day = self.state.retry_date
        if day is not None:
            return self.t(
                "The shop tries the payment again on {date}. Nothing is sent before that.", date=day
            )
        return self.t("The shop does not try again by itself, so this is not sent.")

    def ways_on(self) -> None:
        """What the customer can do about it."""
        delivery = self.seen(lambda: self.model.delivery)
        can_pay = delivery is not None and self.seen(
            lambda: delivery is not None and TRY_PAYMENT_AGAIN.is_offered(delivery)
        )
        failure = self.state.failure_reason
        portal = self.model.portal
        has_cards = self.seen(lambda: shows(portal, PAYMENT_METHODS))
        helps = failure is not None and failure.is_helped_by_card
        if not can_pay and not (helps and has_cards):
            return
        with html.div(class_="ds-actions"):
            if can_pay and delivery is not None and TRY_PAYMENT_AGAIN.open is not None:
                ask = TRY_PAYMENT_AGAIN.open
                html.Button(
                    self.say(TRY_PAYMENT_AGAIN.label),
                    lambda: ask(self, delivery),
                    key="pay-again",
                    class_="ds-button ds-primary",
                )
            if helps and has_cards:
                trouble = self.seen(lambda: self._trouble(delivery))
                if trouble is None:
                    html.a(PAYMENT_METHODS, self.t("Payment methods"), class_="ds-button")
                else:
                    update_card(self, trouble, class_="ds-button")

    def _trouble(self, delivery: DeliveryState | None) -> PaymentTrouble | None:
        """What is told of this payment wherever it matters: the way to another card is the same."""
        if delivery is None:
            return None
        troubles = self.model.portal.payments.troubles
        mine = (one for one in troubles if one.update and one.delivery_key == delivery.key)
        return next(mine, None)

    def parcels(self) -> None:
        parcels = self.state.parcels
        if not parcels:
            return
        html.h2(self.t("Where it is"), class_="ds-small-heading")
        with html.ul(class_="ds-parcels"):
            for number, parcel in enumerate(parcels, 1):
                with html.li():
                    self.parcel(parcel, number if len(parcels) > 1 else 0)

    def parcel(self, parcel: Parcel, number: int) -> None:
        """One parcel. `number` counts them where there are several, else it is 0."""
        told = [text for text in (parcel.company, parcel.number) if text]
        icon("truck")
        with html.span():
            html.span(" · ".join(told) or self.t("Parcel"), dir="auto")
        url = safe_url(parcel.url)
        if url is not None:
            name = self.t("Follow parcel {number}", number=number) if number else ""
            html.a(
                url,
                name or self.t("Follow the parcel"),
                class_="ds-link",
                target="_blank",
                rel="noopener noreferrer nofollow",
            )

    def items(self) -> None:
        html.h2(self.t("What was in it"))
        with html.ul(class_="ds-order-items"):
            for line in self.state.items:
                with html.li():
                    self.item(line)

    def item(self, line: LineItem) -> None:
        """One product: its picture and name, how many, and what they came to."""
        html.img(self.model.picture(line), "", 56)
        with html.div(class_="ds-order-item"):
            html.span(line.title or self.t("A product"), dir="auto")
            if line.variant_title and line.variant_title != NO_VARIANT:
                html.span(line.variant_title, class_="ds-muted", dir="auto")
            html.span(self.count(line), class_="ds-muted")
        total = item_total(line, self.model.currency)
        html.span(
            self.texts.money(total) if total else self.t("Price not told"),
            class_="ds-amount" if total else "ds-muted",
        )

    def count(self, line: LineItem) -> str:
        """How many, and what one of it cost."""
        price = unit_price(line, self.model.currency)
        if price is None:
            return self.t("{quantity} ×", quantity=line.quantity)
        return self.t("{quantity} × {price}", quantity=line.quantity, price=price)

    def bill(self) -> None:
        bill = self.state.bill
        if bill is None:
            return
        html.h2(self.t("What it came to"), class_="ds-unseen")
        draw_bill(self, bill)

    def addresses(self) -> None:
        shipping, billing = self.state.shipping_address, self.state.billing_address
        note = self.state.note
        if shipping is None and billing is None and not note:
            return
        with html.div(class_="ds-card ds-order-addresses"):
            if shipping is not None:
                self.address(self.t("Delivery address"), shipping)
            if billing is not None:
                self.address(self.t("Billing address"), billing)
            if note:
                with html.div():
                    html.h2(self.t("Delivery note"), class_="ds-small-heading")
                    html.p(note, class_="ds-note-text", dir="auto")

    def address(self, name: str, address: PostalAddress) -> None:
        """One address, as its country writes it."""
        with html.div():
            html.h2(name, class_="ds-small-heading")
            for line in lines_of(address, self.texts):
                html.p(line, dir="auto")

    def actions(self) -> None:
        path = self.state.receipt_path
        shown = offered(self, self.offers)
        if path is None and not shown:
            return
        with html.div(class_="ds-actions"):
            for offer in shown:
                offer_button(self, offer, key=offer.key, class_="ds-button ds-primary")
            if path is not None:
                # Pages outside of this one: the browser fetches them, the views do not.
                html.a(path, self.t("Receipt"), class_="ds-button", target="_blank", rel="noopener")
                html.a(f"{path}.pdf", self.t("Receipt as PDF"), class_="ds-button", download=True)


def draw_bill(component: Component[OrderState], bill: Bill) -> None:
    """The lines of a bill, one below the other, and a word where they do not add up."""
    with html.Tag("dl", class_="ds-bill"):
        for line in bill.every_line:
            _line(component, line)
    if bill.adds_up is False:
        html.p(
            component.t(
                "These are the amounts that the shop's system has. They do not make up the total: "
                "please ask the shop if you miss one."
            ),
            class_="ds-muted",
        )


def _line(component: Component[OrderState], line: BillLine) -> None:
    with html.div(data_kind=line.kind, data_part="true" if line.is_included else None):
        html.Tag("dt", component.say(line.label), dir="auto")
        amount = component.texts.money(line.amount) if line.amount else ""
        html.Tag("dd", amount, class_="ds-amount")


def lines_of(address: PostalAddress, texts: Texts) -> list[str]:
    """An address line by line, in the order of its country, and that country by name."""
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
    return [*lines, *(line for line in (country, address.phone) if line)]

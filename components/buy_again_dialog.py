"""The question before the goods of an order are bought once more."""

from __future__ import annotations

from typing import Any

from app.actions.names import NO_VARIANT
from app.i18n import Message, say
from app.state import BuyAgainQuestion, OrderState, can_buy_again
from app.state.questions.again import AgainItem, Place
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.day_picker import DayChoice, DayPicker
from components.fields import Option, checks, radios
from components.offers import Offer
from components.parts import cost_of, short_address


class BuyAgainDialog(ActionDialog[BuyAgainQuestion]):
    """Which goods of an order should come once more, and with which delivery.

    ::

        choices
        ├── goods     what is still offered, at today's price, all of it chosen
        ├── gone      what is not, and why
        ├── place     the next deliveries that it can come with, or a day of its own
        └── days      the day, where it comes by itself
    """

    def title(self) -> Message:
        return say("Order this again?")

    def press(self) -> Message:
        return say("Order again")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        self.section("goods")
        self.section("gone")
        self.section("place")
        self.section("days")

    def goods(self) -> None:
        """What can be bought."""
        if self.state.is_unlisted:
            text = self.t(
                "This shop does not let its products be listed here, so nobody can tell what is "
                "still sold. Please write to the shop."
            )
            html.p(text, class_="ds-note")
            return
        if self.state.is_being_read:
            html.p(self.t("The shop's products are being read…"), class_="ds-muted", role="status")
            return
        offered = self.seen(lambda: self.model.offered)
        if not offered:
            html.p(self.t("Nothing of this order is sold any more."), class_="ds-note")
            return
        checks(
            self.t("What should come again"),
            [self.option(one) for one in offered],
            self.model.chosen,
            lambda chosen: self.model.choose(chosen=chosen),
            key="goods",
        )

    def option(self, item: AgainItem) -> Option[str]:
        """One product, with what it costs now."""
        name = item.title
        if item.variant_title and item.variant_title != NO_VARIANT:
            name = self.t("{title} ({variant})", title=name, variant=item.variant_title)
        details = []
        if item.is_dearer is not None and item.before is not None:
            details.append(self.t("{price} each when you ordered it", price=item.before))
        price = item.offering.price if item.offering else None
        return Option(
            item.variant_id,
            self.t("{quantity} × {name}", quantity=item.quantity, name=name),
            detail=self.texts.listing(details) if details else "",
            picture=item.picture or "",
            amount=self.t("{price} each", price=price) if price else "",
        )

    def gone(self) -> None:
        """What cannot be bought, and why."""
        if self.state.is_unlisted or self.state.is_being_read:
            return
        gone = self.seen(lambda: self.model.gone)
        if not gone:
            return
        html.p(self.t("Not among them"), class_="ds-label")
        with html.ul(class_="ds-stays"):
            for item in gone:
                reason = self.say(item.reason) if item.reason else ""
                with html.li():
                    html.span(item.title, dir="auto")
                    html.span(reason, class_="ds-muted")

    def place(self) -> None:
        """With which delivery."""
        places = self.model.places
        if not places or not self.seen(lambda: bool(self.model.offered)):
            return
        radios(
            self.t("When it should come"),
            [self.place_option(one) for one in places],
            self.model.place,
            lambda place: self.model.choose(place=place),
            key="place",
        )

    def place_option(self, place: Place) -> Option[Place]:
        """One delivery that it can come with, or a day of its own."""
        several = len({one.address.id for one in self.model.places}) > 1
        where = short_address(place.address) if several else ""
        if place.delivery is None:
            return Option(place, self.t("On another day, by itself"), detail=where)
        return Option(
            place,
            self.t("With the delivery of {date}", date=place.delivery.date),
            detail=where,
            amount=cost_of(place.delivery, self.texts),
        )

    def days(self) -> None:
        """When, where it comes by itself."""
        model = self.model
        if not self.seen(lambda: model.is_alone and bool(model.offered)):
            return
        DayPicker.show(
            DayChoice(
                chosen=model.date,
                is_allowed=model.is_allowed,
                first=model.first,
                last=model.last,
                suggested=(
                    Option(
                        model.first,
                        self.texts.date(model.first),
                        self.t("The first day that is possible"),
                    ),
                ),
                choose=lambda day: model.choose(date=day),
                today=model.today,
            ),
            self.texts,
            legend=self.t("Day of delivery"),
            key="day",
        )

    def unanswered(self) -> None:
        if self.model.offered:
            html.p(self.t("Choose what should come again."), class_="ds-muted")


async def _open(opener: Component[Any], state: OrderState) -> None:
    await BuyAgainDialog.open(opener, BuyAgainQuestion(state))


BUY_AGAIN: Offer[OrderState] = Offer(
    key="buy-again",
    label=say("Order again"),
    icon="repeat",
    is_offered=can_buy_again,
    open=_open,
    described=lambda state: say("Order again: {name}", name=state.name),
)

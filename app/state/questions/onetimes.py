"""What comes once: added to a delivery, changed, taken out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from app.actions import AddOnetime, ChangeOnetime, RemoveOnetime
from app.actions.comparison import due
from app.mirror import Delivery, Offering, Snapshot, catalogue
from app.recharge import Onetime, Product
from app.state.question import Question
from app.state.questions.dates import DayQuestion
from app.state.questions.products import MOST_FOUND, Search

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState
    from app.state.portal import Portal

FEW: Final = 4
"""Products that are listed at first: so few that the new total is seen below them on a phone."""
MOST_DATES: Final = 4
"""Deliveries that a one-time product can be moved to with one press."""


class AddOnetimeQuestion(Search, DayQuestion):
    """What should come once, and how many of it.

    address_id: where it goes
    date:       the delivery that it comes with; where nothing is planned for the address, the
                customer chooses the day
    quantity:   how many
    most:       as many products are listed
    """

    def __init__(self, portal: Portal, address_id: int, day: date | None = None) -> None:
        super().__init__(portal)
        self.address_id = address_id
        self.is_alone = day is None
        self.date = day or self.first
        self.quantity = 1
        self.most = FEW

    @classmethod
    def of(cls, delivery: DeliveryState) -> AddOnetimeQuestion:
        """To add something to this delivery."""
        return cls(delivery.portal, delivery.delivery.address_id, delivery.delivery.date)

    @classmethod
    def next_to(cls, portal: Portal, address_id: int) -> AddOnetimeQuestion:
        """To add something to the next delivery to an address; on a day, where there is none."""
        coming = coming_to(portal, address_id)
        return cls(portal, address_id, coming[0].date if coming else None)

    @property
    def chosen(self) -> Offering | None:
        if self.variant_id is None:
            return None
        return catalogue.offering(self.portal.records, self.variant_id, "onetime")

    def is_allowed(self, day: date) -> bool:
        """Whether it can come on a day."""
        return self.first <= day <= self.last

    @property
    def action(self) -> AddOnetime | None:
        if self.variant_id is None:
            return None
        return AddOnetime.of(
            address_id=self.address_id,
            date=self.date,
            variant_id=self.variant_id,
            quantity=self.quantity,
        )

    @property
    def has_more(self) -> bool:
        """Whether there are products beyond those that are listed."""
        return len(self.offerings) == self.most

    def show_more(self) -> None:
        """List more products."""
        self.most += MOST_FOUND
        self._listed = None
        self.changed.emit()

    def _find(self) -> tuple[Offering, ...]:
        records = self.portal.records
        most = self.most + sum(len(one.variants) for one in bundles_of(records))
        found = catalogue.find(records, self.words, "onetime", limit=most)
        kept = [one for one in found if one.product.external_product_id not in records.bundles]
        return tuple(kept[: self.most])


class OwnOnetimeQuestion(Question):
    """A question about the one-time products of a delivery.

    onetime_id: which of them; at first the first
    """

    def __init__(self, delivery: DeliveryState) -> None:
        super().__init__(delivery.portal)
        self.delivery = delivery
        self.onetimes = onetimes_of(delivery)
        self.onetime_id: int = self.onetimes[0].id if self.onetimes else 0

    @property
    def onetime(self) -> Onetime | None:
        """The one that is chosen."""
        return next((one for one in self.onetimes if one.id == self.onetime_id), None)

    def picture(self, onetime: Onetime) -> str:
        """The address of the product's picture; empty where there is none."""
        product = onetime.external_product_id.ecommerce
        return self.portal.records.pictures.get(product or "", "")


class ChangeOnetimeQuestion(OwnOnetimeQuestion):
    """How many of it, and with which delivery.

    quantity, date: as chosen; at first as they are
    """

    def __init__(self, delivery: DeliveryState) -> None:
        super().__init__(delivery)
        self.date = delivery.delivery.date
        self.quantity = self.onetime.quantity if self.onetime else 1

    @property
    def deliveries(self) -> Sequence[Delivery]:
        """The deliveries that it can come with: its own, and the next ones to the address."""
        own = self.delivery.delivery
        situation = self.portal.situation
        others = [
            each
            for each in coming_to(self.portal, own.address_id)
            if each.date != own.date and not situation.is_too_late(each.date)
        ]
        return sorted((own, *others[: MOST_DATES - 1]), key=lambda each: each.date)

    async def choose(self, **choices: object) -> None:
        if choices.get("onetime_id", self.onetime_id) != self.onetime_id:
            self.onetime_id = int(str(choices["onetime_id"]))
            if self.onetime is not None:
                choices.setdefault("quantity", self.onetime.quantity)
        await super().choose(**choices)

    @property
    def action(self) -> ChangeOnetime | None:
        one, day = self.onetime, self.delivery.delivery.date
        if one is None or (self.quantity, self.date) == (one.quantity, day):
            return None
        return ChangeOnetime.of(
            address_id=one.address_id,
            onetime_id=one.id,
            quantity=None if self.quantity == one.quantity else self.quantity,
            date=None if self.date == day else self.date,
        )


class RemoveOnetimeQuestion(OwnOnetimeQuestion):
    """Which one-time product to take out of a delivery."""

    @property
    def action(self) -> RemoveOnetime | None:
        one = self.onetime
        if one is None:
            return None
        return RemoveOnetime.of(address_id=one.address_id, onetime_id=one.id)


def onetimes_of(delivery: DeliveryState) -> tuple[Onetime, ...]:
    """The one-time products of a delivery, in its order. Those that the shop gives are not among
    them: they are nobody's to change."""
    records = delivery.portal.records
    found = (
        records.onetime(item.purchase_item_id)
        for item in delivery.delivery.items
        if item.kind == "onetime"
    )
    return tuple(one for one in found if one is not None and not one.is_cancelled)


def bundles_of(records: Snapshot) -> list[Product]:
    """Products that the customer puts together: these are subscribed to, not added once."""
    return [each for id in records.bundles if (each := records.products.get(id)) is not None]


def coming_to(portal: Portal, address_id: int) -> list[Delivery]:
    """The deliveries that are to come to an address and can still be changed, by date."""
    situation = portal.situation
    return [
        each
        for each in due(situation)
        if each.address_id == address_id and not situation.is_too_late(each.date)
    ]

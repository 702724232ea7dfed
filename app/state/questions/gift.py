"""Whom to give the next delivery to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.actions import Recipient, SkipAndGift, SkipDelivery
from app.mirror import DeliveryStatus
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState

_NEEDED: Final = ("first_name", "last_name", "email", "address1", "city", "country_code")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


class GiftQuestion(Question):
    """Whom to give a delivery to: the parts of a name and an address, and an e-mail address.

    country_code: that of the customer's own address, until another one is chosen
    """

    def __init__(self, delivery: DeliveryState) -> None:
        super().__init__(delivery.portal)
        self.date = delivery.delivery.date
        self.first_name = ""
        self.last_name = ""
        self.email = ""
        self.address1 = ""
        self.address2 = ""
        self.city = ""
        self.province = ""
        self.zip = ""
        own = delivery.address
        country = own.country_code.upper() if own else ""
        self.country_code = country if _COUNTRY.fullmatch(country) else ""
        self._address_id = delivery.delivery.address_id

    @property
    def is_complete(self) -> bool:
        """Whether all that every country needs is there."""
        return all(getattr(self, name) for name in _NEEDED)

    @property
    def action(self) -> SkipAndGift | None:
        if not self.is_complete:
            return None
        recipient = Recipient(
            first_name=self.first_name,
            last_name=self.last_name,
            email=self.email,
            address1=self.address1,
            address2=self.address2,
            city=self.city,
            province=self.province,
            zip=self.zip,
            country_code=self.country_code,
        )
        return SkipAndGift.of(address_id=self._address_id, date=self.date, recipient=recipient)


def can_give(delivery: DeliveryState) -> bool:
    """Whether to offer to give a delivery away: only the next one of a subscription can be."""
    planned = delivery.delivery
    portal = delivery.portal
    if planned.status is not DeliveryStatus.QUEUED or not portal.is_offered(SkipAndGift):
        return False
    is_next = any(
        one.id == item.purchase_item_id and one.next_charge_scheduled_at == planned.date
        for item in planned.items
        if item.is_skippable
        for one in portal.records.subscriptions
    )
    return is_next and delivery.can(SkipDelivery(address_id=planned.address_id, date=planned.date))

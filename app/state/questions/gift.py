"""Whom to give the next delivery to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import PostalInput, Recipient, SkipAndGift, SkipDelivery
from app.i18n import Message
from app.mirror import DeliveryStatus
from app.state.questions.postal import PostalQuestion

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState


class GiftQuestion(PostalQuestion):
    """Whom to give a delivery to: the parts of a name and an address, and an e-mail address.

    The country is that of the customer's own address, until another one is chosen.
    """

    def __init__(self, delivery: DeliveryState) -> None:
        own = delivery.address
        super().__init__(
            delivery.portal, country_code=own.country_code if own else "", usage="other"
        )
        self.date = delivery.delivery.date
        self.email = ""
        self.is_email_left = False
        """Whether the e-mail address was written, or a press has asked for it."""
        self._address_id = delivery.delivery.address_id

    @property
    def wrong_email(self) -> Message | None:
        """What is wrong with the e-mail address, once it was left."""
        return self._recipient(self.draft.input).wrong_email if self.is_email_left else None

    async def choose(self, **choices: object) -> None:
        self.is_email_left = self.is_email_left or "email" in choices
        await super().choose(**choices)

    def with_address(self, address: PostalInput) -> SkipAndGift | None:
        recipient = self._recipient(address)
        if recipient.wrong_email is not None:
            return None
        return SkipAndGift.of(address_id=self._address_id, date=self.date, recipient=recipient)

    def _recipient(self, address: PostalInput) -> Recipient:
        return Recipient(email=self.email, **address.parts())


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

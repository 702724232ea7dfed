"""Which mails the customer has asked for, to change a payment method at its processor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import AskedMail, mails_asked

if TYPE_CHECKING:
    from app.state.portal import Portal


class UpdateMails:
    """The mails of one customer, as the record has them."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._asked: dict[int, AskedMail] = {}

    def of(self, payment_method_id: int) -> AskedMail | None:
        """The newest that was asked for of a payment method."""
        return self._asked.get(payment_method_id)

    async def read(self) -> None:
        """Read the record."""
        portal = self._portal
        self._asked = await mails_asked(portal.services.database, portal.principal.customer_id)

"""Notifications: mails that Recharge sends to a customer."""

from __future__ import annotations

from typing import TypedDict, Unpack

from app.recharge.sending import Call, Sender
from app.recharge.values import OpenEnum


class NotificationTemplate(OpenEnum):
    """Which mail is sent."""

    UPCOMING_CHARGE = "upcoming_charge"
    GET_ACCOUNT_ACCESS = "get_account_access"
    SHOPIFY_UPDATE_PAYMENT_INFORMATION = "shopify_update_payment_information"
    SHOPIFY_MIGRATE_PAYMENT_INFORMATION = "shopify_migrate_payment_information"


class TemplateVariables(TypedDict, total=False):
    """What the mail is about; which of these it needs depends on the template."""

    address_id: int
    charge_id: int
    payment_method_id: int


class Notifications:
    """`client.notifications`. Scope: write_notifications."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(
        self,
        customer_id: int,
        template_type: NotificationTemplate | str,
        **variables: Unpack[TemplateVariables],
    ) -> None:
        """POST /customers/{id}/notifications: sends a mail. Never repeated: nobody wants it twice.

        Refused for an unknown template, NotFound for an unknown customer.
        """
        body: dict[str, object] = {"type": "email", "template_type": template_type}
        if variables:
            body["template_vars"] = variables
        call = Call("POST", "/customers/{id}/notifications", (customer_id,), body=body)
        await self._sender.send(call)

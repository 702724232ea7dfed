"""Asking for the mail by which a payment method is changed at its processor."""

from __future__ import annotations

from app.actions import Action, Principal, SendUpdateMail, Services
from tests.actions.case import Case
from tests.actions.shop import Shop, signed_in

HANNAH = signed_in(108)
"""Her Apple Pay is kept by Shopify Payments, which alone can change it."""


async def her_link(shop: Shop, services: Services, who: Principal) -> SendUpdateMail:
    """The link to change what she pays with."""
    snapshot = (await shop.situation(services, who.customer_id)).snapshot
    return SendUpdateMail(payment_method_id=snapshot.payment_methods[0].id)


async def another_address(shop: Shop, _: Action) -> None:
    """Somebody has given the customer another e-mail address: there the mail would go."""
    await shop.client.customers.update(HANNAH.customer_id, email="hannah.elsewhere@example.com")


CASES: tuple[Case, ...] = (
    Case(
        "ask for the mail to change a payment method",
        HANNAH,
        her_link,
        "POST /customers/{id}/notifications",
        another_address,
        is_undoable=False,
        # The second tab is told that a mail was asked for a moment ago.
        changes_records=False,
    ),
)

"""For shops whose processor takes cards only on a page, or by a mail, of its own."""

from __future__ import annotations

from app.i18n import say
from app.payments.base import ByProcessor, CardSetup, Person, Tokens
from app.payments.errors import NotFinished


class HostedForm:
    """No form at all. Shopify Payments and PayPal are such processors: what a customer can do there
    is `app.actions.SendUpdateMail`, which changes a payment method that is in the account."""

    name = "hosted"
    takes_new = False

    async def start(self, setup: CardSetup, person: Person, back: str) -> ByProcessor:
        """See `PaymentForm.start`."""
        return ByProcessor(
            say(
                "The shop's payment service takes new cards only on its own page. To change what "
                "you pay with, have the link to that page sent to you: choose the payment method "
                "in your account, and press “Send me the link”. Nothing was changed so far."
            )
        )

    async def confirmed(self, setup: CardSetup) -> Tokens:
        """See `PaymentForm.confirmed`: nothing is ever confirmed here."""
        raise NotFinished("the processor takes cards elsewhere")

    async def aclose(self) -> None:
        """There is nothing to close."""

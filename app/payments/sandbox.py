"""The sandbox's own processor: a card form on another origin, with test cards.

For the demo, and for a service that runs on the look-alike; it takes no real card.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from app.i18n import Message, say
from app.payments.base import CardSetup, FormPage, Person, Tokens
from app.payments.errors import CardRefused, FormUnavailable, NotFinished

_SECONDS: Final = 10.0
_OWN_CUSTOMER: Final = "cus_"
_REFUSED: Final[dict[str, Message]] = {
    "card_declined": say(
        "Your bank did not accept this card, so it was not added, and nothing was changed. "
        "Please use another card, or ask your bank."
    ),
    "insufficient_funds": say(
        "Your bank says there is not enough money on the account, so the card was not added, and "
        "nothing was changed. Please use another card."
    ),
    "expired_card": say(
        "This card has expired, so it was not added, and nothing was changed. "
        "Please use another card."
    ),
    "authentication_failed": say(
        "You or your bank did not confirm the card, so it was not added, and nothing was changed. "
        "Please try again, or use another card."
    ),
}


class SandboxForm:
    """A maker of forms, on the look-alike's processor.

    address:   where the look-alike answers to this service
    origin:    where a browser finds the card form: scheme, host and port. It is asked each time,
               since the demo's form takes a free port when it starts
    shown_in:  our own origin: nobody else may put the form into a frame
    """

    name = "sandbox"
    takes_new = True

    def __init__(
        self,
        address: str,
        token: str,
        origin: Callable[[], str],
        shown_in: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._origin = origin
        self._shown_in = shown_in
        self._client = httpx.AsyncClient(
            base_url=address,
            headers={"Authorization": f"Bearer {token}"},
            timeout=_SECONDS,
            transport=transport,
            trust_env=False,
        )

    async def start(self, setup: CardSetup, person: Person, back: str) -> FormPage:
        """See `PaymentForm.start`."""
        attempt: dict[str, Any]
        if setup.reference:
            attempt = await self._ask("GET", f"/_processor/attempts/{setup.reference}")
        else:
            body = {"back": back, "shown_in": self._shown_in}
            if person.known_token.startswith(_OWN_CUSTOMER):
                body["customer"] = person.known_token
            attempt = await self._ask("POST", "/_processor/attempts", body)
        origin = self._origin()
        return FormPage(
            reference=attempt["id"],
            customer_token=attempt["customer"],
            template="card_sandbox.html",
            values={"address": f"{origin}/cards/{attempt['id']}"},
            allows={"frame-src": (origin,)},
        )

    async def confirmed(self, setup: CardSetup) -> Tokens:
        """See `PaymentForm.confirmed`."""
        attempt = await self._ask("GET", f"/_processor/attempts/{setup.reference}")
        if attempt["error"]:
            raise CardRefused(attempt["error"], notice=_REFUSED.get(attempt["error"]))
        if attempt["status"] != "succeeded":
            raise NotFinished(attempt["status"])
        card = attempt["payment_method"]
        return Tokens(
            processor_name="stripe",  # the processor that the look-alike's shop has
            customer_token=attempt["customer"],
            payment_method_token=card["id"],
            brand=card["brand"],
            last4=card["last4"],
            exp_month=card["exp_month"],
            exp_year=card["exp_year"],
        )

    async def aclose(self) -> None:
        """See `PaymentForm.aclose`."""
        await self._client.aclose()

    async def _ask(
        self, method: str, path: str, body: dict[str, str] | None = None
    ) -> dict[str, Any]:
        try:
            answer = await self._client.request(method, path, json=body)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise FormUnavailable(f"the sandbox's processor: {type(error).__name__}") from error
        return found


def origin_of(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"

"""Cards by Stripe: the Payment Element in a page of ours, and a SetupIntent that we make.

The browser gets the public key and the intent's client secret, and Stripe.js from Stripe itself.
The number goes from Stripe's own frame to Stripe. What came of it is read here with the secret key,
which never leaves the server and stands in no log: of Stripe's errors, only kind, code and the
number of the request are told.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import stripe
import structlog
from pydantic import SecretStr
from stripe.params import CustomerCreateParams, SetupIntentCreateParams

from app.i18n import Message, say
from app.payments.base import CardSetup, FormPage, Person, Tokens
from app.payments.errors import CardRefused, FormUnavailable, NotFinished, StillRunning

_log = structlog.get_logger(__name__)
# They tell the address of every call, and with that whose e-mail address was looked up.
logging.getLogger("stripe").setLevel(logging.WARNING)
logging.getLogger("httpx").setLevel(logging.WARNING)

SCRIPT: Final = "https://js.stripe.com/endive/stripe.js"
"""Stripe.js in the named release that belongs to the version of the API which the library speaks
(`stripe.api_version`). It is always loaded from Stripe, and never bundled: Stripe asks for that,
and it is what keeps card numbers out of a shop's reach."""
SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "script-src": ("https://js.stripe.com", "https://*.js.stripe.com"),
    "frame-src": ("https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"),
    "connect-src": ("https://api.stripe.com",),
}
"""What the page may load, as Stripe's security guide lists it for Stripe.js. `hooks.stripe.com` is
where a bank asks its question."""

_SECONDS: Final = 15.0
_OUR_ID: Final = "recharge_customer_id"
_PAYMENT_TYPES: Final = {"apple_pay": "APPLE_PAY", "google_pay": "GOOGLE_PAY"}

_NO_MONEY: Final = say(
    "Your bank says there is not enough money on the account, so the card was not added, and "
    "nothing was changed. Please use another card."
)
_EXPIRED: Final = say(
    "This card has expired, so it was not added, and nothing was changed. Please use another card."
)
_NOT_CONFIRMED: Final = say(
    "You or your bank did not confirm the card, so it was not added, and nothing was changed. "
    "Please try again, or use another card."
)
_WRONG: Final = say(
    "The number, the date or the security code of the card is not right, so it was not added, and "
    "nothing was changed. Please enter it once more."
)
_REFUSED: Final[Mapping[str, Message]] = {
    "insufficient_funds": _NO_MONEY,
    "expired_card": _EXPIRED,
    "invalid_expiry_month": _EXPIRED,
    "invalid_expiry_year": _EXPIRED,
    "setup_intent_authentication_failure": _NOT_CONFIRMED,
    "authentication_required": _NOT_CONFIRMED,
    "incorrect_number": _WRONG,
    "invalid_number": _WRONG,
    "incorrect_cvc": _WRONG,
    "invalid_cvc": _WRONG,
}
"""By Stripe's code, or by the bank's own (`decline_code`). All others are told as a refusal."""


class StripeForm:
    """A maker of forms, at Stripe.

    public_key: reaches every browser that shows the form
    secret_key: of the same account and mode
    api_url:    where Stripe's API answers
    repeats:    how often a call is made again that was not answered. Stripe executes it once
    """

    name = "stripe"
    takes_new = True

    def __init__(
        self,
        public_key: str,
        secret_key: SecretStr,
        api_url: str = "https://api.stripe.com",
        *,
        repeats: int = 2,
    ) -> None:
        self._public_key = public_key
        self._http = stripe.HTTPXClient(timeout=_SECONDS)
        self._client = stripe.StripeClient(
            secret_key.get_secret_value(),
            http_client=self._http,
            base_addresses={"api": api_url},
            max_network_retries=repeats,
        )

    async def start(self, setup: CardSetup, person: Person, back: str) -> FormPage:
        """See `PaymentForm.start`."""
        try:
            customer = setup.customer_token or await self._customer(setup, person)
            intent = await self._intent(setup, person, customer)
        except stripe.StripeError as error:
            _unavailable(error)
        return FormPage(
            reference=intent.id,
            customer_token=customer,
            template="card_stripe.html",
            values={
                "stripe_script": SCRIPT,
                "public_key": self._public_key,
                "client_secret": intent.client_secret or "",
                "back": back,
                "billing": json.dumps(_billing(person), ensure_ascii=False),
                "country_code": person.billing.get("country_code", ""),
            },
            script="card_stripe.js",
            allows=SOURCES,
        )

    async def confirmed(self, setup: CardSetup) -> Tokens:
        """See `PaymentForm.confirmed`."""
        try:
            intent = await self._client.v1.setup_intents.retrieve_async(
                setup.reference, {"expand": ["payment_method"]}
            )
        except stripe.StripeError as error:
            _unavailable(error)
        if not setup.customer_token or _id_of(intent.customer) != setup.customer_token:
            raise FormUnavailable(f"{intent.id} is of another customer")
        match intent.status:
            case "succeeded":
                return _tokens(setup.customer_token, intent.payment_method)
            case "processing":
                raise StillRunning(intent.id)
        problem = getattr(intent, "last_setup_error", None)
        if problem is not None and intent.status != "requires_action":
            _refused(problem)
        raise NotFinished(f"{intent.id}: {intent.status}")

    async def aclose(self) -> None:
        """See `PaymentForm.aclose`."""
        await self._http.close_async()  # type: ignore[no-untyped-call]

    async def _customer(self, setup: CardSetup, person: Person) -> str:
        """Stripe's customer for this one: the one that an earlier card was kept for, the one that
        was made here before, or a new one."""
        known = await self._known(person.known_token)
        if known:
            return known
        customers = self._client.v1.customers
        if person.email:
            same_address = await customers.list_async({"email": person.email, "limit": 100})
            for one in same_address.data:
                # An address alone proves nothing: two accounts may have had the same one.
                ours = one.metadata.to_dict() if one.metadata else {}
                if ours.get(_OUR_ID) == str(person.customer_id):
                    return one.id
        about: CustomerCreateParams = {"metadata": {_OUR_ID: str(person.customer_id)}}
        if person.email:
            about["email"] = person.email
        if person.name:
            about["name"] = person.name
        made = await customers.create_async(about, {"idempotency_key": f"customer-{setup.key}"})
        return made.id

    async def _known(self, token: str) -> str:
        """The token, where it is that of a customer in this account; else nothing."""
        if not token.startswith("cus_"):
            return ""
        try:
            found = await self._client.v1.customers.retrieve_async(token)
        except stripe.InvalidRequestError:
            return ""  # kept at another account, before this one
        return "" if getattr(found, "deleted", False) else token

    async def _intent(self, setup: CardSetup, person: Person, customer: str) -> stripe.SetupIntent:
        """The attempt that the setup names, or a new one where that has ended."""
        intents = self._client.v1.setup_intents
        if setup.reference:
            found = await intents.retrieve_async(setup.reference)
            if found.status != "canceled":
                return found
        wanted: SetupIntentCreateParams = {
            "customer": customer,
            "usage": "off_session",
            "allowed_payment_method_types": ["card"],
            "metadata": {_OUR_ID: str(person.customer_id)},
        }
        # The same question, asked once more after a crash, gives the same attempt.
        once = f"intent-{setup.key}-{setup.reference}"
        return await intents.create_async(wanted, {"idempotency_key": once})


async def why_keys_do_not_work(public_key: str, secret_key: SecretStr, api_url: str) -> str:
    """What is wrong with a pair of keys, as Stripe sees it; nothing where they work together.

    An attempt is made with the secret key, read with the public one, and cancelled: it is for no
    customer, and nothing else tells that both are of one account.
    """
    http = stripe.HTTPXClient(timeout=_SECONDS)

    def client(key: str) -> stripe.StripeClient:
        return stripe.StripeClient(key, http_client=http, base_addresses={"api": api_url})

    ours = client(secret_key.get_secret_value()).v1.setup_intents
    theirs = client(public_key).v1.setup_intents
    try:
        wanted: SetupIntentCreateParams = {"allowed_payment_method_types": ["card"]}
        intent = await ours.create_async(wanted)
        try:
            await theirs.retrieve_async(intent.id, {"client_secret": intent.client_secret or ""})
        except stripe.StripeError as error:
            if isinstance(error, stripe.APIConnectionError):
                raise
            return "The public key is not of the account that the secret key is of."
        finally:
            await ours.cancel_async(intent.id)
    except stripe.AuthenticationError:
        return "Stripe does not accept the secret key."
    except stripe.PermissionError:
        return "The secret key must be allowed to write customers and setup intents."
    except stripe.StripeError as error:
        return f"Stripe cannot be asked ({type(error).__name__})."
    finally:
        await http.close_async()  # type: ignore[no-untyped-call]
    return ""


def _billing(person: Person) -> dict[str, Any]:
    """The billing details on file, as Stripe names them. Stripe wants every part of an address that
    its form does not ask for."""
    about: dict[str, Any] = {"name": person.name, "email": person.email}
    about = {name: value for name, value in about.items() if value}
    parts = person.billing
    if parts.get("country_code"):
        about["address"] = {
            "line1": parts.get("address1", ""),
            "line2": parts.get("address2", ""),
            "city": parts.get("city", ""),
            "state": parts.get("province", ""),
            "postal_code": parts.get("zip", ""),
            "country": parts["country_code"],
        }
        named = " ".join(filter(None, (parts.get("first_name"), parts.get("last_name"))))
        about |= {"name": named} if named else {}
        about |= {"phone": parts["phone"]} if parts.get("phone") else {}
    return about


def _tokens(customer: str, method: Any) -> Tokens:
    """What a confirmed card is called, and what Stripe tells of it."""
    card = getattr(method, "card", None)
    if card is None:
        raise FormUnavailable(f"{_id_of(method)} is no card")
    wallet = getattr(getattr(card, "wallet", None), "type", None)
    return Tokens(
        processor_name="stripe",
        customer_token=customer,
        payment_method_token=method.id,
        payment_type=_PAYMENT_TYPES.get(str(wallet), "CREDIT_CARD"),
        brand=card.brand or "",
        last4=card.last4 or "",
        exp_month=card.exp_month,
        exp_year=card.exp_year,
    )


def _refused(problem: Any) -> NoReturn:
    """Tell why a card was not accepted."""
    codes = [str(getattr(problem, name, None) or "") for name in ("decline_code", "code")]
    notice = next((_REFUSED[code] for code in codes if code in _REFUSED), None)
    raise CardRefused(" ".join(filter(None, codes)), notice=notice)


def _unavailable(error: stripe.StripeError) -> NoReturn:
    """Tell that Stripe cannot be asked. Its own text may repeat what was sent."""
    told = f"{type(error).__name__} {error.code or ''} {error.request_id or ''}".strip()
    _log.warning("Stripe could not be asked", error=told, status=error.http_status)
    raise FormUnavailable(f"Stripe: {told}") from None


def _id_of(one: Any) -> str:
    """An id, or the id of what was expanded in its place."""
    return one if isinstance(one, str) else str(getattr(one, "id", ""))

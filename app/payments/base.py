"""What makes a form for a card, and what is known of a card that is being added.

The numbers of a card are typed into fields of the payment processor, on an origin of its own; none
of them comes near this service. What comes back to us are the processor's names for the card
(`Tokens`), and they are read at the processor itself: nothing that a browser brings is believed.

A shop has one maker at a time. `PaymentForm.start` prepares the form and says how it is shown;
`PaymentForm.confirmed` reads what came of it::

    start = await form.start(setup, back="https://account.shop.example/payment-methods/…")
    …                                        # the customer fills it in, there
    tokens = await form.confirmed(setup)     # or one of the errors of `app.payments.errors`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.i18n import Message


class SetupState(StrEnum):
    """How far a card has come. Stored, so the words never change."""

    STARTED = "started"
    """The customer may fill in the form. Nothing is in the account."""
    CONFIRMED = "confirmed"
    """The processor has the card. It is not in the account yet."""
    ADDING = "adding"
    """It is being put into the account: `CardSetup.activity_id` tells how that stands."""
    DONE = "done"
    """It is in the account."""
    LEFT = "left"
    """The customer has given it up, or it has waited too long."""


@dataclass(frozen=True, slots=True)
class CardSetup:
    """One card that a customer is adding. Kept in the database until it is in the account.

    id:             random, 256 bits; stands in addresses of pages, and opens nothing without the
                    customer's own session
    maker:          `PaymentForm.name`
    address_ids:    the addresses that it is to pay for
    make_default:   whether it becomes the customer's default
    retry_charges:  whether charges that failed are tried again with it
    reference:      the processor's name of the attempt, such as ``seti_…``; empty before `start`
    customer_token: the processor's name of the customer, such as ``cus_…``
    tokens:         what the processor has confirmed; None before
    key:            what makes putting it into the account happen once
    revision:       of what the customer was shown of the addresses (`Action.revision`)
    """

    id: str
    customer_id: int
    maker: str
    state: SetupState
    key: str
    created_at: datetime
    expires_at: datetime
    address_ids: tuple[int, ...] = ()
    make_default: bool = False
    retry_charges: bool = False
    reference: str = field(default="", repr=False)
    customer_token: str = field(default="", repr=False)
    tokens: Tokens | None = None
    revision: str = ""
    activity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the processor keeps the card for: what it is told of the customer, and no more."""

    customer_id: int
    email: str = ""
    name: str = ""
    known_token: str = field(default="", repr=False)
    """The processor's name of the customer, where a payment method in the account has one."""
    billing: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The billing address on file, part by part as Recharge names them (``address1``, ``zip``, …);
    parts without a value are left out. The form does not ask for it again."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The processor's names of a confirmed card, and what it tells of the card.

    processor_name: as Recharge writes it, such as ``stripe``
    payment_type:   as Recharge writes it, such as ``CREDIT_CARD``
    last4:          the last four digits, the most that anybody here may know
    """

    processor_name: str
    customer_token: str = field(repr=False)
    payment_method_token: str = field(repr=False)
    payment_type: str = "CREDIT_CARD"
    brand: str = ""
    last4: str = ""
    exp_month: int | None = None
    exp_year: int | None = None


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form that stands in a page of ours, with fields that are the processor's own.

    reference, customer_token: kept in the setup, see there
    template: a file in ``app/web/templates`` that draws the fields. It is included in the page, see
              ``card_form.html`` there
    values:   what the template needs, as ``form.values``: a public key, a client secret, an
              address. Never a secret of ours: all of it reaches the browser
    script:   a file of ours in ``app/web/static`` that the page runs; none where empty. Its address
              is ``form.script_url`` in the template
    allows:   what the page may load besides nothing: sources by directive of the content security
              policy, such as ``{"script-src": ("https://js.stripe.com",)}``
    """

    reference: str = field(repr=False)
    customer_token: str = field(repr=False)
    template: str
    values: Mapping[str, str] = field(repr=False)
    script: str = ""
    allows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ByProcessor:
    """No form here: the processor takes cards only on a page or by a mail of its own.

    text: what the customer can do instead, in full sentences
    """

    text: Message


Start = FormPage | ByProcessor


class PaymentForm(Protocol):
    """A maker of payment forms."""

    @property
    def name(self) -> str:
        """Kept in setups: ``stripe``, ``sandbox``, ``hosted``. It never changes."""

    @property
    def takes_new(self) -> bool:
        """Whether it can take a new card here. Where not, `start` gives `ByProcessor`."""

    async def start(self, setup: CardSetup, person: Person, back: str) -> Start:
        """Prepare the form. Called each time that the page is shown, so it takes up the attempt
        that the setup names (`reference`), and makes one only where there is none.

        back: the absolute address that the browser is sent to when the processor has finished, by
              GET. It may add a query; nothing of that is believed

        Raises:
            FormUnavailable: the processor does not answer, or does not accept our key.
        """

    async def confirmed(self, setup: CardSetup) -> Tokens:
        """Read at the processor what came of the attempt `setup.reference`.

        Raises:
            CardRefused: declined, not confirmed by the bank, expired: another try may follow, in
                the same setup.
            NotFinished: nothing was sent yet, or the confirmation was left open.
            StillRunning: the processor is at it.
            FormUnavailable: the processor does not answer.
        """

    async def aclose(self) -> None:
        """Close its connections."""

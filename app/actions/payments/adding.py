"""The way of a card from its form into the account, which no restart breaks off.

1. `begin`: the customer says what it is to pay for. Nothing leaves the house.
2. `open`: the processor's form is shown; what is typed there stays there.
3. `look`: what came of it is read at the processor. A confirmed card is kept.
4. `put`: it comes into the account by `AddCard`, once.

Between any two of them the service may stop: what is kept tells where it stands (`standing`), and
the next step can be made then. Nothing is made twice: the attempt is found again by its name at the
processor, and the card in the account by its token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from app.actions.activities import Activity, find_activity
from app.actions.claim import Result
from app.actions.effect import Outcome, Preview
from app.actions.errors import ActionError, NotPossible
from app.actions.payments.add_card import AddCard, billing_for
from app.actions.perform import perform, preview
from app.actions.principal import STEP_UP, Principal
from app.actions.services import Services
from app.actions.write import current
from app.i18n import Message, say
from app.payments import (
    CardSetup,
    FormPage,
    PaymentForm,
    Person,
    SetupState,
    Start,
    Tokens,
)

MOST_A_DAY: Final = 10
"""Forms that one customer may open in a day: whoever tries out stolen cards needs more."""

_DAY: Final = timedelta(days=1)

Kind = Literal["started", "confirmed", "adding", "done", "left"]


@dataclass(frozen=True, slots=True)
class CardStanding:
    """How it stands with a card that was begun.

    kind:     "started": nothing is confirmed; "confirmed": the processor has it, the account not;
              "adding": it is under way; "done": it is in the account; "left": it was given up
    text:     what is known of the last try, where there was one: why it failed, what is still open
    activity: that try
    """

    setup: CardSetup
    kind: Kind
    text: Message | None = None
    activity: Activity | None = None


class AddingCards:
    """Adds cards, with the maker of forms that the shop has: none where it has none."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.setups = services.card_setups
        self.form = services.payment_form

    @property
    def takes_new(self) -> bool:
        """Whether a new card can be added here."""
        return self.form is not None and self.form.takes_new

    async def must_prove(self, principal: Principal) -> bool:
        """Whether the customer must give a code before anything is entered: without one the card
        would not come into the account. See `Action.needs_step_up`."""
        return AddCard.needs_code and not await self._services.is_proven(principal, STEP_UP)

    async def begin(
        self,
        principal: Principal,
        address_ids: Sequence[int],
        *,
        make_default: bool = False,
        retry_charges: bool = False,
    ) -> CardSetup:
        """A card that the customer wants to add, to pay for these addresses.

        Raises:
            ActionError: it cannot be added so; nothing was begun.
        """
        if self.form is None or not self.form.takes_new:
            raise NotPossible("no maker of forms", notice=_no_form())
        await self._check_count(principal, MOST_A_DAY - 1)
        action = _adding(
            principal.customer_id,
            address_ids,
            None,
            make_default=make_default,
            retry_charges=retry_charges,
        )
        await preview(self._services, principal, action)
        setup = await self.setups.begin(
            principal.customer_id,
            self.form.name,
            address_ids,
            make_default=make_default,
            retry_charges=retry_charges,
        )
        try:
            await self._check_count(principal, MOST_A_DAY)  # others may have begun meanwhile
        except NotPossible:
            await self.setups.leave(setup)
            raise
        return setup

    async def seen(self, principal: Principal, setup: CardSetup) -> Preview:
        """What will change when the card of this setup comes into the account.

        Raises:
            ActionError: as `preview` does.
        """
        return await preview(self._services, principal, action_of(setup))

    async def open(
        self, principal: Principal, setup: CardSetup, seen: Preview, back: str
    ) -> tuple[CardSetup, Start]:
        """Have the form made, or take up the one that was made.

        back: where the browser is sent when the processor has finished

        Raises:
            PaymentFormError: it cannot be made now.
            ActionError: the customer's records cannot be read.
        """
        form = self._form(setup)
        person = await self._person(principal, setup)
        start = await form.start(setup, person, back)
        if isinstance(start, FormPage):
            setup = await self.setups.opened(
                setup,
                reference=start.reference,
                customer_token=start.customer_token,
                revision=seen.revision,
            )
        return setup, start

    async def look(self, setup: CardSetup) -> CardSetup:
        """Read at the processor what came of the form. Gives the setup as it is then: "confirmed"
        when the processor has the card.

        Raises:
            PaymentFormError: no card came of it, or not yet; `notice` says why.
        """
        if setup.state is not SetupState.STARTED or not setup.reference:
            return setup
        tokens = await self._form(setup).confirmed(setup)
        return await self.setups.confirm(setup, tokens)

    async def put(self, principal: Principal, setup: CardSetup) -> Outcome | None:
        """Put a confirmed card into the account. None where another press is at it.

        Raises:
            ActionError: it was not put there, or nobody knows yet. `standing` tells more.
        """
        return await self._services.tasks.finish(self._put(principal, setup))

    async def standing(self, principal: Principal, setup: CardSetup) -> CardStanding:
        """How it stands, by what is kept. Reads nothing at the processor."""
        if setup.state is not SetupState.ADDING:
            activity = None
            if setup.activity_id is not None:
                activity = await find_activity(self._services, principal, setup.activity_id)
            return CardStanding(
                setup, _KINDS[setup.state], activity.text if activity else None, activity
            )
        return await self._resolved(principal, setup)

    async def open_ones(self, principal: Principal) -> tuple[CardStanding, ...]:
        """Cards that were begun and are not in the account, newest first: those whose form was
        shown, and those that are further."""
        found = [
            await self.standing(principal, setup)
            for setup in await self.setups.open(principal.customer_id)
            if setup.reference
        ]
        return tuple(one for one in found if one.kind in ("started", "confirmed", "adding"))

    async def leave(self, setup: CardSetup) -> None:
        """The customer gives it up. What the processor holds of it is used for nothing."""
        await self.setups.leave(setup)

    def called(self, setup: CardSetup) -> Message:
        """The card of a setup as its owner knows it: "Visa ending in 4242"."""
        return action_of(setup).called

    async def _put(self, principal: Principal, setup: CardSetup) -> Outcome | None:
        setup = await self.setups.adding(setup)
        if setup.state is not SetupState.ADDING:
            return None
        services, action = self._services, action_of(setup)
        try:
            outcome = await perform(
                services, principal, action, key=setup.key, revision=setup.revision or None
            )
        except ActionError as error:
            if error.activity_id is not None:
                setup = await self.setups.known_as(setup, error.activity_id)
            await self._resolved(principal, setup)
            raise
        setup = await self.setups.known_as(setup, outcome.activity_id)
        await self.setups.end(setup, SetupState.DONE)
        return outcome

    async def _resolved(self, principal: Principal, setup: CardSetup) -> CardStanding:
        """How it stands with a card that is being put into the account, by the record of that."""
        services = self._services
        claim = await services.journal.claimed(principal, setup.key, services.clock())
        if claim is None:  # nothing was begun under its key, or it is long over
            situation = await current(services, principal.customer_id)
            if action_of(setup).found(situation) is not None:
                return CardStanding(await self.setups.end(setup, SetupState.DONE), "done")
            return CardStanding(await self.setups.again(setup, has_begun=False), "confirmed")
        setup = await self.setups.known_as(setup, claim.activity_id)
        activity = await find_activity(services, principal, claim.activity_id)
        text = activity.text if activity else None
        if claim.state in (Result.RUNNING, Result.UNKNOWN):
            shown = text if claim.state is Result.UNKNOWN else None
            return CardStanding(setup, "adding", shown, activity)
        if claim.state in (Result.DONE, Result.PARTLY):
            setup = await self.setups.end(setup, SetupState.DONE)
            return CardStanding(setup, "done", text, activity)
        setup = await self.setups.again(setup, has_begun=True)
        return CardStanding(setup, "confirmed", text, activity)

    async def _person(self, principal: Principal, setup: CardSetup) -> Person:
        situation = await current(self._services, principal.customer_id)
        customer = situation.snapshot.customer
        known = (
            one.processor_customer_token
            for one in situation.snapshot.payment_methods
            if one.processor_name == "stripe" and one.processor_customer_token
        )
        return Person(
            customer_id=customer.id,
            email=customer.email or "",
            name=" ".join(part for part in (customer.first_name, customer.last_name) if part),
            known_token=next(known, None) or "",
            billing=billing_for(situation, setup.address_ids),
        )

    async def _check_count(self, principal: Principal, most: int) -> None:
        begun = await self.setups.begun_since(principal.customer_id, self._services.clock() - _DAY)
        if begun > most:
            raise NotPossible("too many cards begun", notice=_too_many())

    def _form(self, setup: CardSetup) -> PaymentForm:
        """The maker that the setup was begun with.

        Raises:
            NotPossible: the shop has changed to another.
        """
        if self.form is None or self.form.name != setup.maker:
            raise NotPossible(f"maker {setup.maker} is gone", notice=_no_form())
        return self.form


_KINDS: Final[dict[SetupState, Kind]] = {
    SetupState.STARTED: "started",
    SetupState.CONFIRMED: "confirmed",
    SetupState.DONE: "done",
    SetupState.LEFT: "left",
}


def action_of(setup: CardSetup) -> AddCard:
    """What putting the card of a setup into the account is. Before it is confirmed: the same, of a
    card that nobody knows yet."""
    return _adding(
        setup.customer_id,
        setup.address_ids,
        setup.tokens,
        make_default=setup.make_default,
        retry_charges=setup.retry_charges,
    )


def _adding(
    customer_id: int,
    address_ids: Sequence[int],
    tokens: Tokens | None,
    *,
    make_default: bool,
    retry_charges: bool,
) -> AddCard:
    known = tokens or Tokens("", "", "")
    return AddCard(
        customer_id=customer_id,
        processor_name=known.processor_name,
        customer_token=known.customer_token,
        payment_method_token=known.payment_method_token,
        payment_type=known.payment_type,
        brand=known.brand,
        last4=known.last4,
        exp_month=known.exp_month,
        exp_year=known.exp_year,
        address_ids=tuple(address_ids),
        make_default=make_default,
        retry_charges=retry_charges,
    )


def _no_form() -> Message:
    return say(
        "The shop does not take new cards here, so nothing was changed. Please write to the shop."
    )


def _too_many() -> Message:
    return say(
        "You have begun to add many cards today, so no other form was opened. Nothing was "
        "changed. Please try again tomorrow, or write to the shop."
    )

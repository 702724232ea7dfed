"""Add a card and have it pay: a step for the card, and one for each address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Self

from app.actions.base import Action
from app.actions.effect import Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import NEW_ID
from app.actions.payments import add_texts as texts
from app.actions.payments.add import AddPaymentMethod, AddsCard, mark_of
from app.actions.payments.default import MakeDefault
from app.actions.payments.give import GiveCard
from app.actions.payments.remove import RemoveCard
from app.actions.saga import Saga, Stage, TakeBack
from app.actions.situation import Situation
from app.i18n import Message, say
from app.recharge import Address, PostalAddress

_PARTS: Final = (
    "first_name", "last_name", "company", "address1", "address2", "city", "province", "zip",
    "country_code", "phone",
)  # fmt: skip


class AddCard(AddsCard, Saga):
    """Put a confirmed card into the account, and let it pay for what comes to `address_ids`.

    The card comes first; each address that does not get it keeps what pays there now. With
    `retry_charges` one call does both: see `AddPaymentMethod`.

    payment_method_id: the method, where the account holds the card already; `NEW_ID` where it is
                       to be made. Written down when the wish is spelled out
    """

    name = "add card"

    payment_method_id: int | None = None

    @property
    def object(self) -> str:
        return f"payment methods of customer {self.customer_id}"

    @property
    def objects(self) -> tuple[str, ...]:
        return (self.object, *(f"address {id}" for id in self.address_ids))

    @property
    def once(self) -> str:
        return f"card {mark_of(self.payment_method_token)}"

    @property
    def is_independent(self) -> bool:
        return True  # an address that is refused does not keep the card from the next one

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        id = self.payment_method_id or self._known(situation)
        gives = tuple(
            GiveCard(address_id=each, payment_method_id=id) for each in self._wanting(situation, id)
        )
        if id == NEW_ID:
            return (self._addition(situation), *(() if self.retry_charges else gives))
        if not gives:
            raise NotPossible(notice=texts.in_account(self.titled))
        return gives

    def step_text(self, stage: Stage) -> Message:
        step = stage.step
        if isinstance(step, GiveCard):
            address = stage.before.snapshot.address(step.address_id)
            return texts.gives(address) if address else step.press(stage.before)
        return say("Add {card}", card=self.called)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        # What is decided before the card is known, and so must not depend on it.
        facts = [texts.shown_use(situation, id) for id in self.address_ids]
        return (*facts, *self._addition(situation).shown(situation))

    def check(self, situation: Situation) -> None:
        self.foreseen(situation)

    def effect(self, situation: Situation) -> Effect:
        card, titled = self.called, self.titled
        done = say("{card} is in your account now.", card=titled)
        if self.address_ids:
            done = say(
                "{card} is in your account now, and pays for what comes to {places}.",
                card=titled,
                places=[texts.place_of(situation, id) for id in self.address_ids],
            )
        first = self.steps(situation)[0].effect(situation)
        told = self.told(
            situation,
            question=say("Add {card}?", card=card),
            confirm=say("Add {card}", card=card),
            done=done,
            amount=first.amount,
            stays=() if self.retry_charges else (say("All deliveries keep their dates."),),
            promises=first.promises,
        )
        # One sentence for all addresses, in the place of one for each.
        others = [one for one in told.changes if one.name != "card"]
        pays = texts.pays(situation, self.address_ids, titled)
        if not self.address_ids:
            pays = texts.pays_nowhere()
        place = sum(one.name in ("method", "default") for one in others)
        others.insert(place, pays)
        return replace(told, changes=tuple(others))

    def spelled_out(self, situation: Situation) -> Self:
        id = self.payment_method_id or self._known(situation)
        return self.model_copy(
            update={
                "payment_method_id": id,
                "address_ids": self._wanting(situation, id),
                "billing": self._billing(situation),
            }
        )

    def inverse_after(self, before: Situation, after: Situation) -> Action | None:
        back = super().inverse_after(before, after)
        old = next((one for one in before.snapshot.payment_methods if one.default), None)
        if not isinstance(back, TakeBack) or not self.make_default or old is None:
            return back
        steps = list(back.parts)
        place = next((n for n, one in enumerate(steps) if isinstance(one, RemoveCard)), len(steps))
        steps.insert(place, MakeDefault(payment_method_id=old.id))
        return TakeBack.of_steps(steps)

    def while_unknown(self) -> Message:
        return texts.while_unknown(self.called)

    def if_not_done(self) -> Message:
        return texts.not_added(self.titled)

    def _known(self, situation: Situation) -> int:
        found = self.found(situation)
        return NEW_ID if found is None else found.id

    def _wanting(self, situation: Situation, id: int) -> tuple[int, ...]:
        """The addresses that it does not pay for yet."""
        if self.payment_method_id is not None:
            return self.address_ids
        found = {one.id: one.payment_method_id for one in situation.snapshot.addresses}
        return tuple(each for each in self.address_ids if found.get(each) != id)

    def _addition(self, situation: Situation) -> AddPaymentMethod:
        values = self.model_dump(include=set(AddsCard.model_fields))
        values["billing"] = self._billing(situation)
        if not self.retry_charges:
            values["address_ids"] = ()  # each is a step of its own
        return AddPaymentMethod(**values)

    def _billing(self, situation: Situation) -> dict[str, str]:
        """Where its bills go: as those of what pays now, or else to where it sends."""
        return self.billing or billing_for(situation, self.address_ids)


def billing_for(situation: Situation, address_ids: Sequence[int]) -> dict[str, str]:
    """Where the bills of a new card go, part by part, when nobody says: as those of what pays for
    the first of these addresses, or of the default; else to that address; else nothing is known."""
    snapshot = situation.snapshot
    address = next((snapshot.address(id) for id in address_ids), None)
    paying = snapshot.payment_method(address.payment_method_id) if address else None
    default = next((one for one in snapshot.payment_methods if one.default), None)
    for source in (paying, default):
        if source is not None and source.billing_address is not None:
            return _parts(source.billing_address)
    address = address or next(iter(snapshot.addresses), None)
    return {} if address is None else _parts(address)


def _parts(source: Address | PostalAddress) -> dict[str, str]:
    named = ((name, getattr(source, name)) for name in _PARTS)
    return {name: value for name, value in named if value}

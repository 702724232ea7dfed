"""Choose what pays for the deliveries to an address."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field

from app.actions.addresses.texts import place
from app.actions.at_address import AddressAction, Id
from app.actions.base import Action, Upstream
from app.actions.comparison import cost, due_soon, lost_discounts
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import with_address
from app.actions.payments import texts
from app.actions.payments.base import SWITCH, check_method, method_in
from app.actions.payments.names import card_named
from app.actions.saga import Saga, Stage
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Delivery, DeliveryStatus, Snapshot
from app.recharge import Address, PaymentMethod


class GiveCard(AddressAction):
    """Pay for all deliveries to an address with this method, from the next payment on:
    ``PUT /addresses/{id}``. A payment that has failed is tried again with it.

    payment_method_id: the customer's own; in a saga that makes one, `NEW_ID`
    """

    name = "give card"
    switch: ClassVar[str | None] = SWITCH
    needs_code = True

    payment_method_id: Id

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(sorted({self.object, f"payment method {self.payment_method_id}"}))

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        check_method(situation, self.payment_method_id)

    def check(self, situation: Situation) -> None:
        self._both(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        address = situation.snapshot.address(self.address_id)
        if address is None:
            return (Shown("address", "gone", texts.no_address()),)
        pays = situation.snapshot.payment_method(address.payment_method_id)
        now = (
            say("Nothing pays for deliveries to {place} now.", place=place(address))
            if pays is None
            else say("It is now paid with {card}.", card=card_named(pays))
        )
        return (
            Shown("pays", str(address.payment_method_id), now),
            texts.shown_method(situation, self.payment_method_id),
        )

    def foreseen(self, situation: Situation) -> Snapshot:
        address, method = self._both(situation)
        changed = address.model_copy(update={"payment_method_id": method.id})
        return with_address(situation.snapshot, changed)

    def effect(self, situation: Situation) -> Effect:
        address, method = self._both(situation)
        after = self.after(situation)
        old = situation.snapshot.payment_method(address.payment_method_id)
        where, card = place(address), card_named(method)
        changes = [
            Change(
                "card",
                say("{card} pays for all that comes to {place}.", card=card, place=where),
                before=say("nothing") if old is None else card_named(old),
                after=card,
            ),
            *texts.warnings(after, method),
            *_next(after, address.id),
            *_unpaid(situation, address.id),
            *lost_discounts(situation, after),
        ]
        return Effect(
            question=say("Pay for deliveries to {place} with {card}?", place=where, card=card),
            confirm=say("Pay with {card}", card=card),
            done=say("{card} now pays for deliveries to {place}.", card=card, place=where),
            changes=tuple(changes),
            stays=(say("All deliveries keep their dates, and nothing is charged now."),),
        )

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("addresses", "charges")

    async def run(self, upstream: Upstream) -> None:
        answer = await upstream.client.addresses.update(
            self.address_id, commit=True, payment_method_id=self.payment_method_id
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        address = upstream.situation.snapshot.address(self.address_id)
        return address is not None and address.payment_method_id == self.payment_method_id

    def inverse(self, before: Situation) -> GiveCard | None:
        address, _ = self._both(before)
        old = before.snapshot.payment_method(address.payment_method_id)
        if old is None:
            return None  # an address that has a card keeps one
        return GiveCard(address_id=self.address_id, payment_method_id=old.id)

    def _both(self, situation: Situation) -> tuple[Address, PaymentMethod]:
        """The address and what is to pay there.

        Raises:
            NotPossible: one is gone, or it pays there already.
        """
        address = situation.snapshot.address(self.address_id)
        if address is None:
            raise NotPossible(notice=texts.no_address())
        method = method_in(situation, self.payment_method_id)
        if address.payment_method_id == method.id:
            raise NotPossible(notice=texts.pays_there_already(method, address))
        return address, method


class GiveCardToSeveral(Saga):
    """Pay for the deliveries to several addresses with one method. A step for each address; one
    that is refused keeps none of the others."""

    name = "give card to several"
    switch: ClassVar[str | None] = SWITCH
    needs_code = True

    payment_method_id: Id
    address_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=100)]

    @property
    def object(self) -> str:
        return self._parts()[0].object

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(sorted({name for one in self._parts() for name in one.objects}))

    @property
    def is_independent(self) -> bool:
        return True

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        return self._parts()

    def step_text(self, stage: Stage) -> Message:
        step = stage.step
        address = None
        if isinstance(step, GiveCard):
            address = stage.before.snapshot.address(step.address_id)
        if address is None:
            return super().step_text(stage)
        return say("Deliveries to {place}", place=place(address))

    def effect(self, situation: Situation) -> Effect:
        method = method_in(situation, self.payment_method_id)
        found = (situation.snapshot.address(id) for id in self.address_ids)
        places = [place(each) for each in found if each is not None]
        card = card_named(method)
        return self.told(
            situation,
            question=say("Pay for deliveries to {places} with {card}?", places=places, card=card),
            confirm=say("Pay with {card}", card=card),
            done=say("{card} now pays for deliveries to {places}.", card=card, places=places),
            stays=(say("All deliveries keep their dates, and nothing is charged now."),),
        )

    def _parts(self) -> tuple[GiveCard, ...]:
        return tuple(
            GiveCard(address_id=id, payment_method_id=self.payment_method_id)
            for id in dict.fromkeys(self.address_ids)
        )


def _next(after: Situation, address_id: int) -> list[Change]:
    """What comes next there, and so is charged next."""
    found = [each for each in due_soon(after) if each.address_id == address_id]
    if not found:
        return []
    text = say("The next one is on {date}, for {cost}.", date=found[0].date, cost=cost(found[0]))
    return [Change("next", text)]


def _unpaid(situation: Situation, address_id: int) -> list[Change]:
    """Payments there that have failed, or are under way."""
    told: list[Change] = []
    for delivery in _unsettled(situation, address_id):
        if delivery.status is DeliveryStatus.FAILED:
            told.append(texts.tried_with_it(delivery.date, delivery.retry_date))
        else:
            told.append(texts.is_under_way(delivery.date))
    return told


def _unsettled(situation: Situation, address_id: int) -> list[Delivery]:
    kinds = (DeliveryStatus.FAILED, DeliveryStatus.PENDING)
    return [
        each for each in situation.soon if each.address_id == address_id and each.status in kinds
    ]

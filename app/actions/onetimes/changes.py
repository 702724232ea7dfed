"""One-time products of a delivery: add one, change how many or when, take it out again."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from app.actions.at_address import AddressAction, Id
from app.actions.base import Upstream
from app.actions.effect import Effect, Shown
from app.actions.errors import NotPossible, UnknownObject
from app.actions.foresight import NEW_ID, with_item, without_item
from app.actions.onetimes import effects
from app.actions.onetimes.paid import refuse_paid
from app.actions.situation import LONGEST, Situation
from app.mirror import DeliveryStatus, Snapshot, catalogue
from app.recharge import Charge, ChargeStatus, ExternalId, Onetime

MOST_PIECES = 99
"""Of one product in one delivery, by a press in the portal."""

Pieces = Annotated[int, Field(ge=1, le=MOST_PIECES)]
VariantId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$")]


class OnetimeAction(AddressAction):
    """A change of what comes once to an address."""

    switch: ClassVar[str | None] = "onetime_enabled"

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("charges", "onetimes")

    def _last_moment(self, situation: Situation, day: datetime.date) -> datetime.datetime:
        return situation.changes_end(day) - datetime.timedelta.resolution


class AddOnetime(OnetimeAction):
    """Add a product to one delivery: ``POST /onetimes``.

    A day on which nothing comes to the address is possible too: then the product comes alone.
    The price is the shop's, taken by Recharge itself. A second POST would add a second product, so
    it is never repeated by itself; `known` are the one-times that were there before, by which a
    new one is recognised.
    """

    name = "add one-time product"
    is_safe_to_repeat = False

    date: datetime.date
    variant_id: VariantId
    quantity: Pieces = 1
    known: Annotated[tuple[Id, ...], Field(max_length=1000)] | None = None

    def check(self, situation: Situation) -> None:
        refuse_closed(situation, self.address_id, self.date)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        offering = catalogue.offering(situation.snapshot, self.variant_id, "onetime")
        return (
            *effects.shown_delivery(situation, self.address_id, self.date),
            effects.shown_price(offering),
        )

    def spelled_out(self, situation: Situation) -> Self:
        # What a step before it will have made has no id yet; it is another product than this.
        known = tuple(sorted(one.id for one in situation.snapshot.onetimes if one.id < NEW_ID))
        return self.model_copy(update={"known": known})

    def foreseen(self, situation: Situation) -> Snapshot:
        return with_item(situation.snapshot, self._new(situation))

    def effect(self, situation: Situation) -> Effect:
        new = self._new(situation)
        after = self.after(situation)
        return effects.added(situation, after, new)

    async def run(self, upstream: Upstream) -> None:
        values: effects.Where = {"next_charge_scheduled_at": self.date}
        if self._is_next_charge(upstream.situation):
            values = {"add_to_next_charge": True}
        answer = await upstream.client.onetimes.create(
            address_id=self.address_id,
            external_variant_id=ExternalId(ecommerce=self.variant_id),
            quantity=self.quantity,
            **values,
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        return self._made(upstream.situation) is not None

    def inverse_after(self, before: Situation, after: Situation) -> RemoveOnetime | None:
        made = self._made(after)
        if made is None:
            return None
        return RemoveOnetime(address_id=self.address_id, onetime_id=made.id)

    def possible_until(self, situation: Situation) -> datetime.datetime:
        return self._last_moment(situation, self.date)

    def _new(self, situation: Situation) -> Onetime:
        """The one-time as Recharge will make it.

        Raises:
            NotPossible: the delivery cannot be changed, or the shop does not offer the product.
        """
        refuse_closed(situation, self.address_id, self.date)
        snapshot = situation.snapshot
        found = catalogue.offering(snapshot, self.variant_id, "onetime")
        # What the customer puts together is subscribed to: its contents are chosen there.
        if found is None or found.product.external_product_id in snapshot.bundles:
            raise NotPossible(notice=effects.not_offered())
        address = snapshot.address(self.address_id)
        currency = address.presentment_currency if address else None
        is_own = currency in (None, snapshot.shop.currency)
        taken = {one.id for one in snapshot.onetimes}
        return Onetime(
            id=next(id for id in range(NEW_ID, NEW_ID + len(taken) + 1) if id not in taken),
            address_id=self.address_id,
            customer_id=snapshot.customer.id,
            external_product_id=ExternalId(ecommerce=found.product.external_product_id),
            external_variant_id=ExternalId(ecommerce=self.variant_id),
            next_charge_scheduled_at=self.date,
            presentment_currency=currency,
            # What it costs in the currency of another country is the shop's to say.
            price=found.price.amount if is_own else None,
            product_title=found.title,
            variant_title=found.variant_title,
            quantity=self.quantity,
        )

    def _made(self, situation: Situation) -> Onetime | None:
        """What has been added since, whatever day Recharge has put it on."""
        known = set(self.known or ())
        for one in situation.snapshot.onetimes:
            is_same = (one.address_id, one.external_variant_id.ecommerce, one.quantity) == (
                self.address_id,
                self.variant_id,
                self.quantity,
            )
            if is_same and one.id not in known and one.id < NEW_ID and not one.is_cancelled:
                return one
        return None

    def _is_next_charge(self, situation: Situation) -> bool:
        """Whether the day is that of the next queued charge: then Recharge itself finds it."""
        queued = [
            charge.scheduled_at
            for charge in _charges(situation, self.address_id)
            if charge.scheduled_at is not None
        ]
        return bool(queued) and min(queued) == self.date


class OwnOnetimeAction(OnetimeAction):
    """A change of a one-time product that is there."""

    onetime_id: Id

    def check_owner(self, situation: Situation) -> None:
        super().check_owner(situation)
        found = situation.snapshot.onetime(self.onetime_id)
        # One that is not there may have been taken out in another tab, which `_open` tells. It
        # looks the same where it is another customer's, and nothing is sent.
        if found is not None and found.address_id != self.address_id:
            raise UnknownObject(f"onetime {self.onetime_id}")

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.onetime(self.onetime_id)
        day = found.next_charge_scheduled_at if found else None
        return (
            effects.shown_onetime(found),
            *(effects.shown_delivery(situation, self.address_id, day) if day else ()),
        )

    def possible_until(self, situation: Situation) -> datetime.datetime | None:
        found = situation.snapshot.onetime(self.onetime_id)
        if found is None or found.next_charge_scheduled_at is None:
            return None
        return self._last_moment(situation, found.next_charge_scheduled_at)

    def _open(self, situation: Situation) -> tuple[Onetime, datetime.date]:
        """The one-time and its day.

        Raises:
            NotPossible: its delivery cannot be changed.
        """
        found = situation.snapshot.onetime(self.onetime_id)
        if found is None or found.is_cancelled or found.next_charge_scheduled_at is None:
            raise NotPossible(notice=effects.gone())
        refuse_closed(situation, self.address_id, found.next_charge_scheduled_at)
        return found, found.next_charge_scheduled_at


class ChangeOnetime(OwnOnetimeAction):
    """Another quantity, another day, or both: ``PUT /onetimes/{id}``. None keeps what is."""

    name = "change one-time product"

    quantity: Pieces | None = None
    date: datetime.date | None = None

    def spelled_out(self, situation: Situation) -> Self:
        found, day = self._open(situation)
        quantity, date = self.quantity or found.quantity, self.date or day
        return self.model_copy(update={"quantity": quantity, "date": date})

    def check(self, situation: Situation) -> None:
        self._changed(situation)

    def foreseen(self, situation: Situation) -> Snapshot:
        return with_item(situation.snapshot, self._changed(situation))

    def effect(self, situation: Situation) -> Effect:
        changed = self._changed(situation)
        return effects.changed(situation, self.after(situation), changed)

    async def run(self, upstream: Upstream) -> None:
        found, day = self._open(upstream.situation)
        quantity, date = self.quantity or found.quantity, self.date or day
        answer = await upstream.client.onetimes.update(
            self.onetime_id, quantity=quantity, next_charge_scheduled_at=date
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.onetime(self.onetime_id)
        return (
            found is not None
            and self.quantity in (None, found.quantity)
            and self.date in (None, found.next_charge_scheduled_at)
        )

    def inverse(self, before: Situation) -> ChangeOnetime:
        found, day = self._open(before)
        return ChangeOnetime(
            address_id=self.address_id,
            onetime_id=self.onetime_id,
            # A quantity that the merchant has set beyond our limit is left as it is.
            quantity=found.quantity if found.quantity <= MOST_PIECES else None,
            date=day,
        )

    def _changed(self, situation: Situation) -> Onetime:
        """The one-time as it will be.

        Raises:
            NotPossible: one of its two days cannot be changed, or nothing would be different.
        """
        found, day = self._open(situation)
        quantity, date = self.quantity or found.quantity, self.date or day
        if date != day:
            refuse_closed(situation, self.address_id, date)
        if (quantity, date) == (found.quantity, day):
            raise NotPossible(notice=effects.nothing_changed())
        return found.model_copy(update={"quantity": quantity, "next_charge_scheduled_at": date})


class RemoveOnetime(OwnOnetimeAction):
    """Take a product out of its delivery: ``DELETE /onetimes/{id}``.

    The way back is to add it again, where that gives the same: at the shop's price of today, and
    without properties that only the shop can give.
    """

    name = "remove one-time product"

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def check(self, situation: Situation) -> None:
        self._open(situation)

    def foreseen(self, situation: Situation) -> Snapshot:
        self._open(situation)
        return without_item(situation.snapshot, self.onetime_id)

    def effect(self, situation: Situation) -> Effect:
        found, day = self._open(situation)
        return effects.removed(situation, self.after(situation), found, day)

    async def run(self, upstream: Upstream) -> None:
        found, _ = self._open(upstream.situation)
        await upstream.client.onetimes.delete(self.onetime_id)
        upstream.answers.append(found.model_copy(update={"is_cancelled": True}))

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.onetime(self.onetime_id)
        if found is not None and not found.is_cancelled:
            return False
        if not upstream.answers:
            await refuse_paid(upstream, self.onetime_id)
        return True

    def inverse(self, before: Situation) -> AddOnetime | None:
        found, day = self._open(before)
        variant_id = found.external_variant_id.ecommerce or ""
        offering = catalogue.offering(before.snapshot, variant_id, "onetime")
        is_same = (
            offering is not None
            and offering.price.amount == found.price
            and not found.properties
            and found.quantity <= MOST_PIECES
        )
        if not is_same:
            return None
        return AddOnetime(
            address_id=self.address_id, date=day, variant_id=variant_id, quantity=found.quantity
        )


def refuse_closed(situation: Situation, address_id: int, day: datetime.date) -> None:
    """What comes on a day can be changed, whether something comes already or nothing does.

    Raises:
        NotPossible: it is too late, or Recharge is busy with the payment.
    """
    if situation.is_too_late(day):
        raise NotPossible(notice=effects.too_late(situation.change_until(day)))
    if day > situation.today + LONGEST:
        raise NotPossible(notice=effects.too_far())
    delivery = situation.delivery(address_id, day, skipped=False)
    status = delivery.status if delivery else None
    if status in (DeliveryStatus.FAILED, DeliveryStatus.PENDING, DeliveryStatus.UNKNOWN):
        raise NotPossible(notice=effects.being_paid(day))


def _charges(situation: Situation, address_id: int) -> list[Charge]:
    return [
        charge
        for charge in situation.snapshot.charges
        if charge.address_id == address_id and charge.status == ChargeStatus.QUEUED
    ]

"""Discount codes on all deliveries to an address."""

from __future__ import annotations

from app.actions.base import Upstream
from app.actions.discounts import effects, texts
from app.actions.discounts.base import (
    Code,
    DiscountAction,
    WithCode,
    code_of,
    is_standing,
    with_standing,
)
from app.actions.discounts.terms import look_up
from app.actions.effect import Effect, Shown
from app.actions.errors import NotPossible
from app.actions.situation import Situation
from app.mirror import Snapshot
from app.recharge import Conflict, RateLimited, Refused


class ApplyDiscountToAll(WithCode):
    """Use a code for all deliveries to an address: ``PUT /addresses/{id}``.

    It takes the place of the one that stands there, in one step. A code on a single delivery to
    the address goes too.
    """

    name = "apply discount to all"

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        return texts.shown_on_all(situation, self.address_id)

    def foreseen(self, situation: Situation) -> Snapshot:
        address = self._address(situation)
        if is_standing(address, self.code):
            raise NotPossible(notice=texts.applied_already(self.code))
        return with_standing(situation.snapshot, address, self.terms)

    def effect(self, situation: Situation) -> Effect:
        after, address = self.after(situation), self._address(situation)
        return effects.applied_to_all(situation, after, address, self.terms)

    async def run(self, upstream: Upstream) -> None:
        await self._still_holds(upstream)
        try:
            answer = await upstream.client.addresses.update(
                self.address_id, commit=True, discounts=[{"code": self.code}]
            )
        except (Conflict, RateLimited):
            raise
        except Refused as error:
            raise NotPossible(str(error), notice=texts.refused(self.code)) from error
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        address = upstream.situation.snapshot.address(self.address_id)
        return address is not None and is_standing(address, self.code)

    def inverse(self, before: Situation) -> DiscountAction:
        if standing := code_of(self._address(before).discounts):
            return ApplyDiscountToAll(address_id=self.address_id, code=standing)
        return RemoveDiscountFromAll(address_id=self.address_id)


class RemoveDiscountFromAll(DiscountAction):
    """End the discount on all deliveries to an address: ``PUT /addresses/{id}``."""

    name = "remove discount from all"

    makes_room_for: Code | None = None
    """A code for one delivery, which is looked up before anything is taken off."""

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        return texts.shown_on_all(situation, self.address_id)

    def foreseen(self, situation: Situation) -> Snapshot:
        address = self._address(situation)
        if not address.discounts:
            raise NotPossible(notice=texts.none_there())
        return with_standing(situation.snapshot, address, None)

    def effect(self, situation: Situation) -> Effect:
        return effects.removed_from_all(situation, self.after(situation), self._address(situation))

    async def run(self, upstream: Upstream) -> None:
        if self.makes_room_for is not None:
            await look_up(upstream.client, self.makes_room_for, upstream.situation.now)
        answer = await upstream.client.addresses.update(self.address_id, commit=True, discounts=[])
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        address = upstream.situation.snapshot.address(self.address_id)
        return address is not None and not address.discounts

    def inverse(self, before: Situation) -> ApplyDiscountToAll | None:
        code = code_of(self._address(before).discounts)
        return ApplyDiscountToAll(address_id=self.address_id, code=code) if code else None

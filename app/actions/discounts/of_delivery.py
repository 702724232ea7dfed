"""Discount codes on one delivery: used, taken off, one in place of another."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Self

from app.actions.base import Action, Upstream
from app.actions.discounts import effects, texts
from app.actions.discounts.base import (
    Code,
    DiscountAction,
    WithCode,
    code_of,
    is_on,
    is_standing,
    queued_charge,
    with_charges,
)
from app.actions.discounts.of_address import RemoveDiscountFromAll
from app.actions.discounts.terms import look_up, recharged
from app.actions.effect import Effect, Shown
from app.actions.errors import NotPossible
from app.actions.onetimes.changes import refuse_closed
from app.actions.saga import Saga
from app.actions.situation import Situation
from app.mirror import Snapshot
from app.recharge import Charge, Conflict, RateLimited, Refused


class OnDelivery(DiscountAction):
    """What concerns one delivery, for which Recharge holds a queued charge."""

    date: datetime.date

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        return texts.shown_on_delivery(situation, self.address_id, self.date)

    def possible_until(self, situation: Situation) -> datetime.datetime:
        return situation.changes_end(self.date) - datetime.timedelta.resolution

    def _charge(self, situation: Situation) -> Charge:
        """The charge.

        Raises:
            NotPossible: there is none that can be changed now.
        """
        refuse_closed(situation, self.address_id, self.date)
        charge = queued_charge(situation, self.address_id, self.date)
        if charge is None:
            is_there = situation.delivery(self.address_id, self.date, skipped=False)
            reason = texts.not_prepared if is_there else texts.no_delivery
            raise NotPossible(notice=reason(self.date))
        return charge


class ApplyDiscount(WithCode, OnDelivery):
    """Use a code for one delivery: ``POST /charges/{id}/apply_discount``.

    Recharge takes one discount at a time, and none where one stands on the address: see
    `ReplaceDiscount`.
    """

    name = "apply discount"

    def foreseen(self, situation: Situation) -> Snapshot:
        charge = self._charge(situation)
        if is_on(charge, self.code):
            raise NotPossible(notice=texts.applied_already(self.code))
        if charge.discounts or self._address(situation).discounts:
            raise NotPossible(notice=texts.only_one())
        effects.refuse_useless(self.terms, charge, situation)
        if self.terms.off(charge) is None:
            # No total is better than a wrong one: what comes is planned, and its cost an estimate.
            kept = (one for one in situation.snapshot.charges if one.id != charge.id)
            return replace(situation.snapshot, charges=tuple(kept))
        return with_charges(situation.snapshot, {charge.id: recharged(charge, self.terms)})

    def effect(self, situation: Situation) -> Effect:
        charge = self._charge(situation)
        return effects.applied(situation, self.after(situation), charge, self.terms)

    async def run(self, upstream: Upstream) -> None:
        charge = self._charge(upstream.situation)
        await self._still_holds(upstream)
        try:
            answer = await upstream.client.charges.apply_discount(
                charge.id, discount_code=self.code
            )
        except (Conflict, RateLimited):
            raise
        except Refused as error:
            # Used before, used up, or for other goods: Recharge knows, and does not say it.
            raise NotPossible(str(error), notice=texts.refused(self.code)) from error
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        charge = queued_charge(upstream.situation, self.address_id, self.date)
        return charge is not None and is_on(charge, self.code)

    def inverse(self, before: Situation) -> RemoveDiscount:
        return RemoveDiscount(address_id=self.address_id, date=self.date)


class RemoveDiscount(OnDelivery):
    """Take the discount off one delivery: ``POST /charges/{id}/remove_discount``.

    Where it makes room for another code, that one is looked up first: the customer must not lose
    one for another that does not work.
    """

    name = "remove discount"

    makes_room_for: Code | None = None

    def foreseen(self, situation: Situation) -> Snapshot:
        charge = self._own(situation)
        return with_charges(situation.snapshot, {charge.id: recharged(charge, None)})

    def effect(self, situation: Situation) -> Effect:
        charge = self._own(situation)
        return effects.removed(situation, self.after(situation), charge)

    async def run(self, upstream: Upstream) -> None:
        charge = self._own(upstream.situation)
        if self.makes_room_for is not None:
            await look_up(upstream.client, self.makes_room_for, upstream.situation.now)
        upstream.answers.append(await upstream.client.charges.remove_discount(charge.id))

    async def is_done(self, upstream: Upstream) -> bool:
        charge = queued_charge(upstream.situation, self.address_id, self.date)
        address = upstream.situation.snapshot.address(self.address_id)
        if charge is None or address is None:
            return False
        # Once room is made, the other code may have taken it.
        kept = {self.makes_room_for, *(one.code for one in address.discounts)}
        return all(one.code in kept for one in charge.discounts)

    def inverse(self, before: Situation) -> ApplyDiscount:
        code = code_of(self._own(before).discounts) or ""
        return ApplyDiscount(address_id=self.address_id, date=self.date, code=code)

    def _own(self, situation: Situation) -> Charge:
        """The charge, with a discount of its own.

        Raises:
            NotPossible: it has none that can be taken off.
        """
        charge = self._charge(situation)
        if not charge.discounts:
            raise NotPossible(notice=texts.none_there())
        code = code_of(charge.discounts)
        if code is None:
            raise NotPossible(notice=texts.of_the_shop())
        if is_standing(self._address(situation), code):
            raise NotPossible(notice=texts.stands_on_all(code))
        return charge


class ReplaceDiscount(Saga, WithCode, OnDelivery):
    """Use a code for one delivery in place of the discount that it has: two steps.

    instead_of: the code that is taken off; None is the one that is there
    is_for_all: whether that one stands on the address: then all deliveries to it lose it
    """

    name = "replace discount"

    instead_of: Code | None = None
    is_for_all: bool | None = None

    def check_owner(self, situation: Situation) -> None:
        OnDelivery.check_owner(self, situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        return OnDelivery.shown(self, situation)

    def check(self, situation: Situation) -> None:
        self.foreseen(situation)

    def possible_until(self, situation: Situation) -> datetime.datetime:
        return OnDelivery.possible_until(self, situation)

    def spelled_out(self, situation: Situation) -> Self:
        if self.instead_of is not None:
            return self
        charge, address = self._charge(situation), self._address(situation)
        code = code_of(address.discounts) or code_of(charge.discounts)
        if code is None:
            is_any = bool(address.discounts or charge.discounts)
            raise NotPossible(notice=texts.of_the_shop() if is_any else texts.none_there())
        if code.casefold() == self.code.casefold():
            raise NotPossible(notice=texts.applied_already(self.code))
        update = {"instead_of": code, "is_for_all": bool(address.discounts)}
        return self.model_copy(update=update)

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        spelled_out = self.spelled_out(situation)
        room: Action = RemoveDiscount(
            address_id=self.address_id, date=self.date, makes_room_for=self.code
        )
        if spelled_out.is_for_all:
            room = RemoveDiscountFromAll(address_id=self.address_id, makes_room_for=self.code)
        apply = ApplyDiscount(address_id=self.address_id, date=self.date, **self.terms.values)
        return room, apply

    def effect(self, situation: Situation) -> Effect:
        spelled_out = self.spelled_out(situation)
        effect = effects.replaced(
            situation,
            self.after(situation),
            self._charge(situation),
            self.terms,
            spelled_out.instead_of or "",
            is_for_all=bool(spelled_out.is_for_all),
        )
        told = self.told(
            situation, question=effect.question, confirm=effect.confirm, done=effect.done
        )
        return replace(effect, promises=told.promises)

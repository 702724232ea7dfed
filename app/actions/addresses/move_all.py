"""Have everything that is subscribed to at some addresses go to another one, in one call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field

from app.actions.addresses import merge_texts as texts
from app.actions.addresses.delete import shown_place
from app.actions.addresses.move import MoveToAddress
from app.actions.addresses.texts import gone, no_card, place
from app.actions.addresses.uses import subscriptions_at, uses
from app.actions.at_address import Id, check_address
from app.actions.base import Action, Upstream
from app.actions.comparison import DatesPromise
from app.actions.effect import Effect, Shown
from app.actions.errors import NotPossible
from app.actions.principal import Level
from app.actions.products.subscriptions import facts
from app.actions.saga import TakeBack
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Snapshot
from app.recharge import Address, Subscription
from app.recharge.addresses import MOST_MERGED

Sources = Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_MERGED)]
"""Addresses that become one with another."""


class MoveAllToAddress(Action):
    """Deliver all subscriptions of some addresses to another one: ``POST /addresses/merge``, which
    leaves the addresses where they are.

    subscription_ids: those that go; None is all that are there
    """

    name = "move all to address"
    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE

    to_address_id: Id
    from_address_ids: Sources
    subscription_ids: Annotated[tuple[Id, ...], Field(max_length=1000)] | None = None

    @property
    def object(self) -> str:
        return f"address {self.to_address_id}"

    @property
    def objects(self) -> tuple[str, ...]:
        return merged_objects(self.to_address_id, self.from_address_ids)

    def check_owner(self, situation: Situation) -> None:
        for id in (self.to_address_id, *self.from_address_ids):
            check_address(situation, id)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        return (*_shown_places(situation, self), *_shown_items(situation, self))

    def check(self, situation: Situation) -> None:
        check_merge(situation, self.to_address_id, self.from_address_ids)
        for step in self._moves(situation):
            step.check(situation)

    def foreseen(self, situation: Situation) -> Snapshot:
        self.check(situation)
        for step in self._moves(situation):
            situation = step.after(situation)
        return situation.snapshot

    def press(self, situation: Situation) -> Message:
        return say(
            "Deliver everything to {place}",
            place=place(address_in(situation, self.to_address_id)),
        )

    def effect(self, situation: Situation) -> Effect:
        after = self.after(situation)
        going = [step.concerned(situation) for step in self._moves(situation)]
        target = address_in(situation, self.to_address_id)
        return Effect(
            question=say("Deliver everything to {place}?", place=place(target)),
            confirm=self.press(situation),
            done=say("Everything now goes to {place}.", place=place(target)),
            changes=tuple(texts.moved(situation, after, going, target)),
            promises=tuple(DatesPromise.of(after, one.id) for one in going),
        )

    def spelled_out(self, situation: Situation) -> Self:
        ids = tuple(one.id for one in going_from(situation, self.from_address_ids))
        return self.model_copy(update={"subscription_ids": ids})

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("charges", "subscriptions", "onetimes")

    async def run(self, upstream: Upstream) -> None:
        answer = await upstream.client.addresses.merge(
            self.to_address_id, self.from_address_ids, delete_source_addresses=False
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        snapshot = upstream.situation.snapshot
        if any(subscriptions_at(snapshot, id) for id in self.from_address_ids):
            return False
        return all(self._is_there(snapshot, id) for id in self.subscription_ids or ())

    def is_partly_done(self, situation: Situation) -> bool:
        return any(self._is_there(situation.snapshot, id) for id in self.subscription_ids or ())

    def inverse(self, before: Situation) -> TakeBack | None:
        back = [step.inverse(before) for step in self._moves(before)]
        found = [one for one in back if one is not None]
        return TakeBack.of_steps(found) if found and len(found) == len(back) else None

    def _is_there(self, snapshot: Snapshot, id: int) -> bool:
        found = snapshot.subscription(id)
        return found is not None and found.address_id == self.to_address_id

    def _moves(self, situation: Situation) -> list[MoveToAddress]:
        """What it comes to for each of the subscriptions."""
        return [
            MoveToAddress(
                address_id=one.address_id, subscription_id=one.id, to_address_id=self.to_address_id
            )
            for one in going_from(situation, self.from_address_ids)
        ]


def check_merge(situation: Situation, to_address_id: int, from_address_ids: Sources) -> None:
    """These addresses can become one.

    Raises:
        NotPossible: they cannot, with the reason.
    """
    if to_address_id in from_address_ids or len(set(from_address_ids)) < len(from_address_ids):
        raise NotPossible(notice=texts.same_twice())
    target = address_in(situation, to_address_id)
    currency = situation.snapshot.shop.currency
    mine = target.presentment_currency or currency
    is_anything = False
    for id in from_address_ids:
        source = address_in(situation, id)
        theirs = source.presentment_currency or currency
        if theirs != mine:
            raise NotPossible(notice=texts.other_currency(source, theirs, target, mine))
        is_anything = is_anything or any(use.can_move for use in uses(situation, id))
    if is_anything and target.payment_method_id is None:
        raise NotPossible(notice=no_card(target))


def merged_objects(to_address_id: int, from_address_ids: Sources) -> tuple[str, ...]:
    """All addresses that a merge writes to."""
    return tuple(sorted({f"address {id}" for id in (to_address_id, *from_address_ids)}))


def address_in(situation: Situation, id: int) -> Address:
    """The customer's address.

    Raises:
        NotPossible: it is not there any more.
    """
    found = situation.snapshot.address(id)
    if found is None:
        raise NotPossible(notice=gone())
    return found


def going_from(situation: Situation, from_address_ids: Sources) -> list[Subscription]:
    return [one for id in from_address_ids for one in subscriptions_at(situation.snapshot, id)]


def _shown_places(situation: Situation, action: MoveAllToAddress) -> Iterator[Shown]:
    snapshot = situation.snapshot
    for id in (action.to_address_id, *action.from_address_ids):
        found = snapshot.address(id)
        if found is None:
            yield Shown(f"address {id}", "gone", gone())
            continue
        yield shown_place(found)
        card = snapshot.payment_method(found.payment_method_id)
        yield Shown(f"card {id}", str(found.payment_method_id), texts.card_now(found, card))


def _shown_items(situation: Situation, action: MoveAllToAddress) -> Iterator[Shown]:
    for one in going_from(situation, action.from_address_ids):
        for fact in facts(situation, one):
            yield Shown(f"{fact.name} {one.id}", fact.value, fact.now)
    left = " ".join(str(one.id) for one in going_from(situation, action.from_address_ids))
    yield Shown("subscriptions", left, say("Other subscriptions go there now."))

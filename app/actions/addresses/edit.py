"""Change an address, and with it where everything goes that goes there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, Self, TypeGuard

from pydantic import Field, JsonValue

from app.actions.addresses.add import is_same_place
from app.actions.addresses.delete import shown_place
from app.actions.addresses.postal import PostalInput
from app.actions.addresses.texts import gone, place, whole
from app.actions.addresses.uses import (
    coming_to,
    days_of,
    failed_days,
    go_to,
    paid_days,
    prepaid_at,
    prepaid_days,
    stay_at,
)
from app.actions.at_address import AddressAction, Id
from app.actions.base import Upstream
from app.actions.comparison import lost_discounts
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import ActionError, NotPossible
from app.actions.foresight import with_address
from app.actions.principal import Level
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Snapshot
from app.recharge import Address, PostalAddress
from app.recharge.addresses import AddressChanges


class EditAddress(AddressAction):
    """Change an address for everything that goes there: ``PUT /addresses/{id}``.

    What the customer has paid for in advance stands in orders of its own, each with its address:
    those that go to the old one are changed too, ``PUT /orders/{id}``.

    order_ids: those orders; None is all that are to come
    """

    name = "edit address"
    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE

    postal: PostalInput
    order_ids: Annotated[tuple[Id, ...], Field(max_length=500)] | None = None

    def check(self, situation: Situation) -> None:
        self._changed(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.address(self.address_id)
        if found is None:
            return (Shown("address", "gone", gone()),)
        days = days_of(coming_to(situation, self.address_id))[:1]
        now = say("The next delivery there is on {date}.", date=days[0]) if days else _nothing()
        return (shown_place(found), Shown("next", " ".join(map(str, days)), now))

    def spelled_out(self, situation: Situation) -> Self:
        return self.model_copy(update={"order_ids": self._orders(situation)})

    def possible_until(self, situation: Situation) -> datetime | None:
        days = days_of(coming_to(situation, self.address_id))
        return situation.changes_end(days[0]) - timedelta.resolution if days else None

    def foreseen(self, situation: Situation) -> Snapshot:
        return with_address(situation.snapshot, self._changed(situation))

    def effect(self, situation: Situation) -> Effect:
        old, new = self._address(situation), self._changed(situation)
        after = self.after(situation)
        days = days_of(coming_to(after, self.address_id))
        text = say("{before} becomes {after}.", before=whole(old), after=whole(new))
        changes = [Change("address", text, before=whole(old), after=whole(new))]
        if days:
            changes.append(Change("deliveries", go_to(place(new), days)))
        for day in failed_days(situation, self.address_id):
            text = say(
                "Your delivery of {date}, whose payment has failed, goes to {place} as well, "
                "once it is paid.",
                date=day,
                place=place(new),
            )
            changes.append(Change("failed", text))
        if self._orders(situation) and (ahead := prepaid_days(situation, self.address_id)):
            text = say(
                "What you have paid for in advance goes to {place} too: {dates}.",
                place=place(new),
                dates=list(ahead),
            )
            changes.append(Change("prepaid", text))
        if days and _is_elsewhere(old, new):
            text = say("The shop works out what shipping and tax are there.")
            changes.append(Change("shipping", text))
        changes += lost_discounts(situation, after)
        return Effect(
            question=say("Change this address?"),
            confirm=say("Change the address for everything here"),
            done=say("Your deliveries now go to {place}.", place=place(new))
            if days
            else say("The address is changed."),
            changes=tuple(changes),
            stays=tuple(self._stays(situation, old)),
        )

    def touches(self, before: Situation) -> tuple[str, ...]:
        nouns = ("addresses", "charges")
        return (*nouns, "orders") if prepaid_at(before.snapshot, self.address_id) else nouns

    async def run(self, upstream: Upstream) -> None:
        found = self._address(upstream.situation)
        document = self.postal.document()
        if not is_address(found, self.postal):
            answer = await upstream.client.addresses.update(
                self.address_id, commit=True, **document
            )
            upstream.answers.append(answer)
        for order in prepaid_at(upstream.situation.snapshot, self.address_id):
            if order.id in (self.order_ids or ()) and not self._goes(order.shipping_address):
                changed = await upstream.client.orders.update(
                    order.id, shipping_address=_record(document)
                )
                upstream.answers.append(changed)

    async def is_done(self, upstream: Upstream) -> bool:
        snapshot = upstream.situation.snapshot
        found = snapshot.address(self.address_id)
        if found is None or not is_address(found, self.postal):
            return False
        return all(
            self._goes(order.shipping_address)
            for order in prepaid_at(snapshot, self.address_id)
            if order.id in (self.order_ids or ())
        )

    def is_partly_done(self, situation: Situation) -> bool:
        found = situation.snapshot.address(self.address_id)
        return found is not None and is_address(found, self.postal)

    def inverse(self, before: Situation) -> EditAddress | None:
        back = EditAddress(
            address_id=self.address_id,
            postal=PostalInput.of(self._address(before)),
            order_ids=self._orders(before),
        )
        try:
            back.postal.checked(before.snapshot.shop.shipping_countries)
        except ActionError:
            return None  # as it stands there, Recharge may not take it again
        return back

    def _goes(self, there: PostalAddress | None) -> bool:
        return there is not None and PostalInput.of(there) == self.postal

    def _orders(self, situation: Situation) -> tuple[int, ...]:
        """The orders that were paid for in advance and go to the address as it stands: another
        address is one that somebody has given them."""
        if self.order_ids is not None:
            return self.order_ids
        found = self._address(situation)
        return tuple(
            order.id
            for order in prepaid_at(situation.snapshot, self.address_id)
            if order.shipping_address is not None
            and is_same_place(found, PostalInput.of(order.shipping_address))
        )

    def _address(self, situation: Situation) -> Address:
        found = situation.snapshot.address(self.address_id)
        if found is None:
            raise NotPossible(notice=gone())
        return found

    def _changed(self, situation: Situation) -> Address:
        """The address as it will be.

        Raises:
            WrongParts: something in it is not right.
            NotPossible: nothing would be different, or what comes next is being made ready.
        """
        found = self._address(situation)
        before = PostalInput.of(found)
        self.postal.checked(situation.snapshot.shop.shipping_countries, before=before)
        if is_address(found, self.postal):
            raise NotPossible(notice=say("Nothing would be different, so nothing was changed."))
        for day in days_of(coming_to(situation, self.address_id))[:1]:
            if situation.is_too_late(day):
                raise NotPossible(notice=too_late(situation, day))
        return with_parts(found, self.postal)

    def _stays(self, situation: Situation, old: Address) -> list[Message]:
        told = [
            say(
                "Your delivery of {date}, whose payment is under way, still goes to {place}.",
                date=day,
                place=place(old),
            )
            for day in paid_days(situation, self.address_id)
        ]
        told += others(situation, self.address_id)
        if coming_to(situation, self.address_id):
            told.append(say("All deliveries keep their dates."))
        return told


def _record(document: AddressChanges) -> dict[str, JsonValue]:
    """The parts of an address inside another record."""
    return {name: value for name, value in document.items() if value is None or _is_text(value)}


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def is_address(address: Address, postal: PostalInput) -> bool:
    """Whether an address is written so, to the letter."""
    return PostalInput.of(address) == postal


def with_parts(address: Address, postal: PostalInput) -> Address:
    """The address with these parts."""
    return address.model_copy(update=dict(postal.document()))


def too_late(situation: Situation, day: date) -> Message:
    """Why what comes next keeps its address, and until when."""
    return say(
        "Your delivery of {date} could be changed until {until}, so nothing was changed. You can "
        "change this address when it has been sent.",
        date=day,
        until=situation.change_until(day),
    )


def others(situation: Situation, address_id: int) -> list[Message]:
    """What goes to the customer's other addresses, and still does."""
    told = []
    for one in situation.snapshot.addresses:
        days = days_of(coming_to(situation, one.id))
        if one.id != address_id and days:
            told.append(stay_at(place(one), days))
    return told


def _is_elsewhere(old: Address, new: Address) -> bool:
    """Whether shipping and taxes may be others there."""
    return (old.country_code, old.province, old.zip) != (new.country_code, new.province, new.zip)


def _nothing() -> Message:
    return say("No delivery to it is planned now.")

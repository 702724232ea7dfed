"""Delete an address that nothing goes to any more."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Self

from app.actions.addresses.texts import gone, not_deleted, place
from app.actions.addresses.uses import ended_at, uses
from app.actions.at_address import AddressAction
from app.actions.base import Upstream
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.principal import Level
from app.actions.products.texts import name_of
from app.actions.situation import Situation
from app.i18n import say, say_many
from app.mirror import Snapshot
from app.recharge import Address, NotFound


class DeleteAddress(AddressAction):
    """Delete an address: ``DELETE /addresses/{id}``.

    Recharge refuses it while an active subscription is there, and lets go of all else. Here it is
    refused while anything at all is to come there. There is no way back: a new address would have
    another id, and what has ended there could not be found again.
    """

    name = "delete address"
    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.address(self.address_id)
        if found is None:
            return (Shown("address", "gone", gone()),)
        told = uses(situation, self.address_id)
        return (
            shown_place(found),
            Shown(
                "uses",
                " ".join(str(one.text) for one in told),
                told[0].text if told else say("Nothing goes there any more."),
            ),
        )

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def check(self, situation: Situation) -> None:
        self._unused(situation)

    def foreseen(self, situation: Situation) -> Snapshot:
        self._unused(situation)
        return without_address(situation.snapshot, self.address_id)

    def effect(self, situation: Situation) -> Effect:
        found = self._unused(situation)
        changes = [Change("address", say("{place} is deleted.", place=place(found)))]
        ended = ended_at(situation.snapshot, self.address_id)
        if ended:
            text = say_many(
                "{names} has ended, and could not be started again.",
                "{names} have ended, and could not be started again.",
                len(ended),
                names=[name_of(one) for one in ended],
            )
            changes.append(Change("ended", text))
        changes.append(Change("final", say("This cannot be undone here.")))
        return Effect(
            question=say("Delete {place}?", place=place(found)),
            confirm=say("Delete this address"),
            done=say("{place} is deleted.", place=place(found)),
            changes=tuple(changes),
            stays=(say("Your past orders stay as they are."),),
        )

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("addresses", "charges")

    async def run(self, upstream: Upstream) -> None:
        try:
            await upstream.client.addresses.delete(self.address_id)
        except NotFound:
            return  # somebody else has deleted it: reading tells

    async def is_done(self, upstream: Upstream) -> bool:
        return upstream.situation.snapshot.address(self.address_id) is None

    def _unused(self, situation: Situation) -> Address:
        """The address, when nothing needs it.

        Raises:
            NotPossible: something does; the notice says what.
        """
        found = situation.snapshot.address(self.address_id)
        if found is None:
            raise NotPossible(notice=gone())
        told = uses(situation, self.address_id)
        if told:
            raise NotPossible(notice=not_deleted(found, [one.text for one in told]))
        return found


def without_address(snapshot: Snapshot, address_id: int) -> Snapshot:
    """The records after an address was deleted, and with it what Recharge keeps of its days."""
    return replace(
        snapshot,
        addresses=tuple(one for one in snapshot.addresses if one.id != address_id),
        charges=tuple(one for one in snapshot.charges if one.address_id != address_id),
    )


def shown_place(address: Address) -> Shown:
    """What a customer sees of an address when deciding about it."""
    parts = (
        address.first_name,
        address.last_name,
        address.company,
        address.address1,
        address.address2,
        address.zip,
        address.city,
        address.province,
        address.country_code,
        address.phone,
    )
    return Shown(
        f"address {address.id}",
        "\n".join(part or "" for part in parts),
        say("The address is now {place}.", place=place(address)),
    )

"""What the shop reads with every order to an address: a note, and the answers to its questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from app.actions.addresses.texts import gone, place
from app.actions.addresses.uses import coming_to, days_of, go_with
from app.actions.at_address import AddressAction
from app.actions.base import Upstream
from app.actions.comparison import lost_discounts
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import with_address
from app.actions.principal import Level
from app.actions.situation import Situation
from app.i18n import say
from app.mirror import Snapshot
from app.recharge import Address, Property

LONGEST_NOTE: Final = 500
LONGEST_ANSWER: Final = 255

Note = Annotated[str, Field(max_length=LONGEST_NOTE)]


class Answer(BaseModel):
    """What a customer has answered to one of the shop's questions about deliveries."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_ANSWER)]
    value: Annotated[str, Field(max_length=LONGEST_ANSWER)]


class ChangeNote(AddressAction):
    """Change the delivery note of an address, and what stands there in the shop's own fields:
    ``PUT /addresses/{id}``. Both go with every order to it from then on.

    The shop decides which fields there are, so only those that are there can be changed, and none
    whose name begins with an underscore, or which holds something other than text.

    note:    "" for none; None keeps what is there
    answers: new values of the shop's fields; those not named are kept
    """

    name = "change delivery note"
    switch: ClassVar[str | None] = "edit_shipping_address"
    level = Level.CODE

    note: Note | None = None
    answers: Annotated[tuple[Answer, ...], Field(max_length=50)] = ()

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.address(self.address_id)
        if found is None:
            return (Shown("address", "gone", gone()),)
        note = note_of(found)
        return (
            Shown(
                "note",
                note,
                say("The note is now: {note}", note=note) if note else say("There is no note now."),
            ),
            Shown(
                "answers",
                "\n".join(f"{one.name}: {one.value}" for one in answers_of(found)),
                say("What stands beside the note is not as it was."),
            ),
        )

    def spelled_out(self, situation: Situation) -> Self:
        found = self._address(situation)
        note = note_of(found) if self.note is None else self.note.strip()
        return self.model_copy(update={"note": note})

    def check(self, situation: Situation) -> None:
        self._changed(situation)

    def foreseen(self, situation: Situation) -> Snapshot:
        return with_address(situation.snapshot, self._changed(situation))

    def effect(self, situation: Situation) -> Effect:
        changed = self._changed(situation)
        now = self._address(situation)
        after = self.after(situation)
        changes = []
        old, new = note_of(now), note_of(changed)
        if old != new:
            text = say("The note is: {note}", note=new)
            if not new:
                text = say("There is no note any more.")
            changes.append(Change("note", text, before=old or None, after=new or None))
        before = {one.name: one.value for one in answers_of(now)}
        for one in answers_of(changed):
            if before.get(one.name) != one.value:
                text = say("{name}: {value}", name=one.name, value=one.value)
                old_value = before.get(one.name)
                changes.append(Change("answer", text, before=old_value or None, after=one.value))
        days = days_of(coming_to(after, self.address_id))
        if days:
            changes.append(Change("deliveries", go_with(days)))
        changes += lost_discounts(situation, after)
        done = say("The delivery note for {place} is saved.", place=place(now))
        if old and not new:
            done = say("The delivery note for {place} is removed.", place=place(now))
        return Effect(
            question=say("Change the delivery note?"),
            confirm=say("Save the note") if new or changed == now else say("Remove the note"),
            done=done,
            changes=tuple(changes),
            stays=(say("Your deliveries keep their dates and their address."),),
        )

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("addresses", "charges")

    async def run(self, upstream: Upstream) -> None:
        changed = self._changed(upstream.situation)
        answer = await upstream.client.addresses.update(
            self.address_id,
            commit=True,
            order_note=changed.order_note,
            order_attributes=[
                {"name": one.name, "value": one.value} for one in changed.order_attributes
            ],
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.address(self.address_id)
        if found is None or self.note not in (None, note_of(found)):
            return False
        there = {one.name: one.value for one in answers_of(found)}
        return all(there.get(one.name) == one.value for one in self.answers)

    def inverse(self, before: Situation) -> ChangeNote | None:
        now = self._address(before)
        named = {one.name for one in self.answers}
        note = now.order_note or ""
        if len(note) > LONGEST_NOTE or note != note.strip():
            return None
        return ChangeNote(
            address_id=self.address_id,
            note=note,
            answers=tuple(one for one in answers_of(now) if one.name in named),
        )

    def _address(self, situation: Situation) -> Address:
        found = situation.snapshot.address(self.address_id)
        if found is None:
            raise NotPossible(notice=gone())
        return found

    def _changed(self, situation: Situation) -> Address:
        """The address as it will be.

        Raises:
            NotPossible: the shop asks no such thing, or nothing would be different.
        """
        found = self._address(situation)
        note = found.order_note if self.note is None else self.note.strip() or None
        given = {one.name: one.value for one in self.answers}
        if not set(given) <= {one.name for one in answers_of(found)}:
            raise NotPossible(notice=say("The shop does not ask this any more."))
        attributes = tuple(
            one.model_copy(update={"value": given[one.name]}) if one.name in given else one
            for one in found.order_attributes
        )
        if (note or "") == note_of(found) and attributes == found.order_attributes:
            raise NotPossible(notice=say("Nothing would be different, so nothing was changed."))
        return found.model_copy(update={"order_note": note, "order_attributes": attributes})


def note_of(address: Address) -> str:
    """The note of an address; "" where it has none."""
    return (address.order_note or "").strip()


def answers_of(address: Address) -> tuple[Answer, ...]:
    """The shop's fields that a customer may change, with what stands in them."""
    return tuple(_answers(address.order_attributes))


def _answers(attributes: Iterable[Property]) -> Iterable[Answer]:
    names = [one.name for one in attributes]
    for one in attributes:
        is_text = isinstance(one.value, str) and len(one.value) <= LONGEST_ANSWER
        is_own = one.name.startswith("_") or not 0 < len(one.name) <= LONGEST_ANSWER
        if is_text and not is_own and names.count(one.name) == 1:
            yield Answer(name=one.name, value=str(one.value))

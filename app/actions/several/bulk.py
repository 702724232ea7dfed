"""Several changes of subscriptions of one address in one call, where Recharge has one for them.

``PUT /addresses/{id}/subscriptions-bulk`` takes at most 20 subscriptions. Its answers speak the
words of an older version and lack fields, so only what was changed is taken from them.

A change of rhythm sets a new date, so rhythms are written first and dates after, in two calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from app.actions.base import Action, Upstream
from app.actions.dates.subscriptions import MoveSubscription
from app.actions.effect import Effect
from app.actions.products.quantities import ChangeQuantity
from app.actions.products.rhythms import ChangeRhythm, RhythmBack
from app.actions.saga import ListedSteps
from app.actions.situation import Situation
from app.i18n import say
from app.recharge import BulkChange, Subscription
from app.recharge.subscriptions_bulk import MOST

Part = ChangeQuantity | MoveSubscription | ChangeRhythm | RhythmBack
"""A change that can be made together with others of its kind."""

_TAKEN = (
    "charge_interval_frequency",
    "next_charge_scheduled_at",
    "order_interval_frequency",
    "order_interval_unit",
    "price",
    "quantity",
    "updated_at",
)
"""What is taken from an answer."""


def can_go_together(actions: Sequence[Action]) -> bool:
    """Whether these can be made in one call: the same kind of change of several subscriptions."""
    parts = [action for action in actions if isinstance(action, Part)]
    return (
        len(parts) == len(actions) <= MOST
        and len({type(part) for part in parts}) == 1
        and len({part.address_id for part in parts}) == 1
        and len({part.subscription_id for part in parts}) == len(parts)
    )


def together(actions: Sequence[Action]) -> InOneCall:
    """One action that makes all of these. Ask `can_go_together` first."""
    return InOneCall.of_steps(actions, in_bulk=True)


class InOneCall(ListedSteps):
    """Several changes of one kind in one call. It makes steps, and is never a step itself."""

    name: ClassVar[str] = "in one call"

    def effect(self, situation: Situation) -> Effect:
        return self.told(
            situation,
            question=say("Change all of these?"),
            confirm=say("Change all of these"),
            done=say("All of these are changed."),
        )

    async def run(self, upstream: Upstream) -> None:
        parts = [
            part
            for part in self.steps(upstream.situation)
            if isinstance(part, Part) and not await part.is_done(upstream)
        ]
        if not parts:
            return
        address_id = parts[0].address_id
        await _send(upstream, address_id, [_first(part, upstream.situation) for part in parts])
        await _send(upstream, address_id, [_second(part, upstream) for part in parts])

    def is_partly_done(self, situation: Situation) -> bool:
        return False  # each step is looked up by itself


async def _send(upstream: Upstream, address_id: int, changes: Sequence[BulkChange | None]) -> None:
    wanted = [change for change in changes if change is not None]
    if not wanted:
        return
    answers = await upstream.client.subscriptions_bulk.update(
        address_id, wanted, commit_update=True
    )
    for answer in answers:
        known = upstream.situation.snapshot.subscription(answer.id)
        if known is not None:
            update = {name: getattr(answer, name) for name in _TAKEN}
            upstream.answers.append(known.model_copy(update=update))


def _first(part: Part, situation: Situation) -> BulkChange | None:
    """What is written of a part."""
    id = part.subscription_id
    match part:
        case ChangeQuantity():
            return {"id": id, "quantity": part.quantity}
        case MoveSubscription():
            return {"id": id, "next_charge_scheduled_at": part.date}
        case _:
            found = situation.snapshot.subscription(id)
            if found is None or part.has_rhythm(found):
                return None
            change: BulkChange = {
                "id": id,
                "charge_interval_frequency": part.charge,
                "order_interval_frequency": part.order,
                "order_interval_unit": part.unit,
            }
            change.update(part.price_changes(found))  # type: ignore[typeddict-item]  # a part of it
            return change


def _second(part: Part, upstream: Upstream) -> BulkChange | None:
    """The date that goes with a rhythm, where Recharge has set another one."""
    if not isinstance(part, ChangeRhythm | RhythmBack) or part.date is None:
        return None
    id = part.subscription_id
    newest = upstream.situation.snapshot.subscription(id)
    for answer in upstream.answers:
        if isinstance(answer, Subscription) and answer.id == id:
            newest = answer
    if newest is not None and newest.next_charge_scheduled_at == part.date:
        return None
    return {"id": id, "next_charge_scheduled_at": part.date}

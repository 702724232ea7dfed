"""Actions of several steps, each an action of its own.

A subclass of `Saga` gives `steps` and its words; all else follows from the steps::

    class SwapWithRhythm(Saga):
        name = "swap with rhythm"
        address_id: Id
        ...

        @property
        def object(self) -> str:
            return f"address {self.address_id}"

        def steps(self, situation):
            return (Swap(...), ChangeRhythm(...))

        def effect(self, situation):
            return self.told(situation, question=..., confirm=..., done=...)

Steps are made in order, each with the care of a single action (see `app.actions.write`). What is
known of each is kept in the database before and after it is sent: see `app.actions.steps`. When
the service stops in between, what was sent is looked up, and what was not is gone on with, unless
what the customer decided by has changed: see `app.actions.saga_write`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from app.actions.base import Action, Upstream
from app.actions.effect import Change, Effect, Promise, Shown
from app.actions.errors import NotPossible
from app.actions.listed import Listed
from app.actions.made import filled_action
from app.actions.principal import Level
from app.actions.receipts import Receipt, of_steps
from app.actions.situation import Situation
from app.actions.wire import message_from_json
from app.i18n import Message, Money, say
from app.mirror import Snapshot


@dataclass(frozen=True, slots=True)
class Stage:
    """One step, and the situation that it starts from: as it is after the steps before."""

    step: Action
    before: Situation

    @property
    def after(self) -> Situation:
        """The situation as the step leaves it.

        Raises:
            NotPossible: it cannot be made.
        """
        return self.step.after(self.before)


class Saga(Action):
    """An action of several steps. See the module for how to write one."""

    @property
    def is_independent(self) -> bool:
        """Whether a step is made though one before it was refused: so it is with the same change
        of several things, and not where a step builds on another."""
        return False

    @property
    def goes_in_bulk(self) -> bool:
        """Whether steps are sent together, where one call can make several of them."""
        return False

    @abstractmethod
    def steps(self, situation: Situation) -> tuple[Action, ...]:
        """The steps in order, all of them, whether made or not.

        After `spelled_out` they must not depend on the situation any more: each names its ids and
        the state that it leads to, so that it can be read whether it is done.

        Raises:
            UnknownObject: an id is not this customer's.
            NotPossible: there is nothing to do, with the reason.
        """

    def step_text(self, stage: Stage) -> Message:
        """What a step is, in a few words: "Move to 3 July". For the list of steps."""
        return stage.step.press(stage.before)

    def stages(self, situation: Situation) -> Iterator[Stage]:
        """Each step with the situation that it will find.

        Raises:
            NotPossible: a step cannot be made.
        """
        for step in self.steps(situation):
            yield Stage(step, situation)
            situation = step.after(situation)

    def check_owner(self, situation: Situation) -> None:
        for step in self._steps_if_any(situation):
            step.check_owner(situation)

    def check_offered(self, situation: Situation) -> None:
        super().check_offered(situation)
        for step in self._steps_if_any(situation):
            step.check_offered(situation)

    def needs_step_up(self, situation: Situation, level: Level) -> bool:
        return super().needs_step_up(situation, level) or any(
            step.needs_step_up(situation, level) for step in self._steps_if_any(situation)
        )

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found: list[Shown] = []
        try:
            for number, stage in enumerate(self.stages(situation)):
                facts = stage.step.shown(stage.before)
                found += (replace(one, name=f"{number} {one.name}") for one in facts)
        except NotPossible:
            pass  # what can be seen as far as it goes
        return tuple(found)

    def foreseen(self, situation: Situation) -> Snapshot:
        for step in self.steps(situation):
            situation = step.after(situation)
        return situation.snapshot

    def told(
        self,
        situation: Situation,
        *,
        question: Message,
        confirm: Message,
        done: Message,
        changes: Sequence[Change] | None = None,
        stays: Sequence[Message] = (),
        amount: Money | None = None,
        promises: Sequence[Promise] | None = None,
    ) -> Effect:
        """An effect of all steps.

        changes:  what will be different; the changes of each step, one after the other, if not
                  given
        promises: those of each step, so far as the later ones leave them standing, if not given
        """
        effects: list[Effect] = []
        after = situation
        if changes is None or promises is None:
            for stage in self.stages(situation):
                effects.append(stage.step.effect(stage.before))
                after = stage.after
        if changes is None:
            changes = [one for effect in effects for one in effect.changes]
        if promises is None:
            every = (promise for effect in effects for promise in effect.promises)
            promises = [one for one in every if one.difference(after) is None]
        return Effect(
            question=question,
            confirm=confirm,
            done=done,
            changes=tuple(one for n, one in enumerate(changes) if one not in changes[:n]),
            stays=tuple(stays),
            amount=amount,
            promises=tuple(promises),
        )

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def touches(self, before: Situation) -> tuple[str, ...]:
        found: dict[str, None] = {}
        try:
            for stage in self.stages(before):
                found |= dict.fromkeys(stage.step.touches(stage.before))
        except NotPossible:
            pass
        return tuple(found) or super().touches(before)

    async def run(self, upstream: Upstream) -> None:
        """Write the steps that are not done, in order. `perform` goes step by step instead, reads
        in between and keeps what is known of each: see `app.actions.saga_write`."""
        for step in self.steps(upstream.situation):
            if not await step.is_done(upstream):
                await step.run(upstream)
                upstream.situation = step.after(upstream.situation)

    async def is_done(self, upstream: Upstream) -> bool:
        for step in self.steps(upstream.situation):
            if not await step.is_done(upstream):
                return False
        return True

    def holds(self, situation: Situation) -> bool:
        return all(step.holds(situation) for step in self._steps_if_any(situation))

    def is_partly_done(self, situation: Situation) -> bool:
        return any(step.is_partly_done(situation) for step in self._steps_if_any(situation))

    def inverse(self, before: Situation) -> Action | None:
        return self._taken_back(before, None)

    def inverse_after(self, before: Situation, after: Situation) -> Action | None:
        return self._taken_back(before, after)

    def receipt(self, before: Situation, effect: Effect) -> Receipt | None:
        if all(type(step).receipt is Action.receipt for step in self._steps_if_any(before)):
            return None
        parts = []
        for stage in self.stages(before):
            part = None
            if type(stage.step).receipt is not Action.receipt:
                part = stage.step.receipt(stage.before, stage.step.effect(stage.before))
            parts.append(part)
        return of_steps(parts)

    def possible_until(self, situation: Situation) -> datetime | None:
        found = []
        for step in self._steps_if_any(situation):
            last = step.possible_until(situation)
            found += [last] if last else []
        return min(found, default=None)

    def _taken_back(self, before: Situation, after: Situation | None) -> Action | None:
        """The steps' ways back, last step first; None where one of them has none."""
        found: list[Action] = []
        try:
            made: int | None = None
            for stage in self.stages(before):
                back = stage.step.inverse(stage.before)
                if after is not None:
                    step = stage.step.spelled_out(stage.before)
                    step = filled_action(step, made) or step  # as it was sent
                    back = back or step.inverse_after(stage.before, after)
                    made = step.made(after) or made
                back = filled_action(back, made) if back else None
                if back is None:
                    return None
                found.insert(0, back)
        except NotPossible:
            return None
        return TakeBack.of_steps(found, in_bulk=self.goes_in_bulk)

    def _steps_if_any(self, situation: Situation) -> tuple[Action, ...]:
        try:
            return self.steps(situation)
        except NotPossible:
            return ()


class ListedSteps(Saga):
    """A saga whose steps are listed one by one in its input. Made by the service only."""

    listed: tuple[Listed, ...]
    in_bulk: bool = False

    @classmethod
    def of_steps(cls, steps: Sequence[Action], **more: Any) -> Self:
        return cls(listed=tuple(Listed.of(step) for step in steps), **more)

    @property
    def object(self) -> str:
        return self._restored()[0].object

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(sorted({name for step in self._restored() for name in step.objects}))

    @property
    def goes_in_bulk(self) -> bool:
        return self.in_bulk

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        return self._restored()

    @property
    def parts(self) -> tuple[Action, ...]:
        """The steps, which need no situation to be known."""
        return self._restored()

    def _restored(self) -> tuple[Action, ...]:
        return tuple(each.restored() for each in self.listed)


class TakeBack(ListedSteps):
    """Take several steps back, the last one first."""

    name = "take back"

    def effect(self, situation: Situation) -> Effect:
        return self.told(
            situation,
            question=say("Put it back as it was?"),
            confirm=say("Put it back as it was"),
            done=say("All is back as it was."),
        )


class TryTheRest(ListedSteps):
    """Make the steps of an activity that are still open.

    activity_id: whose steps they are
    numbers:     which of them, in the order of `listed`
    texts:       what each of them is, as it was told first
    goes_on:     whether a step is made though one before it was refused
    """

    name = "try the rest"

    activity_id: str
    numbers: tuple[int, ...]
    texts: tuple[dict[str, Any], ...]
    goes_on: bool

    @property
    def is_independent(self) -> bool:
        return self.goes_on

    def step_text(self, stage: Stage) -> Message:
        place = self.steps(stage.before).index(stage.step)
        return message_from_json(self.texts[place])

    def inverse(self, before: Situation) -> Action | None:
        return None  # the activity that it completes can be taken back, all of it

    def inverse_after(self, before: Situation, after: Situation) -> Action | None:
        return None

    def effect(self, situation: Situation) -> Effect:
        return self.told(
            situation,
            question=say("Try the rest?"),
            confirm=say("Try the rest"),
            done=say("The rest is done now."),
        )

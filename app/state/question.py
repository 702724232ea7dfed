"""A change that the customer considers: what it would do, and doing it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from app.actions import Action, ActionError, LooksOnly, Outcome, Preview, SkipDelivery, preview
from app.state.base import State
from app.state.notice import Notice, notice_of
from app.state.wishes import new_key

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState
    from app.state.portal import Portal


class Previewed(NamedTuple):
    """What a press means: the action, and the revision of what its preview told."""

    action: Action
    revision: str


class Question(State):
    """One dialog: the customer's choices, what they would change, and the press that does it.

    ::

        question = MoveQuestion(portal, subscription_id=301)
        await question.choose(date=date(2026, 12, 4))     # `preview` says what that would change
        await question.confirm()                          # at most one write, however often pressed

    A subclass has a field for each choice and gives the `action` that they make.

    preview: what the choices would change; None while something is missing or not possible
    failure: why there is no preview
    is_asking: the preview is being worked out
    is_proving: a press waits until the customer has given a code: see `is_cleared`
    answered: who is told, after a press, what was asked for and what came of it: None where it
              failed, or is not known yet
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self.preview: Preview | None = None
        self.failure: Notice | None = None
        self.is_asking = self.is_proving = False
        self.answered: Callable[[Action, Outcome | None], Awaitable[None]] | None = None
        self.new_key: Callable[[], str] = new_key
        """Makes the idempotency key of a press."""
        self._asked: Action | None = None
        """What is previewed."""
        self._turn = 0
        """Counts the times it was asked: only the answer to the last one is shown."""

    @property
    def may_change(self) -> bool:
        """Whether a press can do anything: not while the shop's people only look."""
        return self.portal.principal.may_change

    @property
    @abstractmethod
    def action(self) -> Action | None:
        """What the choices so far come to; None while something is missing.

        Raises:
            ActionError: they do not fit together.
        """

    async def choose(self, **choices: object) -> None:
        """Take up what the customer has chosen, by the names of the fields, and preview it.

        Raises:
            AttributeError: the question has no such field.
        """
        for name, value in choices.items():
            getattr(self, name)
            setattr(self, name, value)
        await self.ask()

    async def ask(self) -> None:
        """Preview what has been chosen. It costs no call once the customer is in the mirror."""
        portal = self.portal
        self.is_asking = True
        self._turn = turn = self._turn + 1
        action, found, failure = None, None, None
        try:
            action = self.action
            found = await preview(portal.services, portal.principal, action) if action else None
        except ActionError as error:
            action, failure = None, notice_of(error)
        finally:
            if turn == self._turn:  # else something else has been chosen meanwhile
                self._show(action if found else None, found, failure)

    @property
    def previewed(self) -> Previewed | None:
        """What a press in this moment means; None where there is nothing to press."""
        if self._asked is None or self.preview is None:
            return None
        return Previewed(self._asked, self.preview.revision)

    @property
    def to_be_cleared(self) -> Action | None:
        """What a press in this moment comes to, as far as it matters for `is_cleared`."""
        return self._asked

    async def is_cleared(self) -> bool:
        """Asked at each press: whether it may go on. If not, the customer has been sent a code, and
        presses again once it is entered; nothing that was chosen meanwhile is lost."""
        step_up, action = self.portal.step_up, self.to_be_cleared
        if self.is_proving:
            if not await step_up.give():
                return False
            self.is_proving = False
        elif action is not None and await step_up.is_needed(action) and await step_up.begin():
            self.is_proving = True
        self.changed.emit()
        return not self.is_proving

    async def confirm(self, pressed: Previewed | None = None) -> Outcome | None:
        """Do what the preview says. The page shows it at once, and the result as a notice.

        pressed: what the preview said at the press, where other things came in between

        None where there was nothing to do, where it failed, and where nobody knows yet.
        """
        pressed = pressed or self.previewed
        if self.is_busy or pressed is None:
            return None
        action, key, revision = self.worded(pressed.action), self.new_key(), pressed.revision
        self.is_busy = True
        self.changed.emit()
        outcome, refusal = None, None
        try:
            refusal = await self.refused() if self.may_change else notice_of(LooksOnly())
            if refusal is None:
                outcome = await self._do(action, key, revision)
        finally:
            self.is_busy = False
            self._show(None, None, refusal)
            if self.answered is not None:
                await self.answered(action, outcome)
        return outcome

    def worded(self, action: Action) -> Action:
        """What is done after a press on what was previewed: the same, with words of the customer's
        that have no part in the preview."""
        return action

    async def refused(self) -> Notice | None:
        """Asked after a press, before anything is done: why it is not; None mostly."""
        return None

    async def _do(self, action: Action, key: str, revision: str) -> Outcome | None:
        return await self.portal.do(action, key=key, revision=revision)

    def cancel(self) -> None:
        """The customer leaves it: nothing was asked."""
        self.is_proving = False
        self._show(None, None, None)

    def _show(self, action: Action | None, found: Preview | None, failure: Notice | None) -> None:
        self._asked = action
        self.preview, self.failure, self.is_asking = found, failure, False
        self.changed.emit()


class SkipQuestion(Question):
    """Whether to skip a delivery, or these items of it."""

    def __init__(
        self, delivery: DeliveryState, purchase_item_ids: tuple[int, ...] | None = None
    ) -> None:
        super().__init__(delivery.portal)
        self.date = delivery.delivery.date
        self._action = delivery.skip_action(purchase_item_ids)

    @property
    def action(self) -> SkipDelivery:
        return self._action

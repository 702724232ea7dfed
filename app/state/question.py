"""A change that the customer considers: what it would do, and doing it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.actions import Action, ActionError, Outcome, Preview, SkipDelivery, preview
from app.state.base import State
from app.state.notice import Notice, notice_of
from app.state.wishes import new_key

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState
    from app.state.portal import Portal


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
    answered: who is told, after a press, what was asked for and what came of it: None where it
              failed, or is not known yet
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self.preview: Preview | None = None
        self.failure: Notice | None = None
        self.is_asking = False
        self.answered: Callable[[Action, Outcome | None], Awaitable[None]] | None = None
        self._asked: tuple[Action, str] | None = None
        """What is previewed, with the idempotency key of its press."""
        self._turn = 0
        """Counts the times it was asked: only the answer to the last one is shown."""

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

    async def confirm(self) -> Outcome | None:
        """Do what the preview says. The page shows it at once, and the result as a notice.

        None where there was nothing to do, where it failed, and where nobody knows yet.
        """
        if self.is_busy or self._asked is None or self.preview is None:
            return None
        (action, key), revision = self._asked, self.preview.revision
        self.is_busy = True
        self.changed.emit()
        outcome = None
        try:
            outcome = await self.portal.do(action, key=key, revision=revision)
        finally:
            self.is_busy = False
            self.cancel()
            if self.answered is not None:
                await self.answered(action, outcome)
        return outcome

    def cancel(self) -> None:
        """The customer leaves it: nothing was asked."""
        self._show(None, None, None)

    def _show(self, action: Action | None, found: Preview | None, failure: Notice | None) -> None:
        if action is None:
            self._asked = None
        elif self._asked is None or self._asked[0] != action:
            self._asked = (action, new_key())
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

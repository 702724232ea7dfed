"""The steps of a change of several steps: which are done, which are open, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from app.actions import StepState, StepStatus
from app.i18n import Message, Texts, say
from components import html
from components.base import Component
from components.icons import IconName, icon

_WORDS: Final[dict[StepStatus, Message]] = {
    StepStatus.WAITING: say("Open"),
    StepStatus.SENT: say("Under way"),
    StepStatus.DONE: say("Done"),
    StepStatus.REFUSED: say("Not done"),
    StepStatus.UNKNOWN: say("Being checked"),
}
_ICONS: Final[dict[StepStatus, IconName]] = {
    StepStatus.WAITING: "clock",
    StepStatus.SENT: "clock",
    StepStatus.DONE: "check",
    StepStatus.REFUSED: "alert",
    StepStatus.UNKNOWN: "clock",
}
AT_ONCE: Final = 6
"""Steps that are listed without being asked for; more of them fold up when all are done."""


@dataclass(frozen=True)
class StepsShown:
    """The steps of an activity, and how to go on with those that are open.

    try_rest: called by "Try the rest"; None where there is no such button
    place:    where it stands, which names the button across redraws: one page may have several
    """

    steps: tuple[StepState, ...]
    try_rest: Callable[[], Awaitable[object]] | None = None
    place: str = "steps"

    @property
    def has_rest(self) -> bool:
        """Whether something is open that can be tried again now."""
        is_settled = all(step.is_done or step.can_be_tried for step in self.steps)
        return is_settled and any(step.can_be_tried for step in self.steps)


class StepList(Component[StepsShown]):
    """Each step with what came of it, and "Try the rest" where some are open.

    ::

        StepList (div)
        ├── body       a line for each step: what it is, how it stands, and why it was not made
        └── actions    try the rest
    """

    element = "div"
    sections = ("body", "actions")

    def __init__(self, state: StepsShown, texts: Texts) -> None:
        super().__init__(state, texts)
        self.set(class_="ds-steps")

    def body(self) -> None:
        steps = self.model.steps
        if all(step.is_done for step in steps):  # nothing of it needs the customer
            with html.details(
                self.t("All {count} steps done", count=len(steps)), class_="ds-steps-done"
            ):
                self._list(steps)
        else:
            self._list(steps)

    def actions(self) -> None:
        if self.model.try_rest is not None and self.model.has_rest:
            html.Button(
                self.t("Try the rest"),
                self.model.try_rest,
                key="try-rest-" + self.model.place,
                class_="ds-button ds-primary",
            )

    def _list(self, steps: tuple[StepState, ...]) -> None:
        with html.ol(class_="ds-step-list"):
            for step in steps:
                self._step(step)

    def _step(self, step: StepState) -> None:
        with html.li(class_="ds-step-line", data_status=step.status.value):
            icon(_ICONS[step.status])
            html.span(self.say(step.text), class_="ds-step-words", dir="auto")
            html.span(self.say(_WORDS[step.status]), class_="ds-step-status")
            if step.reason is not None:
                html.span(self.say(step.reason), class_="ds-step-reason ds-muted")

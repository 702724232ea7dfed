"""What the customer has done, with the way back where there is one."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import ClassVar

from app.actions import Result
from app.i18n import say
from app.state import KINDS, ActivitiesState, ActivityState, Kind, try_rest
from components import html
from components.base import Component
from components.feedback import Empty, EmptyState, Skeleton
from components.parts import Tone, badge
from components.step_list import StepList, StepsShown

_TONES: dict[Result, Tone] = {
    Result.RUNNING: "info",
    Result.DONE: "success",
    Result.REFUSED: "warning",
    Result.PARTLY: "warning",
    Result.UNKNOWN: "info",
    Result.NOT_DONE: "warning",
}


class ActivityEntry(Component[ActivityState]):
    """One thing that was done, or tried.

    ::

        ActivityEntry (li)
        ├── header     what came of it, in a sentence and in a word
        ├── body       when, by whom, and when the result became known where that was late
        └── actions    put it back
    """

    element = "li"
    sections = ("header", "body", "actions")
    slot_elements: ClassVar[dict[str, str]] = {}

    def build(self) -> None:
        self.set(class_="ds-activity", data_key="activity-" + self.state.key)
        super().build()

    def header(self) -> None:
        html.p(self.say(self.state.text), class_="ds-activity-text", tabindex=-1)
        tone: Tone = "quiet" if self.state.is_put_back else _TONES[self.state.result]
        badge(self.say(self.state.result_text), tone)

    def body(self) -> None:
        at = self.state.at
        with html.fact("clock"):
            html.time(at, self.t("{moment} shop time", moment=at))
            html.local_time(at, self.t("(your time: {time})", time="{time}"))
        html.p(self.t("By {person}", person=self.state.by), class_="ds-small")
        if (known := self.state.known_since) is not None:
            html.p(self.t("The result was known on {moment}.", moment=known), class_="ds-small")
        activity = self.state.activity
        if len(activity.steps) > 1:
            portal = self.model.portal
            StepList.show(
                StepsShown(activity.steps, lambda: try_rest(portal, activity.id), activity.id),
                self.texts,
            )

    def actions(self) -> None:
        until = self.state.put_back_until
        if until is None:
            return
        html.Button(
            self.t("Put it back"),
            self.state.put_back,
            key="put-back-" + self.state.key,
            class_="ds-button",
            aria_label=self.t("Put it back: {what}", what=self.state.text),
        )
        with html.p(class_="ds-small"):
            html.span(self.t("Possible until {moment} shop time", moment=until))
            html.local_time(until, self.t("(your time: {time})", time="{time}"))


class ActivityList(Component[ActivitiesState]):
    """The record, month by month, newest first.

    ::

        ActivityList (section)
        ├── choices    what to show of it
        ├── body       a list for each month; that there is nothing; or that it is being read
        └── actions    show earlier ones
    """

    sections = ("choices", "body", "actions")

    def build(self) -> None:
        self.set(class_="ds-activities")
        super().build()

    def choices(self) -> None:
        kinds = self.state.kinds
        if len(kinds) < 2:
            return
        with html.div(class_="ds-chips", role="group", aria_label=self.t("What to show")):
            self._choice(None, self.t("Everything"))
            for kind in kinds:
                self._choice(kind, self.say(KINDS[kind]))

    def body(self) -> None:
        months = self.seen(self._months)
        if months is None:
            Skeleton.show(1, self.texts)
        elif months:
            for month in months:
                self.section("month", partial(self.month, month))
        else:
            EmptyState.show(
                Empty(
                    title=say("Nothing was changed yet"),
                    text=say("What you change here is listed, with a way back where there is one."),
                    icon="clock",
                    path="/",
                    link=say("To the overview"),
                ),
                self.texts,
            )

    def month(self, month: tuple[int, int]) -> None:
        """What was done in one month."""
        states = self.seen(lambda: self._of(month))
        if not states:
            return
        html.h2(self.texts.month(states[0].at), class_="ds-month")
        with html.ol(class_="ds-activity-list"):
            for state in states:
                ActivityEntry.show(state, self.texts)

    def actions(self) -> None:
        if self.state.has_earlier:
            html.Button(
                self.t("Show earlier"), self.state.show_earlier, key="earlier", class_="ds-button"
            )

    def _choice(self, kind: Kind | None, name: str) -> None:
        html.Button(
            name,
            lambda: self.model.choose(kind),
            key="kind-" + (kind or "all"),
            class_="ds-button ds-chip",
            aria_pressed="true" if self.state.kind == kind else "false",
        )

    def _months(self) -> list[tuple[int, int]] | None:
        activities = self.model.activities
        if activities is None:
            return None
        return [month for month, _ in groupby(activities, _month_of)]

    def _of(self, month: tuple[int, int]) -> list[ActivityState]:
        return [state for state in self.model.activities or () if _month_of(state) == month]


def _month_of(state: ActivityState) -> tuple[int, int]:
    return state.at.year, state.at.month

"""What a customer leaves, and what is known of it once it has ended."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.actions import Action, ActionError, IssuedReceipt, Outcome, receipt_of, way_back
from app.i18n import Message, say
from app.retention import Decision, Flow, Flows, LookedAt, Plan, Reason, Rules, Subject
from app.state.base import State
from app.state.places import SUBSCRIPTIONS, shows
from app.state.portal import Portal
from app.state.question import Question

_CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""How far Recharge's clock may be ahead of ours."""


@dataclass(frozen=True)
class Other:
    """Something that goes on beside what is left.

    path:     its own page
    has_page: whether the merchant shows that
    """

    title: str
    path: str
    has_page: bool = True


class Left(State):
    """What a customer leaves. `Retention` is the way there.

    ending:      the question whether to end it, with its preview
    flow:        the record of the wish to leave it
    receipt:     of the end, once it is over; None where it ended elsewhere
    reactivation: the question whether to take it up again, once it is over and where that is
                 possible: with the old date while that still stands
    destination: where the page goes now; take it with `take_destination`
    """

    def __init__(self, portal: Portal, subject: Subject, ending: Question) -> None:
        super().__init__()
        self.portal = portal
        self.subject = subject
        self.ending = ending
        self.flow: Flow | None = None
        self.receipt: IssuedReceipt | None = None
        self.reactivation: Question | None = None
        self.destination: str | None = None
        self._awaited: str | None = None
        """The activity that is to end it and whose result is not known yet."""

    @property
    def flows(self) -> Flows:
        """The record of flows. What somebody presses who only looks is not taken up in it."""
        flows = self.portal.services.flows
        return flows if self.portal.principal.may_change else LookedAt(flows)

    @property
    @abstractmethod
    def home(self) -> str:
        """The address of what is left: ``/subscriptions/301``."""

    @property
    @abstractmethod
    def title(self) -> str:
        """The name of what is left."""

    @property
    @abstractmethod
    def rules(self) -> Rules:
        """What the law lets stand in the way."""

    @property
    @abstractmethod
    def plan(self) -> Plan:
        """What the merchant asks and offers."""

    @property
    @abstractmethod
    def is_over(self) -> bool:
        """Whether it has ended, as Recharge has it."""

    @abstractmethod
    def question_for(self, reason: Reason, flow: Flow) -> Question | None:
        """What is offered for a reason, where that is possible now."""

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, as Recharge has it; None where that is not known."""
        return None

    @property
    def back(self) -> str:
        """Where the customer goes who keeps it: to it, or to the overview where the merchant does
        not show it."""
        return self.home if shows(self.portal, self.home) else "/"

    @property
    def heading(self) -> Message:
        """What the page is about."""
        return say("Cancel {name}", name=self.title)

    @property
    def keep(self) -> Message:
        """The way back, where nothing is changed."""
        return say("Keep it")

    @property
    def overview(self) -> str:
        """The address of all that the customer has, where the merchant shows it."""
        return SUBSCRIPTIONS if shows(self.portal, SUBSCRIPTIONS) else "/"

    @property
    def overview_text(self) -> Message:
        """What leads there."""
        is_all = shows(self.portal, SUBSCRIPTIONS)
        return say("All subscriptions") if is_all else say("To the overview")

    @property
    def over_text(self) -> Message:
        """That it has ended."""
        return say("{name} is cancelled", name=self.title)

    @property
    def others(self) -> tuple[Other, ...]:
        """What else the customer has that goes on."""
        return ()

    def ends(self, action: Action) -> bool:
        """Whether an action, perhaps of another page, is the end of this."""
        try:
            mine = self.ending.action
        except ActionError:
            return False
        return type(action) is type(mine) and action.object == mine.object

    def restart(self, back: Action | None) -> Question | None:
        """The question whether to take it up again; None where that is not possible.

        back: what would take back the end, where it still can be
        """
        return None

    @property
    def is_checked(self) -> bool:
        """Whether nobody knows yet if it has ended, and it is being found out."""
        return self._awaited is not None and not self.is_over and self.portal.awaits(self._awaited)

    def take_destination(self) -> str | None:
        """Where the page goes now, once."""
        path, self.destination = self.destination, None
        return path

    # What is known once it is over.

    async def _restarted(self, action: Action, outcome: Outcome | None) -> None:
        if outcome is None:
            if self.reactivation is not None and self.reactivation.failure is None:
                await self.reactivation.ask()
            return
        self.flow = self._awaited = None  # another wish to leave is another flow
        self.destination = self.back
        self.changed.emit()

    async def _look_back(self) -> None:
        """It is over: what is kept of its end, and the way back."""
        services, principal = self.portal.services, self.portal.principal
        await self._read_flow()
        flow, back, self.receipt = self.flow, None, None
        is_by_us = flow is not None and flow.decision in (Decision.CANCELLED, Decision.WITHDRAWN)
        if is_by_us and flow and flow.activity_id is not None and not self._is_of_later(flow):
            self.receipt = await receipt_of(services, principal, flow.activity_id)
            back = await way_back(services, principal, flow.activity_id)
        # Where the old date has passed: the first that can still be made.
        for way in (back, None) if back is not None else (None,):
            self.reactivation = question = self.restart(way)
            if question is None:
                return
            question.answered = self._restarted
            await question.ask()
            if question.failure is None:
                return

    def _is_of_later(self, flow: Flow) -> bool:
        """Whether it was taken up again after this flow, and has ended once more elsewhere."""
        ended, decided = self.ended_at, flow.decided_at
        return ended is not None and decided is not None and ended > decided + _CLOCKS_DIFFER

    async def _find_awaited(self) -> None:
        """An end that an earlier page has asked for, and whose result is not known yet."""
        journal, customer_id = self.portal.services.journal, self.portal.principal.customer_id
        for claim in await journal.open_claims(customer_id):
            if claim.action is not None and self.ends(claim.action):
                self._awaited = claim.activity_id

    async def _read_flow(self) -> None:
        customer_id = self.portal.principal.customer_id
        self.flow = await self.flows.latest(self.subject, customer_id=customer_id) or self.flow

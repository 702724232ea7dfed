"""A customer's wish to leave: why, what could be done instead, what the end means, and the end."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import structlog

from app.actions import Action, Outcome
from app.i18n import Message, say
from app.recharge import RechargeError
from app.retention import Decision, Flow, Group, Incentive, Plan, Reason, Rules, Subject
from app.state.base import State
from app.state.notice import Notice
from app.state.portal import Portal
from app.state.question import Question
from app.state.questions.staying import StayDiscountQuestion, discount_taken

_log = structlog.get_logger(__name__)

Step = Literal["reason", "offer", "confirm", "done"]

_FRESH: Final = timedelta(minutes=1)
"""Records that are older are read again before a customer decides by them."""


@dataclass(frozen=True)
class Contact:
    """An offer that is no change: somebody to write to."""

    email: str


class Retention(State):
    """The way out of one subscription or membership, step by step, each with an address of its own.

    ::

        retention.arrive("reason")               # what the address asks for
        await retention.choose(reason)
        path = await retention.go_on()           # where to next: an offer, or the end
        await retention.end()                    # from every step, at once

    What was said is kept in the record of flows, so each step can be taken up again, in another tab
    or on another day. Nothing is changed before `end`, or before an offer is confirmed.

    step:        the one to show: what the address asks for, as far as the facts allow it. It is
                 "done" when the records say that it has ended, and only then
    reason:      what the customer has chosen; comments what they wrote
    missing:     what has to be said first, after a press without it; None mostly
    ending:      the question whether to end it, with its preview
    offer:       what is offered instead: the question that carries it out, or whom to write to
    refusal:     why an offer that would fit is not there: it was used before
    destination: where the page goes now; take it with `take_destination`
    """

    def __init__(self, portal: Portal, subject: Subject, ending: Question) -> None:
        super().__init__()
        self.portal = portal
        self.subject = subject
        self.ending = ending
        ending.answered = self._ended
        self.flow: Flow | None = None
        self.reason: Reason | None = None
        self.comments = ""
        self.missing: Message | None = None
        self.offer: Question | Contact | None = None
        self.refusal: Notice | None = None
        self.destination: str | None = None
        self._wanted: Step = "reason"
        self._offered: Reason | None = None
        self._leave: Callable[[], None] = portal.changed.subscribe(self.changed.emit)

    # What it is about.

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

    # Where the customer is.

    @property
    def step(self) -> Step:
        if self.is_over:
            return "done"
        if self._wanted == "offer" and self.offer is not None:
            return "offer"
        if self._wanted in ("reason", "done") and self.asks_first:
            return "reason"
        return "confirm"

    @property
    def asks_first(self) -> bool:
        """Whether reasons are asked for on a page of their own, before the end. Not where the law
        wants the end at once: there they stand beside it, for those who like to tell."""
        return self.rules.may_offer and bool(self.plan.reasons)

    @property
    def is_reason_needed(self) -> bool:
        """Whether there is no end without a reason."""
        needed = self.plan.is_reason_needed and bool(self.plan.reasons)
        return needed and self.rules.may_require_reason

    def path(self, step: Step) -> str:
        """The address of a step."""
        start = f"{self.home}/cancel"
        if step == "reason":
            return start
        if step == "offer" and self.reason is not None:
            return f"{start}/{self.reason.key}"
        return f"{start}/{'done' if step == 'done' else 'confirm'}"

    async def arrive(self, step: Step, reason_key: str = "") -> None:
        """The customer has come to the address of a step."""
        self._wanted = step
        flow = await self._open()
        known = self.plan.reason(reason_key or flow.reason)
        if known is not None and (reason_key or self.reason is None):
            self.reason = known
        if not self.comments:
            self.comments = flow.comments
        if step == "offer" and self.reason is not None:
            await self._save()
            await self._prepare(self.reason, flow)
        await self.ending.ask()
        if self.step == "offer" and self.reason and self.reason.incentive:
            await self.portal.services.flows.show_offer(flow.id, self.reason.incentive)
        self.changed.emit()

    # What the customer does.

    async def choose(self, reason: Reason | None) -> None:
        """Say why. It is kept at once."""
        self.reason, self.missing = reason, None
        await self._save()
        await self.ending.ask()
        self.changed.emit()

    async def write(self, comments: str) -> None:
        """Say more. It is kept at once."""
        self.comments = comments
        await self._save()
        await self.ending.ask()

    async def go_on(self) -> str:
        """From the reasons on: the address of what is offered for this one, or of the end."""
        if self.is_reason_needed and self.reason is None:
            self._miss()
            return self.path("reason")
        flow = await self._open()
        await self.portal.services.flows.press(flow.id)
        await self._save()
        if self.reason is not None:
            await self._prepare(self.reason, flow)
        return self.path("confirm" if self.offer is None else "offer")

    async def end(self) -> None:
        """End it now, from whatever step. It is written at once, and is over when it is read
        back."""
        if self.is_busy or self.is_over:
            return
        if self.is_reason_needed and self.reason is None:
            self._miss()
            return
        self.is_busy = True
        self.changed.emit()
        try:
            flow = await self._open()
            await self.portal.services.flows.press(flow.id)
            await self._save()
            if self.ending.preview is None:
                await self.ending.ask()
            await self.ending.confirm()
        finally:
            self.is_busy = False
            self.changed.emit()

    async def wrote(self) -> None:
        """The customer writes to the shop instead. Whether that saved anything shows later."""
        flow = await self._open()
        await self.portal.services.flows.press(flow.id)

    def take_destination(self) -> str | None:
        """Where the page goes now, once."""
        path, self.destination = self.destination, None
        return path

    def close(self) -> None:
        self._leave()
        super().close()

    # What comes of it.

    async def _ended(self, action: Action, outcome: Outcome | None) -> None:
        flow = await self._open()
        if outcome is not None and self.is_over:
            await self.portal.services.flows.decide(
                flow.id, Decision.CANCELLED, activity_id=outcome.activity_id
            )
            self.destination = self.path("done")
        await self._read_flow()
        if not self.is_over:
            await self.ending.ask()
        self.changed.emit()

    async def _saved(self, action: Action, outcome: Outcome | None) -> None:
        flow, reason = await self._open(), self._offered
        if outcome is None or reason is None:
            if isinstance(self.offer, Question) and self.offer.failure is None:
                await self.offer.ask()
            return
        await self.portal.services.flows.press(flow.id)
        await self.portal.services.flows.decide(
            flow.id, Decision.SAVED, activity_id=outcome.activity_id, saved_by=reason.incentive
        )
        self.flow = None  # another wish to leave is another flow
        self.destination = self.home
        self.changed.emit()

    def _miss(self) -> None:
        self.missing = say("Please choose a reason first. Nothing was changed.")
        self.changed.emit()

    async def _open(self) -> Flow:
        """The flow: the one that is open, or a new one."""
        if self.flow is None:
            await self._read_fresh()
            if self.is_over:
                await self._read_flow()
            if self.flow is None:
                self.flow = await self.portal.services.flows.open(
                    self.subject,
                    customer_id=self.portal.principal.customer_id,
                    region=self.rules.region,
                    plan=self.plan,
                )
        return self.flow

    async def _read_flow(self) -> None:
        customer_id = self.portal.principal.customer_id
        flows = self.portal.services.flows
        self.flow = await flows.latest(self.subject, customer_id=customer_id) or self.flow

    async def _read_fresh(self) -> None:
        """A merchant may have changed something meanwhile: a customer must not decide by what is
        old. Where it cannot be read, what is known has to do: the write checks again."""
        age = self.portal.age
        if age is None or age <= _FRESH:
            return
        try:
            mine = self.portal.services.mirror.customer(self.portal.principal.customer_id)
            await mine.refresh("subscriptions", "charges")
            await self.portal.read_again()
        except RechargeError as error:
            _log.warning("records could not be read before an end", error=str(error))

    async def _save(self) -> None:
        flow = await self._open()
        if flow.decision is None:
            await self.portal.services.flows.give_reason(flow.id, self.reason, self.comments)

    async def _prepare(self, reason: Reason, flow: Flow) -> None:
        """Find out what can be offered for a reason."""
        if self._offered == reason:
            return
        self._offered, self.offer, self.refusal = reason, None, None
        if not self.rules.may_offer or flow.group is Group.HOLD_OUT or reason.incentive is None:
            return
        if reason.incentive is Incentive.CONTACT:
            self.offer = Contact(self.plan.contact) if self.plan.contact else None
            return
        question = self.question_for(reason, flow)
        if question is None:
            return
        customer_id, flows = self.portal.principal.customer_id, self.portal.services.flows
        if isinstance(question, StayDiscountQuestion) and not await flows.can_take_discount(
            customer_id, self.plan
        ):
            self.refusal = discount_taken(self.plan)
            return
        await question.ask()
        if question.failure is None:  # else it does not fit: it is not possible now
            question.answered = self._saved
            self.offer = question

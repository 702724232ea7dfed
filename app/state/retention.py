"""A customer's wish to leave: why, what could be done instead, what the end means, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from app.actions import Action, Outcome, SwitchedOff
from app.i18n import Message, say
from app.retention import Decision, Flow, Group, Incentive, Press, Reason, Subject
from app.state.fresh import Fresh
from app.state.left import Left
from app.state.notice import Notice
from app.state.portal import Portal
from app.state.question import Previewed, Question
from app.state.questions.staying import Contact, StayDiscountQuestion, discount_taken

Step = Literal["reason", "offer", "confirm", "done"]


class Retention(Left):
    """The way out of one subscription or membership, step by step, each with an address of its own.

    ::

        retention.arrive("reason")               # what the address asks for
        await retention.choose(reason)
        path = await retention.go_on()           # where to next: an offer, or the end
        await retention.end()                    # from every step, at once

    What was said is kept in the record of flows, so each step can be taken up again, in another tab
    or on another day. Nothing is changed before `end`, or before an offer is confirmed. What is
    done then also decides the flow, in the transaction that records it.

    Coming to a step costs no call to Recharge while the records are younger than a minute, else
    two: subscriptions and charges. An offer costs what its question asks for: a discount looks up
    its code, a swap the products that the mirror does not have.

    step:        the one to show: what the address asks for, as far as the facts allow it. It is
                 "done" when the records say that it has ended, and only then
    reason:      what the customer has chosen; comments what they wrote
    missing:     what has to be said first, after a press without it; None mostly
    ending:      the question whether to end it, with its preview
    offer:       what is offered instead: the question that carries it out, or whom to write to
    refusal:     why an offer that would fit is not there: it was used before

    What is left, and what is known once it is over, is in `Left`.
    """

    def __init__(self, portal: Portal, subject: Subject, ending: Question) -> None:
        super().__init__(portal, subject, ending)
        ending.answered = self._ended
        self.reason: Reason | None = None
        self.comments = ""
        self.missing: Message | None = None
        self.offer: Question | Contact | None = None
        self.refusal: Notice | None = None
        self._wanted: Step = "reason"
        self._offered: Reason | None = None
        self._turn = asyncio.Lock()
        """What the customer does is taken up one after the other."""
        self._fresh = Fresh(portal, f"{subject.kind}s", "charges")
        self._was_over = self._is_unsure = self._has_news = False
        self._catching_up: asyncio.Task[None] | None = None
        self._leave: Callable[[], None] = portal.changed.subscribe(self._on_change)

    # Where the customer is.

    @property
    def step(self) -> Step:
        if self.is_over:
            return "done"
        if self.is_closed:
            return "confirm"
        if self._wanted == "offer" and self.offer is not None:
            return "offer"
        if self._wanted in ("reason", "done") and self.asks_first:
            return "reason"
        return "confirm"

    @property
    def is_closed(self) -> bool:
        """Whether the shop ends it itself: its switch says so, and the law lets it. Nothing is
        asked or offered then."""
        end = self.ending.action
        try:
            if end is not None:
                end.check_offered(self.portal.situation)
        except SwitchedOff:
            return True
        return False

    @property
    def closed_text(self) -> Message:
        """That the shop ends it itself."""
        return say("This shop ends subscriptions itself")

    @property
    def contact(self) -> str:
        """The e-mail address of the shop; empty where none is known."""
        return self.plan.contact or self.portal.records.shop.email

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
        async with self._turn:
            await self._fresh.read()
            if self.is_over:
                await self._look_back()
            else:
                await self._arrive(step, reason_key)
            self._was_over = self.is_over
        self.changed.emit()

    async def _arrive(self, step: Step, reason_key: str) -> None:
        flow = await self._open()
        if not flow.presses:  # the one that led here
            await self.flows.press(flow.id)
        self.reason = self.plan.reason(reason_key) or self.plan.reason(flow.reason)
        self.comments = flow.comments
        if step == "offer" and self.reason is not None and not self.is_closed:
            if self.reason.key != flow.reason:
                await self.flows.give_reason(flow.id, self.reason)
            await self._prepare(self.reason, flow)
        await self._find_awaited()
        await self.ending.ask()
        if self.step == "offer" and self.reason and self.reason.incentive:
            await self.flows.show_offer(flow.id, self.reason.incentive)

    # What the customer does.

    async def choose(self, reason: Reason | None) -> None:
        """Say why. It is kept at once."""
        self.reason, self.missing = reason, None
        self.changed.emit()
        async with self._turn:
            if not self.is_over:
                await self.flows.give_reason((await self._open()).id, reason)

    async def write(self, comments: str) -> None:
        """Say more. It is kept at once."""
        self.comments = comments
        async with self._turn:
            if not self.is_over:
                await self.flows.comment((await self._open()).id, comments)

    async def go_on(self) -> str:
        """From the reasons on: the address of what is offered for this one, or of the end."""
        async with self._turn:
            if self.is_over:
                return self.path("done")
            flow = await self._taken_up()
            if self.is_reason_needed and self.reason is None:
                self._miss()
                return self.path("reason")
            await self.flows.press(flow.id)
            if self.reason is not None:
                await self._prepare(self.reason, flow)
            return self.path("confirm" if self.reason is None or self.offer is None else "offer")

    async def end(self) -> None:
        """End it now, from whatever step. It is written at once, and is over when it is read
        back.

        It does what the preview said at the press: a choice that is being looked up in that moment
        is not on the button yet.
        """
        if self.is_busy or self.is_over:
            return
        pressed = self.ending.previewed
        self.is_busy = True
        self.changed.emit()
        try:
            async with self._turn:
                await self._end(pressed)
        finally:
            self.is_busy = False
            self.changed.emit()

    async def _end(self, pressed: Previewed | None) -> None:
        if self.is_over:
            return
        flow = await self._taken_up()
        if self.is_reason_needed and self.reason is None:
            self._miss()
            return
        await self.flows.press(flow.id)
        if pressed is None:
            await self.ending.ask()
        await self.ending.confirm(pressed)

    async def wrote(self) -> None:
        """The customer writes to the shop instead. Whether that saved anything shows later."""
        async with self._turn:
            if not self.is_over:
                await self.flows.press((await self._open()).id)

    def close(self) -> None:
        self._leave()
        if self._catching_up is not None:
            self._catching_up.cancel()
        super().close()

    # What comes of it.

    async def _ended(self, action: Action, outcome: Outcome | None) -> None:
        if outcome is None:
            await self._find_awaited()
        if self.is_over:
            await self._look_back()
            self.destination = self.path("done")
        else:
            await self.ending.ask()
        self.changed.emit()

    async def _saved(self, action: Action, outcome: Outcome | None) -> None:
        flow, self._is_unsure = self.flow, outcome is None
        if flow is not None:
            await self.flows.press(flow.id)
        if outcome is not None:
            self._is_saved()
        elif isinstance(self.offer, Question) and self.offer.failure is None:
            await self.offer.ask()
        self.changed.emit()

    def _is_saved(self) -> None:
        """It goes on after all: another wish to leave is another flow."""
        if not self.is_busy:  # else the customer ends it in this moment all the same
            self._forget()
            self.destination = self.back

    def _on_change(self) -> None:
        """The page has changed, perhaps by what came of a press that was not answered at once."""
        was_over, self._was_over = self._was_over, self.is_over
        if was_over and not self.is_over:
            self._forget()
            self.destination = self.back  # it was taken up again, here or elsewhere
        is_open = self.flow is not None and self.flow.decision is None
        is_over_anew = self.is_over and (is_open or self.reactivation is None)
        self._has_news = self._has_news or is_over_anew or (is_open and self._is_unsure)
        if self._has_news and (self._catching_up is None or self._catching_up.done()):
            self._catching_up = asyncio.create_task(self._follow(), name="a way out")
        self.changed.emit()

    async def _follow(self) -> None:
        while self._has_news:
            self._has_news = False
            async with self._turn:
                await self._catch_up()
            self.changed.emit()

    async def _catch_up(self) -> None:
        """Read what the record of the flow tells by now."""
        known = self.flow
        found = await self.flows.find(known.id) if known else None
        if self.is_over and (found != known or self.reactivation is None):
            await self._look_back()
            if self._awaited is not None:
                self._awaited, self.destination = None, self.path("done")
        elif found and found.decision is Decision.SAVED and not self.is_over:
            self._is_unsure = False
            self._is_saved()

    def _miss(self) -> None:
        self.missing = say("Please choose a reason first. Nothing was changed.")
        self.changed.emit()

    async def _open(self) -> Flow:
        """The flow: the one that is open, in whichever tab it was begun, or a new one."""
        flow = await self.flows.open(
            self.subject,
            customer_id=self.portal.principal.customer_id,
            region=self.rules.region,
            plan=self.plan,
            may_offer=self.rules.may_offer and not self.is_closed,
        )
        if self.flow is None or self.flow.id != flow.id:
            # What was offered before belongs to another wish, and may not fit any more.
            self._offered = self.offer = self.refusal = None
            self.ending.new_key = Press(flow.id).key
        self.flow = flow
        return flow

    async def _taken_up(self) -> Flow:
        """The flow, with the reason that was given in this tab or in another one."""
        before, flow = self.flow, await self._open()
        if before is not None and before.id != flow.id:
            # That one was decided in another tab. What this page shows as said is said here too.
            await self.flows.give_reason(flow.id, self.reason, self.comments)
        elif self.reason is None:
            self.reason, self.comments = self.plan.reason(flow.reason), flow.comments
        return flow

    def _forget(self) -> None:
        self.flow = self.reason = self.missing = self.receipt = self.reactivation = None
        self.comments = ""
        self._offered = self.offer = self.refusal = None

    async def _prepare(self, reason: Reason, flow: Flow) -> None:
        """Find out what can be offered for a reason."""
        if self._offered == reason and isinstance(self.offer, Question):
            await self.offer.ask()  # what was chosen there stays, while it is still possible
            if self.offer.failure is None:
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
        customer_id = self.portal.principal.customer_id
        if isinstance(question, StayDiscountQuestion) and not await self.flows.can_take_discount(
            customer_id, self.plan
        ):
            self.refusal = discount_taken(self.plan)
            return
        question.new_key = Press(flow.id, reason.incentive).key
        question.answered = self._saved
        await question.ask()
        if question.failure is None:  # else it does not fit: it is not possible now
            self.offer = question

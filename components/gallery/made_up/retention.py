"""A made-up way out."""

from __future__ import annotations

from app.actions import IssuedReceipt
from app.i18n import Message, Texts, say
from app.retention import Plan, Reason, Rules, Subject, rules_of
from app.state import (
    Contact,
    EndQuestion,
    Notice,
    Other,
    Question,
    State,
    Step,
    SubscriptionRetention,
)


class MadeUpRetention(SubscriptionRetention):
    """A way out at the given step. What is pressed is noted in `presses`."""

    def __init__(
        self,
        ending: EndQuestion,
        *,
        step: Step = "reason",
        plan: Plan,
        rules: Rules | None = None,
        reason: Reason | None = None,
        missing: Message | None = None,
        offer: Question | Contact | None = None,
        refusal: Notice | None = None,
        receipt: IssuedReceipt | None = None,
        reactivation: Question | None = None,
        others: tuple[Other, ...] = (),
        is_busy: bool = False,
        is_checked: bool = False,
        is_closed: bool = False,
    ) -> None:
        State.__init__(self)
        self.subject = Subject("subscription", ending.subscription.key)
        self.subscription = ending.subscription
        self.ending = ending
        self.flow = None
        self.reason, self.comments = reason, ""
        self.missing, self.offer, self.refusal = missing, offer, refusal
        self.receipt, self.reactivation = receipt, reactivation
        self.destination = None
        self.is_busy = is_busy
        self._given_step: Step = step
        self._given_plan = plan
        self._given_rules = rules or rules_of("US", "ME")
        self._given_others = others
        self._given_checked = is_checked
        self._given_closed = is_closed
        self.presses: list[str] = []

    @property
    def step(self) -> Step:
        return self._given_step

    @property
    def plan(self) -> Plan:
        return self._given_plan

    @property
    def rules(self) -> Rules:
        return self._given_rules

    @property
    def others(self) -> tuple[Other, ...]:
        return self._given_others

    @property
    def is_over(self) -> bool:
        return self._given_step == "done"

    @property
    def is_checked(self) -> bool:
        return self._given_checked

    @property
    def is_closed(self) -> bool:
        return self._given_closed

    @property
    def contact(self) -> str:
        return self._given_plan.contact

    @property
    def over_text(self) -> Message:
        return say("Your subscription to {name} is cancelled", name=self.title)

    async def choose(self, reason: Reason | None) -> None:
        self.reason, self.missing = reason, None
        self.presses.append(f"choose {reason.said(Texts().language) if reason else 'nothing'}")
        self.changed.emit()

    async def write(self, comments: str) -> None:
        self.comments = comments
        self.presses.append("write")

    async def go_on(self) -> str:
        self.presses.append("go on")
        if self.is_reason_needed and self.reason is None:
            self._miss()
        return self.path("confirm")

    async def end(self) -> None:
        self.presses.append("end")
        if self.is_reason_needed and self.reason is None:
            self._miss()

    async def wrote(self) -> None:
        self.presses.append("write to the shop")

    def close(self) -> None:
        State.close(self)

"""The way out of a membership."""

from __future__ import annotations

from app.actions import Action, CancelMembership, CancelTogether
from app.i18n import Message, say
from app.retention import Flow, Plan, Reason, Rules
from app.state.left import Other
from app.state.membership import MembershipState
from app.state.question import Question
from app.state.questions.memberships import (
    ReactivateMembershipQuestion,
    can_reactivate_membership,
)
from app.state.retention import Retention


class EndMembershipQuestion(Question):
    """Whether to end a membership."""

    def __init__(self, membership: MembershipState) -> None:
        super().__init__(membership.portal)
        self.membership = membership
        self.retention: MembershipRetention | None = None

    @property
    def action(self) -> CancelMembership:
        return CancelMembership.of(membership_id=self.membership.key)

    def worded(self, action: Action) -> Action:
        if self.retention is None:
            return action
        given, comments = self.retention.reason, self.retention.comments
        words = {"reason": given.for_merchant[:255] if given else "", "comments": comments[:1024]}
        return action.model_copy(update=words)


class MembershipRetention(Retention):
    """The way out of a membership. Nothing but a word with the shop is offered instead: it has no
    deliveries that could be moved."""

    def __init__(self, membership: MembershipState) -> None:
        self.membership = membership
        self.ending: EndMembershipQuestion
        super().__init__(membership.portal, membership.subject, EndMembershipQuestion(membership))
        self.ending.retention = self

    @property
    def home(self) -> str:
        return self.membership.path

    @property
    def title(self) -> str:
        return self.membership.title

    @property
    def heading(self) -> Message:
        return say("Cancel your membership")

    @property
    def keep(self) -> Message:
        return say("Keep my membership")

    @property
    def over_text(self) -> Message:
        return say("Your membership {name} is cancelled", name=self.title)

    @property
    def closed_text(self) -> Message:
        return say("This shop ends memberships itself")

    @property
    def rules(self) -> Rules:
        return self.membership.rules

    @property
    def plan(self) -> Plan:
        return self.portal.situation.membership_plan

    @property
    def is_over(self) -> bool:
        # That it is not there proves nothing: Recharge may refuse to list memberships.
        found = self.portal.confirmed.membership(self.membership.key)
        return found is not None and found.is_cancelled

    @property
    def others(self) -> tuple[Other, ...]:
        return tuple(
            Other(one.title, one.path)
            for one in self.portal.memberships
            if one.key != self.membership.key and not one.is_over
        )

    def ends(self, action: Action) -> bool:
        if isinstance(action, CancelTogether):
            return self.membership.key in action.memberships
        return isinstance(action, CancelMembership) and action.membership_id == self.membership.key

    def restart(self, back: Action | None) -> ReactivateMembershipQuestion | None:
        if not can_reactivate_membership(self.membership):
            return None
        return ReactivateMembershipQuestion(self.membership)

    def question_for(self, reason: Reason, flow: Flow) -> None:
        return None

"""Whether to take a cancelled membership up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import ReactivateMembership
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.membership import MembershipState


class ReactivateMembershipQuestion(Question):
    """Whether to take a membership up again."""

    def __init__(self, membership: MembershipState) -> None:
        super().__init__(membership.portal)
        self.membership = membership

    @property
    def action(self) -> ReactivateMembership:
        return ReactivateMembership.of(membership_id=self.membership.key)


def can_reactivate_membership(membership: MembershipState) -> bool:
    """Whether to offer to take it up again."""
    action = ReactivateMembership(membership_id=membership.key)
    return not membership.is_pending and membership.portal.can(action)

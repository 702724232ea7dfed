"""One membership, as a card shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Literal

from app.actions.ending import membership_texts as texts
from app.i18n import Message, Money, say
from app.recharge import Membership, MembershipStatus
from app.retention import Rules, Subject, rules_for
from app.state.base import State

if TYPE_CHECKING:
    from app.state.portal import Portal

MembershipStanding = Literal["active", "ending", "ended", "unknown"]


class MembershipState(State):
    """One membership. It stays the same object while the membership is in the account."""

    def __init__(self, portal: Portal, membership: Membership) -> None:
        super().__init__()
        self.portal = portal
        self.membership = membership
        self._seen: tuple[object, ...] = (membership, False, False, ())

    @property
    def key(self) -> int:
        return self.membership.id

    @property
    def subject(self) -> Subject:
        """What a customer who cancels it leaves."""
        return Subject("membership", self.key)

    @property
    def is_pending(self) -> bool:
        """A change of it awaits its answer, or is not known to be made or not."""
        return self.key in self.portal.unconfirmed.memberships or self.is_checked

    @property
    def is_checked(self) -> bool:
        """Whether it is being looked up if a change of it was made."""
        return self.key in self.portal.checked.memberships

    @property
    def title(self) -> str:
        """What it is called; empty where nobody has named it."""
        program = self.portal.records.programs.get(self.membership.membership_program_id or 0)
        return self.membership.product_title or (program.name if program else "")

    @property
    def variant_title(self) -> str | None:
        return self.membership.variant_title

    @property
    def status(self) -> MembershipStanding:
        """Where it stands: one that is cancelled is ending for as long as its benefits hold.

        Unknown is every word that Recharge may use and Doorstep does not know.
        """
        record = self.membership
        if not record.status.is_known and not record.is_cancelled:
            return "unknown"
        if not record.is_cancelled:
            return "active"
        day = self.ends_on
        has_passed = day is not None and day <= self.portal.situation.today
        return "ended" if record.status == MembershipStatus.INACTIVE or has_passed else "ending"

    @property
    def status_text(self) -> Message:
        match self.status:
            case "active":
                return say("Active")
            case "ending":
                return say("Cancelled")
            case "ended":
                return say("Ended")
            case _:
                return say("Status not known")

    @property
    def is_over(self) -> bool:
        """Whether it is cancelled, for certain. Its benefits may still hold."""
        return self.membership.is_cancelled

    @property
    def next_date(self) -> date | None:
        """The day on which it is paid next; None when it is not, or that is not known."""
        return None if self.is_over else self.membership.next_charge_scheduled_at

    @property
    def ends_on(self) -> date | None:
        """The day to which it is paid; None where that is not known."""
        return self.membership.expires_at

    @property
    def price(self) -> Money | None:
        """What is paid each time; None where that is not known."""
        return texts.price_of(self.portal.records, self.membership)

    @property
    def interval(self) -> Message | None:
        """How often it is paid, in words; None where that is not known."""
        return texts.paid_every(self.membership)

    @property
    def benefits(self) -> tuple[str, ...]:
        """What members enjoy, as far as it is known."""
        return tuple(texts.benefits_of(self.portal.records, self.membership))

    @property
    def rules(self) -> Rules:
        """What the law lets stand between the customer and its end."""
        return rules_for(self.portal.records, self.membership)

    @property
    def can_cancel(self) -> bool:
        """Whether the way out is shown. It is shown where the end has to wait as well, and where
        the shop ends it itself: the page then says for what, and whom to write to."""
        return not (self.is_pending or self.is_over)

    @property
    def path(self) -> str:
        """Where its own page is."""
        return f"/memberships/{self.key}"

    def update(self, membership: Membership) -> None:
        """The membership as it was read last."""
        before = self._seen
        self.membership = membership
        self._seen = (membership, self.is_pending, self.is_checked, self.benefits)
        if self._seen != before:
            self.changed.emit()


def updated(portal: Portal, known: Iterable[MembershipState]) -> list[MembershipState]:
    """The states of the memberships that are there now: those that are known stay the same."""
    left = {state.key: state for state in known}
    states = []
    for membership in portal.records.memberships:
        state = left.pop(membership.id, None) or MembershipState(portal, membership)
        state.update(membership)
        states.append(state)
    for gone in left.values():
        gone.close()
    return states

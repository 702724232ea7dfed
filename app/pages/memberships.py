"""A customer's memberships: what is paid for at an interval without anything being sent."""

from __future__ import annotations

from app.i18n import Texts, say
from app.pages.view import RecordView, View
from app.state import MEMBERSHIPS, SUBSCRIPTIONS, MembershipState, Portal, shows
from components import MembershipCard, html


def memberships(view: View) -> None:
    """Them all, under a heading of their own; nothing where there are none, or the merchant does
    not show them."""
    found = view.seen(
        lambda: tuple(view.state.memberships) if shows(view.state, MEMBERSHIPS) else ()
    )
    if not found:
        return
    with html.section(class_="ds-memberships", aria_labelledby=view.html_id + "-memberships"):
        with html.div(class_="ds-heading"):
            html.h2(view.t("Memberships"), id=view.html_id + "-memberships")
        with html.div(class_="ds-cards"):
            for membership in sorted(found, key=lambda one: one.is_over):
                MembershipCard.show(membership, view.texts)


class MembershipPage(RecordView):
    """``/memberships/{id}``: one membership."""

    back = SUBSCRIPTIONS, say("All subscriptions")
    kind = say("Membership")

    def __init__(self, state: Portal, texts: Texts, membership_id: int | None) -> None:
        self.membership_id = membership_id
        super().__init__(state, texts)

    @property
    def is_missing(self) -> bool:
        """The records are known, and it is not among them."""
        return self.membership_id is None or (self.state.status == "ready" and self._find() is None)

    def name(self) -> str | None:
        membership = self._find()
        return membership.title if membership else None

    def ready(self) -> None:
        membership = self.seen(self._find)
        if membership is not None:
            with html.div(class_="ds-cards"):
                MembershipCard.show(membership, self.texts)

    def _find(self) -> MembershipState | None:
        return next((one for one in self.state.memberships if one.key == self.membership_id), None)

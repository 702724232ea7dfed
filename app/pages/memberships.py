"""A customer's memberships: what is paid for at an interval without anything being sent."""

from __future__ import annotations

from app.i18n import Texts
from app.pages.view import View, not_found
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


class MembershipPage(View):
    """``/memberships/{id}``: one membership.

    An id that is not this customer's is not found, exactly as one that does not exist.
    """

    def __init__(self, state: Portal, texts: Texts, membership_id: int | None) -> None:
        self.membership_id = membership_id
        super().__init__(state, texts)

    @property
    def is_missing(self) -> bool:
        """The records are known, and it is not among them."""
        return self.membership_id is None or (self.state.status == "ready" and self._find() is None)

    def header(self) -> None:
        html.a(SUBSCRIPTIONS, self.t("All subscriptions"), class_="ds-back")
        super().header()

    def heading(self) -> str:
        if self.seen(lambda: self.is_missing):
            return self.t("Not found")
        membership = self.seen(self._find)
        return (membership.title if membership else "") or self.t("Membership")

    def content(self) -> None:
        if self.seen(lambda: self.is_missing):
            not_found(self.texts)
        else:
            super().content()

    def ready(self) -> None:
        membership = self.seen(self._find)
        if membership is not None:
            with html.div(class_="ds-cards"):
                MembershipCard.show(membership, self.texts)

    def _find(self) -> MembershipState | None:
        return next((one for one in self.state.memberships if one.key == self.membership_id), None)

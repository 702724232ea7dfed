"""One membership as a card."""

from __future__ import annotations

from typing import ClassVar

from app.actions.names import NO_VARIANT
from app.state import MembershipState
from components import html
from components.base import Component
from components.membership_dialog import CANCEL_MEMBERSHIP, REACTIVATE_MEMBERSHIP
from components.offer_buttons import offer_button, offered
from components.offers import Offer
from components.parts import Tone, badge

_TONES: dict[str, Tone] = {"ending": "warning", "ended": "quiet", "unknown": "warning"}


class MembershipCard(Component[MembershipState]):
    """What one membership brings, what it costs, and when it is paid next or ends.

    ::

        MembershipCard (article)
        ├── header     title, variant, status
        ├── body       price and rhythm, next payment or last day, benefits
        └── actions    the way out, or taking it up again
    """

    element = "article"
    sections = ("header", "body", "actions")
    offers: ClassVar[tuple[Offer[MembershipState], ...]] = (
        REACTIVATE_MEMBERSHIP,
        CANCEL_MEMBERSHIP,
    )
    """The buttons."""

    def build(self) -> None:
        self.set(
            class_="ds-card ds-subscription ds-membership",
            data_key="membership-" + str(self.state.key),
            data_status=self.state.status,
        )
        super().build()

    def header(self) -> None:
        with html.div():
            self.title()
            if (variant := self.state.variant_title) and variant != NO_VARIANT:
                html.span(variant, class_="ds-muted", dir="auto")
        if status := self.standing():
            badge(*status)

    def title(self) -> None:
        """Its name, which leads to its own page."""
        with html.h3():
            html.a(self.state.path, self.state.title or self.t("Membership"), dir="auto")

    def standing(self) -> tuple[str, Tone] | None:
        """What to say of its status, or None when it simply goes on."""
        if self.state.is_checked:
            return self.t("Checking…"), "info"
        if self.state.is_pending:
            return self.t("Saving…"), "info"
        tone = _TONES.get(self.state.status)
        return (self.say(self.state.status_text), tone) if tone else None

    def body(self) -> None:
        with html.p(class_="ds-price"):
            if (price := self.state.price) is not None:
                html.strong(self.texts.money(price), class_="ds-amount")
            else:
                html.span(self.t("Price not known yet"), class_="ds-muted")
            if (interval := self.state.interval) is not None:
                html.span(self.say(interval))
        if day := self.day():
            html.fact("calendar", day)
        if self.state.status != "ended" and (benefits := self.state.benefits):
            with html.ul(class_="ds-benefits", aria_label=self.t("What it brings you")):
                for benefit in benefits:
                    html.li(benefit, class_="ds-fact", data_icon="check", dir="auto")

    def day(self) -> str:
        """The day that counts: of the next payment, or of its end."""
        if not self.state.is_over:
            if self.state.next_date is None:
                return self.t("No payment is planned")
            return self.t("Next payment on {date}", date=self.state.next_date)
        if (ends_on := self.state.ends_on) is None:
            return self.t("You are not charged any more")
        if self.state.status == "ended":
            return self.t("Ended on {date}", date=ends_on)
        return self.t("Paid until {date}, then it ends", date=ends_on)

    def actions(self) -> None:
        for offer in offered(self, self.offers):
            offer_button(
                self,
                offer,
                key=f"membership-{self.state.key}-{offer.key}",
                class_="ds-button ds-compact",
            )

"""Made-up memberships."""

from __future__ import annotations

from datetime import date

from app.i18n import Money
from app.recharge import Membership
from app.retention import Rules, rules_of
from app.state import MembershipState, State
from app.state.membership import MembershipStanding
from components.gallery.made_up.nothing import NOTHING_OFFERED


class MadeUpMembership(MembershipState):
    """A membership card's state; its benefits and the rest are as given."""

    def __init__(
        self,
        membership: Membership,
        *,
        status: MembershipStanding = "active",
        benefits: tuple[str, ...] = (),
        is_pending: bool = False,
        can_cancel: bool = True,
        offers: tuple[str, ...] = ("cancel",),
        country: str = "US",
    ) -> None:
        State.__init__(self)
        self.portal = NOTHING_OFFERED
        self.membership = membership
        self._given_status = status
        self._given_benefits = benefits
        self._given_pending = is_pending
        self._given_can_cancel = can_cancel
        self._given_offers = offers
        self._given_country = country

    @property
    def title(self) -> str:
        return self.membership.product_title

    @property
    def is_pending(self) -> bool:
        return self._given_pending

    @property
    def is_checked(self) -> bool:
        return False

    @property
    def status(self) -> MembershipStanding:
        return self._given_status

    @property
    def is_over(self) -> bool:
        return self._given_status in ("ending", "ended")

    @property
    def next_date(self) -> date | None:
        return None if self.is_over else self.membership.next_charge_scheduled_at

    @property
    def price(self) -> Money | None:
        price = self.membership.price
        return None if price is None else Money(price, "USD")

    @property
    def benefits(self) -> tuple[str, ...]:
        return self._given_benefits

    @property
    def rules(self) -> Rules:
        return rules_of(self._given_country, "ME")

    @property
    def can_cancel(self) -> bool:
        return self._given_can_cancel

    def offers(self, key: str, is_possible: object) -> bool:
        return key in self._given_offers

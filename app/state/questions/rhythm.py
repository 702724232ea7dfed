"""How often something comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import ChangeRhythm
from app.actions.products.rhythms import choices
from app.actions.products.swaps import rhythm_of_plan
from app.recharge import Plan
from app.state.question import Question

if TYPE_CHECKING:
    from app.state.subscription import SubscriptionState


class RhythmQuestion(Question):
    """In the rhythm of which plan a subscription should come.

    plan_id: the plan that was chosen; at first the one that has the present rhythm, if any
    """

    def __init__(self, subscription: SubscriptionState) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription
        self.now = subscription.subscription
        self.plan_id = next((plan.id for plan in self.plans if self.is_now(plan)), None)

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans to choose from, in the merchant's order."""
        return choices(self.portal.records, self.now)

    @property
    def is_being_read(self) -> bool:
        """Whether the shop's plans have not come yet."""
        return not self.portal.records.plans

    def is_now(self, plan: Plan) -> bool:
        """Whether it comes like this now."""
        now = self.now
        return rhythm_of_plan(plan) == (
            now.charge_interval_frequency,
            now.order_interval_frequency,
            now.order_interval_unit,
        )

    @property
    def action(self) -> ChangeRhythm | None:
        plan = next((plan for plan in self.plans if plan.id == self.plan_id), None)
        if plan is None or self.is_now(plan):
            return None
        charge, order, unit = rhythm_of_plan(plan)
        return ChangeRhythm.of(
            address_id=self.now.address_id,
            subscription_id=self.now.id,
            charge=charge,
            order=order,
            unit=str(unit),
        )


def can_change_rhythm(subscription: SubscriptionState) -> bool:
    """Whether to offer another rhythm. Cheap, since it is asked for every card: whether there is
    another one is not asked yet."""
    portal, record = subscription.portal, subscription.subscription
    if subscription.status not in ("active", "paused") or not portal.is_offered(ChangeRhythm):
        return False
    day = record.next_charge_scheduled_at
    return day is None or not portal.situation.is_too_late(day)

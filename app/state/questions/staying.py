"""What could be done instead of cancelling: the question that carries out each incentive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.actions import Action, ApplyDiscountToAll, Outcome
from app.i18n import say_many
from app.retention import Incentive, Plan, Reason
from app.state.delivery import comes
from app.state.notice import Notice
from app.state.question import Question, SkipQuestion
from app.state.questions.addresses import AddressQuestion, can_move_to_address
from app.state.questions.dates import DelayQuestion, can_move
from app.state.questions.discounts import DiscountQuestion
from app.state.questions.gift import GiftQuestion, can_give
from app.state.questions.pauses import PauseQuestion, can_pause
from app.state.questions.products import SwapQuestion, can_swap
from app.state.questions.rhythm import RhythmQuestion, can_change_rhythm

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState
    from app.state.subscription import SubscriptionState


@dataclass(frozen=True)
class Contact:
    """An offer that is no change: somebody to write to."""

    email: str


class StayDiscountQuestion(DiscountQuestion):
    """A code of the shop's for a customer who stays: on all deliveries to the address.

    A customer can take up only so many (`Plan.discount_times`). The place is taken before the code
    is used, and given back where it was not: see `app.actions.flow_rows`.
    """

    def __init__(
        self, subscription: SubscriptionState, code: str, plan: Plan, flow_id: str
    ) -> None:
        super().__init__(subscription.portal, subscription.subscription.address_id)
        self.subscription = subscription
        self.code = code
        self.scope = "all"
        self._plan = plan
        self._flow_id = flow_id

    @property
    def action(self) -> ApplyDiscountToAll | None:
        terms = self.terms
        if terms is None:
            return None
        return ApplyDiscountToAll.of(address_id=self.address_id, **terms.values)

    async def refused(self) -> Notice | None:
        flows, customer_id = self.portal.services.flows, self.portal.principal.customer_id
        if await flows.take_discount(customer_id, self._flow_id, self._plan):
            return None
        return discount_taken(self._plan)

    async def _do(self, action: Action, key: str, revision: str) -> Outcome | None:
        services, principal = self.portal.services, self.portal.principal
        try:
            return await super()._do(action, key, revision)
        finally:
            # With a record, what came of it gives the place back or keeps it. Without one, nothing
            # was sent.
            if await services.journal.claimed(principal, key, services.clock()) is None:
                await services.flows.give_back_discount(self._flow_id)


def discount_taken(plan: Plan) -> Notice:
    """The notice to a customer who has had this offer."""
    return Notice(
        "info",
        say_many(
            "You have used this offer already. It is there once in {count} day, so nothing was "
            "changed. Everything else is still open to you.",
            "You have used this offer already. It is there once in {count} days, so nothing was "
            "changed. Everything else is still open to you.",
            plan.discount_days,
        ),
    )


def question_for(
    subscription: SubscriptionState, reason: Reason, plan: Plan, flow_id: str
) -> Question | None:
    """The question that carries out what is offered for a reason; None where it is not possible
    now, the merchant does not allow it, or it is nothing that this portal can do."""
    match reason.incentive:
        case Incentive.SKIP:
            delivery = next_delivery(subscription)
            if delivery is None or not delivery.can(delivery.skip_action((subscription.key,))):
                return None
            return SkipQuestion(delivery, (subscription.key,))
        case Incentive.DELAY if can_move(subscription):
            delay = DelayQuestion(subscription, plan.delays)
            return delay if delay.delays else None
        case Incentive.PAUSE if can_pause(subscription):
            pause = PauseQuestion(subscription, plan.pauses)
            return pause if pause.suggested else None
        case Incentive.SWAP if can_swap(subscription):
            return SwapQuestion(subscription)
        case Incentive.DISCOUNT if reason.discount_code:
            if not subscription.portal.is_offered(ApplyDiscountToAll):
                return None
            return StayDiscountQuestion(subscription, reason.discount_code, plan, flow_id)
        case Incentive.RHYTHM if can_change_rhythm(subscription):
            rhythm = RhythmQuestion(subscription)
            return rhythm if len(rhythm.plans) > 1 else None
        case Incentive.GIFT:
            delivery = next_delivery(subscription)
            return GiftQuestion(delivery) if delivery is not None and can_give(delivery) else None
        case Incentive.ADDRESS if can_move_to_address(subscription):
            return AddressQuestion(subscription)
    return None


def next_delivery(subscription: SubscriptionState) -> DeliveryState | None:
    """The next delivery that brings it; None where none is planned."""
    schedule = subscription.portal.schedule
    for delivery in filter(comes, schedule.planned):
        if any(item.purchase_item_id == subscription.key for item in delivery.items):
            return schedule.of(delivery)
    return None

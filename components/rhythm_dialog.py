"""How often a subscription comes."""

from __future__ import annotations

from typing import Any

from app.i18n import Message, say
from app.recharge import Plan
from app.state import RhythmQuestion, SubscriptionState, can_change_rhythm
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.fields import Option, radios
from components.offers import Offer
from components.product_search import capitalised, words_of


class RhythmDialog(ActionDialog[RhythmQuestion]):
    """The rhythms in which the product is offered, the present one marked; below, old and new dates
    and totals side by side."""

    def title(self) -> Message:
        return say("How often should {name} come?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Change how often")

    def choices(self) -> None:
        self.section("plans")

    def plans(self) -> None:
        """The rhythms to choose from."""
        plans = self.state.plans
        if not plans:
            words = (
                self.t("The shop's plans are being read…")
                if self.state.is_being_read
                else self.t("The shop offers no other choice for this product.")
            )
            html.p(words, class_="ds-muted", role="status")
            return
        radios(
            self.t("How often it should come"),
            [self.option(plan) for plan in plans],
            self.model.plan_id,
            lambda plan_id: self.model.choose(plan_id=plan_id),
            key="plan",
            is_legend_seen=False,
        )

    def option(self, plan: Plan) -> Option[int]:
        """One rhythm of the list."""
        detail = self.t("As it is now") if self.model.is_now(plan) else ""
        return Option(plan.id, capitalised(self.say(words_of(plan))), detail)

    def unanswered(self) -> None:
        if self.model.plans:
            html.p(self.t("Choose another one to see what it changes."), class_="ds-muted")


async def _open(opener: Component[Any], state: SubscriptionState) -> None:
    await RhythmDialog.open(opener, RhythmQuestion(state))


RHYTHM: Offer[SubscriptionState] = Offer(
    key="rhythm",
    label=say("How often"),
    icon="repeat",
    is_offered=can_change_rhythm,
    open=_open,
    described=lambda state: say("Change how often {name} comes", name=state.title),
)

"""Where a subscription goes."""

from __future__ import annotations

from typing import Any

from app.actions import Change
from app.i18n import Message, say
from app.state import AddressQuestion, SubscriptionState, can_move_to_address
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.fields import Option, checks, radios
from components.offers import Offer
from components.parts import short_address
from components.several_dialog import item_change, listed


class AddressMoveDialog(ActionDialog[AddressQuestion]):
    """The customer's other addresses, when it comes there, and what goes along."""

    def title(self) -> Message:
        return say("Where should {name} go?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Change the address")

    def choices(self) -> None:
        question = self.model
        radios(
            self.t("Address"),
            [
                Option(
                    one.id,
                    short_address(one),
                    " ".join(part for part in (one.first_name, one.last_name) if part),
                )
                for one in question.addresses
            ],
            question.address_id,
            lambda id: question.choose(address_id=id, date=None),
            key="address",
        )
        self.section("when")
        if question.companions:
            checks(
                self.t("What else goes there"),
                [listed(self, one) for one in question.companions],
                question.along,
                lambda along: question.choose(along=along),
                key="along",
            )

    def when(self) -> None:
        """When it comes next there: as planned, or with what comes there anyway."""
        question = self.model
        dates = self.seen(lambda: [(one.date, one.reason) for one in question.dates])
        planned = question.subscription.subscription.next_charge_scheduled_at
        if not dates or planned is None:
            return
        radios(
            self.t("Next delivery"),
            [
                Option(planned, self.t("As planned"), self.texts.date(planned)),
                *(Option(day, self.texts.date(day), self.say(reason)) for day, reason in dates),
            ],
            question.date or planned,
            lambda day: question.choose(date=day),
            key="when",
        )

    def change(self, change: Change) -> None:
        if not item_change(self, change):
            super().change(change)

    def unanswered(self) -> None:
        html.p(self.t("Choose an address to see what changes."), class_="ds-muted")


async def _open(opener: Component[Any], state: SubscriptionState) -> None:
    await AddressMoveDialog.open(opener, AddressQuestion(state))


MOVE_ADDRESS: Offer[SubscriptionState] = Offer(
    key="change-address",
    label=say("Change address"),
    icon="pin",
    is_offered=can_move_to_address,
    open=_open,
    described=lambda state: say("Change address of {name}", name=state.title),
)

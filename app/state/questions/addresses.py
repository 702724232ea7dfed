"""Where something goes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.actions import Action, MoveSeveralToAddress, MoveToAddress, which
from app.actions.dates.rules import is_possible
from app.actions.deliveries.texts import named
from app.i18n import say
from app.recharge import Address
from app.state.question import Question
from app.state.questions.dates import Suggestion

if TYPE_CHECKING:
    from app.state.subscription import SubscriptionState


class AddressQuestion(Question):
    """To which address a subscription should go, and what else goes along.

    address_id: at first the only other address, where there is only one
    along:      ids of other subscriptions of the present address that go along; at first none
    date:       when it comes next there; None keeps the date as it is
    """

    def __init__(self, subscription: SubscriptionState) -> None:
        super().__init__(subscription.portal)
        self.subscription = subscription
        others = self.addresses
        self.address_id = others[0].id if len(others) == 1 else None
        self.along: tuple[int, ...] = ()
        self.date: date | None = None

    @property
    def addresses(self) -> list[Address]:
        """The customer's other addresses."""
        now = self.subscription.subscription.address_id
        return [one for one in self.portal.records.addresses if one.id != now]

    @property
    def companions(self) -> list[SubscriptionState]:
        """Other subscriptions of the present address that can go along."""
        now = self.subscription.subscription
        return [
            one
            for one in self.portal.subscriptions
            if one.key != now.id
            and one.subscription.address_id == now.address_id
            and one.status == "active"
        ]

    @property
    def dates(self) -> list[Suggestion]:
        """The next dates on which something comes to the new address: it could join that."""
        situation = self.portal.situation
        ids = frozenset({self.subscription.key})
        planned = self.subscription.subscription.next_charge_scheduled_at
        found = [
            Suggestion(delivery.date, say("Together with {items}", items=named(delivery.items)))
            for delivery in situation.coming(situation.today)
            if delivery.address_id == self.address_id
            and delivery.date != planned
            and is_possible(situation, ids, delivery.date)
        ]
        return found[:2]

    @property
    def action(self) -> Action | None:
        if self.address_id is None:
            return None
        now = self.subscription.subscription
        day = self.date if self.date in [one.date for one in self.dates] else None
        along = [one.subscription for one in self.companions if one.key in self.along]
        if not along:
            return MoveToAddress.of(
                address_id=now.address_id,
                subscription_id=now.id,
                to_address_id=self.address_id,
                date=day,
            )
        return MoveSeveralToAddress.of(
            subscriptions=tuple(map(which, [now, *along])),
            to_address_id=self.address_id,
            date=day,
        )


def can_move_to_address(subscription: SubscriptionState) -> bool:
    """Whether to offer another address: there is one, and the subscription can be changed. Cheap:
    asked for every card."""
    portal, record = subscription.portal, subscription.subscription
    other = next((one for one in portal.records.addresses if one.id != record.address_id), None)
    if other is None or subscription.is_pending:
        return False
    return portal.can(
        MoveToAddress(
            address_id=record.address_id, subscription_id=record.id, to_address_id=other.id
        )
    )

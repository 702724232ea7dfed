"""Where something goes: to another address of the customer's, or to a new one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from app.actions import (
    Action,
    ActionError,
    EditAddress,
    MergeAddresses,
    MoveSeveralToAddress,
    MoveToAddress,
    MoveToNewAddress,
    PostalInput,
    SendElsewhereOnce,
    which,
)
from app.actions.addresses.uses import onetimes_at, subscriptions_at
from app.actions.dates.rules import is_possible
from app.actions.deliveries.texts import named
from app.i18n import Message, say, say_many
from app.mirror import Delivery, DeliveryStatus
from app.recharge import Address, Subscription
from app.state.portal import Portal
from app.state.questions.dates import Suggestion
from app.state.questions.postal import PostalQuestion

if TYPE_CHECKING:
    from app.state.delivery import DeliveryState
    from app.state.subscription import SubscriptionState

NEW: Final = "new"
"""The choice of an address that is not there yet."""

Scope = Literal["delivery", "subscription", "all"]
"""What another address is for: the next delivery alone, the subscription, or everything that goes
where it goes."""


@dataclass(frozen=True)
class ScopeChoice:
    """One of the things that another address can be for.

    detail: which deliveries that concerns
    """

    scope: Scope
    label: Message
    detail: Message | None = None


class PlaceQuestion(PostalQuestion):
    """To which address something should go.

    address_id: at first the only other address, where there is only one
    is_new:     whether it goes to a new one, which is written in `draft`; so at first where there
                is no other
    """

    def __init__(self, portal: Portal, from_address_id: int) -> None:
        self.from_address_id = from_address_id
        now = portal.records.address(from_address_id)
        country = now.country_code if now else ""
        super().__init__(portal, country_code=country)
        if now is not None:
            own = {"first_name": now.first_name, "last_name": now.last_name}
            self.draft.give(own | {"phone": now.phone or ""})
        others = self.addresses
        self.address_id = others[0].id if len(others) == 1 else None
        self.is_new = not others

    @property
    def addresses(self) -> list[Address]:
        """The customer's other addresses."""
        return [one for one in self.portal.records.addresses if one.id != self.from_address_id]

    @property
    def now(self) -> Address | None:
        """Where it goes now."""
        return self.portal.records.address(self.from_address_id)

    @property
    def place(self) -> int | str | None:
        """The choice: an address, `NEW`, or None while there is none."""
        return NEW if self.is_new else self.address_id

    async def go_to(self, place: int | str) -> None:
        """The customer has chosen an address, or `NEW`."""
        if place == NEW:
            await self.choose(is_new=True, address_id=None)
        else:
            await self.choose(is_new=False, address_id=place)

    @property
    def action(self) -> Action | None:
        if self.is_new:
            return super().action
        return None if self.address_id is None else self.with_known(self.address_id)

    @abstractmethod
    def with_known(self, address_id: int) -> Action | None:
        """The action, with an address that is there."""


class AddressQuestion(PlaceQuestion):
    """To which address a subscription should go, for what, and what else goes along.

    scope: what it is for; at first this subscription
    along: ids of other subscriptions of the present address that go along; at first none
    date:  when it comes next there; None keeps the date as it is
    """

    def __init__(self, subscription: SubscriptionState) -> None:
        self.subscription = subscription
        super().__init__(subscription.portal, subscription.subscription.address_id)
        self.along: tuple[int, ...] = ()
        self.date: date | None = None
        self.scope: Scope = "subscription"

    @property
    def scopes(self) -> tuple[ScopeChoice, ...]:
        """What it can be for, as far as that makes a difference."""
        now = self.now
        found = [
            ScopeChoice("subscription", say("{name}, from now on", name=self.subscription.title))
        ]
        if is_alone(self.portal, self.from_address_id) and self.is_new:
            found = [ScopeChoice("all", say("Everything, from now on"))]
        elif not is_alone(self.portal, self.from_address_id) and now is not None:
            found.append(_all(self.portal, now))
        delivery = next_one(self.portal, self.from_address_id, self.subscription.key)
        if delivery is not None and can_send(self.portal, delivery):
            found.append(_once(delivery))
        return tuple(found)

    @property
    def chosen(self) -> Scope:
        """What it is for: what was chosen, or the first that is left."""
        offered = [one.scope for one in self.scopes]
        return self.scope if self.scope in offered else offered[0]

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
        if self.is_new or self.chosen != "subscription":
            return []
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

    def with_known(self, address_id: int) -> Action | None:
        now = self.subscription.subscription
        if self.chosen == "all":
            return MergeAddresses.of(
                to_address_id=address_id, from_address_ids=(now.address_id,), is_removed=False
            )
        if self.chosen == "delivery":
            return _sent(self.portal, self.subscription, to_address_id=address_id)
        day = self.date if self.date in [one.date for one in self.dates] else None
        along = [one.subscription for one in self.companions if one.key in self.along]
        if not along:
            return MoveToAddress.of(
                address_id=now.address_id,
                subscription_id=now.id,
                to_address_id=address_id,
                date=day,
            )
        return MoveSeveralToAddress.of(
            subscriptions=tuple(map(which, [now, *along])),
            to_address_id=address_id,
            date=day,
        )

    def with_address(self, address: PostalInput) -> Action | None:
        now = self.subscription.subscription
        if self.chosen == "all":
            return EditAddress.of(address_id=now.address_id, postal=address)
        if self.chosen == "delivery":
            return _sent(self.portal, self.subscription, postal=address)
        return MoveToNewAddress.of(
            address_id=now.address_id, subscription_id=now.id, postal=address
        )


class ElsewhereQuestion(PlaceQuestion):
    """Where one delivery should go, this once."""

    def __init__(self, delivery: DeliveryState) -> None:
        self.delivery = delivery.delivery
        super().__init__(delivery.portal, self.delivery.address_id)

    def with_known(self, address_id: int) -> Action | None:
        return SendElsewhereOnce.of(
            address_id=self.from_address_id, date=self.delivery.date, to_address_id=address_id
        )

    def with_address(self, address: PostalInput) -> Action | None:
        return SendElsewhereOnce.of(
            address_id=self.from_address_id, date=self.delivery.date, postal=address
        )


def can_move_to_address(subscription: SubscriptionState) -> bool:
    """Whether to offer another address: the subscription can be changed. Cheap: asked for every
    card."""
    portal, record = subscription.portal, subscription.subscription
    if subscription.is_pending or not portal.is_offered(MoveToAddress):
        return False
    others = (one.id for one in portal.records.addresses if one.id != record.address_id)
    other = next(others, None)
    if other is None:
        # To a new one: the same rules, as far as they need no other address.
        try:
            probe = MoveToAddress(address_id=record.address_id, subscription_id=record.id,
                                  to_address_id=_NOWHERE)  # fmt: skip
            probe.check(portal.situation)
        except ActionError:
            return False
        return True
    return portal.can(
        MoveToAddress(address_id=record.address_id, subscription_id=record.id, to_address_id=other)
    )


def can_send_elsewhere(delivery: DeliveryState) -> bool:
    """Whether to offer another address for one delivery."""
    return not delivery.is_pending and can_send(delivery.portal, delivery.delivery)


def can_send(portal: Portal, delivery: Delivery) -> bool:
    """Whether one delivery can go elsewhere, once. Cheap: nothing is projected for it."""
    if delivery.status not in (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED):
        return False
    sending = SendElsewhereOnce(
        address_id=delivery.address_id, date=delivery.date, to_address_id=_NOWHERE
    )
    try:
        sending.check_delivery(portal.situation)
    except ActionError:
        return False
    return True


def is_alone(portal: Portal, address_id: int) -> bool:
    """Whether no more than one thing goes to an address: then it is everything."""
    records = portal.records
    return len([*subscriptions_at(records, address_id), *onetimes_at(records, address_id)]) <= 1


def next_one(portal: Portal, address_id: int, item_id: int | None = None) -> Delivery | None:
    """The next delivery to an address, of an item where that is told."""
    for delivery in portal.schedule.planned:
        is_due = delivery.status in (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)
        if delivery.address_id != address_id or not is_due:
            continue
        if item_id is None or any(one.purchase_item_id == item_id for one in delivery.items):
            return delivery
    return None


def _all(portal: Portal, address: Address) -> ScopeChoice:
    return ScopeChoice(
        "all",
        say("Everything that goes there, from now on"),
        _named(subscriptions_at(portal.records, address.id)),
    )


def _once(delivery: Delivery) -> ScopeChoice:
    return ScopeChoice(
        "delivery",
        say("Only the delivery of {date}", date=delivery.date),
        say("{items}", items=named(delivery.items)),
    )


def _named(subscriptions: Sequence[Subscription]) -> Message:
    count = len(subscriptions)
    return say_many("{count} subscription", "{count} subscriptions", count)


def _sent(
    portal: Portal,
    subscription: SubscriptionState,
    *,
    postal: PostalInput | None = None,
    to_address_id: int | None = None,
) -> SendElsewhereOnce | None:
    """The next delivery of a subscription to another address, once."""
    now = subscription.subscription
    delivery = next_one(portal, now.address_id, now.id)
    if delivery is None:
        return None
    return SendElsewhereOnce.of(
        address_id=now.address_id, date=delivery.date, postal=postal, to_address_id=to_address_id
    )


_NOWHERE: Final = 10**19 - 1
"""The id of no address: where it goes plays no part in the question whether it can go at all."""

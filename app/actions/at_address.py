"""Actions on what is at one address, and the ids of what is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from app.actions.base import Action
from app.actions.errors import UnknownObject
from app.actions.foresight import NEW_ID
from app.actions.situation import Situation

Id = Annotated[int, Field(ge=1, lt=10**19)]
"""An id as Recharge gives it."""

Ids = Annotated[tuple[Id, ...], Field(min_length=1, max_length=250)]
"""Some of them, at least one."""


class AddressAction(Action):
    """A change of something at one address. Recharge locks an address and all that is under it
    together, so it is the address that is written to."""

    address_id: Id

    @property
    def object(self) -> str:
        return f"address {self.address_id}"

    def check_owner(self, situation: Situation) -> None:
        check_address(situation, self.address_id)


def check_address(situation: Situation, address_id: int) -> None:
    """It is this customer's, or an earlier step is to make it: nothing is sent with `NEW_ID`.

    Raises:
        UnknownObject: it is not there, or is another customer's.
    """
    if address_id != NEW_ID and situation.snapshot.address(address_id) is None:
        raise UnknownObject(f"address {address_id}")


def check_subscription(situation: Situation, subscription_id: int) -> None:
    """As `check_address`, for a subscription."""
    if situation.snapshot.subscription(subscription_id) is None:
        raise UnknownObject(f"subscription {subscription_id}")


def check_items(situation: Situation, purchase_item_ids: Iterable[int]) -> None:
    """As `check_address`, for subscriptions and one-time products."""
    snapshot = situation.snapshot
    for id in purchase_item_ids:
        if snapshot.subscription(id) is None and snapshot.onetime(id) is None:
            raise UnknownObject(f"purchase item {id}")

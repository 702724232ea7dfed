"""What a customer is offered with a subscription and with a delivery, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from app.i18n import Message, say
from app.state import DeliveryState, Portal, State, SubscriptionState
from components.add_subscription_dialog import ADD_SUBSCRIPTION
from components.address_move_dialog import MOVE_ADDRESS, SEND_ELSEWHERE
from components.align_dialog import TOGETHER
from components.bundle_dialog import BUNDLE
from components.discount_dialog import (
    DISCOUNT,
    DISCOUNT_FOR_ALL,
    END_DISCOUNT,
    REMOVE_DISCOUNT,
)
from components.gift_dialog import GIFT
from components.move_dialog import DELAY, DELAY_DELIVERY, MOVE, MOVE_DELIVERY
from components.offers import Offer
from components.onetime_dialog import (
    ADD_ONETIME,
    ADD_TO_NEXT,
    CHANGE_ONETIME,
    REMOVE_ONETIME,
)
from components.order_now_dialog import ORDER_NOW, TRY_PAYMENT_AGAIN
from components.pause_dialog import PAUSE, RESUME
from components.prepaid_dialog import DELAY_PREPAID
from components.quantity_dialog import QUANTITY
from components.reactivate_dialog import CANCEL, REACTIVATE
from components.rhythm_dialog import RHYTHM
from components.swap_dialog import SWAP
from components.withdraw_dialog import WITHDRAW

S = TypeVar("S", bound=State)

SUBSCRIPTION_OFFERS: tuple[Offer[SubscriptionState], ...] = (
    MOVE,
    DELAY,
    RHYTHM,
    PAUSE,
    RESUME,
    SWAP,
    QUANTITY,
    BUNDLE,
    ADD_TO_NEXT,
    DISCOUNT_FOR_ALL,
    END_DISCOUNT,
    MOVE_ADDRESS,
    CANCEL,
    WITHDRAW,
    REACTIVATE,
)
DELIVERY_OFFERS: tuple[Offer[DeliveryState], ...] = (
    MOVE_DELIVERY,
    ADD_ONETIME,
    ORDER_NOW,
    TRY_PAYMENT_AGAIN,
    DISCOUNT,
    REMOVE_DISCOUNT,
    CHANGE_ONETIME,
    REMOVE_ONETIME,
    DELAY_DELIVERY,
    DELAY_PREPAID,
    SEND_ELSEWHERE,
    GIFT,
)

PORTAL_OFFERS: tuple[Offer[Portal], ...] = (ADD_SUBSCRIPTION, TOGETHER)
"""What can be done with no subscription in particular: buttons above the cards."""

BESIDE_SKIP = ("move", "add", "pay-again")
"""Keys of the offers that the next delivery shows as buttons, beside "Skip": those used most."""

ON_CARD = ("swap", "rhythm", "cancel", "reactivate")
"""Keys of the offers that a subscription's card shows as buttons."""

GROUPS: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (say("Delivery"), ("move", "delay", "rhythm", "pause", "resume")),
    (say("Products"), ("swap", "quantity", "bundle", "add", "discount", "end-discount")),
    (say("Address"), ("change-address",)),
    (say("Ended"), ("reactivate",)),
    (say("Stop"), ("cancel", "withdraw")),
)
"""The sections of a subscription's own page, with the keys of the offers in each."""


def grouped(offers: Sequence[Offer[S]]) -> list[tuple[Message, list[Offer[S]]]]:
    """Offers by the section they stand in; those that no section names come last but one."""
    named = {key for _, keys in GROUPS for key in keys}
    others = [offer for offer in offers if offer.key not in named]
    groups = [(name, [one for one in offers if one.key in keys]) for name, keys in GROUPS]
    groups.insert(-1, (say("More"), others))
    return [(name, some) for name, some in groups if some]

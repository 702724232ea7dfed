"""What the customer reads before and after: dates, amounts and items, in whole sentences."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.actions import (
    ActionError,
    NotPossible,
    PutBackDelivery,
    Services,
    SkipDelivery,
    perform,
    preview,
)
from app.i18n import Texts
from app.mirror import DeliveryStatus
from tests.actions.shop import TODAY, Shop, press, signed_in

MARA, JONAS, PRIYA, TOM, SAM = (signed_in(id) for id in (101, 102, 103, 104, 106))
SOON = TODAY + timedelta(days=9)
English = Texts("en")


def skip_soon(*items: int) -> SkipDelivery:
    return SkipDelivery(address_id=201, date=SOON, purchase_item_ids=items or None)


async def test_skipping_a_whole_delivery_in_words(shop: Shop, services: Services) -> None:
    effect = (await preview(services, MARA, skip_soon())).effect

    assert English.render(effect.question) == "Skip your delivery of Wed, 2 December?"
    assert [English.render(change.text) for change in effect.changes] == []
    assert [English.render(message) for message in effect.stays] == []


async def reason(services: Services, who: object, action: SkipDelivery | PutBackDelivery) -> str:
    """Why it cannot be done, as the customer reads it."""
    with pytest.raises(NotPossible) as refused:
        await preview(services, who, action)  # type: ignore[arg-type]
    assert refused.value.changed == "no"
    return English.render(refused.value.notice)

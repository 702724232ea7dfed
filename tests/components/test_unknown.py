"""What is not known is left out or said to be unknown, never drawn as a fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from app.i18n import Texts
from app.mirror import Delivery
from components import Component, NextDelivery, ScheduleTimeline, html
from components.gallery import EXAMPLES, MadeUpDelivery, MadeUpPortal, MadeUpSchedule
from components.gallery.samples import COFFEE, delivery, subscriptions, usd
from components.schedule_timeline import MOST_AT_ONCE
from components.testing import button, drawn, press, words

ENGLISH = Texts("en")


async def text_of(draw: Callable[[], Component[Any]]) -> list[str]:
    shown: list[Component[Any]] = []
    async with drawn(lambda: shown.append(draw())):
        return words(shown[0])


async def read(name: str) -> list[str]:
    (example,) = [one for one in EXAMPLES if one.name == name]
    return await text_of(lambda: example.draw(ENGLISH))


async def next_delivery(of: Delivery) -> list[str]:
    return await text_of(lambda: NextDelivery.show(MadeUpDelivery(of), ENGLISH))


async def test_an_item_without_a_price_shows_none() -> None:
    unpriced = replace(COFFEE, unit_price=None, total=usd("0"), is_total_known=False)
    text = await next_delivery(replace(delivery(unpriced), total=usd("61.10"), shipping=None))
    assert "Quantity 1" in text
    assert "$0.00" not in " ".join(text)
    assert "Shipping" not in text
    assert text[text.index("Total") + 1] == "$61.10"


async def test_shipping_is_called_free_where_that_is_known() -> None:
    text = await next_delivery(replace(delivery(COFFEE), shipping=usd("0")))
    assert text[text.index("Shipping") + 1] == "Free"


async def test_a_total_that_is_not_known_is_not_zero() -> None:
    for name in ("NextDelivery, price not known", "TimelineEntry, price not known"):
        text = await read(name)
        assert "Price not known yet" in text
        assert "0.00" not in " ".join(text)


async def test_a_state_that_is_not_known_is_said_and_offers_nothing() -> None:
    for name in ("NextDelivery, state not known", "TimelineEntry, state not known"):
        text = await read(name)
        assert "State not known" in text
        assert not [line for line in text if line.startswith("Skip")]


async def test_a_subscription_in_a_state_that_is_not_known_says_its_word() -> None:
    text = await read("SubscriptionCard, status not known")
    assert "Status: hibernating" in text
    assert "No delivery is planned" not in text


async def test_a_card_makes_up_neither_price_nor_rhythm() -> None:
    text = await read("SubscriptionCard, price and rhythm not known")
    assert "Price not known yet" in text
    assert not [line for line in text if "every" in line]


async def test_a_long_schedule_is_drawn_in_parts() -> None:
    states = [MadeUpDelivery(delivery(COFFEE, days=number)) for number in range(150)]
    shown: list[ScheduleTimeline] = []

    def draw() -> None:
        shown.append(ScheduleTimeline.show(MadeUpSchedule(states, has_more=True), ENGLISH))

    async with drawn(draw):
        (timeline,) = shown
        for number in range(MOST_AT_ONCE, len(states), MOST_AT_ONCE):
            assert words(timeline).count("Skip") == number
            await press(button(timeline, "Show more"))
        assert words(timeline).count("Skip") == len(states)
        assert "Show a year more" in words(timeline)


async def test_the_overview_says_when_records_could_not_be_read() -> None:
    from app.pages import Overview

    async def overview(unreadable: int) -> str:
        portal = MadeUpPortal(subscriptions=subscriptions())
        cast(Any, portal.snapshot).unreadable = unreadable

        def draw() -> Component[Any]:
            with html.div():
                return Overview.show(portal, ENGLISH)

        return " ".join(await text_of(draw))

    assert "Some of your records could not be shown" in await overview(2)
    assert "Some of your records" not in await overview(0)

"""What a page works out to be drawn: counted, never timed."""

from __future__ import annotations

import pytest

from app.actions import Services
from app.mirror import Delivery
from app.pages.overview import COMING
from app.state import DeliveryState, Portal
from app.state import schedule as schedules
from components.schedule_timeline import MOST_AT_ONCE
from tests.pages.visits import portals

PAGES = {
    "/": COMING,
    "/subscriptions": 1,
    "/subscriptions/301": COMING + 1,
    "/schedule": MOST_AT_ONCE,
    "/activity": 1,
}
"""The views, and for how many deliveries at most they need a state: the next one, and the drawn."""


@pytest.mark.parametrize(("path", "most"), PAGES.items())
async def test_states_are_made_for_the_deliveries_that_are_drawn(
    path: str, most: int, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Delivery] = []

    def counted(portal: Portal, delivery: Delivery) -> DeliveryState:
        made.append(delivery)
        return DeliveryState(portal, delivery)

    monkeypatch.setattr(schedules, "DeliveryState", counted)
    async with portals(services) as pages:
        await pages.visitor(101).open(path)
    assert 0 < len(made) <= most

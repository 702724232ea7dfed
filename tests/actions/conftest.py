"""A shop with its customers, for each test anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.actions import Services
from tests.actions.shop import Shop, lay_out, open_shop


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop that tests get copies of: planting it takes longer than most tests."""
    folder = tmp_path_factory.mktemp("shop")
    asyncio.run(lay_out(folder))
    return folder


@pytest.fixture
async def shop(pattern: Path, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(pattern, tmp_path) as shop:
        yield shop


@pytest.fixture
def services(shop: Shop) -> Services:
    return shop.services()


@pytest.fixture
def unrepaired(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mirror is not read anew by itself, however old it gets: what falls due at the moment of a
    test would else be made into an order while the test looks."""
    monkeypatch.setattr("app.mirror.customer.REPAIR_AFTER", timedelta(days=999))

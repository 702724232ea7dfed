"""A shop with its customers, for each test anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
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

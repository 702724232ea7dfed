"""A shop with its customers, and a page of one of them, for each test anew."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.actions import Services
from app.state import Portal
from tests.actions.conftest import pattern, services, shop
from tests.state.page import opened

__all__ = ["pattern", "portal", "services", "shop"]


@pytest.fixture
async def portal(services: Services) -> AsyncIterator[Portal]:
    portal = await opened(services)
    yield portal
    portal.close()

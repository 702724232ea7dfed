"""The small shop, open for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.sandbox import Sandbox
from tests.sandbox.small import TODAY, Api, documents


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    found = Sandbox(seed=False, today=TODAY)
    found.plant(documents())
    yield found
    await found.close()


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    found = Api(sandbox)
    async with found.client:
        yield found

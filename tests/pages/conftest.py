"""The customer's page on the demo shop, in simulated browsers."""

from __future__ import annotations

import gc

import pytest

from tests.actions.conftest import pattern, services, shop

__all__ = ["pattern", "services", "shop"]


@pytest.fixture(scope="session", autouse=True)
def spare_the_collector() -> None:
    """Each simulated page has Python look through all objects for what can be freed. What was
    imported stays anyway: left out of that search, a page takes a tenth of the time."""
    gc.collect()
    gc.freeze()

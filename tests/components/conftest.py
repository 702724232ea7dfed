"""Simulated pages in quick succession."""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(scope="session", autouse=True)
def spare_the_collector() -> None:
    """Each simulated page has Python look through all objects for what can be freed. What was
    imported stays anyway: left out of that search, a page takes a tenth of the time."""
    gc.collect()
    gc.freeze()

"""The demo shop, for each test anew, as the tests of actions have it."""

from __future__ import annotations

from tests.actions.conftest import pattern, shop

__all__ = ["pattern", "shop"]

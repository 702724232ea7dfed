"""A shop with its customers, for each test anew."""

from __future__ import annotations

from tests.actions.conftest import pattern, services, shop

__all__ = ["pattern", "services", "shop"]

"""Browser tests share one service a worker; each test makes customers of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize

from tests.browser.chromium import launch_options
from tests.browser.portal import PHONE, PortalPage
from tests.browser.service import Service, running_service


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    return {**browser_type_launch_args, **launch_options(playwright)}


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    # Many customers in a short time are a test's wish; the budget has tests of its own.
    plenty = {"DOORSTEP_UPSTREAM_BUCKET_SIZE": "4000", "DOORSTEP_UPSTREAM_BUCKET_RATE": "1000"}
    with running_service(tmp_path_factory.mktemp("service"), **plenty) as service:
        service.sandbox.put("/_sandbox/settings", json={"bucket": False}).raise_for_status()
        yield service


@pytest.fixture
def service(shared_service: Service) -> Service:
    shared_service.forget_counters()
    return shared_service


@pytest.fixture
def size() -> ViewportSize:
    """A phone; a test that is for other sizes too has a parameter of this name."""
    return PHONE


@pytest.fixture
def portal(page: Page, service: Service, size: ViewportSize) -> PortalPage:
    """A tab in which nobody is signed in yet."""
    page.set_viewport_size(size)
    return PortalPage(page, service)

"""Browser tests share one service a worker; each test makes customers of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Playwright, ViewportSize

from tests.browser.chromium import launch_options
from tests.browser.portal import PHONE, PortalPage
from tests.browser.service import ROOT, Service, running_service

COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What can differ in the dark: all else was looked at in the light."""


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    return {**browser_type_launch_args, **launch_options(playwright)}


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    # Many customers in a short time are a test's wish; the budget has tests of its own.
    plenty = {"DOORSTEP_UPSTREAM_BUCKET_SIZE": "4000", "DOORSTEP_UPSTREAM_BUCKET_RATE": "1000"}
    plenty["DOORSTEP_REQUESTS_PER_MINUTE"] = "100000"
    folder = tmp_path_factory.mktemp("service")
    # Every offer, and nobody without one by chance.
    plan = (ROOT / "docs" / "retention-example.yaml").read_text().replace("10%", "0%")
    (folder / "retention.yaml").write_text(plan)
    plenty["DOORSTEP_RETENTION"] = str(folder / "retention.yaml")
    with running_service(folder, **plenty) as service:
        service.sandbox.put("/_sandbox/settings", json={"bucket": False}).raise_for_status()
        yield service


@pytest.fixture
def service(shared_service: Service) -> Service:
    shared_service.forget_counters()
    return shared_service


@pytest.fixture
def axe(page: Page) -> Callable[[Page], None]:
    """Looks for what keeps people with disabilities out, in light and in dark. It finds nothing, or
    the test fails."""
    found = Axe()

    def look(at: Page = page) -> None:
        at.emulate_media(color_scheme="light", reduced_motion="reduce")
        in_light = found.run(at)
        assert not in_light.violations_count, in_light.generate_report()
        at.emulate_media(color_scheme="dark", reduced_motion="reduce")
        in_dark = found.run(at, options=COLOURS)
        assert not in_dark.violations_count, in_dark.generate_report()
        at.emulate_media(color_scheme="light")

    return look


@pytest.fixture
def size() -> ViewportSize:
    """A phone; a test that is for other sizes too has a parameter of this name."""
    return PHONE


@pytest.fixture
def portal(page: Page, service: Service, size: ViewportSize) -> PortalPage:
    """A tab in which nobody is signed in yet."""
    page.set_viewport_size(size)
    return PortalPage(page, service)

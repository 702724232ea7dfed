"""The demo's shop as a customer's browser meets it, with the portal in a frame of its page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Frame, FrameLocator, Page, Playwright, expect

from tests.browser.chromium import launch_options
from tests.browser.portal import PHONE
from tests.browser.service import NewCustomer, Service

Mode = Literal["same site", "partitioned", "no cookie"]
"""How the portal keeps its session in a frame: by a cookie on its own site, by one that the browser
keeps apart for each site around it, or not at all."""

_BLOCK = 2
PATIENCE = 20_000.0
"""Milliseconds for a page that comes by way of another one and a sign-in."""


@dataclass(frozen=True)
class ShopPage:
    """One customer's browser tab at the shop."""

    page: Page
    service: Service
    mode: Mode

    @property
    def address(self) -> str:
        host = "localhost" if self.mode == "same site" else "127.0.0.1"
        return f"http://{host}:{self.service.shop_port}"

    def open(self, customer: NewCustomer | int | None, rest: str = "/") -> ShopPage:
        """The shop's page, for who is signed in to the shop: None is nobody."""
        number = customer.id if isinstance(customer, NewCustomer) else customer or 0
        who = {"name": "demo-shop-customer", "value": str(number), "url": self.address}
        self.page.context.add_cookies([who])  # type: ignore[list-item]
        self.page.goto(f"{self.address}{rest}")
        return self

    @property
    def portal(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    @property
    def frame(self) -> Frame:
        [frame] = self.page.main_frame.child_frames
        return frame

    def skip_button(self) -> Any:
        return self.portal.get_by_role("button", name="Skip this delivery")

    def shows(self, heading: str) -> None:
        """The frame shows the view of this heading."""
        expect(self.portal.get_by_role("heading", level=1)).to_have_text(heading, timeout=PATIENCE)

    def was_told(self, event: str) -> None:
        """The shop's page has heard of this."""
        told = self.page.locator("#events").get_by_text(f"doorstep:{event} ")
        expect(told.first).to_be_attached(timeout=PATIENCE)

    def kept_by(self) -> str | None:
        """How the frame keeps its session, as it says itself."""
        kept: str | None = self.frame.evaluate("document.documentElement.dataset.framed")
        return kept


@contextmanager
def shop_browser(
    playwright: Playwright, folder: Path, service: Service, mode: Mode
) -> Iterator[BrowserContext]:
    """A browser of its own, which takes cookies as `mode` says."""
    settings: dict[str, Any] = {}
    if mode == "no cookie":
        # What Safari and Firefox do with a frame of another site: no cookie and no storage.
        pattern = f"{service.address},http://127.0.0.1:{service.shop_port}"
        exceptions = {"cookies": {pattern: {"setting": _BLOCK}}}
        settings = {"profile": {"content_settings": {"exceptions": exceptions}}}
    profile = folder / "Default"
    profile.mkdir(parents=True)
    (profile / "Preferences").write_text(json.dumps(settings))
    context = playwright.chromium.launch_persistent_context(
        folder, **launch_options(playwright), viewport=PHONE
    )
    try:
        yield context
    finally:
        context.close()

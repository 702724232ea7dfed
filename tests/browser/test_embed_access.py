"""What stands in the frame keeps nobody out: looked at within the frame itself, in both schemes."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Frame, Page, expect

from tests.browser.service import Service
from tests.browser.shop_page import PATIENCE, ShopPage

SCHEMES = ["light", "dark"]
PARTS = ["wait", "sign-in", "out", "elsewhere", "trouble"]
"""What the first page may have to say."""


@pytest.fixture
def shop(page: Page, service: Service) -> ShopPage:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    return ShopPage(page, service, "partitioned")


def look(place: Page | Frame) -> None:
    if isinstance(place, Frame):  # the shop's page shows through, which axe cannot know
        behind = place.page.evaluate("getComputedStyle(document.body).backgroundColor")
        place.evaluate("colour => { document.documentElement.style.background = colour }", behind)
    found = Axe().run(place)
    assert not found.violations_count, found.generate_report()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_overview(shop: ShopPage, scheme: str) -> None:
    shop.open(shop.service.new_customer(subscriptions=2), f"/?scheme={scheme}")
    expect(shop.skip_button()).to_be_visible(timeout=PATIENCE)
    look(shop.frame)
    look(shop.page)  # whose frame has a name


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_part_of_the_first_page(shop: ShopPage, scheme: str) -> None:
    shop.open(None, f"/?scheme={scheme}")
    shop.shows("See your deliveries")
    for part in PARTS:
        shop.frame.evaluate(
            """shown => document.querySelectorAll("[data-part]").forEach(
                part => { part.hidden = part.dataset.part !== shown }
            )""",
            part,
        )
        expect(shop.portal.locator(f"[data-part={part}]")).to_be_visible()
        look(shop.frame)


def test_the_way_out_where_no_frame_is_shown(shop: ShopPage) -> None:
    """A link in the shop's page, in place of the frame."""
    shop.page.clock.install()
    shop.page.route("**/embed?**", lambda route: route.abort())
    shop.open(None)
    shop.page.clock.run_for(16_000)
    link = shop.page.get_by_role("link", name="Open your deliveries in a new tab")
    expect(link).to_have_attribute("href", f"{shop.service.address}/")
    expect(shop.page.locator("iframe")).to_be_hidden()
    look(shop.page)

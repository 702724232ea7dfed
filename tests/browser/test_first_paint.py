"""Something to read before the page's scripts have run, and nothing of it left behind."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.portal import PortalPage
from tests.browser.service import Service


def test_the_page_can_be_read_before_its_scripts_run(
    page: Page, browser: Browser, service: Service
) -> None:
    customer = service.new_customer(subscriptions=2)
    portal = PortalPage(page, service)
    portal.sign_in(customer)
    expect(portal.cards).to_have_count(2)
    expect(page.locator("[data-first-paint]")).to_have_count(0)

    with browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    ) as unscripted:
        still = unscripted.new_page()
        still.goto(service.address)
        first = still.locator("[data-first-paint]")
        for words in ("Your next delivery", "Coming deliveries", "Your subscriptions"):
            expect(first.get_by_text(words, exact=True)).to_be_visible()
        expect(first.locator("[data-component=subscription-card]")).to_have_count(2)
        # It is only to be looked at: for a screen reader the page has not begun yet.
        expect(still.get_by_role("heading")).to_have_count(0)
        expect(still.get_by_role("button")).to_have_count(0)

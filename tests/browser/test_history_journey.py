"""Looking through everything that was ever bought, by keyboard and on a small screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.portal import PortalPage
from tests.browser.service import Service

SMALL: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}
MANY = 60
"""Orders: more than a snapshot holds, so that the others have to be fetched."""


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "wide"])
def test_orders_are_found_by_keyboard(page: Page, service: Service, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    customer = service.new_customer(subscriptions=1)
    oldest = service.plant_orders(customer.id, MANY)
    PortalPage(page, service).sign_in(customer, "/orders")
    entries = page.locator("[data-component=order-entry]")
    expect(entries).to_have_count(20)
    expect(page.locator("[data-slot=found] .ds-note")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    # What a search comes to is said, and the cursor stays where it was.
    field = page.get_by_label("Search your orders")
    field.focus()
    page.keyboard.type(str(oldest))
    expect(entries).to_have_count(1)
    expect(page.locator("[data-slot=said]")).to_have_text("One was found.")
    expect(page.locator("[data-slot=said]")).to_have_attribute("role", "status")
    expect(field).to_be_focused()
    expect(field).to_have_value(str(oldest))
    page.keyboard.type("x")
    expect(page.get_by_role("heading", name="Nothing was found")).to_be_visible()
    page.get_by_role("button", name="Show everything").press("Enter")
    expect(entries).to_have_count(20)
    expect(field).to_be_focused()
    expect(field).to_have_value("")

    # The button that shows more keeps the focus, which goes to the end of the list with it.
    for count in (40, MANY):
        page.locator("[data-key=more-orders]").press("Enter")
        expect(entries).to_have_count(count)
        expect(page.locator("[data-key=more-orders]")).to_be_focused()
    expect(page.locator("[data-key=more-orders]")).to_have_text("That is everything.")

    page.get_by_label("When").select_option(label="The last 30 days")
    expect(page).to_have_url(re.compile(r"/orders\?time=30-days$"))
    expect(page.locator("[data-slot=found]")).to_have_text(re.compile(r"(29|30|31) found"))


def test_an_order_is_opened_and_left_again(page: Page, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    service.plant_orders(customer.id, 3)
    PortalPage(page, service).sign_in(customer, "/orders?time=30-days")
    page.wait_for_function("window.did_handshake")  # links are followed without loading anew
    first = page.locator("[data-component=order-entry]").first
    number = first.locator(".ds-small").inner_text().split(" · ")[0]
    first.get_by_role("link").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number.removeprefix("No. "))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")
    expect(page.locator("[data-slot=found]")).to_have_text("3 found")
    expect(page).to_have_url(re.compile("time=30-days"))


def test_a_failed_payment_and_a_skipped_delivery_are_told_apart(
    page: Page, service: Service
) -> None:
    portal = PortalPage(page, service)
    page.goto(service.sign_in_link(104))
    page.goto(f"{service.address}/orders")
    entries = page.locator("[data-component=order-entry]")
    expect(entries.first).to_be_visible()
    page.get_by_role("button", name="Failed", exact=True).press("Enter")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Payment failed")
    expect(entries).to_contain_text("The bank declined the card.")
    expect(page.get_by_role("button", name="Failed", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    assert portal
    page.reload()
    expect(entries).to_have_count(1)

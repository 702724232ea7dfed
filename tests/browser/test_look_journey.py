"""One of the shop's people looks as a customer: all is to be seen, nothing to be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.demo_secrets import DEMO_SUPPORT_WORD
from tests.browser.portal import PHONE, PortalPage, press_key
from tests.browser.service import NewCustomer, Service

WIDE: ViewportSize = {"width": 1280, "height": 800}
SMALL: ViewportSize = {"width": 320, "height": 640}


def look(portal: PortalPage, service: Service, customer: NewCustomer) -> None:
    """Sign in as one of the shop's people, and look, by keyboard alone."""
    page = portal.page
    page.goto(f"{service.address}/merchant/customers")
    page.get_by_label("Your name").fill("Noor")
    page.get_by_label("The word of the shop's people").fill(DEMO_SUPPORT_WORD)
    page.keyboard.press("Enter")
    page.get_by_label("E-mail address of the customer").fill(str(customer.id))
    page.get_by_label("Why you look").fill("ticket 12")
    page.keyboard.press("Enter")
    expect(band(page)).to_contain_text("Nothing can be changed.")


def band(page: Page) -> Any:
    return page.get_by_role("complementary", name="You are here for the shop")


@pytest.mark.parametrize("size", [SMALL, PHONE, WIDE], ids=["320", "390", "1280"])
def test_a_look_shows_all_and_changes_nothing(
    portal: PortalPage, service: Service, axe: Callable[..., None]
) -> None:
    customer = service.new_customer()
    look(portal, service, customer)
    page = portal.page
    axe(page)
    height = page.evaluate("document.querySelector('.ds-looks').offsetHeight")
    assert height < page.viewport_size["height"] / 4  # type: ignore[index]
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]  # type: ignore[index]

    service.forget_counters()
    press_key(page.get_by_role("button", name="Skip this delivery"))
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You will not be charged")
    expect(dialog).to_contain_text("You are only looking")
    expect(dialog.locator("[data-key=confirm]")).to_be_disabled()
    page.keyboard.press("Escape")
    assert service.executed("POST /charges/{id}/skip") == 0

    page.goto(f"{service.address}/account/data.zip")
    expect(page.get_by_role("heading")).to_have_text("This is for the customer alone")
    page.get_by_role("link", name="Back to the customer's portal").click()
    press_key(band(page).get_by_role("button", name="Leave"))
    expect(page.get_by_role("status")).to_contain_text("The look has ended.")
    expect(page.get_by_role("row").nth(1)).to_contain_text("ticket 12")
    page.goto(service.address)
    expect(page).to_have_url(f"{service.address}/sign-in")


def test_the_plain_page_of_a_receipt_has_the_band(portal: PortalPage, service: Service) -> None:
    look(portal, service, service.new_customer())
    page = portal.page
    page.goto(f"{service.address}/orders/1/receipt")
    expect(page.get_by_role("heading")).to_have_text("We cannot find this page")
    expect(band(page)).to_contain_text("You look as the customer. Nothing can be changed.")
    band(page).get_by_role("button", name="Leave").click()
    expect(page.get_by_role("status")).to_contain_text("The look has ended.")

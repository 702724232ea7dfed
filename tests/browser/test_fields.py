"""Fields and menus with the keyboard, as only a browser can tell."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import PortalPage
from tests.browser.service import Service


@pytest.fixture
def portal(page: Page, service: Service) -> PortalPage:
    page.set_viewport_size({"width": 320, "height": 568})
    return PortalPage(page, service).sign_in(101)


def test_a_menu_opens_closes_and_gives_the_focus_back(portal: PortalPage) -> None:
    more = portal.next_delivery.get_by_role("button", name="More")
    more.focus()
    portal.page.keyboard.press("Enter")
    menu = portal.page.locator(".ds-menu")
    expect(menu.get_by_role("button").first).to_be_focused()
    portal.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")


def test_a_day_is_chosen_with_the_keyboard_alone(portal: PortalPage) -> None:
    page = portal.page
    portal.next_delivery.get_by_role("button", name="Change date").focus()
    page.keyboard.press("Enter")
    expect(portal.confirmation.get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Tab")
    expect(portal.confirmation.locator("input:checked").first).to_be_focused()
    other = portal.confirmation.get_by_label("Another date")
    other.focus()
    page.keyboard.press("Space")
    entry = portal.confirmation.locator("td[tabindex='0']")
    expect(entry).to_have_count(1)
    entry.focus()
    before = entry.get_attribute("data-day") or ""
    page.keyboard.press("PageDown")
    focused = portal.confirmation.locator("td:focus")
    expect(focused).to_have_count(1)
    expect(focused).not_to_have_attribute("data-day", before)
    page.keyboard.press("PageUp")
    expect(portal.confirmation.locator(f"td[data-day='{before}']")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    chosen = portal.confirmation.locator("td[aria-selected='true']")
    expect(chosen).to_be_focused()
    confirm = portal.confirmation.locator("[data-key=confirm]")
    expect(confirm).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(portal.next_delivery.get_by_role("button", name="Change date")).to_be_focused()


def test_what_is_typed_stays_while_the_list_is_drawn_again(portal: PortalPage) -> None:
    page = portal.page
    page.goto(f"{portal.service.address}/subscriptions/301")
    page.get_by_role("button", name="Swap").click()
    search = portal.confirmation.get_by_role("searchbox")
    search.focus()
    page.keyboard.type("espresso")
    expect(portal.confirmation.get_by_role("radio").first).to_be_visible()
    page.keyboard.type(" 12")
    expect(search).to_have_value("espresso 12")
    expect(search).to_be_focused()
    expect(portal.confirmation.locator("[data-key=confirm]")).to_be_in_viewport(ratio=1)


def test_a_number_is_counted_in_the_browser_and_sent_once(portal: PortalPage) -> None:
    page = portal.page
    page.goto(f"{portal.service.address}/subscriptions/301")
    page.get_by_role("button", name="Change quantity").click()
    more = portal.confirmation.get_by_role("button", name="One more")
    for _ in range(3):
        more.click()
    expect(portal.confirmation.get_by_role("spinbutton")).to_have_value("5")
    expect(portal.confirmation.locator("[data-key=confirm]")).to_contain_text("5")

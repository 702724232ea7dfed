"""Another product instead of one: three presses on a phone, and by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.portal import PortalPage
from tests.browser.service import Service
from tests.browser.test_journey import PHONE

PUT = "PUT /subscriptions/{id}"


@pytest.fixture
def portal(page: Page, service: Service) -> PortalPage:
    page.set_viewport_size(PHONE)
    return PortalPage(page, service)


def product_of(service: Service, subscription_id: int) -> str:
    """What a subscription brings, as the shop has it."""
    answer = service.sandbox.get(f"/subscriptions/{subscription_id}")
    return str(answer.raise_for_status().json()["subscription"]["product_title"])


def card(portal: PortalPage, title: str) -> Locator:
    return portal.cards.filter(has_text=title).first


def test_swap_a_product_in_three_presses(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=2)
    id = customer.subscription_ids[1]  # the first is a bundle, which is not swapped
    before = product_of(service, id)
    portal.sign_in(customer)

    card(portal, before).get_by_role("button", name="Swap").click()
    choices = portal.confirmation.get_by_role("radio")
    expect(choices.first).to_be_visible()
    expect(portal.confirmation).to_contain_text("less")  # what comes now is a dear cup
    other = portal.confirmation.get_by_role("radio", name="Kenya Nyeri AA").first
    if not other.count():
        portal.confirmation.get_by_role("searchbox").fill("kenya")
        expect(other).to_be_visible()
    other.check()
    press = portal.confirmation.get_by_role("button", name="Swap for Kenya Nyeri AA")
    expect(press).to_be_in_viewport()
    assert service.executed(PUT) == 0
    press.click()

    expect(portal.notice).to_contain_text("You now get Kenya Nyeri AA")
    expect(card(portal, "Kenya Nyeri AA")).to_be_visible()
    assert service.executed(PUT) == 1
    assert product_of(service, id) == "Kenya Nyeri AA"

    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text(f"You now get {before}")
    expect(card(portal, before)).to_be_visible()
    assert product_of(service, id) == before


def test_swap_a_product_by_keyboard(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=2)
    id = customer.subscription_ids[1]  # the first is a bundle, which is not swapped
    before = product_of(service, id)
    portal.sign_in(customer)
    keyboard = portal.page.keyboard

    card(portal, before).get_by_role("button", name="Swap").focus()
    keyboard.press("Enter")
    search = portal.confirmation.get_by_role("searchbox")
    expect(search).to_be_visible()
    search.focus()
    keyboard.type("sencha")
    first = portal.confirmation.get_by_role("radio", name="Spring Sencha").first
    expect(first).to_be_visible()
    expect(portal.confirmation.get_by_role("radio")).to_have_count(2)
    keyboard.press("Tab")
    expect(first).to_be_focused()
    keyboard.press("Space")
    press = portal.confirmation.get_by_role("button", name="Swap for Spring Sencha")
    expect(press).to_be_enabled()
    press.focus()
    keyboard.press("Enter")

    expect(portal.notice).to_contain_text("You now get Spring Sencha")
    assert product_of(service, id) == "Spring Sencha"

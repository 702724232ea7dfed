"""Another product instead of one: three presses on a phone, and by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.portal import PortalPage, press_key, tab_to
from tests.browser.service import Service

PUT = "PUT /subscriptions/{id}"


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

    with portal.presses(3):
        card(portal, before).get_by_role("button", name="Swap").click()
        expect(portal.confirmation).to_contain_text("less")  # what comes now is a dear cup
        # What is offered at once needs no search.
        offered = portal.confirmation.locator("label").filter(has=portal.page.get_by_role("radio"))
        other = offered.filter(has_not_text=before).first
        title = other.locator(".ds-choice-words > span").first.inner_text()
        other.click()
        press = portal.confirmation.get_by_role("button", name=f"Swap for {title}")
        expect(press).to_be_in_viewport()
        assert service.executed(PUT) == 0
        press.click()

    expect(portal.notice).to_contain_text(f"You now get {title}")
    expect(card(portal, title)).to_be_visible()
    assert service.executed(PUT) == 1
    assert product_of(service, id) == title

    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text(f"You now get {before}")
    expect(card(portal, before)).to_be_visible()
    assert product_of(service, id) == before


def test_swap_a_product_by_keyboard(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=2)
    id = customer.subscription_ids[1]  # the first is a bundle, which is not swapped
    before = product_of(service, id)
    portal.sign_in(customer)

    with portal.presses(3, by="key"):
        press_key(card(portal, before).get_by_role("button", name="Swap"))
        tab_to(portal.confirmation.get_by_role("searchbox"))
        portal.page.keyboard.type("sencha")
        first = portal.confirmation.get_by_role("radio", name="Spring Sencha").first
        expect(portal.confirmation.get_by_role("radio")).to_have_count(2)
        press_key(first, "Space")
        press_key(portal.confirmation.get_by_role("button", name="Swap for Spring Sencha"))

    expect(portal.notice).to_contain_text("You now get Spring Sencha")
    assert product_of(service, id) == "Spring Sencha"

"""Add something to the next delivery: three presses on a phone, and by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.portal import PortalPage, in_words
from tests.browser.service import NewCustomer, Service

PHONE: ViewportSize = {"width": 390, "height": 844}
ADD = "POST /onetimes"
REMOVE = "DELETE /onetimes/{id}"
APPLY = "POST /charges/{id}/apply_discount"
CUP = "Northbound Enamel Cup"


@pytest.fixture
def portal(page: Page, service: Service) -> PortalPage:
    page.set_viewport_size(PHONE)
    return PortalPage(page, service)


@pytest.fixture
def customer(service: Service) -> NewCustomer:
    return service.new_customer(subscriptions=1)


def add_button(portal: PortalPage) -> Locator:
    return portal.next_delivery.get_by_role("button", name="Add something")


def cup(portal: PortalPage) -> Locator:
    return portal.confirmation.get_by_role("radio", name=CUP).first


def confirm(portal: PortalPage, customer: NewCustomer) -> Locator:
    name = f"Add to {in_words(customer.next_date)}"
    return portal.confirmation.get_by_role("button", name=name)


def assert_added(portal: PortalPage, service: Service, customer: NewCustomer) -> None:
    expect(portal.notice).to_contain_text(CUP)
    expect(portal.next_delivery).to_contain_text(CUP)
    assert service.executed(ADD) == 1
    [charge] = service.charges(customer.id, status="queued")
    assert CUP in [line["title"] for line in charge["line_items"]]
    expect(portal.next_delivery).to_contain_text(f"${charge['total_price']}")


def test_three_presses_add_something_and_undo_takes_it_out(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    portal.sign_in(customer)
    add_button(portal).click()
    expect(portal.confirmation.locator("img.ds-picture").first).to_be_visible()
    portal.confirmation.get_by_role("searchbox").fill("enamel")
    cup(portal).click()
    expect(portal.confirmation).to_contain_text("comes with your delivery of")
    button = confirm(portal, customer)
    expect(button).to_be_in_viewport()
    assert service.executed(ADD) == 0
    button.click()

    expect(portal.confirmation).to_have_count(0)
    assert_added(portal, service, customer)

    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.next_delivery).not_to_contain_text(CUP)
    expect(portal.notice).to_contain_text("will not come")
    assert service.executed(REMOVE) == 1


def test_with_the_keyboard_alone(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    portal.sign_in(customer)
    keyboard = portal.page.keyboard
    tab_to(add_button(portal))
    keyboard.press("Enter")
    search = portal.confirmation.get_by_role("searchbox")
    expect(search).to_be_visible()
    tab_to(search)
    keyboard.type("enamel cup")
    expect(cup(portal)).to_be_visible()
    tab_to(cup(portal))
    keyboard.press("Space")
    expect(cup(portal)).to_be_checked()
    expect(cup(portal)).to_be_focused()
    button = confirm(portal, customer)
    expect(button).to_be_visible()
    tab_to(button)
    keyboard.press("Enter")
    assert_added(portal, service, customer)


def test_a_code_says_what_it_takes_off_before_it_is_used(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    portal.sign_in(customer)
    [before] = service.charges(customer.id, status="queued")
    portal.next_delivery.get_by_role("button", name="More for the delivery").click()
    portal.next_delivery.get_by_role("button", name="Discount code").click()
    field = portal.confirmation.get_by_role("textbox", name="Discount code")

    field.fill("STAFF40")
    portal.confirmation.get_by_role("button", name="Check code").click()
    expect(portal.confirmation).to_contain_text("The code STAFF40 does not work here.")

    field.fill("neighbor10")
    portal.confirmation.get_by_role("button", name="Check code").click()
    expect(portal.confirmation).to_contain_text("NEIGHBOR10 takes")
    assert service.executed(APPLY) == 0
    portal.confirmation.get_by_role("button", name="Use NEIGHBOR10").click()

    expect(portal.notice).to_contain_text("NEIGHBOR10 is on your delivery")
    [after] = service.charges(customer.id, status="queued")
    assert float(after["total_price"]) < float(before["total_price"])
    expect(portal.notice).to_contain_text(f"${after['total_price']}")
    expect(portal.next_delivery).to_contain_text("Discount NEIGHBOR10")
    assert service.executed(APPLY) == 1


def tab_to(place: Locator) -> None:
    """Go there with Tab."""
    for _ in range(40):
        if place.evaluate("element => element === document.activeElement"):
            return
        place.page.keyboard.press("Tab")
    expect(place).to_be_focused()

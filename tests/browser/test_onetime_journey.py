"""Add something to the next delivery: three presses on a phone, and by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.portal import PortalPage, in_words, press_key, tab_to
from tests.browser.service import NewCustomer, Service

ADD = "POST /onetimes"
REMOVE = "DELETE /onetimes/{id}"
APPLY = "POST /charges/{id}/apply_discount"
CUP = "Northbound Enamel Cup"


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


def comes_already(service: Service, customer: NewCustomer) -> str:
    [charge] = service.charges(customer.id, status="queued")
    return str(charge["line_items"][0]["title"])


def assert_added(
    portal: PortalPage, service: Service, customer: NewCustomer, title: str = CUP
) -> None:
    expect(portal.notice).to_contain_text(title)
    expect(portal.next_delivery).to_contain_text(title)
    assert service.executed(ADD) == 1
    [charge] = service.charges(customer.id, status="queued")
    assert title in [line["title"] for line in charge["line_items"]]
    expect(portal.next_delivery).to_contain_text(f"${charge['total_price']}")


def test_three_presses_add_something_and_undo_takes_it_out(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    portal.sign_in(customer)
    with portal.presses(3):
        add_button(portal).click()
        expect(portal.confirmation.locator("img.ds-picture").first).to_be_visible()
        # What is offered at once needs no search; what comes already is no use here.
        offered = portal.confirmation.locator("label").filter(has=portal.page.get_by_role("radio"))
        other = offered.filter(has_not_text=comes_already(service, customer)).first
        title = other.locator(".ds-choice-words > span").first.inner_text()
        other.click()
        expect(portal.confirmation).to_contain_text("comes with your delivery of")
        button = confirm(portal, customer)
        expect(button).to_be_in_viewport()
        assert service.executed(ADD) == 0
        button.click()

    expect(portal.confirmation).to_have_count(0)
    assert_added(portal, service, customer, title)

    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.next_delivery).not_to_contain_text(title)
    expect(portal.notice).to_contain_text("will not come")
    assert service.executed(REMOVE) == 1


def test_with_the_keyboard_alone(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    portal.sign_in(customer)
    with portal.presses(3, by="key"):
        press_key(add_button(portal))
        tab_to(portal.confirmation.get_by_role("searchbox"))
        portal.page.keyboard.type("enamel cup")
        press_key(cup(portal), "Space")
        expect(cup(portal)).to_be_checked()
        expect(cup(portal)).to_be_focused()
        press_key(confirm(portal, customer))
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

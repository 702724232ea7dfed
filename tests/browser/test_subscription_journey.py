"""Taking a subscription up again that has ended, on its own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.portal import PortalPage, press_key
from tests.browser.service import NewCustomer, Service

ACTIVATE = "POST /subscriptions/{id}/activate"


@pytest.fixture
def customer(service: Service) -> NewCustomer:
    """Whose one subscription was cancelled by the shop."""
    made = service.new_customer(subscriptions=1)
    [id] = made.subscription_ids
    reason = {"cancellation_reason": "Asked for by phone"}
    service.sandbox.post(f"/subscriptions/{id}/cancel", json=reason).raise_for_status()
    service.forget_counters()
    return made


@pytest.fixture
def portal(portal: PortalPage, customer: NewCustomer) -> PortalPage:
    return portal.sign_in(customer, f"/subscriptions/{customer.subscription_ids[0]}")


def is_active(portal: PortalPage, service: Service, customer: NewCustomer) -> None:
    cancel = portal.page.get_by_role("link", name="Cancel subscription to ")
    expect(cancel).to_be_visible()
    expect(portal.page.get_by_role("button", name="Start again: ")).to_have_count(0)
    assert service.executed(ACTIVATE) == 1
    [id] = customer.subscription_ids
    assert service.subscription(id)["status"] == "active"


def test_take_it_up_again(portal: PortalPage, service: Service, customer: NewCustomer) -> None:
    with portal.presses(2):
        portal.page.get_by_role("button", name="Start again: ").click()
        expect(portal.confirmation).to_contain_text("$")
        expect(portal.confirm).to_contain_text("Start again on ")
        assert service.executed(ACTIVATE) == 0
        portal.confirm.click()
    is_active(portal, service, customer)


def test_the_same_by_keyboard(portal: PortalPage, service: Service, customer: NewCustomer) -> None:
    with portal.presses(2, by="key"):
        press_key(portal.page.get_by_role("button", name="Start again: "))
        press_key(portal.confirm)
    is_active(portal, service, customer)

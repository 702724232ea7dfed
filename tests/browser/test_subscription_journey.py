"""Ending a subscription and taking it up again, on its own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.portal import PortalPage, press_key
from tests.browser.service import NewCustomer, Service

CANCEL = "POST /subscriptions/{id}/cancel"
ACTIVATE = "POST /subscriptions/{id}/activate"


@pytest.fixture
def customer(service: Service) -> NewCustomer:
    return service.new_customer(subscriptions=1)


@pytest.fixture
def portal(portal: PortalPage, customer: NewCustomer) -> PortalPage:
    return portal.sign_in(customer, f"/subscriptions/{customer.subscription_ids[0]}")


def status_of(service: Service, customer: NewCustomer) -> str:
    """Of the customer's one subscription, as the shop has it."""
    [id] = customer.subscription_ids
    answer = service.sandbox.get(f"/subscriptions/{id}").raise_for_status()
    return str(answer.json()["subscription"]["status"])


def test_end_a_subscription_and_take_it_up_again(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    page = portal.page
    with portal.presses(3):
        page.get_by_role("button", name="Cancel ").click()
        expect(portal.confirm).to_be_in_viewport()
        assert service.executed(CANCEL) == 0
        portal.confirm.click()
    expect(portal.notice).not_to_be_empty()
    again = page.get_by_role("button", name="Start ")
    expect(again).to_be_visible()
    assert service.executed(CANCEL) == 1
    assert status_of(service, customer) == "cancelled"
    assert service.charges(customer.id, status="queued") == []

    with portal.presses(3):
        again.click()
        portal.confirm.click()
    expect(page.get_by_role("button", name="Cancel ")).to_be_visible()
    expect(again).to_have_count(0)
    assert service.executed(ACTIVATE) == 1
    assert status_of(service, customer) == "active"


def test_the_same_by_keyboard(portal: PortalPage, service: Service, customer: NewCustomer) -> None:
    page = portal.page
    with portal.presses(3, by="key"):
        press_key(page.get_by_role("button", name="Cancel "))
        press_key(portal.confirm)
    again = page.get_by_role("button", name="Start ")
    expect(again).to_be_visible()
    assert status_of(service, customer) == "cancelled"
    with portal.presses(3, by="key"):
        press_key(again)
        press_key(portal.confirm)
    expect(page.get_by_role("button", name="Cancel ")).to_be_visible()
    assert (service.executed(CANCEL), service.executed(ACTIVATE)) == (1, 1)
    assert status_of(service, customer) == "active"

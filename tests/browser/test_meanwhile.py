"""What happens elsewhere while a page is open: another change, a second tab, no network."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.portal import PortalPage, heading
from tests.browser.service import NewCustomer, Service

SKIP = "POST /charges/{id}/skip"


@pytest.fixture
def customer(service: Service) -> NewCustomer:
    return service.new_customer(subscriptions=1)


@pytest.fixture
def portal(portal: PortalPage, customer: NewCustomer) -> PortalPage:
    return portal.sign_in(customer)


def test_what_has_changed_in_another_tab_is_told_and_nothing_is_written(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    portal.skip_button.click()
    expect(portal.confirm_button(customer.next_date)).to_be_visible()
    [id] = customer.subscription_ids
    other = portal.tab(f"/subscriptions/{id}")
    other.page.get_by_role("button", name="Change quantity").click()
    other.confirmation.get_by_role("button", name="One more").click()
    other.confirm.click()
    expect(other.notice).to_contain_text("You now get 2")

    portal.confirm_button(customer.next_date).click()
    expect(portal.notice).to_contain_text("has changed since you opened this page")
    expect(portal.notice).to_contain_text("we did nothing")
    assert service.executed(SKIP) == 0
    assert service.charges(customer.id, status="skipped") == []
    # Looked at again, it can be done.
    shown = portal.next_delivery.get_by_role("heading")
    expect(shown).to_have_text(heading(customer.next_date))
    expect(portal.next_delivery).not_to_have_attribute("data-status", "saving")
    portal.skip_next(customer.next_date)
    expect(portal.notice).to_contain_text("is skipped")
    assert service.executed(SKIP) == 1


def test_what_is_gone_from_the_shop_is_told_and_nothing_is_called_done(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    portal.skip_button.click()
    expect(portal.confirm_button(customer.next_date)).to_be_visible()
    # The merchant ends the subscription, and the page has not heard of it.
    [id] = customer.subscription_ids
    body = {"cancellation_reason": "other"}
    service.sandbox.post(f"/subscriptions/{id}/cancel", json=body).raise_for_status()

    portal.confirm_button(customer.next_date).click()
    expect(portal.notice).not_to_be_empty()
    expect(portal.notice).not_to_contain_text("is skipped")
    expect(portal.next_delivery).to_have_count(0)
    assert service.executed(SKIP) == 0


def test_two_tabs_press_the_same_and_one_write_is_made(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    other = portal.tab()
    for tab in (portal, other):
        tab.skip_button.click()
        expect(tab.confirm_button(customer.next_date)).to_be_visible()
    service.plan_fault("delay", f"/charges/{customer.charge_id}/skip")
    for tab in (portal, other):
        tab.confirm_button(customer.next_date).click(no_wait_after=True)
    for tab in (portal, other):
        expect(tab.notice).not_to_be_empty()
        expect(tab.entry(customer.next_date)).to_contain_text("Skipped")
    assert service.executed(SKIP) == 1


def test_without_a_network_nothing_is_pressed_and_it_goes_on_after(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    context = portal.page.context
    expect(portal.skip_button).to_be_visible()
    context.set_offline(True)
    line = portal.page.locator(".ds-connection")
    expect(line).not_to_be_empty()
    portal.skip_button.click()
    expect(portal.confirmation).to_have_count(0)
    context.set_offline(False)
    expect(line).not_to_have_attribute("data-connection", "unsent")
    expect(portal.next_delivery.get_by_role("heading")).to_have_text(heading(customer.next_date))
    assert service.executed(SKIP) == 0

    portal.skip_next(customer.next_date)
    expect(portal.notice).to_contain_text("is skipped")
    assert service.executed(SKIP) == 1

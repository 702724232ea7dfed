"""The same journey while Recharge misbehaves: never two changes, never a false "done"."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import PortalPage
from tests.browser.service import Service

SKIP = "POST /charges/{id}/skip"


@pytest.mark.parametrize("kind", ["429", "409", "500", "html", "cut_before", "cut_after"])
def test_one_fault_in_the_middle_is_overcome(
    portal: PortalPage, service: Service, kind: str
) -> None:
    """Nothing was done, or it is found out by reading: in the end the skip stands, once."""
    customer = service.new_customer(subscriptions=1)
    portal.sign_in(customer)
    service.plan_fault(kind, f"/charges/{customer.charge_id}/skip")
    portal.skip_next(customer.next_date)
    expect(portal.notice).to_contain_text("skipped", timeout=20_000)
    assert service.executed(SKIP) == 1
    [skipped] = service.charges(customer.id, status="skipped")
    assert skipped["id"] == customer.charge_id


@pytest.mark.parametrize("kind", ["429", "500"])
def test_a_fault_that_stays_is_told_and_nothing_is_called_done(
    page: Page, service: Service, kind: str
) -> None:
    portal = PortalPage(page, service)
    customer = service.new_customer(subscriptions=1)
    portal.sign_in(customer)
    service.plan_fault(kind, f"/charges/{customer.charge_id}/skip", times=100)
    portal.skip_next(customer.next_date)
    told = re.compile("Nothing was changed|was not made|do not know yet if your change was made")
    expect(portal.notice).to_contain_text(told, timeout=60_000)
    expect(portal.notice).not_to_contain_text("is skipped")
    expect(portal.next_delivery.get_by_role("heading")).to_contain_text(
        f"{customer.next_date:%B} {customer.next_date.day}"
    )
    assert service.executed(SKIP) == 0
    assert service.charges(customer.id, status="skipped") == []


def test_when_nothing_can_be_read_nothing_is_shown_as_empty(page: Page, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    service.plan_fault("500", f"/customers/{customer.id}", method="GET", times=100)
    PortalPage(page, service).sign_in(customer)
    expect(page.get_by_role("main")).to_contain_text("cannot be reached", timeout=30_000)
    expect(page.get_by_role("main")).not_to_contain_text("no deliveries")
    service.forget_counters()
    page.get_by_role("button", name="Try again").click()
    expect(PortalPage(page, service).skip_button).to_be_visible()

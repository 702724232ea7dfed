"""Several subscriptions at once: a result for each of them, and the rest on a second try."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.portal import PHONE, PortalPage
from tests.browser.service import NewCustomer, Service


def quantities(service: Service, customer: NewCustomer) -> list[int]:
    """How many of each come, as the shop has it."""
    found = []
    for id in customer.subscription_ids:
        answer = service.sandbox.get(f"/subscriptions/{id}").raise_for_status()
        found.append(int(answer.json()["subscription"]["quantity"]))
    return found


def change_both(portal: PortalPage) -> None:
    """Two of each, from the page of subscriptions."""
    portal.page.get_by_role("button", name="Change several").click()
    boxes = portal.confirmation.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.check()
    portal.confirmation.get_by_role("button", name="One more").click()
    expect(portal.confirm).to_be_enabled()
    portal.confirm.click()


def test_one_is_refused_and_tried_again_from_the_record(
    portal: PortalPage, service: Service
) -> None:
    page = portal.page
    customer = service.new_customer(subscriptions=2)
    portal.sign_in(customer, "/subscriptions")
    # Together they are refused, so each is tried alone, and one of them is refused again.
    service.plan_fault("422", f"/addresses/{customer.address_id}/subscriptions-bulk", method="PUT")
    refused = customer.subscription_ids[1]
    service.plan_fault("422", f"/subscriptions/{refused}", method="PUT")
    change_both(portal)

    steps = portal.notice.locator("[data-component=step-list]").get_by_role("listitem")
    expect(steps).to_have_count(2)
    expect(steps.filter(has_text="Not done")).to_have_count(1)
    assert sorted(quantities(service, customer)) == [1, 2]

    portal.notice.get_by_role("button", name="Dismiss").click()
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Activity").click()
    record = page.locator("[data-component=activity-entry]").last
    expect(record).to_contain_text("Partly done")
    lines = record.locator("[data-component=step-list]").get_by_role("listitem")
    expect(lines).to_have_count(2)
    expect(record.locator("li[data-status=done]")).to_have_count(1)
    expect(record.locator("li[data-status=refused]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    record.get_by_role("button", name="Try the rest").click()
    expect(record.get_by_role("button", name="Try the rest")).to_have_count(0)
    expect(record.locator("li[data-status=done]")).to_have_count(2)
    expect(portal.notice).not_to_be_empty()
    assert quantities(service, customer) == [2, 2]

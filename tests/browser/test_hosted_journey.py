"""Changing what only its processor can change: the link is asked for, comes by mail, and works."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.portal import DESKTOP, PHONE, PortalPage
from tests.browser.service import NewCustomer, Service

NARROW: ViewportSize = {"width": 320, "height": 640}


def with_hosted_card(service: Service) -> tuple[NewCustomer, int]:
    """A customer whose deliveries are paid with a card that Shopify Payments keeps."""
    customer = service.new_customer(subscriptions=1)
    made = service.sandbox.post(
        "/payment_methods",
        json={
            "customer_id": customer.id,
            "payment_type": "CREDIT_CARD",
            "processor_name": "shopify_payments",
            "processor_customer_token": "cus_shopify",
            "processor_payment_method_token": "pm_card_visa",
            "address_ids": [customer.address_id],
        },
    )
    made.raise_for_status()
    return customer, made.json()["payment_method"]["id"]


@pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["320", "390", "1280"])
def test_the_link_comes_by_mail_and_changes_the_card(
    portal: PortalPage, axe: Callable[[Page], None], size: ViewportSize
) -> None:
    page, service = portal.page, portal.service
    customer, method_id = with_hosted_card(service)
    portal.sign_in(customer, f"/payment-methods/{method_id}")
    update = page.locator("[data-component=hosted-update]")
    with portal.presses(2):
        update.get_by_role("button", name="Send me the link").click()
        expect(portal.confirmation).to_contain_text(f"We ask for a mail to {customer.email}")
        portal.confirm.click()
    expect(portal.notice).to_contain_text(f"on its way to {customer.email}")
    expect(update).to_have_attribute("data-stage", "asked")
    expect(update.get_by_role("button", name="Send")).to_have_count(0)  # not so soon
    update.get_by_text("No mail?").click()
    expect(update).to_contain_text("Look among your junk mail, too.")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    (mail,) = service.mails(customer.email)
    inbox = page.context.new_page()
    inbox.goto(f"{service.address}/sandbox/_sandbox/inbox")
    letter = inbox.get_by_role("article").filter(has_text=customer.email)
    assert mail["subject"] in letter.inner_text()
    letter.get_by_role("link").click()
    inbox.get_by_label("Visa ending in 0002 (refused)").check()
    inbox.get_by_role("button", name="Save").click()
    expect(inbox.get_by_role("alert")).to_contain_text("declined")
    inbox.get_by_label("Mastercard ending in 4444").check()
    inbox.get_by_role("button", name="Save").click()
    expect(inbox.get_by_role("heading", name="Your payment method is updated")).to_be_visible()

    portal.notice.get_by_role("button", name="Dismiss").click()
    update.get_by_role("button", name="See if it worked").click()
    expect(update).to_have_attribute("data-stage", "changed")
    expect(page.get_by_role("heading", level=1)).to_contain_text("4444")


def test_after_a_reload_it_still_says_where_the_mail_went(portal: PortalPage) -> None:
    customer, method_id = with_hosted_card(portal.service)
    portal.sign_in(customer, f"/payment-methods/{method_id}")
    update = portal.page.locator("[data-component=hosted-update]")
    update.get_by_role("button", name="Send me the link").click()
    portal.confirm.click()
    expect(update).to_have_attribute("data-stage", "asked")
    portal.page.reload()
    expect(update).to_contain_text(f"on its way to {customer.email}")
    assert len(portal.service.mails(customer.email)) == 1

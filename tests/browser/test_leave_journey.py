"""Leaving without signing in, from the foot of the sign-in page to the receipt; and withdrawing."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.portal import PortalPage, press_key, tab_to
from tests.browser.service import NewCustomer, Service

CANCEL = "POST /subscriptions/{id}/cancel"


def bought(service: Service, *, country: str = "US") -> tuple[NewCustomer, str]:
    """A customer whose first delivery was just ordered, and the number of that order."""
    customer = service.new_customer(subscriptions=1)
    if country != "US":
        place = {"country_code": country, "province": "", "zip": "10115", "city": "Berlin"}
        moved = service.sandbox.put(f"/addresses/{customer.address_id}", json=place)
        moved.raise_for_status()
    service.sandbox.post(f"/charges/{customer.charge_id}/process").raise_for_status()
    answer = service.sandbox.get("/orders", params={"customer_id": customer.id})
    (order,) = answer.raise_for_status().json()["orders"]
    return customer, order["external_order_name"]["ecommerce"]


def link_in_mail(service: Service, customer: NewCustomer, path: str) -> str:
    pattern = re.compile(rf"{re.escape(service.address)}{path}/[\w-]{{43}}")
    mails = service.arrived(customer.email)
    (found,) = [link for mail in mails for link in pattern.findall(mail["text"])]
    return str(found)


def ask(page: Page, customer: NewCustomer, number: str) -> None:
    """Type what is asked for, and send it, by keyboard."""
    tab_to(page.get_by_label("E-mail address you order with"))
    page.keyboard.type(customer.email)
    tab_to(page.get_by_label("Order number"))
    page.keyboard.type(number)
    press_key(page.get_by_role("button", name="E-mail me the link"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    expect(page.get_by_text(customer.email)).to_be_visible()


def test_from_the_sign_in_page_to_the_receipt_by_keyboard(
    portal: PortalPage, service: Service, axe: Callable[[Page], None]
) -> None:
    customer, number = bought(service)
    (first,) = customer.subscription_ids
    (second,) = service.add_subscriptions(customer.id, 2)
    page = portal.page

    page.goto(f"{service.address}/sign-in")
    press_key(page.get_by_role("link", name="Cancel a subscription without signing in"))
    expect(page).to_have_url(f"{service.address}/cancel")
    ask(page, customer, number)
    axe(page)

    page.goto(link_in_mail(service, customer, "/cancel"))
    axe(page)
    boxes = page.get_by_role("group").get_by_role("checkbox")
    named = page.locator(f"#item-{first}")
    other = page.locator(f"#item-{second}")
    expect(boxes).to_have_count(3)  # both, and all of them
    expect(named).to_be_checked()
    expect(other).not_to_be_checked()
    expect(page.get_by_text("Nothing is cancelled yet.")).to_be_visible()
    assert service.executed(CANCEL) == 0

    tab_to(other)
    page.keyboard.press("Space")
    expect(other).to_be_checked()
    press_key(page.get_by_role("button", name="Cancel what is ticked"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Cancelled")
    expect(page.get_by_text(re.compile(r"Receipt C-....-...., "))).to_be_visible()
    axe(page)
    assert {service.subscription(id)["status"] for id in (first, second)} == {"cancelled"}
    assert service.executed(CANCEL) == 2
    subjects = {mail["subject"] for mail in service.arrived(customer.email, at_least=2)}
    assert "2 subscriptions are cancelled" in subjects
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cancelled")
    assert service.executed(CANCEL) == 2


def test_withdrawing_with_and_without_signing_in(
    portal: PortalPage, service: Service, axe: Callable[[Page], None]
) -> None:
    customer, number = bought(service, country="DE")
    (id,) = customer.subscription_ids
    page = portal.page
    page.goto(f"{service.address}/withdraw")
    ask(page, customer, number)
    page.goto(link_in_mail(service, customer, "/withdraw"))
    expect(page.get_by_role("checkbox")).to_be_checked()
    declare = page.get_by_role("button", name="Widerruf bestätigen")
    expect(declare).to_contain_text("Confirm withdrawal here")
    axe(page)

    portal.sign_in(customer, f"/subscriptions/{id}")
    press_key(page.get_by_role("button", name="Vertrag widerrufen"))
    expect(portal.confirmation).to_contain_text("The shop has to give back what you have paid")
    axe(page)
    press_key(portal.confirm)
    expect(portal.notice).to_contain_text("You have withdrawn from your contract")
    found = service.subscription(id)
    assert (found["status"], found["cancellation_reason"]) == (
        "cancelled",
        "Withdrawal within 14 days",
    )

    page.goto(link_in_mail(service, customer, "/withdraw"))
    expect(page.get_by_text("You have withdrawn from your contract")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)

"""A code before what matters: in the dialog, over the page, and before a plain page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.portal import DESKTOP, PHONE, PortalPage, press_key
from tests.browser.service import Service
from tests.browser.test_payment_journey import another, details, methods

NARROW: ViewportSize = {"width": 320, "height": 640}
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def wrong_one(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["320", "390", "1280"])
def test_the_dialog_asks_for_the_code_in_its_place_and_goes_on(
    portal: PortalPage, service: Service, axe: Callable[[Page], None], size: ViewportSize
) -> None:
    page = portal.page
    page.set_viewport_size(size)
    customer = service.new_customer(subscriptions=1)
    id = another(service, customer)
    portal.sign_in(customer, f"/payment-methods/{id}")
    press_key(details(portal).get_by_role("button", name="Make default"))
    press = portal.confirm.inner_text()
    press_key(portal.confirm)

    field = portal.confirmation.get_by_label("Code", exact=True)
    expect(field).to_be_focused()
    expect(portal.confirmation).to_contain_text("Please confirm that it is you")
    expect(portal.confirmation).to_contain_text("c…@example.com")
    expect(portal.confirm).to_have_text(press)  # it still says what it does
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    again = portal.confirmation.get_by_role("button", name="Send a new code")
    expect(again).to_have_attribute("aria-disabled", "true")
    axe(page)
    assert page.evaluate(FITS)

    code = service.code(customer.email)
    page.keyboard.type(wrong_one(code))
    press_key(portal.confirm)
    expect(portal.confirmation).to_contain_text("You can try 4 more times.")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert service.executed("PUT /payment_methods/{id}") == 0
    axe(page)

    field.fill(f"{code[:3]} {code[3:]}")
    press_key(portal.confirm)
    expect(portal.notice).to_contain_text("is your default now")
    expect(portal.confirmation).to_have_count(0)
    assert [one["id"] for one in methods(service, customer) if one["default"]] == [id]
    # For ten minutes nothing more is asked: not for the way back either.
    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text("Visa ending in 4242 is your default now")
    assert [one["id"] for one in methods(service, customer) if one["default"]] != [id]
    assert len(service.mails(customer.email)) == 1


def test_what_was_entered_is_not_lost(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    (method,) = methods(service, customer)
    portal.sign_in(customer, f"/payment-methods/{method['id']}")
    details(portal).get_by_role("button", name="Edit billing address").click()
    portal.confirmation.get_by_label("ZIP").fill("04102")
    portal.confirm.click()
    field = portal.confirmation.get_by_label("Code", exact=True)
    expect(field).to_be_focused()
    field.fill(service.code(customer.email))
    field.press("Enter")  # as in any form
    expect(portal.notice).to_contain_text("The billing address of")
    (kept,) = methods(service, customer)
    assert kept["billing_address"]["zip"] == "04102"


def test_who_leaves_it_changes_nothing_and_finds_the_code_still_good(
    portal: PortalPage, service: Service
) -> None:
    customer = service.new_customer(subscriptions=1)
    id = another(service, customer)
    portal.sign_in(customer, f"/payment-methods/{id}")
    details(portal).get_by_role("button", name="Make default").click()
    portal.confirm.click()
    code = service.code(customer.email)
    portal.page.keyboard.press("Escape")
    expect(portal.confirmation).to_have_count(0)
    assert service.executed("PUT /payment_methods/{id}") == 0

    details(portal).get_by_role("button", name="Make default").click()
    expect(portal.confirmation).to_contain_text("becomes your default payment method")
    portal.confirm.click()
    portal.confirmation.get_by_label("Code", exact=True).fill(code)
    portal.confirm.click()
    expect(portal.notice).to_contain_text("is your default now")
    assert len(service.mails(customer.email)) == 1


def test_a_press_without_a_dialog_gets_one(
    portal: PortalPage, service: Service, browser: Browser, axe: Callable[[Page], None]
) -> None:
    """Put it back, from another device than the one where the code was given."""
    customer = service.new_customer(subscriptions=1)
    id = another(service, customer)
    portal.sign_in(customer).prove(customer, f"/payment-methods/{id}")
    details(portal).get_by_role("button", name="Make default").click()
    portal.confirm.click()
    expect(portal.notice).to_contain_text("is your default now")

    context = browser.new_context(viewport=PHONE)
    try:
        phone = PortalPage(context.new_page(), service).sign_in(customer, "/activity")
        phone.page.get_by_role("button", name=re.compile("Put it back")).first.click()
        field = phone.confirmation.get_by_label("Code", exact=True)
        expect(field).to_be_focused()
        axe(phone.page)
        assert [one["id"] for one in methods(service, customer) if one["default"]] == [id]
        field.fill(service.code(customer.email, at_least=2))
        press_key(phone.confirm)
        expect(phone.notice).to_contain_text("Visa ending in 4242 is your default now")
        assert [one["id"] for one in methods(service, customer) if one["default"]] != [id]
    finally:
        context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_plain_page_asks_before_a_card_and_goes_on(
    service: Service, browser: Browser, script: bool
) -> None:
    customer = service.new_customer(subscriptions=1)
    context = browser.new_context(viewport=NARROW, java_script_enabled=script)
    try:
        page = context.new_page()
        page.goto(service.sign_in_link(customer.id))
        page.goto(f"{service.address}/payment-methods/add?address={customer.address_id}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Please confirm that it is you")
        page.get_by_role("button", name="Send me a code").click()
        code = service.code(customer.email)
        field = page.get_by_label("Code", exact=True)
        expect(field).to_be_focused()
        field.fill(wrong_one(code))
        field.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("You can try 4 more times.")
        field.fill(code)
        field.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Add a card")
        expect(page.get_by_role("checkbox", name=re.compile("12 Harbour Lane"))).to_be_checked()
    finally:
        context.close()

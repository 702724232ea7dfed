"""Coming in by mail, from typing the address to the page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import PortalPage
from tests.browser.service import Service


def ask_for_link(page: Page, service: Service, email: str, path: str = "/") -> None:
    page.goto(f"{service.address}{path}")
    page.get_by_label(re.compile("mail", re.IGNORECASE)).fill(email)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mail")


def link_in_mail(service: Service, email: str) -> str:
    [mail] = service.arrived(email)
    found = re.search(rf"{re.escape(service.address)}/sign-in/\S+", mail["text"])
    assert found, mail["text"]
    return found.group()


def test_the_mail_leads_to_the_page_that_was_asked_for(page: Page, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    ask_for_link(page, service, customer.email, "/schedule")
    link = link_in_mail(service, customer.email)

    # A mail scanner opens it first, which uses nothing up.
    scanner = page.context.browser
    assert scanner
    scanning = scanner.new_context().new_page()
    scanning.goto(link)
    scanning.context.close()

    page.goto(link)
    page.get_by_role("main").get_by_role("button").click()
    expect(page).to_have_url(f"{service.address}/schedule")
    expect(page.get_by_role("heading", level=1)).to_have_text("Schedule")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_code_signs_in_by_keyboard_alone_and_without_script(
    page: Page, service: Service, axe: Callable[[Page], None], width: int
) -> None:
    customer = service.new_customer(subscriptions=1)
    page.set_viewport_size({"width": width, "height": 800})
    ask_for_link(page, service, customer.email, "/schedule")
    assert page.locator("script").count() == 0
    field = page.get_by_label("Code from the mail")
    expect(field).to_be_focused()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    [mail] = service.arrived(customer.email)
    code = mail["subject"].split()[0]

    page.keyboard.type(f"{(int(code) + 1) % 10**6:06d}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You can try 4 more times.")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("not the code that we sent"))
    axe(page)

    page.keyboard.type(f" {code[:3]} {code[3:]} ")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{service.address}/schedule")
    expect(page.get_by_role("heading", level=1)).to_have_text("Schedule")


def test_another_mail_is_a_press_away_and_both_codes_work(page: Page, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    ask_for_link(page, service, customer.email)
    page.get_by_role("button", name="Send another mail").click()
    expect(page.get_by_role("status")).to_contain_text("You asked for another mail.")
    first = service.arrived(customer.email, at_least=2)[-1]
    page.get_by_label("Code from the mail").fill(first["subject"].split()[0])
    page.get_by_role("button", name="Sign in").click()
    expect(PortalPage(page, service).skip_button).to_be_visible()


def test_a_used_link_leads_to_the_sign_in_page_with_the_address_typed(
    page: Page, service: Service
) -> None:
    customer = service.new_customer(subscriptions=1)
    ask_for_link(page, service, customer.email, "/schedule")
    link = link_in_mail(service, customer.email)
    page.goto(link)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Schedule")
    page.get_by_role("button", name="Sign out").click()
    page.goto(link)
    expect(page.get_by_label(re.compile("mail", re.IGNORECASE))).to_have_value(customer.email)


@pytest.mark.parametrize("path", ["/", "/schedule", "/subscriptions/301", "/no/such/page"])
def test_without_a_session_there_is_only_the_sign_in_page(
    page: Page, service: Service, path: str
) -> None:
    page.goto(f"{service.address}{path}")
    expect(page).to_have_url(re.compile(r"/sign-in"))
    assert "_nicegui" not in page.content()


def test_the_demo_offers_its_customers(page: Page, service: Service) -> None:
    page.goto(service.address)
    page.get_by_role("link", name=re.compile("demo's customers")).click()
    page.get_by_role("link", name=re.compile("^New")).click()
    expect(PortalPage(page, service).skip_button).to_be_visible()

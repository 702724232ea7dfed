"""Coming in by mail, from typing the address to the page."""

from __future__ import annotations

import re

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

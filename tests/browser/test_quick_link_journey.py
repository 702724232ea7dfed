"""From a link in the shop's mail to the way back, without signing in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.demo_secrets import DEMO_MERCHANT_WORD
from tests.browser.portal import DESKTOP, PHONE, PortalPage, in_words, press_key
from tests.browser.service import NewCustomer, Service

SKIP = "POST /charges/{id}/skip"
SMALL: ViewportSize = {"width": 320, "height": 640}


def link(service: Service, customer: NewCustomer, what: str, **wish: Any) -> str:
    """A link as the shop's own program asks for it."""
    answer = httpx.post(
        f"{service.address}/api/links",
        json={"links": [{"what": what, "customer": customer.id, **wish}]},
        headers={"Authorization": f"Bearer {DEMO_MERCHANT_WORD}"},
    )
    (made,) = answer.raise_for_status().json()["links"]
    return str(made["url"])


@pytest.mark.parametrize("size", [SMALL, PHONE, DESKTOP], ids=["320", "390", "1280"])
def test_a_delivery_is_skipped_and_comes_after_all_by_keyboard(
    portal: PortalPage, service: Service, axe: Callable[[Page], None], size: ViewportSize
) -> None:
    customer = service.new_customer()
    page, day = portal.page, in_words(customer.next_date)
    url = link(service, customer, "skip")
    for _ in range(2):
        page.goto(url)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Skip your delivery of {day}?")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert service.executed(SKIP) == 0
    assert page.context.cookies() == []

    press_key(page.get_by_role("button", name=f"Skip {day}"))
    expect(page.get_by_role("status")).to_have_text(f"Your delivery of {day} is skipped.")
    expect(page).to_have_url(url)
    axe(page)
    assert service.executed(SKIP) == 1
    page.reload()
    expect(page.get_by_role("status")).to_have_text(f"Your delivery of {day} is skipped.")
    assert service.executed(SKIP) == 1

    press_key(page.get_by_role("button", name="Undo"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Taken back")
    expect(page.get_by_role("status")).to_contain_text(f"{day} is planned again.")
    axe(page)
    expect(page.get_by_role("button")).to_have_count(0)
    assert page.context.cookies() == []


def test_going_back_and_pressing_again_does_it_no_second_time(
    portal: PortalPage, service: Service
) -> None:
    customer = service.new_customer(subscriptions=1)
    (id,) = customer.subscription_ids
    page = portal.page
    page.goto(link(service, customer, "move", subscription=id))
    button = page.get_by_role("button", name="Move to")
    button.click()
    to = in_words(customer.next_date + timedelta(days=7))
    expect(page.get_by_role("status")).to_contain_text(f"now comes on {to}.")
    page.go_back()
    if button.count():  # as drawn before: browsers may keep it, or ask anew
        button.click()
    expect(page.get_by_role("status")).to_contain_text(f"now comes on {to}.")
    assert (
        service.subscription(id)["next_charge_scheduled_at"]
        == (customer.next_date + timedelta(days=7)).isoformat()
    )


def test_a_card_leads_to_the_sign_in_and_on_to_the_card(
    portal: PortalPage, service: Service, axe: Callable[[Page], None]
) -> None:
    customer = service.new_customer(subscriptions=1)
    page = portal.page
    page.goto(link(service, customer, "update-card"))
    axe(page)
    page.get_by_role("link", name="Sign in and update the card").click()
    expect(page).to_have_url(f"{service.address}/sign-in?next=%2Fpayment-methods%2Fadd")
    expect(page.get_by_label("E-mail")).to_be_visible()


def test_the_demo_has_links_to_try(portal: PortalPage, service: Service) -> None:
    page = portal.page
    page.goto(f"{service.address}/demo/links")
    expect(page.get_by_role("listitem").first).to_be_visible()
    page.get_by_role("link", name="Update my card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Update your card")
    page.goto(f"{service.address}/demo/links")
    page.get_by_role("link", name="Skip my next delivery").click()
    expect(page.get_by_role("button")).to_have_count(1)

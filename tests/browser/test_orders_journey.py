"""One order as a customer meets it: read it, print it, buy it again; and store credit."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect
from pypdf import PdfReader

from tests.browser.portal import DESKTOP, PHONE, PortalPage, in_words, press_key
from tests.browser.service import NewCustomer, Service

NARROW: ViewportSize = {"width": 320, "height": 700}
ADD = "POST /onetimes"
REMOVE = "DELETE /onetimes/{id}"
MARA, TOM, REGULAR = 101, 104, 111
OLDEST = 1001
FAILED = 574


def order_of(portal: PortalPage) -> Locator:
    return portal.page.locator("[data-component=order-details]")


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def newest_order(service: Service, customer_id: int) -> dict[str, object]:
    answer = service.sandbox.get("/orders", params={"customer_id": customer_id, "limit": 1})
    answer.raise_for_status()
    return dict(answer.json()["orders"][0])


@pytest.fixture
def customer(service: Service) -> NewCustomer:
    """Who has ordered before."""
    made = service.new_customer(subscriptions=3)
    [charge] = service.charges(made.id, status="queued")
    service.sandbox.post(f"/charges/{charge['id']}/process").raise_for_status()
    return made


@pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["320", "390", "1280"])
def test_an_order_is_read_from_the_list_to_its_receipt(
    portal: PortalPage, service: Service, axe: Callable[[], None]
) -> None:
    order = newest_order(service, MARA)
    portal.sign_in(MARA, "/orders")
    portal.page.locator(f"a[href='/orders/{order['id']}']").first.click()
    expect(portal.page).to_have_url(f"{service.address}/orders/{order['id']}")
    found = order_of(portal)
    expect(portal.page.get_by_role("heading", level=1)).to_contain_text("Order No.")
    expect(found).to_contain_text(f"${order['total_price']}")
    expect(found.locator("img.ds-picture").first).to_be_visible()
    axe()
    assert fits(portal.page)

    with portal.page.expect_popup() as opened:
        found.get_by_role("link", name="Receipt", exact=True).click()
    receipt = opened.value
    expect(receipt.get_by_role("heading", name="Receipt")).to_be_visible()
    expect(receipt.locator("article")).to_contain_text(f"${order['total_price']}")
    assert fits(receipt)
    receipt.emulate_media(media="print")
    expect(receipt.get_by_role("link", name="As a PDF")).to_be_hidden()
    expect(receipt.locator("article")).to_have_css("border-top-width", "0px")
    receipt.close()


def test_the_receipt_is_a_file_too(portal: PortalPage, service: Service, tmp_path: Path) -> None:
    order = newest_order(service, MARA)
    portal.sign_in(MARA, f"/orders/{order['id']}")
    with portal.page.expect_download() as downloading:
        order_of(portal).get_by_role("link", name="Receipt as PDF").click()
    download = downloading.value
    assert re.fullmatch(r"receipt-[A-Za-z0-9-]+\.pdf", download.suggested_filename)
    file = tmp_path / "receipt.pdf"
    download.save_as(file)
    said = PdfReader(io.BytesIO(file.read_bytes())).pages[0].extract_text()
    assert "Receipt" in said
    assert f"${order['total_price']}" in said


def test_the_receipt_is_readable_for_everyone(
    portal: PortalPage, service: Service, axe: Callable[[], None]
) -> None:
    order = newest_order(service, MARA)
    portal.sign_in(MARA, f"/orders/{order['id']}/receipt")
    expect(portal.page.get_by_role("heading", name="Receipt")).to_be_visible()
    axe()


def test_two_presses_order_it_again_and_undo_takes_it_back(
    portal: PortalPage, service: Service, customer: NewCustomer
) -> None:
    order = newest_order(service, customer.id)
    portal.sign_in(customer, f"/orders/{order['id']}")
    with portal.presses(2):
        order_of(portal).get_by_role("button", name="Order again").click()
        expect(portal.confirmation).to_contain_text("comes with your delivery of")
        expect(portal.confirm).to_be_in_viewport()
        number = portal.confirmation.get_by_role("checkbox", checked=True).count()
        assert number > 1
        assert service.executed(ADD) == 0
        portal.confirm.click()
    expect(portal.confirmation).to_have_count(0)
    expect(portal.notice).to_contain_text("Your order comes on")
    assert service.executed(ADD) == number

    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text("back as it was")
    assert service.executed(REMOVE) == number


def test_one_thing_of_it_on_a_day_of_its_own_with_the_keyboard_alone(
    portal: PortalPage, service: Service, customer: NewCustomer, axe: Callable[[], None]
) -> None:
    order = newest_order(service, customer.id)
    portal.sign_in(customer, f"/orders/{order['id']}")
    press_key(order_of(portal).get_by_role("button", name="Order again"))
    first = portal.confirmation.get_by_role("checkbox").first
    expect(first).to_be_checked()
    number = portal.confirmation.get_by_role("checkbox", checked=True).count()
    press_key(first, "Space")
    expect(first).not_to_be_checked()
    last = portal.confirmation.get_by_role("radio", name="On another day, by itself")
    portal.confirmation.get_by_role("radio", name="With the delivery").first.focus()
    while not last.is_checked():
        portal.page.keyboard.press("ArrowDown")
    expect(portal.confirmation).to_contain_text("It comes by itself on")
    expect(portal.confirmation.get_by_text("Day of delivery")).to_be_visible()
    axe()
    press_key(portal.confirm)
    expect(portal.notice).to_contain_text("Your order comes on")
    assert service.executed(ADD) == number - 1


def test_a_failed_payment_is_explained(
    portal: PortalPage, service: Service, axe: Callable[[], None]
) -> None:
    [charge] = service.charges(TOM, status="error")
    portal.sign_in(TOM, f"/orders/charges/{charge['id']}")
    found = order_of(portal)
    expect(found).to_contain_text("The bank declined the card.")
    expect(found).to_contain_text("The shop tries the payment again on")
    axe()
    found.get_by_role("button", name="Try the payment again").click()
    expect(portal.confirmation).to_contain_text("Visa")
    expect(portal.confirmation.get_by_role("button", name="Pay $")).to_be_visible()
    portal.page.keyboard.press("Escape")
    expect(portal.confirmation).to_have_count(0)


def test_an_old_order_opens_and_that_of_another_does_not(
    portal: PortalPage, service: Service
) -> None:
    portal.sign_in(REGULAR, f"/orders/{OLDEST}")
    expect(order_of(portal)).to_contain_text("What was in it")
    theirs = newest_order(service, MARA)["id"]
    for path in (f"/orders/{theirs}", f"/orders/{theirs}/receipt", f"/orders/{theirs}/receipt.pdf"):
        answer = portal.page.goto(f"{service.address}{path}")
        assert answer is not None
        assert answer.status == 404


def test_store_credit_and_what_it_was_spent_on(portal: PortalPage, axe: Callable[[], None]) -> None:
    portal.sign_in(MARA, "/credit")
    credit = portal.page.locator("[data-component=store-credit]")
    expect(credit).to_contain_text("$12.00")
    expect(credit.get_by_role("row").nth(1)).to_contain_text("Used for a delivery")
    expect(credit.get_by_role("row").nth(1)).to_contain_text("$8.00")
    axe()
    assert fits(portal.page)
    credit.get_by_role("button", name="Look again").click()
    expect(credit).to_contain_text("$12.00")


def test_the_dates_are_the_customers(portal: PortalPage, customer: NewCustomer) -> None:
    """What is ordered again can come with what comes next, on its day."""
    order = newest_order(portal.service, customer.id)
    portal.sign_in(customer, f"/orders/{order['id']}")
    order_of(portal).get_by_role("button", name="Order again").click()
    options = portal.confirmation.get_by_role("radio", name="With the delivery of")
    expect(options.first).to_be_checked()
    days = [one["scheduled_at"] for one in portal.service.charges(customer.id, status="queued")]
    day = in_words(date.fromisoformat(min(days)))
    expect(portal.confirmation.get_by_role("radio", name=day).first).to_be_checked()

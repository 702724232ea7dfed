"""Adding a card: by hand and by keyboard, refused and confirmed, left and come back to; and the
number that is typed is found nowhere on our side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    FrameLocator,
    Locator,
    Page,
    Request,
    ViewportSize,
    WebSocket,
    expect,
)

from tests.browser.portal import DESKTOP, PHONE, PortalPage, press_key, tab_to
from tests.browser.service import NewCustomer, Service, running_service

VISA, MASTERCARD = "4242 4242 4242 4242", "5555 5555 5555 4444"
DECLINED, ASKS_BANK = "4000 0000 0000 0002", "4000 0025 0000 3155"
HOLDER = "Quentin Leaksearch"
CREATE = "POST /payment_methods"
NARROW: ViewportSize = {"width": 320, "height": 640}


def form(page: Page) -> FrameLocator:
    """The processor's fields, in their frame."""
    return page.frame_locator("iframe")


def fill(place: FrameLocator | Page, number: str, expiry: str = "12/34") -> Locator:
    """Type a card; gives the button that sends it."""
    place.get_by_label("Card number").fill(number)
    place.get_by_label("Expiry date").fill(expiry)
    place.get_by_label("Security code").fill("737")
    place.get_by_label("Name on the card").fill(HOLDER)
    return place.get_by_role("button", name="Save this card")


def open_form(portal: PortalPage, customer: NewCustomer) -> Page:
    """From the payment methods to the form."""
    portal.sign_in(customer).prove(customer, "/payment-methods")
    portal.page.get_by_role("button", name="Add a card").first.click()
    expect(portal.page.get_by_role("heading", name="Add a card")).to_be_visible()
    portal.page.get_by_role("button", name="Continue to the card").click()
    expect(form(portal.page).get_by_label("Card number")).to_be_visible()
    return portal.page


def last_fours(service: Service, customer: NewCustomer) -> list[str]:
    answer = service.sandbox.get("/payment_methods", params={"customer_id": customer.id})
    return [one["payment_details"].get("last4") for one in answer.json()["payment_methods"]]


def test_a_card_is_added_and_pays(
    portal: PortalPage, service: Service, axe: Callable[[], None]
) -> None:
    customer = service.new_customer(subscriptions=1)
    portal.sign_in(customer).prove(customer, "/payment-methods")
    page = portal.page
    page.get_by_role("button", name="Add a card").first.click()
    # What it is for is chosen first, and what pays now stands beside it.
    box = page.get_by_role("checkbox", name=re.compile("All that comes to 12 Harbour Lane"))
    expect(box).to_be_checked()
    expect(page.get_by_text("Now: ")).to_contain_text("ending in")
    axe()
    page.get_by_role("button", name="Continue to the card").click()
    expect(page.get_by_text("Your new card pays for all that comes to")).to_be_visible()
    expect(page.get_by_text("nothing is charged")).to_be_visible()
    axe()

    fill(form(page), MASTERCARD).click()

    expect(page).to_have_url(f"{service.address}/payment-methods")
    expect(portal.notice).to_contain_text("Mastercard ending in 4444 is in your account now")
    assert last_fours(service, customer)[0] == "4444"
    assert service.executed(CREATE) == 2  # the customer's first one was made by the test
    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text("as it was")
    assert "4444" not in last_fours(service, customer)


@pytest.mark.parametrize("size", [NARROW, DESKTOP], ids=["narrow", "wide"])
def test_it_fits_and_works_by_keyboard(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    portal.sign_in(customer).prove(customer, "/payment-methods/add")
    page = portal.page
    tab_to(page.get_by_role("checkbox").first)
    press_key(page.get_by_role("button", name="Continue to the card"))
    expect(form(page).get_by_label("Card number")).to_be_visible()
    for place in (page.locator("html"), form(page).locator("html")):
        assert place.evaluate("root => root.scrollWidth <= root.clientWidth")

    page.keyboard.press("Tab")
    expect(form(page).get_by_label("Card number")).to_be_focused()
    page.keyboard.type("4242424242424242")
    for text in ("12/34", "737", HOLDER):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{service.address}/payment-methods")
    expect(portal.notice).to_contain_text("Visa ending in 4242 is in your account now")


def test_what_is_wrong_stands_at_the_field_and_a_refusal_in_our_words(
    portal: PortalPage, service: Service
) -> None:
    customer = service.new_customer(subscriptions=1)
    page = open_form(portal, customer)

    fill(form(page), "4242 4242 4242 4241", "01/20").click()
    number = page.get_by_label("Card number")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_be_focused()
    expect(number).to_have_value("")  # what is secret is never written back
    expect(page.get_by_text("This is not a card number")).to_be_visible()
    expect(page.get_by_text("This card has expired")).to_be_visible()

    fill(page, DECLINED).click()
    expect(page.get_by_role("alert")).to_contain_text("did not accept this card")
    expect(page.get_by_role("alert")).to_contain_text("nothing was changed")

    # The same form goes on; the bank asks, and is refused an answer, then given one.
    fill(form(page), ASKS_BANK).click()
    page.get_by_role("button", name="No, refuse it").click()
    expect(page.get_by_role("alert")).to_contain_text("did not confirm the card")
    assert len(last_fours(service, customer)) == 1
    fill(form(page), ASKS_BANK).click()
    page.get_by_role("button", name="Yes, it is me").click()
    expect(page).to_have_url(f"{service.address}/payment-methods")
    assert last_fours(service, customer)[0] == "3155"


def test_left_gone_back_and_closed(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    page = open_form(portal, customer)
    address = page.url

    # The bank's question is left open, by the back button and by a closed tab.
    fill(form(page), ASKS_BANK).click()
    expect(page.get_by_role("heading", name="Your bank asks")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Your new card")).to_be_visible()
    other = portal.tab("/payment-methods")
    page.close()
    told = other.page.locator("[data-component=open-cards]")
    expect(told).to_contain_text("You have begun to add a card")
    expect(told).to_contain_text("nothing was changed")
    told.get_by_role("button", name="Go on with it").click()
    expect(other.page).to_have_url(address + "?")
    other.page.get_by_role("button", name="Do not add a card").click()
    expect(other.page).to_have_url(f"{service.address}/payment-methods")
    expect(told.get_by_text("You have begun")).to_have_count(0)
    other.page.goto(address)
    expect(other.page.get_by_text("No card was added with this form")).to_be_visible()
    assert len(last_fours(service, customer)) == 1


def test_back_and_a_second_press_add_no_second_card(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    page = open_form(portal, customer)
    address = page.url
    press = fill(form(page), VISA)
    press.evaluate("button => { button.click(); button.click() }")
    expect(page).to_have_url(f"{service.address}/payment-methods")

    for again in (address, f"{address}/done", f"{address}/done?redirect_status=succeeded"):
        page.goto(again)
    expect(page).to_have_url(f"{service.address}/payment-methods")
    page.goto(address)
    expect(page.get_by_role("heading", name="Your card is in your account")).to_be_visible()
    assert last_fours(service, customer).count("4242") == 2  # the test's own, and this one


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Service, Path]]:
    """A service that logs all it can, and the folder with everything that it writes."""
    with running_service(tmp_path, DOORSTEP_LOG_LEVEL="DEBUG") as service:
        yield service, tmp_path


def test_the_number_is_found_nowhere(page: Page, watched: tuple[Service, Path]) -> None:
    service, folder = watched
    page.set_viewport_size(PHONE)
    portal = PortalPage(page, service)
    sent: dict[str, list[str]] = {"ours": [], "theirs": [], "sockets": []}

    def note(request: Request) -> None:
        side = "ours" if request.url.startswith(service.address) else "theirs"
        sent[side].append(f"{request.url} {request.headers} {request.post_data or ''}")

    def note_socket(socket: WebSocket) -> None:
        socket.on("framesent", lambda data: sent["sockets"].append(str(data)))
        socket.on("framereceived", lambda data: sent["sockets"].append(str(data)))

    page.on("request", note)
    page.on("websocket", note_socket)
    customer = service.new_customer(subscriptions=1)
    open_form(portal, customer)
    fill(form(page), DECLINED).click()
    expect(page.get_by_role("alert")).to_contain_text("did not accept")
    fill(form(page), MASTERCARD).click()
    expect(portal.notice).to_contain_text("Mastercard ending in 4444 is in your account now")
    page.goto(f"{service.address}/activity")
    expect(page.get_by_text("Mastercard ending in 4444").first).to_be_visible()

    typed = [*traces(DECLINED), *traces(MASTERCARD), "Leaksearch"]
    # The search is sharp: where the number does go, it finds it.
    assert any(mark in one for one in sent["theirs"] for mark in traces(MASTERCARD))
    assert len(sent["ours"]) > 20
    assert len(sent["sockets"]) > 5
    for mark in typed:
        assert not [one for one in (*sent["ours"], *sent["sockets"]) if mark in one], mark
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {"doorstep.db", "sandbox.db", "service.log"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes()
        assert not [mark for mark in typed if mark.encode() in content], file


def traces(number: str) -> tuple[str, ...]:
    """A number as it could stand somewhere: whole or in part, and as browsers write spaces."""
    digits = number.replace(" ", "")
    return digits, digits[:12], number, number.replace(" ", "+"), number.replace(" ", "%20")

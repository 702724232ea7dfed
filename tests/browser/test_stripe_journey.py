"""Adding a card at Stripe: its script and fields in a page of ours, under its own strict policy,
against localstripe. What the stand cannot show is said in `tests.stripe_stand`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, Request, ViewportSize, expect

from tests.browser.portal import DESKTOP, PHONE, PortalPage
from tests.browser.service import NewCustomer, Service, running_service
from tests.stripe_stand import (
    PUBLIC_KEY,
    SECRET_KEY,
    LocalStripe,
    running_stripe,
    stand_in,
)

NARROW: ViewportSize = {"width": 320, "height": 640}
GOOD, DECLINED, NO_MONEY = "4242424242424242", "4000000000000002", "4000000000009995"
ASKS_THE_BANK = "4000002500003155"
POLICY = {
    "default-src": "'none'",
    "connect-src": "https://api.stripe.com",
    "frame-src": "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.fixture(scope="module")
def stripe_there() -> Iterator[LocalStripe]:
    with running_stripe() as found:
        yield found


@pytest.fixture(scope="module")
def stripe_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service keeps its files: databases and what it logs."""
    return tmp_path_factory.mktemp("stripe")


@pytest.fixture(scope="module")
def stripe_service(stripe_there: LocalStripe, stripe_folder: Path) -> Iterator[Service]:
    with running_service(
        stripe_folder,
        DOORSTEP_LOG_LEVEL="DEBUG",
        DOORSTEP_STRIPE_PUBLIC_KEY=PUBLIC_KEY,
        DOORSTEP_STRIPE_SECRET_KEY=SECRET_KEY.get_secret_value(),
        DOORSTEP_STRIPE_API_URL=stripe_there.address,
        DOORSTEP_UPSTREAM_BUCKET_SIZE="4000",
        DOORSTEP_UPSTREAM_BUCKET_RATE="1000",
    ) as service:
        service.sandbox.put("/_sandbox/settings", json={"bucket": False}).raise_for_status()
        yield service


@pytest.fixture
def service(stripe_service: Service) -> Service:
    return stripe_service


@pytest.fixture
def asked(page: Page, stripe_there: LocalStripe) -> list[Request]:
    """What the browser asks of Stripe."""
    return stand_in(page, stripe_there)


@pytest.fixture
def customer(service: Service) -> NewCustomer:
    return service.new_customer(subscriptions=1)


def open_form(portal: PortalPage, customer: NewCustomer) -> FrameLocator:
    """The form for a card that is to pay for the customer's address."""
    portal.sign_in(customer).prove(customer, f"/payment-methods/add?address={customer.address_id}")
    portal.page.get_by_role("button", name="Continue to the card").click()
    expect(portal.page.get_by_role("heading", name="Your new card")).to_be_visible()
    expect(add_button(portal.page)).to_be_enabled()
    return portal.page.frame_locator("#card-fields iframe")


def add_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Add this card")


def fill(fields: FrameLocator, number: str) -> None:
    values = {"number": number, "exp_month": "12", "exp_year": "34", "cvc": "123"}
    for name, value in {**values, "postal_code": "04101"}.items():
        fields.get_by_label(name).fill(value)


def newest(service: Service, customer: NewCustomer) -> dict[str, Any]:
    """What the customer added last to pay with, as the shop has it."""
    answer = service.sandbox.get("/payment_methods", params={"customer_id": customer.id})
    found: dict[str, Any] = answer.json()["payment_methods"][0]
    return found


def expect_added(portal: PortalPage, customer: NewCustomer) -> dict[str, Any]:
    """The card is in the account, and pays for the address."""
    expect(portal.page).to_have_url(f"{portal.service.address}/payment-methods")
    method = newest(portal.service, customer)
    assert method["processor_customer_token"].startswith("cus_")
    address = portal.service.sandbox.get(f"/addresses/{customer.address_id}").json()["address"]
    assert address["payment_method_id"] == method["id"]
    return method


@pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["320", "390", "1280"])
def test_a_card_is_added_with_the_address_on_file(
    portal: PortalPage,
    customer: NewCustomer,
    asked: list[Request],
    stripe_there: LocalStripe,
    axe: Callable[[Page], None],
    size: ViewportSize,
) -> None:
    page = portal.page
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    fields = open_form(portal, customer)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    fill(fields, GOOD)
    # By key: on a small screen that was scrolled, a Chromium without a screen takes a click beside
    # a frame of another process for one on it.
    add_button(page).press("Enter")

    method = expect_added(portal, customer)
    kept = stripe_there.get(f"/v1/payment_methods/{method['processor_payment_method_token']}")
    assert kept["billing_details"]["name"].startswith("Robin Number")
    assert kept["billing_details"]["address"] == {
        "line1": "12 Harbour Lane",
        "line2": "",
        "city": "Portland",
        "state": "Maine",
        "postal_code": "04101",
        "country": "US",
    }
    assert wrong == [], "the policy forbids nothing that the form needs"
    assert asked[0].url == "https://js.stripe.com/endive/stripe.js"


def test_the_page_may_load_stripe_and_nothing_else(
    portal: PortalPage, customer: NewCustomer, asked: list[Request]
) -> None:
    page = portal.page
    with page.expect_response(re.compile(r"/payment-methods/add/[^/]{43}$")) as answered:
        open_form(portal, customer)
    policy = dict(
        part.strip().split(" ", 1)
        for part in answered.value.headers["content-security-policy"].split(";")
    )
    ours = f"{portal.service.address}/payment-methods/add/form/card_stripe.js"
    assert policy.pop("script-src") == (f"{ours} https://js.stripe.com https://*.js.stripe.com")
    assert policy == POLICY
    # It is enforced: neither what is written into the page nor what stands elsewhere runs.
    for source in ("'data:text/javascript,ran = 1'", "'https://evil.example/x.js'", "''"):
        assert page.evaluate(
            f"""() => new Promise((resolve) => {{
                const script = document.createElement("script")
                if ({source}) script.src = {source}
                else script.textContent = "ran = 1"
                script.onerror = () => resolve(true)
                script.onload = () => resolve(false)
                document.body.append(script)
                if (!{source}) resolve(!("ran" in window))
            }})"""
        )
    assert page.evaluate("!('_nicegui' in window) && !document.querySelector('#app')")


def test_the_number_is_found_nowhere_but_at_stripe(
    portal: PortalPage,
    customer: NewCustomer,
    asked: list[Request],
    stripe_folder: Path,
) -> None:
    page, ours = portal.page, portal.service.address
    sent: list[str] = []
    page.on(
        "request",
        lambda one: sent.append(f"{one.url} {one.post_data}") if one.url.startswith(ours) else None,
    )
    page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))),
    )
    fields = open_form(portal, customer)
    fill(fields, GOOD)
    add_button(page).click()
    expect_added(portal, customer)

    assert any(GOOD in (one.post_data or "") for one in asked), "Stripe got it"
    assert sent
    assert [one for one in sent if GOOD in one] == []
    files = [file for file in stripe_folder.rglob("*") if file.is_file()]
    assert any(file.suffix == ".db" for file in files)
    assert [file.name for file in files if GOOD.encode() in file.read_bytes()] == []
    secret = SECRET_KEY.get_secret_value()
    assert [file.name for file in files if secret.encode() in file.read_bytes()] == []
    assert [one for one in sent if secret in one] == []


@pytest.mark.parametrize("number", [DECLINED, NO_MONEY])
def test_a_refused_card_is_told_and_another_follows_in_the_same_form(
    portal: PortalPage, customer: NewCustomer, asked: list[Request], number: str
) -> None:
    page = portal.page
    fields = open_form(portal, customer)
    fill(fields, number)
    add_button(page).click()
    problem = page.get_by_role("alert").filter(has_text="declined")
    expect(problem).to_be_visible()
    expect(problem).to_be_focused()
    assert newest(portal.service, customer)["processor_payment_method_token"].startswith("pm_test")

    page.reload()  # what the server reads says it as well, in our words
    expect(page.get_by_role("alert").filter(has_text="nothing was changed")).to_be_visible()
    expect(add_button(page)).to_be_enabled()
    fill(page.frame_locator("#card-fields iframe"), GOOD)
    add_button(page).click()
    expect_added(portal, customer)


def test_the_bank_asks_and_is_answered(
    portal: PortalPage, customer: NewCustomer, asked: list[Request]
) -> None:
    page = portal.page
    fields = open_form(portal, customer)
    fill(fields, ASKS_THE_BANK)
    add_button(page).click()
    fields.get_by_role("button", name="Fail authentication").click()
    expect(page.get_by_role("alert").filter(has_text="authentication failed")).to_be_visible()
    add_button(page).click()
    fields.get_by_role("button", name="Complete authentication").click()
    expect_added(portal, customer)


def test_a_form_that_is_not_filled_in_sends_nothing(
    portal: PortalPage, customer: NewCustomer, asked: list[Request]
) -> None:
    page = portal.page
    fields = open_form(portal, customer)
    fields.get_by_label("number").fill(GOOD)
    add_button(page).click()
    expect(add_button(page)).to_be_enabled()
    assert [one.url for one in asked if one.method == "POST"] == []


def test_by_keyboard_alone(portal: PortalPage, customer: NewCustomer, asked: list[Request]) -> None:
    page = portal.page
    fields = open_form(portal, customer)
    fields.get_by_label("number").focus()
    page.keyboard.type(GOOD + "12" + "34" + "123" + "04101")  # each field leads to the next
    page.keyboard.press("Tab")
    expect(add_button(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect_added(portal, customer)


def test_without_stripes_script_the_page_says_so_and_leads_back(
    portal: PortalPage, customer: NewCustomer
) -> None:
    page = portal.page
    page.route("https://js.stripe.com/**", lambda route: route.abort())
    portal.sign_in(customer).prove(customer, f"/payment-methods/add?address={customer.address_id}")
    page.get_by_role("button", name="Continue to the card").click()
    problem = page.get_by_role("alert").filter(has_text="could not be loaded")
    expect(problem).to_be_focused()
    expect(add_button(page)).to_be_disabled()
    page.get_by_role("button", name="Do not add a card").click()
    expect(page).to_have_url(f"{portal.service.address}/payment-methods")

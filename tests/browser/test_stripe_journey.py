"""Adding a card at Stripe: Stripe's script and fields in a page of ours under its own strict policy,
against localstripe. What the stand cannot show is said in `tests.stripe_stand`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, Request, ViewportSize, expect

from tests.browser.portal import DESKTOP, PHONE, PortalPage
from tests.browser.service import NewCustomer, Service, running_service
from tests.stripe_stand import (
    PUBLIC_KEY,
    SECRET_KEY,
    LocalStripe,
    running_stripe,
    stand_in,
)

pytestmark = pytest.mark.browser

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
def stripe_service(
    stripe_there: LocalStripe, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    with running_service(
        tmp_path_factory.mktemp("stripe"),
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
    portal.sign_in(customer, f"/payment-methods/add?address={customer.address_id}")
    portal.page.get_by_role("button", name=re.compile("card")).first.click()
    expect(portal.page.get_by_role("heading", name="Your new card")).to_be_visible()
    expect(add_button(portal.page)).to_be_enabled()
    return portal.page.frame_locator("#card-fields iframe")


def add_button(page: Page) -> object:
    return page.get_by_role("button", name="Add this card")


def fill(fields: FrameLocator, number: str) -> None:
    for name, value in {
        "number": number,
        "exp_month": "12",
        "exp_year": "34",
        "cvc": "123",
        "postal_code": "04101",
    }.items():
        fields.get_by_label(name).fill(value)


def methods(service: Service, customer: NewCustomer) -> list[dict[str, object]]:
    """What the customer pays with, newest first, as the shop has it."""
    answer = service.sandbox.get("/payment_methods", params={"customer_id": customer.id})
    found: list[dict[str, object]] = answer.json()["payment_methods"]
    return found

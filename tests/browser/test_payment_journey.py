"""What a customer does with payment methods: see what pays for what, choose, edit, remove, and get
a failed payment going again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.portal import DESKTOP, PHONE, PortalPage, press_key
from tests.browser.service import NewCustomer, Service

SMALL: ViewportSize = {"width": 320, "height": 640}
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
PATH = "/payment-methods"


def card(portal: PortalPage, last_four: str) -> Locator:
    found = portal.page.locator("[data-component=payment-method-card]")
    return found.filter(has_text=f"ending in {last_four}")


def details(portal: PortalPage) -> Locator:
    return portal.page.locator("[data-component=payment-method-details]")


def trouble(portal: PortalPage) -> Locator:
    return portal.page.locator(".ds-trouble").filter(has_text="The payment for your delivery")


def methods(service: Service, customer: NewCustomer) -> list[dict[str, Any]]:
    answer = service.sandbox.get("/payment_methods", params={"customer_id": customer.id})
    found: list[dict[str, Any]] = answer.raise_for_status().json()["payment_methods"]
    return found


def another(service: Service, customer: NewCustomer, token: str = "pm_card_mastercard") -> int:
    """A second card in the account, which pays for nothing."""
    body = {
        "customer_id": customer.id,
        "payment_type": "CREDIT_CARD",
        "processor_name": "stripe",
        "processor_customer_token": f"cus_more{customer.id}",
        "processor_payment_method_token": token,
    }
    answer = service.sandbox.post("/payment_methods", json=body).raise_for_status()
    return int(answer.json()["payment_method"]["id"])


def pays(service: Service, address_id: int) -> int:
    answer = service.sandbox.get(f"/addresses/{address_id}").raise_for_status()
    return int(answer.json()["address"]["payment_method_id"])


def fail_payment(service: Service, customer: NewCustomer) -> None:
    """The next delivery is paid with a card that the bank declines."""
    id = another(service, customer, "pm_card_visa_chargeDeclined")
    body = {"payment_method_id": id}
    service.sandbox.put(
        f"/addresses/{customer.address_id}", json=body, params={"commit": "true"}
    ).raise_for_status()
    (queued,) = service.charges(customer.id, status="queued")
    service.sandbox.post(f"/charges/{queued['id']}/process")
    assert service.charges(customer.id, status="error")


@SIZES
def test_see_what_pays_for_what_and_have_another_card_pay(
    portal: PortalPage, service: Service, axe: Callable[[Page], None]
) -> None:
    customer = service.new_customer(subscriptions=1)
    id = another(service, customer)
    portal.sign_in(customer).prove(customer, PATH)

    visa, new = card(portal, "4242"), card(portal, "4444")
    expect(visa).to_contain_text("Default")
    expect(visa).to_contain_text("12 Harbour Lane")
    expect(visa).to_contain_text("Next on")
    expect(new).to_contain_text("It pays for nothing at the moment.")
    axe(portal.page)

    with portal.presses(3):
        new.get_by_role("button", name="Use for an address").click()
        expect(portal.confirmation).to_contain_text("nothing is charged now")
        portal.confirm.click()

    expect(portal.notice).to_contain_text("now pays for deliveries to 12 Harbour Lane")
    expect(new).to_contain_text("12 Harbour Lane")
    assert pays(service, customer.address_id) == id

    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text("Visa ending in 4242 now pays for deliveries")
    expect(visa).to_contain_text("12 Harbour Lane")
    assert pays(service, customer.address_id) != id


def test_edit_the_billing_address_by_keyboard(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    (method,) = methods(service, customer)
    portal.sign_in(customer).prove(customer, f"{PATH}/{method['id']}")

    press_key(details(portal).get_by_role("button", name="Edit billing address"))
    dialog = portal.confirmation
    postcode = dialog.get_by_label("ZIP")
    postcode.fill("999")
    press_key(portal.confirm)
    # What is wrong stands at its field, which has the focus; the form stays open.
    expect(postcode).to_be_focused()
    expect(postcode).to_have_attribute("aria-invalid", "true")
    assert service.executed("PUT /payment_methods/{id}") == 0
    postcode.fill("04102")
    press_key(portal.confirm)

    expect(portal.notice).to_contain_text("The billing address of")
    expect(details(portal)).to_contain_text("04102")
    (kept,) = methods(service, customer)
    assert kept["billing_address"]["zip"] == "04102"
    assert kept["billing_address"]["country"] == "United States"


def test_make_it_the_default(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    id = another(service, customer)
    portal.sign_in(customer).prove(customer, f"{PATH}/{id}")
    with portal.presses(2):
        details(portal).get_by_role("button", name="Make default").click()
        portal.confirm.click()
    expect(portal.notice).to_contain_text("is your default now")
    expect(details(portal)).to_contain_text("Default")
    assert [one["id"] for one in methods(service, customer) if one["default"]] == [id]


def test_what_still_pays_is_removed_once_another_takes_its_place(
    portal: PortalPage, service: Service
) -> None:
    customer = service.new_customer(subscriptions=1)
    id = another(service, customer)
    portal.sign_in(customer).prove(customer, PATH)

    with portal.presses(3):
        card(portal, "4242").get_by_role("button", name="Remove").click()
        dialog = portal.confirmation
        expect(dialog).to_contain_text("still pays for deliveries to 12 Harbour Lane")
        assert service.executed("DELETE /payment_methods/{id}") == 0
        dialog.get_by_text("Mastercard ending in 4444").click()
        expect(dialog).to_contain_text("is removed from your account")
        portal.confirm.click()

    expect(portal.notice).to_contain_text("is removed, and Mastercard ending in 4444 pays")
    expect(card(portal, "4242")).to_have_count(0)
    assert pays(service, customer.address_id) == id
    assert [one["id"] for one in methods(service, customer)] == [id]


@SIZES
def test_a_failed_payment_is_explained_everywhere_and_gets_going_again(
    portal: PortalPage, service: Service, axe: Callable[[Page], None]
) -> None:
    customer = service.new_customer(subscriptions=1)
    good = methods(service, customer)[0]["id"]
    fail_payment(service, customer)
    portal.sign_in(customer).prove(customer)

    # On the overview it stands in the delivery that it concerns.
    told = portal.next_delivery.locator(".ds-trouble")
    expect(told).to_contain_text("The bank declined the card.")
    expect(told).to_contain_text("The shop tries again on")
    expect(told).to_contain_text("the shop may end the subscription")
    expect(portal.page.locator(".ds-trouble")).to_have_count(1)
    for path in (f"/subscriptions/{customer.subscription_ids[0]}", PATH):
        portal.page.goto(f"{service.address}{path}")
        expect(trouble(portal)).to_contain_text("The bank declined the card.")
    axe(portal.page)

    # "Update card" leads to where one is added, with the address that it is to pay for.
    update = trouble(portal).get_by_role("button", name="Update card")
    form = update.locator("xpath=ancestor::form")
    assert form.get_attribute("action") == f"{PATH}/add"
    assert form.locator("input[name=address]").input_value() == str(customer.address_id)

    # The card that is there already will do as well.
    card(portal, "4242").get_by_role("button", name="Use for an address").click()
    expect(portal.confirmation).to_contain_text("The shop tries it again on")
    portal.confirm.click()
    expect(portal.notice).to_contain_text("now pays for deliveries")
    assert pays(service, customer.address_id) == good
    expect(trouble(portal)).to_contain_text("Your new card is known")
    with portal.presses(2):
        trouble(portal).get_by_role("button", name="Try again now").click()
        expect(portal.confirmation).to_contain_text("You pay")
        portal.confirm.click()
    expect(portal.notice).to_contain_text("Your order is placed.")
    expect(trouble(portal)).to_have_count(0)
    assert service.charges(customer.id, status="error") == []


def test_it_fits_on_the_smallest_screen(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    fail_payment(service, customer)
    portal.page.set_viewport_size(SMALL)
    id = methods(service, customer)[0]["id"]
    portal.sign_in(customer)
    for path in ("/", PATH, f"{PATH}/{id}"):
        portal.page.goto(f"{service.address}{path}")
        expect(portal.page.locator(".ds-trouble").first).to_be_visible()
        width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert portal.page.evaluate(width), path

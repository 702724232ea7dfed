"""Recharge's guide to customer portals has a table of what each part of a portal should do. These
are the rows of "Purchase History" and of "Shipping Addresses and Payment Methods", and the journey
that walks each; those without another place are here.

=============================  ====================================================================
See past charges               test_history_journey: orders are found by keyboard
Show charge status             here: each payment says how it stands
View order details             test_orders_journey: an order is read from the list to its receipt
Shipping addresses             here: each address has its card, and each card its billing address
E-mail of the customer         test_account_journey: a new address needs its code
Data for cards on file         test_payment_journey: see what pays for what
View all addresses             test_address_journey: the list and one of it
Update shipping address        test_address_journey: one subscription, everything, one delivery; and
                               here: several subscriptions go to another address
Update billing address         test_payment_journey: edit the billing address by keyboard
Add additional addresses       test_address_journey: a new address; it has a card at once
Add new payment method         test_card_journey: a card is added and pays
Update card for payment        here: a new card takes the place of one that was declined
=============================  ====================================================================
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.portal import PortalPage
from tests.browser.service import NewCustomer, Service

CHANGE_ADDRESS = "POST /subscriptions/{id}/change_address"
MASTERCARD = {
    "Card number": "5555 5555 5555 4444",
    "Expiry date": "12/34",
    "Security code": "737",
    "Name on the card": "Robin Number",
}


def article(page: Page, kind: str, text: str) -> Locator:
    return page.locator(f"[data-component={kind}]").filter(has_text=text)


def new_card(service: Service, customer: NewCustomer, token: str, **more: Any) -> int:
    """A further card in the account, which pays for nothing."""
    body = {
        "customer_id": customer.id,
        "payment_type": "CREDIT_CARD",
        "processor_name": "stripe",
        "processor_customer_token": f"cus_rows{customer.id}",
        "processor_payment_method_token": token,
        **more,
    }
    answer = service.sandbox.post("/payment_methods", json=body).raise_for_status()
    return int(answer.json()["payment_method"]["id"])


def pays_with(service: Service, address_id: int, method_id: int) -> None:
    service.sandbox.put(
        f"/addresses/{address_id}", json={"payment_method_id": method_id}, params={"commit": "true"}
    ).raise_for_status()


def paid(service: Service, customer: NewCustomer) -> int:
    """The next charge is paid. Gives its id."""
    [charge] = service.charges(customer.id, status="queued")
    service.sandbox.post(f"/charges/{charge['id']}/process").raise_for_status()
    return int(charge["id"])


def test_each_payment_says_how_it_stands(portal: PortalPage, service: Service) -> None:
    """Show charge status."""
    customer = service.new_customer(subscriptions=1)
    paid(service, customer)
    for refund in ({"amount": "1.00"}, {"full_refund": True}):
        id = paid(service, customer)
        service.sandbox.post(f"/charges/{id}/refund", json=refund).raise_for_status()
    declined = new_card(service, customer, "pm_card_visa_chargeDeclined")
    pays_with(service, customer.address_id, declined)
    [queued] = service.charges(customer.id, status="queued")
    service.sandbox.post(f"/charges/{queued['id']}/process")

    portal.sign_in(customer, "/orders")
    entries = portal.page.locator("[data-component=order-entry]")
    expect(entries).to_have_count(4)
    for button, words in (
        ("Ordered", ["Ordered"]),
        ("Refunded", ["Refunded", "Partly refunded"]),
        ("Failed", ["Payment failed"]),
    ):
        portal.page.get_by_role("button", name=button, exact=True).click()
        expect(entries).to_have_count(len(words))
        for word in words:
            expect(entries.filter(has=portal.page.get_by_text(word, exact=True))).to_have_count(1)
    # What is still to come is no purchase: it stands in the schedule, with what it will cost.
    portal.page.goto(f"{service.address}/schedule")
    expect(portal.timeline.get_by_role("listitem").first).to_contain_text("$")


def test_each_address_has_its_card_and_each_card_its_billing_address(
    portal: PortalPage, service: Service
) -> None:
    """Shipping addresses."""
    customer = service.new_customer(subscriptions=1)
    quay = service.add_address(customer, "3 Quay Road")
    billed = {
        "first_name": "Robin",
        "last_name": "Number",
        "address1": "77 Office Park",
        "city": "Boston",
        "province": "Massachusetts",
        "zip": "02110",
        "country_code": "US",
    }
    method = new_card(service, customer, "pm_card_mastercard", billing_address=billed)
    pays_with(service, quay, method)
    portal.sign_in(customer, "/addresses")
    page = portal.page
    expect(article(page, "address-card", "12 Harbour Lane")).to_contain_text("Visa ending in 4242")
    paid_with = article(page, "address-card", "3 Quay Road").get_by_role("link", name="Mastercard")

    paid_with.click()

    expect(page).to_have_url(f"{service.address}/payment-methods/{method}")
    details = page.locator("[data-component=payment-method-details]")
    expect(details).to_contain_text("77 Office Park")
    expect(details).to_contain_text("3 Quay Road")
    expect(details).not_to_contain_text("12 Harbour Lane")


def test_several_subscriptions_go_to_another_address(portal: PortalPage, service: Service) -> None:
    """Update shipping address: one call for each subscription."""
    customer = service.new_customer(subscriptions=3)
    quay = service.add_address(customer, "3 Quay Road")
    service.forget_counters()
    portal.sign_in(customer, "/subscriptions")
    page = portal.page
    page.get_by_role("button", name="Change several").click()
    boxes = portal.confirmation.get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    for box in boxes.all()[:2]:
        box.check()
    portal.confirmation.locator("[data-key=kind]").select_option(label="Address")
    portal.confirmation.get_by_role("radio", name="3 Quay Road").check()
    expect(portal.confirm).to_be_enabled()
    portal.confirm.click()

    expect(portal.notice).to_contain_text("3 Quay Road")
    going = [service.subscription(id)["address_id"] for id in customer.subscription_ids]
    assert sorted(going) == sorted([customer.address_id, quay, quay])
    assert service.executed(CHANGE_ADDRESS) == 2


def test_a_new_card_takes_the_place_of_one_that_was_declined(
    portal: PortalPage, service: Service
) -> None:
    """Update card for payment: a new payment method, and its id at the address."""
    customer = service.new_customer(subscriptions=1)
    declined = new_card(service, customer, "pm_card_visa_chargeDeclined")
    pays_with(service, customer.address_id, declined)
    [queued] = service.charges(customer.id, status="queued")
    service.sandbox.post(f"/charges/{queued['id']}/process")
    portal.sign_in(customer).prove(customer, "/payment-methods")
    page = portal.page
    trouble = page.locator(".ds-trouble").first
    expect(trouble).to_contain_text("The bank declined the card.")

    trouble.get_by_role("button", name="Update card").click()
    expect(page.get_by_role("checkbox", name="12 Harbour Lane")).to_be_checked()
    page.get_by_role("button", name="Continue to the card").click()
    form = page.frame_locator("iframe")
    for label, text in MASTERCARD.items():
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name="Save this card").click()

    expect(portal.notice).to_contain_text("Mastercard ending in 4444 is in your account now")
    address = service.sandbox.get(f"/addresses/{customer.address_id}").json()["address"]
    method = service.sandbox.get(f"/payment_methods/{address['payment_method_id']}").json()
    assert method["payment_method"]["payment_details"]["last4"] == "4444"
    expect(trouble).to_contain_text("Your new card is known")
    trouble.get_by_role("button", name="Try again now").click()
    portal.confirm.click()
    expect(portal.notice).to_contain_text("Your order is placed.")
    expect(page.locator(".ds-trouble")).to_have_count(0)
    assert service.charges(customer.id, status="error") == []

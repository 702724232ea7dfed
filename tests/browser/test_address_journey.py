"""Addresses in a browser: one after the other of what the guide's table has for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.portal import DESKTOP, PHONE, PortalPage, press_key, tab_to
from tests.browser.service import NewCustomer, Service

NARROW: ViewportSize = {"width": 320, "height": 720}


def addresses_of(service: Service, customer: NewCustomer) -> list[dict[str, Any]]:
    """The customer's addresses as the shop has them, oldest first."""
    answer = service.sandbox.get("/addresses", params={"customer_id": customer.id, "limit": 250})
    found: list[dict[str, Any]] = answer.raise_for_status().json()["addresses"]
    return sorted(found, key=lambda one: int(one["id"]))


def subscription_of(service: Service, id: int) -> dict[str, Any]:
    answer = service.sandbox.get(f"/subscriptions/{id}").raise_for_status()
    found: dict[str, Any] = answer.json()["subscription"]
    return found


def second_address(service: Service, customer: NewCustomer, **more: Any) -> int:
    """Another address of the customer's, paid with the same card."""
    known = addresses_of(service, customer)[0]
    values = {
        name: known[name]
        for name in (
            "customer_id", "payment_method_id", "first_name", "last_name", "city", "province",
            "zip", "country_code",
        )
    }  # fmt: skip
    body = values | {"address1": "3 Quay Road"} | more
    made = service.sandbox.post("/addresses", json=body).raise_for_status().json()
    return int(made["address"]["id"])


def field(place: Page | Locator, name: str) -> Locator:
    return place.get_by_label(name, exact=True)


def write(place: Page | Locator, **values: str) -> None:
    """Fill fields in by their keys, and leave each."""
    for key, text in values.items():
        entry = place.locator(f"[data-key={key}]")
        entry.fill(text)
        entry.blur()


def fits(page: Page) -> bool:
    """Whether nothing stands out at the side."""
    width: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return width <= 0


@pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP], ids=["320", "phone", "desktop"])
def test_the_list_and_one_of_it(
    portal: PortalPage, service: Service, axe: Callable[[Page], None]
) -> None:
    page = portal.page
    customer = service.new_customer(subscriptions=2)
    portal.sign_in(customer, "/addresses")
    card = page.locator("[data-component=address-card]")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("12 Harbour Lane")
    expect(card).to_contain_text("2 subscriptions")
    assert fits(page)
    axe(page)

    card.get_by_role("link", name="Details").click()

    expect(page).to_have_url(re.compile(rf"/addresses/{customer.address_id}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("12 Harbour Lane, Portland")
    assert fits(page)
    axe(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Addresses")


def test_an_address_of_nobody_or_of_somebody_else_is_not_found(
    portal: PortalPage, service: Service
) -> None:
    other = service.new_customer()
    portal.sign_in(service.new_customer())

    for path in (f"/addresses/{other.address_id}", "/addresses/1", "/addresses/x"):
        answer = portal.page.goto(f"{service.address}{path}")
        assert answer is not None
        assert answer.status == 404
        expect(portal.page.get_by_text("There is nothing here")).to_be_visible()


def test_a_new_address_with_what_is_wrong_at_its_field(
    portal: PortalPage, service: Service, axe: Callable[[Page], None]
) -> None:
    page = portal.page
    customer = service.new_customer()
    portal.sign_in(customer, "/addresses")
    page.get_by_role("link", name="Add an address").click()
    expect(page).to_have_url(re.compile("/addresses/new$"))
    press = page.get_by_role("button", name="Add this address")
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)

    press.click()  # nothing is written

    street = page.locator("[data-key=address1]")
    expect(street).to_be_focused()
    expect(street).to_have_attribute("aria-invalid", "true")
    axe(page)
    write(page, address1="Straße 5 — 北通り", city="Portland", zip="99999")
    page.locator("[data-key=province]").select_option(label="Maine")
    expect(page.locator("[data-key=zip]")).to_have_attribute("aria-invalid", "true")
    expect(street).not_to_have_attribute("aria-invalid", "true")
    write(page, zip="04103")
    expect(page.get_by_text("Straße 5 — 北通り").first).to_be_visible()  # as it will be

    press.click()

    expect(page).to_have_url(re.compile("/addresses$"))
    expect(portal.notice).to_contain_text("is added")
    made = addresses_of(service, customer)[-1]
    assert (made["address1"], made["zip"]) == ("Straße 5 — 北通り", "04103")
    assert made["payment_method_id"] is not None
    expect(page.locator("[data-component=address-card]")).to_have_count(2)

    portal.notice.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-component=address-card]")).to_have_count(1)


def test_everything_goes_to_the_changed_address(portal: PortalPage, service: Service) -> None:
    page = portal.page
    customer = service.new_customer(subscriptions=2)
    portal.sign_in(customer, f"/addresses/{customer.address_id}")
    page.get_by_role("button", name="Edit address").click()
    write(portal.confirmation, address1="8 Harbor Road")
    expect(portal.confirmation).to_contain_text("go to 8 Harbor Road, Portland")
    expect(portal.confirmation).to_contain_text("All deliveries keep their dates.")

    portal.confirmation.get_by_role("button", name="Change the address for everything").click()

    expect(portal.notice).to_contain_text("now go to 8 Harbor Road, Portland")
    assert [one["address1"] for one in addresses_of(service, customer)] == ["8 Harbor Road"]
    portal.notice.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("12 Harbour Lane, Portland")


def test_one_subscription_goes_to_a_new_address(portal: PortalPage, service: Service) -> None:
    page = portal.page
    customer = service.new_customer(subscriptions=2)
    moving, staying = customer.subscription_ids
    portal.sign_in(customer, f"/subscriptions/{moving}")
    page.get_by_role("button", name="Change address").click()
    dialog = portal.confirmation
    write(dialog, address1="8 Harbor Road", city="Portland", zip="04101")
    dialog.locator("[data-key=province]").select_option(label="Maine")
    expect(dialog.get_by_role("radio")).to_have_count(3)  # it alone, everything, this delivery
    expect(dialog).to_contain_text("still go to 12 Harbour Lane, Portland")

    dialog.get_by_role("button", name="Deliver to 8 Harbor Road, Portland").click()

    expect(portal.notice).to_contain_text("now goes to 8 Harbor Road, Portland")
    made = addresses_of(service, customer)[-1]
    assert subscription_of(service, moving)["address_id"] == made["id"]
    assert subscription_of(service, staying)["address_id"] == customer.address_id


def test_one_delivery_goes_elsewhere_by_keyboard_alone(
    portal: PortalPage, service: Service
) -> None:
    page = portal.page
    customer = service.new_customer(subscriptions=2)
    other = second_address(service, customer)
    due = subscription_of(service, customer.subscription_ids[0])["next_charge_scheduled_at"]
    portal.sign_in(customer)
    press_key(portal.next_delivery.get_by_role("button", name="More", exact=False).first)
    press_key(page.get_by_role("button", name="Send elsewhere once"))
    tab_to(portal.confirmation.get_by_role("radio").first)
    expect(portal.confirmation).to_contain_text("Sent to")
    press_key(portal.confirm)

    expect(portal.notice).to_contain_text("goes to 3 Quay Road, Portland this once")
    answer = service.sandbox.get("/onetimes", params={"customer_id": customer.id})
    once = answer.raise_for_status().json()["onetimes"]
    assert {(one["address_id"], one["next_charge_scheduled_at"]) for one in once} == {(other, due)}
    assert len(once) == 2
    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text("as it was")
    answer = service.sandbox.get("/onetimes", params={"customer_id": customer.id})
    assert answer.json()["onetimes"] == []


def test_only_scopes_that_differ_are_offered(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    portal.sign_in(customer, f"/subscriptions/{customer.subscription_ids[0]}")
    portal.page.get_by_role("button", name="Change address").click()

    scopes = portal.confirmation.get_by_role("radio")
    expect(scopes).to_have_count(2)
    expect(portal.confirmation.get_by_label("Everything, from now on")).to_be_checked()


def test_an_address_in_use_says_by_what_and_moves_it(portal: PortalPage, service: Service) -> None:
    page = portal.page
    customer = service.new_customer(subscriptions=2)
    other = second_address(service, customer)
    portal.sign_in(customer, f"/addresses/{customer.address_id}")
    page.get_by_role("button", name="Delete address").click()
    dialog = portal.confirmation
    expect(dialog.get_by_role("alert")).to_contain_text(
        "is still needed, so it cannot be deleted yet"
    )
    expect(portal.confirm).to_have_attribute("aria-disabled", "true")

    dialog.get_by_label("3 Quay Road, Portland").check()
    expect(dialog).to_contain_text("12 Harbour Lane, Portland is deleted.")
    expect(dialog).to_contain_text("This cannot be undone here.")
    dialog.get_by_role("button", name="Move everything to 3 Quay Road, Portland").click()

    expect(portal.notice).to_contain_text("Everything now goes to 3 Quay Road, Portland")
    expect(page.get_by_text("There is nothing here")).to_be_visible()
    assert [one["id"] for one in addresses_of(service, customer)] == [other]
    for id in customer.subscription_ids:
        assert subscription_of(service, id)["address_id"] == other


def test_merging_says_what_moves_and_what_came_of_each_step(
    portal: PortalPage, service: Service, axe: Callable[[Page], None]
) -> None:
    page = portal.page
    customer = service.new_customer(subscriptions=2)
    other = second_address(service, customer)
    service.sandbox.post(
        f"/subscriptions/{customer.subscription_ids[1]}/change_address", json={"address_id": other}
    ).raise_for_status()
    second_address(service, customer, address1="5 Rue Neuve", presentment_currency="EUR")
    portal.sign_in(customer, "/addresses")
    expect(page.locator("[data-component=address-card]")).to_have_count(3)
    page.get_by_role("button", name="Merge addresses").click()
    dialog = portal.confirmation
    expect(dialog).to_contain_text("is paid in another currency, so it stays as it is")
    expect(dialog).to_contain_text("is deleted.")
    axe(page)
    service.plan_fault("422", f"/addresses/{other}", method="DELETE")

    portal.confirm.click()

    expect(portal.notice).to_contain_text("1 of 2 done")
    assert len(addresses_of(service, customer)) == 3
    portal.notice.get_by_role("button", name="Try the rest").click()
    expect(portal.notice).to_contain_text("The rest is done now")
    assert other not in [one["id"] for one in addresses_of(service, customer)]


def test_the_delivery_note_and_the_card(portal: PortalPage, service: Service) -> None:
    page = portal.page
    customer = service.new_customer()
    portal.sign_in(customer, f"/addresses/{customer.address_id}")
    page.get_by_role("button", name="Delivery note").click()
    write(portal.confirmation, note="Ring twice, please.\nمرّتين")
    expect(portal.confirmation).to_contain_text("It goes with your deliver")
    portal.confirmation.get_by_role("button", name="Save the note").click()

    expect(portal.notice).to_contain_text("The delivery note for")
    assert addresses_of(service, customer)[0]["order_note"] == "Ring twice, please.\nمرّتين"
    expect(page.get_by_text("Ring twice, please.")).to_be_visible()
    expect(page.get_by_role("button", name="Choose the card")).to_have_count(0)  # there is one

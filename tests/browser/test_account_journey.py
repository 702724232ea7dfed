"""The account: name, e-mail address, devices, data, and no place for a card number."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.portal import PHONE, PortalPage, press_key
from tests.browser.service import NewCustomer, Service

UPDATE = "PUT /customers/{id}"
CARD = "4539 1488 0343 6467"
"""Of this test alone: other tests search for theirs in the same files."""


def customer_of(service: Service, customer: NewCustomer) -> dict[str, object]:
    answer = service.sandbox.get(f"/customers/{customer.id}")
    found: dict[str, object] = answer.json()["customer"]
    return found


def test_a_name_changes_and_comes_back(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer()
    portal.sign_in(customer, "/account")
    page, before = portal.page, customer_of(service, customer)
    page.get_by_role("button", name="Change your name").click()
    page.get_by_label("First name").fill("Zoë 明")
    page.get_by_label("Last name").fill("")
    page.get_by_label("Last name").press("Tab")
    wrong = page.get_by_label("Last name")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(portal.confirmation).to_contain_text("Please write your last name.")
    portal.confirm.click()
    expect(wrong).to_be_focused()
    wrong.fill("O\u2019Neill")
    wrong.press("Tab")
    expect(portal.confirmation).to_contain_text("Zoë 明 O\u2019Neill")
    portal.confirm.click()
    expect(portal.notice).to_contain_text("Your name is now Zoë 明 O\u2019Neill.")
    found = customer_of(service, customer)
    assert (found["first_name"], found["last_name"]) == ("Zoë 明", "O\u2019Neill")
    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text(f"Your name is now {before['first_name']}")
    expect(page.locator("[data-key=row-name]")).not_to_contain_text("Zoë")
    assert customer_of(service, customer)["first_name"] == before["first_name"]


def test_a_new_address_needs_its_code_and_the_old_one_is_told(
    portal: PortalPage, service: Service
) -> None:
    customer = service.new_customer()
    new = f"moved-{customer.id}@example.org"
    portal.sign_in(customer, "/account")
    page = portal.page
    press_key(page.get_by_role("button", name="Change your e-mail address"))
    page.get_by_label("New e-mail address").fill(new)
    press_key(portal.confirm)
    # The first code goes to the address that the shop has, and none to the new one before.
    code_field = page.get_by_label("Code", exact=True)
    expect(code_field).to_be_focused()
    code_field.fill(service.code(customer.email))
    assert service.mails(new) == []
    press_key(portal.confirm)
    expect(portal.confirmation).to_contain_text(new)
    expect(code_field).to_be_focused()
    code = service.code(new)
    assert customer_of(service, customer)["email"] == customer.email

    # The customer looks for the mail, and the page is loaded anew meanwhile.
    page.reload()
    page.get_by_role("button", name="Enter the code").click()
    code_field.fill(f"{(int(code) + 1) % 10**6:06d}")
    portal.confirm.click()
    expect(portal.confirmation).to_contain_text("You can try 4 more times.")
    expect(code_field).to_be_focused()
    code_field.fill(code)
    portal.confirm.click()

    expect(portal.notice).to_contain_text(f"Your e-mail address is now {new}.")
    expect(page.locator("[data-key=row-email]")).to_contain_text(new)
    assert customer_of(service, customer)["email"] == new
    told = service.arrived(customer.email, at_least=2)[0]
    assert told["subject"] == "Your e-mail address was changed"
    assert "Was this not you?" in told["text"]
    assert new not in told["text"]


def test_a_device_that_is_signed_out_closes_its_pages(
    portal: PortalPage, service: Service, browser: Browser
) -> None:
    customer = service.new_customer()
    context = browser.new_context(viewport=PHONE)
    try:
        phone = PortalPage(context.new_page(), service).sign_in(customer, "/schedule")
        expect(phone.page.get_by_role("heading", level=1)).to_have_text("Schedule")
        portal.sign_in(customer, "/account/devices")
        rows = portal.page.locator("[data-key=devices] li")
        expect(rows).to_have_count(2)
        expect(rows.first).to_contain_text("This device")
        expect(rows.nth(1)).to_contain_text("Chrome on")
        portal.page.get_by_role("button", name="Sign out: Chrome").click()
        expect(portal.notice).to_contain_text("That device is signed out.")
        expect(phone.page).to_have_url(re.compile(r"/sign-in\?"), timeout=5_000)
        expect(rows).to_have_count(1)
    finally:
        context.close()


def test_signing_out_everywhere_closes_all(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer()
    portal.sign_in(customer, "/account")
    other = portal.tab("/schedule")
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Schedule")
    portal.page.get_by_role("button", name="Sign out everywhere").click()
    expect(portal.page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(other.page).to_have_url(re.compile("/sign-in"), timeout=5_000)


def test_all_data_can_be_taken_along(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer()
    portal.sign_in(customer, "/account")
    with portal.page.expect_download() as download:
        portal.page.get_by_role("link", name="Download my data").click()
    file = Path(download.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        (mine,) = json.loads(archive.read("recharge/customer.json"))
    assert mine["email"] == customer.email
    assert download.value.suggested_filename.startswith("my-data-")


def test_a_card_number_in_a_field_of_ours_stays_in_the_browser(
    portal: PortalPage, service: Service
) -> None:
    customer = service.new_customer()
    service.forget_counters()
    portal.sign_in(customer, "/account")
    page = portal.page
    page.get_by_role("button", name="Change your phone number").click()
    page.get_by_label("Phone number", exact=True).fill(CARD)
    page.get_by_label("Phone number", exact=True).press("Tab")
    expect(portal.confirmation.get_by_role("alert")).to_contain_text("looks like a card number")
    portal.confirmation.get_by_role("button", name="Keep it as it is").click()
    expect(portal.notice).to_contain_text("looks like a card number")
    assert service.executed(UPDATE) == 0
    for file in Path(f"/proc/{service.pid}/cwd").resolve().rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert CARD.encode() not in held, file.name
            assert CARD.replace(" ", "").encode() not in held, file.name

"""Ordering now: three presses on a phone, by keyboard alone, and from two tabs at once."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Locator, expect

from tests.browser.portal import PortalPage, in_words, press_key
from tests.browser.service import NewCustomer, Service

PROCESS = "POST /charges/{id}/process"


def amount(service: Service, customer: NewCustomer) -> str:
    """What the next delivery costs, as the shop has it."""
    [charge] = service.charges(customer.id, status="queued")
    return f"${charge['total_price']}"


def more(portal: PortalPage) -> Locator:
    return portal.next_delivery.get_by_role("button", name="More for the delivery")


def order_now(portal: PortalPage, customer: NewCustomer) -> Locator:
    name = f"Order now: the delivery of {in_words(customer.next_date)}"
    return portal.next_delivery.get_by_role("button", name=name)


def pay(portal: PortalPage, cost: str) -> Locator:
    return portal.confirmation.get_by_role("button", name=f"Pay {cost} now")


def test_order_now_in_three_presses(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=2)
    cost = amount(service, customer)
    portal.sign_in(customer)

    with portal.presses(3):
        more(portal).click()
        order_now(portal, customer).click()
        # What it costs, on which card, what comes and where, and that it is final.
        dialog = portal.confirmation
        expect(dialog).to_contain_text(f"You pay {cost} now, with")
        expect(dialog).to_contain_text("ending in")
        expect(dialog).to_contain_text("12 Harbour Lane")
        expect(dialog).to_contain_text("This cannot be undone here")
        expect(pay(portal, cost)).to_be_in_viewport()
        assert service.executed(PROCESS) == 0
        pay(portal, cost).click()

    expect(portal.notice).to_contain_text(f"Your order is placed. You paid {cost}.")
    expect(portal.notice.get_by_role("button", name="Undo")).to_have_count(0)
    later = customer.next_date + timedelta(weeks=2)
    expect(portal.next_delivery.get_by_role("heading")).to_contain_text(f"{later:%B} {later.day}")
    assert service.executed(PROCESS) == 1
    assert [each["id"] for each in service.charges(customer.id, status="success")] == [
        customer.charge_id
    ]


def test_order_now_by_keyboard(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    cost = amount(service, customer)
    portal.sign_in(customer)

    press_key(more(portal))
    press_key(order_now(portal, customer))
    expect(pay(portal, cost)).to_be_visible()
    # Escape leaves all as it was; then it is meant.
    portal.page.keyboard.press("Escape")
    expect(portal.confirmation).to_have_count(0)
    assert service.executed(PROCESS) == 0

    with portal.presses(3, by="key"):
        press_key(more(portal))
        press_key(order_now(portal, customer))
        press_key(pay(portal, cost))
    expect(portal.notice).to_contain_text("Your order is placed")
    assert service.executed(PROCESS) == 1


def test_enter_and_click_and_an_impatient_hand_make_one_payment(
    portal: PortalPage, service: Service
) -> None:
    customer = service.new_customer(subscriptions=1)
    cost = amount(service, customer)
    portal.sign_in(customer)
    service.plan_fault("delay", f"/charges/{customer.charge_id}/process")
    more(portal).click()
    order_now(portal, customer).click()
    confirm = pay(portal, cost)
    confirm.focus()
    confirm.evaluate("button => { button.click(); button.click(); button.click() }")

    expect(portal.notice).to_contain_text("Your order is placed")
    assert service.executed(PROCESS) == 1


def test_two_tabs_at_once_make_one_payment(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    cost = amount(service, customer)
    portal.sign_in(customer)
    other = portal.tab()
    for tab in (portal, other):
        more(tab).click()
        order_now(tab, customer).click()
        expect(pay(tab, cost)).to_be_visible()
    service.plan_fault("delay", f"/charges/{customer.charge_id}/process")

    pay(portal, cost).click(no_wait_after=True)
    pay(other, cost).click(no_wait_after=True)

    # Each has a socket of its own, so nobody knows which press arrives first.
    told = []
    for tab in (portal, other):
        expect(tab.notice).not_to_be_empty()
        told.append("Your order is placed. You paid" in tab.notice.inner_text())
    assert sorted(told) == [False, True]
    assert service.executed(PROCESS) == 1
    assert service.sandbox.get(f"/charges/{customer.charge_id}").json()["charge"]["status"] == (
        "success"
    )

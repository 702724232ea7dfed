"""Moving what comes next: three presses on a phone, and the same with the keyboard alone."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.portal import PortalPage, heading, in_words, press_key, tab_to
from tests.browser.service import NewCustomer, Service

MOVE_CHARGE = "POST /charges/{id}/change_next_charge_date"
SET_DATE = "POST /subscriptions/{id}/set_next_charge_date"


def due_on(service: Service, customer: NewCustomer) -> list[str]:
    """The days of the customer's queued charges, by date."""
    charges = service.charges(customer.id, status="queued")
    return sorted(str(each["scheduled_at"])[:10] for each in charges)


def test_a_delivery_moves_with_three_presses(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=2)
    to = customer.next_date + timedelta(days=14)
    portal.sign_in(customer)

    with portal.presses(3):
        portal.next_delivery.get_by_role("button", name="Change date of the delivery").click()
        expect(portal.confirmation).to_contain_text("When should your delivery")
        portal.confirmation.get_by_text("Two weeks later").click()
        confirm = portal.confirmation.get_by_role("button", name=f"Move to {in_words(to)}")
        expect(confirm).to_be_in_viewport()
        assert service.executed(MOVE_CHARGE) == 0
        confirm.click()

    expect(portal.next_delivery.get_by_role("heading")).to_have_text(heading(to))
    expect(portal.notice).to_contain_text(in_words(to))
    assert service.executed(MOVE_CHARGE) == 1
    assert due_on(service, customer) == [to.isoformat()]

    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text(f"now comes on {in_words(customer.next_date)}")
    expect(portal.next_delivery.get_by_role("heading")).to_have_text(heading(customer.next_date))
    assert due_on(service, customer) == [customer.next_date.isoformat()]


def test_a_subscription_moves_with_three_presses(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=2)
    [one, _] = customer.subscription_ids
    to = customer.next_date + timedelta(days=3)
    portal.sign_in(customer, f"/subscriptions/{one}")

    with portal.presses(3):
        portal.page.get_by_role("button", name="Change date of").click()
        portal.confirmation.get_by_text("A few days later").click()
        portal.confirmation.get_by_role("button", name=f"Move to {in_words(to)}").click()

    expect(portal.notice).to_contain_text(in_words(to))
    assert service.executed(SET_DATE) == 1
    assert due_on(service, customer) == [customer.next_date.isoformat(), to.isoformat()]


def test_a_day_of_the_calendar_with_the_keyboard_alone(
    portal: PortalPage, service: Service
) -> None:
    customer = service.new_customer(subscriptions=1)
    [one] = customer.subscription_ids
    portal.sign_in(customer, f"/subscriptions/{one}")
    page = portal.page
    button = page.get_by_role("button", name="Change date of")
    press_key(button)
    expect(portal.confirmation).to_be_visible()

    # Escape leaves everything as it was and gives the focus back.
    page.keyboard.press("Escape")
    expect(portal.confirmation).to_have_count(0)
    expect(button).to_be_focused()

    with portal.presses(3, by="key"):
        page.keyboard.press("Enter")
        chosen = portal.confirmation.get_by_role("radio", name="One week later")
        expect(chosen).to_be_checked()
        tab_to(chosen)
        for _ in range(3):
            page.keyboard.press("ArrowDown")
            if portal.confirmation.get_by_role("radio", name="Another date").is_checked():
                break
        day = portal.confirmation.locator("[role=gridcell][aria-selected=true]")
        tab_to(day)
        shown = date.fromisoformat(str(day.get_attribute("data-day")))
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        to = shown + timedelta(days=1)
        press_key(portal.confirmation.get_by_role("button", name=f"Move to {in_words(to)}"))

    expect(portal.notice).to_contain_text(in_words(to))
    assert service.executed(SET_DATE) == 1
    assert due_on(service, customer) == [to.isoformat()]

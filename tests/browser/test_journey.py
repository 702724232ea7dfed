"""The journey that the portal is for: see what comes next, skip it, take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.portal import DESKTOP, PHONE, PortalPage, in_words, tab_to
from tests.browser.service import Service

SKIP = "POST /charges/{id}/skip"
UNSKIP = "POST /charges/{id}/unskip"


BOTH_SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@BOTH_SIZES
def test_see_what_comes_next_skip_it_undo_it_and_find_the_truth(
    portal: PortalPage, service: Service
) -> None:
    customer = service.new_customer(subscriptions=2)
    portal.sign_in(customer)

    # What comes next stands first: when, what, how much, where to, paid how, and until when.
    [charge] = service.charges(customer.id, status="queued")
    shown = portal.next_delivery
    expect(shown.get_by_role("heading")).to_have_text(
        f"{customer.next_date:%A, %B} {customer.next_date.day}, {customer.next_date.year}"
    )
    for item in charge["line_items"]:
        expect(shown).to_contain_text(item["title"])
    expect(shown).to_contain_text(f"${charge['total_price']}")
    expect(shown).to_contain_text("12 Harbour Lane")
    expect(shown).to_contain_text("ending in")
    until = in_words(customer.next_date - timedelta(days=1))
    expect(shown).to_contain_text(f"Change until {until}, 11:59")
    expect(portal.cards).to_have_count(2)
    expect(portal.timeline.get_by_role("listitem").first).to_contain_text(
        in_words(customer.next_date)
    )

    # Skipping says first what it will change.
    later = customer.next_date + timedelta(weeks=2)
    portal.skip_button.click()
    expect(portal.confirmation).to_contain_text(
        f"You will not be charged ${charge['total_price']} on {in_words(customer.next_date)}."
    )
    expect(portal.confirmation).to_contain_text(in_words(later))
    assert service.executed(SKIP) == 0
    portal.confirm_button(customer.next_date).click()

    # It happens, is told, and can be undone.
    expect(portal.confirmation).to_have_count(0)
    expect(portal.next_delivery.get_by_role("heading")).to_contain_text(
        f"{later:%A, %B} {later.day}"
    )
    expect(portal.notice).to_contain_text("skipped")
    assert service.executed(SKIP) == 1
    assert [each["id"] for each in service.charges(customer.id, status="skipped")] == [charge["id"]]
    portal.page.reload()
    expect(portal.next_delivery.get_by_role("heading")).to_contain_text(f"{later:%B} {later.day}")
    entry = portal.entry(customer.next_date)
    expect(entry).to_contain_text("Skipped")

    entry.get_by_text("Put it back").click()
    expect(portal.next_delivery.get_by_role("heading")).to_contain_text(
        f"{customer.next_date:%B} {customer.next_date.day}"
    )
    expect(portal.notice).to_contain_text("planned again")
    assert service.executed(UNSKIP) == 1
    portal.page.reload()
    expect(portal.next_delivery.get_by_role("heading")).to_contain_text(
        f"{customer.next_date:%B} {customer.next_date.day}"
    )
    assert service.charges(customer.id, status="skipped") == []


def test_undo_stands_in_the_notice(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer()
    portal.sign_in(customer)
    portal.skip_next(customer.next_date)
    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text("planned again")
    expect(portal.next_delivery.get_by_role("heading")).to_contain_text(
        f"{customer.next_date:%B} {customer.next_date.day}"
    )
    assert (service.executed(SKIP), service.executed(UNSKIP)) == (1, 1)
    assert service.charges(customer.id, status="skipped") == []


@BOTH_SIZES
def test_with_the_keyboard_alone(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    portal.sign_in(customer)
    expect(portal.skip_button).to_be_visible()
    portal.page.keyboard.press("Tab")
    expect(portal.page.get_by_role("link", name="Skip to content")).to_be_focused()
    portal.page.keyboard.press("Enter")
    portal.page.keyboard.press("Tab")
    expect(portal.skip_button).to_be_focused()

    # Escape leaves everything as it was and gives the focus back.
    portal.page.keyboard.press("Enter")
    expect(portal.confirmation).to_be_visible()
    portal.page.keyboard.press("Escape")
    expect(portal.confirmation).to_have_count(0)
    expect(portal.skip_button).to_be_focused()
    assert service.executed(SKIP) == 0

    with portal.presses(2, by="key"):
        portal.page.keyboard.press("Enter")
        tab_to(portal.confirm_button(customer.next_date))
        portal.page.keyboard.press("Enter")
    expect(portal.notice).to_contain_text("skipped")
    assert service.executed(SKIP) == 1
    [skipped] = service.charges(customer.id, status="skipped")
    assert skipped["id"] == customer.charge_id


def test_two_presses_make_one_change(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    portal.sign_in(customer)
    service.plan_fault("delay", f"/charges/{customer.charge_id}/skip")
    portal.skip_button.click()
    confirm = portal.confirm_button(customer.next_date)
    confirm.evaluate("button => { button.click(); button.click(); button.click() }")
    expect(portal.notice).to_contain_text("skipped")
    assert service.executed(SKIP) == 1


def test_nothing_is_wider_than_a_small_phone(page: Page, service: Service) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    portal = PortalPage(page, service)
    portal.sign_in(101)
    for path in ("/", "/subscriptions", "/schedule", "/subscriptions/301"):
        page.goto(f"{service.address}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, path


def test_views_are_deep_links_and_back_goes_back(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    [subscription] = customer.subscription_ids
    portal.sign_in(customer, f"/subscriptions/{subscription}")
    title = portal.page.get_by_role("heading", level=1)
    expect(title).not_to_have_text("")
    portal.page.get_by_role("link", name="Schedule").click()
    expect(portal.page).to_have_url(f"{service.address}/schedule")
    expect(title).to_have_text("Schedule")
    expect(title).to_be_focused()
    expect(portal.page.get_by_role("link", name="Schedule")).to_have_attribute(
        "aria-current", "page"
    )
    portal.page.go_back()
    expect(portal.page).to_have_url(f"{service.address}/subscriptions/{subscription}")
    portal.page.go_forward()
    expect(title).to_have_text("Schedule")


def test_no_subscription_of_somebody_else(portal: PortalPage, service: Service) -> None:
    mine, theirs = service.new_customer(), service.new_customer()
    portal.sign_in(mine)
    pages = []
    for number in (theirs.subscription_ids[0], 999_999_999):
        portal.page.goto(f"{service.address}/subscriptions/{number}")
        expect(portal.page.get_by_role("heading", level=1)).to_be_visible()
        pages.append(portal.page.get_by_role("main").inner_text())
    assert pages[0] == pages[1]
    assert theirs.email not in pages[0]

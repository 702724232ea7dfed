"""The calendar of deliveries by keyboard, the record with its way back, the calendar to follow."""

from __future__ import annotations

import csv
import re

import httpx
import pytest
from playwright.sync_api import Download, Page, ViewportSize, expect

from tests.browser.portal import PortalPage, in_words, press_key
from tests.browser.service import Service

SMALL: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}
SKIP, UNSKIP = "POST /charges/{id}/skip", "POST /charges/{id}/unskip"


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "wide"])
def test_the_month_by_keyboard(page: Page, service: Service, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    customer = service.new_customer(subscriptions=1)
    portal = PortalPage(page, service).sign_in(customer, "/schedule/month")
    month = page.locator("[data-component=schedule-month]")
    expect(month.get_by_role("table")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

    # The day of the first delivery is chosen; another month brings its own first one.
    day = in_words(customer.next_date)
    expect(month.get_by_role("listitem").first).to_contain_text(day)
    title = month.get_by_role("heading", level=2)
    before = title.inner_text()
    later = month.locator("[data-key=later]")
    later.focus()
    page.keyboard.press("Enter")
    expect(title).not_to_have_text(before)
    expect(month.locator("[data-key=later]")).to_be_focused()
    month.locator("[data-key=earlier]").focus()
    page.keyboard.press("Enter")
    expect(title).to_have_text(before)

    # A day is a button that tells what comes; all that can be done stands below it.
    button = month.get_by_role("button", name=re.compile(rf"^{day}:")).first
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    month.get_by_role("button", name=re.compile("^Skip")).first.focus()
    page.keyboard.press("Enter")
    portal.confirm_button(customer.next_date).press("Enter")
    skipped = month.get_by_role("button", name=re.compile(rf"^{day}: Skipped"))
    expect(skipped).to_be_visible()
    put_back = month.get_by_role("button", name=re.compile("^Put it back"))
    put_back.focus()
    page.keyboard.press("Enter")
    expect(skipped).to_have_count(0)
    expect(portal.notice).to_contain_text("planned again")
    assert (service.executed(SKIP), service.executed(UNSKIP)) == (1, 1)


def test_a_delivery_is_put_back_from_the_schedule(page: Page, service: Service) -> None:
    page.set_viewport_size(SMALL)
    customer = service.new_customer(subscriptions=1)
    day = customer.next_date
    portal = PortalPage(page, service).sign_in(customer, "/schedule")
    entry = portal.entry(day)
    with portal.presses(2):
        entry.get_by_role("button", name=re.compile("^Skip")).click()
        portal.confirm_button(day).click()
    expect(entry).to_contain_text("Skipped")
    page.reload()
    expect(entry).to_contain_text("Skipped")
    with portal.presses(1, by="key"):
        press_key(entry.get_by_role("button", name=re.compile("^Put it back")))
    expect(portal.notice).to_contain_text("planned again")
    expect(entry).not_to_contain_text("Skipped")
    assert (service.executed(SKIP), service.executed(UNSKIP)) == (1, 1)
    assert service.charges(customer.id, status="skipped") == []
    [charge] = service.charges(customer.id, status="queued")
    assert charge["scheduled_at"].startswith(day.isoformat())


def test_list_and_month_are_addresses_and_back_goes_back(page: Page, service: Service) -> None:
    PortalPage(page, service).sign_in(service.new_customer(subscriptions=1), "/schedule")
    views = page.get_by_role("navigation", name="How to show the schedule")
    expect(views.get_by_role("link", name="List")).to_have_attribute("aria-current", "page")
    views.get_by_role("link", name="Month").click()
    expect(page).to_have_url(f"{service.address}/schedule/month")
    expect(page.get_by_role("table")).to_be_visible()
    expect(views.get_by_role("link", name="Month")).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page).to_have_url(f"{service.address}/schedule")
    expect(page.get_by_role("table")).to_have_count(0)
    page.reload()
    expect(page.locator("[data-component=schedule-timeline]")).to_be_visible()


def test_what_was_done_can_be_put_back_from_the_record(page: Page, service: Service) -> None:
    page.set_viewport_size(SMALL)
    customer = service.new_customer(subscriptions=1)
    portal = PortalPage(page, service).sign_in(customer)
    portal.skip_next(customer.next_date)
    expect(portal.notice).to_contain_text("skipped")
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Activity").click()
    expect(page).to_have_url(f"{service.address}/activity")
    record = page.locator("[data-component=activity-entry]")
    expect(record).to_have_count(1)
    expect(record).to_contain_text("Done")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]

    record.get_by_role("button", name=re.compile("^Put it back")).press("Enter")
    expect(record).to_have_count(2)
    expect(record.last).to_contain_text("Put back since")
    expect(record.get_by_role("button", name=re.compile("^Put it back"))).to_have_count(0)
    expect(portal.notice).to_contain_text("planned again")
    assert service.executed(UNSKIP) == 1

    portal.notice.get_by_role("button", name="Dismiss").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name=re.compile("CSV")).click()
    saved: Download = downloading.value
    assert saved.suggested_filename == "activity.csv"
    table = list(csv.reader(saved.path().read_text(encoding="utf-8-sig").splitlines()))
    assert [len(row) for row in table] == [len(table[0])] * 3  # the names, and what was done twice
    assert in_words(customer.next_date) in " ".join(table[1])
    assert saved.path().read_bytes().startswith(b"\xef\xbb\xbf")
    expect(page).to_have_url(f"{service.address}/activity")


def test_a_calendar_follows_until_the_customer_stops_it(page: Page, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    PortalPage(page, service).sign_in(customer, "/schedule")
    page.get_by_text("Add to your calendar").click()
    page.get_by_role("button", name="Make a calendar address").click()
    field = page.get_by_label("Address of your calendar")
    address = field.input_value()
    assert address.startswith(f"{service.address}/calendar/")
    follow = page.get_by_role("link", name="Open in my calendar")
    expect(follow).to_have_attribute("href", re.compile("^webcal://"))

    def fetched() -> httpx.Response:
        return httpx.get(address, trust_env=False)

    answer = fetched()
    assert answer.status_code == 200
    assert f"DTSTART;VALUE=DATE:{customer.next_date:%Y%m%d}" in answer.text
    assert customer.email not in answer.text

    page.reload()
    page.get_by_text("Add to your calendar").click()
    expect(page.get_by_text("Last asked for")).to_be_visible()
    expect(field).to_have_count(0)
    page.get_by_role("button", name="Stop following").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop following").click()
    expect(page.get_by_role("button", name="Make a calendar address")).to_be_visible()
    assert fetched().status_code == 404

"""Leaving: in two presses, with one fitting offer beside the end, and certain of what was done."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.portal import DESKTOP, PortalPage, press_key, tab_to
from tests.browser.service import NewCustomer, Service

CANCEL = "POST /subscriptions/{id}/cancel"
ACTIVATE = "POST /subscriptions/{id}/activate"
STRICT, LENIENT = "Massachusetts", "Maine"
CANCELLED = re.compile("(is|are) cancelled")


class Leaving:
    """The way out of a customer's last subscription, as it is on the page."""

    def __init__(self, portal: PortalPage, customer: NewCustomer) -> None:
        self.portal = portal
        self.page = portal.page
        self.id = customer.subscription_ids[-1]
        self.home = f"/subscriptions/{self.id}"
        self.start = f"{self.home}/cancel"

    @property
    def link(self) -> Locator:
        """On the card."""
        card = self.page.locator(f"[data-key=subscription-{self.id}]")
        return card.get_by_role("link", name=re.compile("^Cancel subscription to "))

    @property
    def end(self) -> Locator:
        return self.page.locator("[data-key=end]")

    @property
    def take_up(self) -> Locator:
        """The button of what is offered, or of starting again."""
        return self.page.locator(".ds-offer [data-key=confirm]")

    @property
    def bar(self) -> Locator:
        return self.page.locator("[data-slot=bar]")

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def is_at(self, path: str) -> None:
        expect(self.page).to_have_url(f"{self.portal.service.address}{path}")

    def is_done(self) -> None:
        self.is_at(f"{self.start}/done")
        expect(self.heading).to_have_text(CANCELLED)
        expect(self.bar).to_have_count(0)

    @property
    def status(self) -> str:
        return str(self.portal.service.subscription(self.id)["status"])


def leaving(
    portal: PortalPage, service: Service, *, state: str = LENIENT, subscriptions: int = 1
) -> tuple[Leaving, NewCustomer]:
    customer = service.new_customer(subscriptions=subscriptions, state=state)
    return Leaving(portal, customer), customer


@pytest.mark.parametrize("state", [STRICT, LENIENT])
def test_two_presses_from_the_card(portal: PortalPage, service: Service, state: str) -> None:
    out, customer = leaving(portal, service, state=state)
    portal.sign_in(customer, "/subscriptions")
    with portal.presses(2):
        out.link.click()
        expect(out.bar).to_contain_text("Not cancelled yet")
        assert service.executed(CANCEL) == 0
        expect(out.page.get_by_role("button", name="Continue")).to_have_count(int(state == LENIENT))
        out.end.click()
    out.is_done()
    expect(out.page.get_by_text(re.compile("^C-....-....$"))).to_be_visible()
    expect(out.heading).to_be_focused()
    assert (out.status, service.executed(CANCEL)) == ("cancelled", 1)
    assert service.charges(customer.id, status="queued") == []
    [mail] = service.arrived(customer.email)
    assert "cancelled" in mail["subject"]


def test_start_again_with_date_price_and_rhythm_told_before(
    portal: PortalPage, service: Service
) -> None:
    out, customer = leaving(portal, service, state=STRICT)
    portal.sign_in(customer, out.start)
    out.end.click()
    out.is_done()
    told = out.page.locator(".ds-offer")
    expect(told).to_contain_text(re.compile(r"\$\d"))
    expect(told).to_contain_text("every 2 weeks")
    expect(out.take_up).to_have_text(f"Start again on {_short(customer.next_date)}")
    out.take_up.click()
    out.is_at(out.home)
    expect(out.page.get_by_role("link", name="Cancel subscription to")).to_be_visible()
    found = service.subscription(out.id)
    assert (found["status"], found["next_charge_scheduled_at"]) == (
        "active",
        customer.next_date.isoformat(),
    )
    assert service.executed(ACTIVATE) == 1


def test_all_at_once(portal: PortalPage, service: Service) -> None:
    out, customer = leaving(portal, service, state=STRICT, subscriptions=3)
    portal.sign_in(customer, out.start)
    out.page.get_by_role("radio", name="All 3 subscriptions").check()
    expect(out.end).to_have_text("Cancel 3 subscriptions")
    out.end.click()
    out.is_done()
    for id in customer.subscription_ids:
        assert service.subscription(id)["status"] == "cancelled"
    assert service.executed(CANCEL) == 3


def _short(day: date) -> str:
    return f"{day:%a}, {day:%b} {day.day}"


@pytest.mark.parametrize("size", [DESKTOP])
def test_the_offer_and_the_end_are_equally_large_and_plain(
    portal: PortalPage, service: Service, size: ViewportSize
) -> None:
    out, customer = leaving(portal, service)
    portal.sign_in(customer, f"{out.start}/too-much")
    expect(out.take_up).to_be_enabled()
    offered, ending = out.take_up.bounding_box(), out.end.bounding_box()
    assert offered
    assert ending
    assert (offered["width"], offered["height"], offered["y"]) == (
        ending["width"],
        ending["height"],
        ending["y"],
    )
    look = "one => { const s = getComputedStyle(one); return [s.color, s.backgroundColor, s.font] }"
    assert out.take_up.evaluate(look) == out.end.evaluate(look)
    out.end.click()
    out.is_done()
    assert out.status == "cancelled"


def _gift(page: Page) -> None:
    written = {
        "First name": "Edith",
        "Last name": "Weber",
        "Their e-mail address": "edith@example.com",
        "Street and number": "7 Mill Lane",
        "City": "Burlington",
        "ZIP code": "05401",
    }
    for label, text in written.items():
        page.get_by_label(label).fill(text)
        page.keyboard.press("Tab")
    page.get_by_label("Country").select_option(label="United States")
    page.get_by_label("State", exact=True).select_option(label="Vermont")
    # A press before it is told what changes is about nothing, and does nothing.
    expect(page.get_by_role("button", name="Send it to Edith Weber")).to_be_visible()


def _another(page: Page) -> None:
    page.locator(".ds-offer").get_by_role("radio", checked=False).last.check()


def _moved(service: Service, out: Leaving, customer: NewCustomer) -> None:
    assert service.subscription(out.id)["next_charge_scheduled_at"] > str(customer.next_date)


def _skipped(service: Service, out: Leaving, customer: NewCustomer) -> None:
    assert len(service.charges(customer.id, status="skipped")) == 1


def _swapped(service: Service, out: Leaving, customer: NewCustomer) -> None:
    assert service.executed("PUT /subscriptions/{id}") == 1


def _reduced(service: Service, out: Leaving, customer: NewCustomer) -> None:
    [charge] = service.charges(customer.id, status="queued")
    assert [one["code"] for one in charge["discounts"]] == ["STAY20"]


def _given(service: Service, out: Leaving, customer: NewCustomer) -> None:
    assert service.executed("POST /purchase_items/skip_gift") == 1


def _elsewhere(service: Service, out: Leaving, customer: NewCustomer) -> None:
    assert service.subscription(out.id)["address_id"] != customer.address_id


def _nothing(page: Page) -> None:
    return None


@pytest.mark.parametrize(
    ("reason", "prepare", "has_come_of_it"),
    [
        ("I have more than I can use", _nothing, _skipped),
        ("I need it later", _nothing, _moved),
        ("I am away for a while", _nothing, _moved),
        ("I want to try something else", _another, _swapped),
        ("It costs too much", _nothing, _reduced),
        ("It comes too often", _another, _swapped),
        ("A friend would like it more than I do", _gift, _given),
        ("I am moving", _nothing, _elsewhere),
    ],
)
def test_one_offer_that_fits_the_reason(
    portal: PortalPage,
    service: Service,
    reason: str,
    prepare: Callable[[Page], None],
    has_come_of_it: Callable[[Service, Leaving, NewCustomer], None],
) -> None:
    # The first is a box, which is filled and not swapped.
    number = 2 if has_come_of_it is _swapped and "else" in reason else 1
    out, customer = leaving(portal, service, subscriptions=number)
    if reason == "I am moving":
        service.add_address(customer, "7 Mill Lane")
    portal.sign_in(customer, out.start)
    out.page.get_by_role("radio", name=reason).check()
    out.page.get_by_role("button", name="Continue").click()
    expect(out.end).to_be_visible()
    prepare(out.page)
    expect(out.bar).to_contain_text("Not cancelled yet")
    out.take_up.click()
    out.is_at(out.home)
    expect(portal.notice).not_to_be_empty()
    has_come_of_it(service, out, customer)
    assert (out.status, service.executed(CANCEL)) == ("active", 0)


def test_writing_to_the_shop_is_an_offer_too(portal: PortalPage, service: Service) -> None:
    out, customer = leaving(portal, service)
    portal.sign_in(customer, f"{out.start}/damaged")
    link = out.page.get_by_role("link", name="Write to hello@northbound.example.com")
    expect(link).to_have_attribute("href", "mailto:hello@northbound.example.com")
    expect(out.end).to_be_visible()
    assert out.status == "active"


def test_a_reason_without_an_offer_leads_to_the_end(portal: PortalPage, service: Service) -> None:
    out, customer = leaving(portal, service)
    portal.sign_in(customer, out.start)
    out.page.get_by_role("radio", name="Another reason").check()
    out.page.get_by_label("Anything else").fill("We are moving to a boat.")
    out.page.get_by_role("button", name="Continue").click()
    out.is_at(f"{out.start}/confirm")
    out.end.click()
    out.is_done()
    found = service.subscription(out.id)
    assert found["cancellation_reason"] == "Another reason"
    assert found["cancellation_reason_comments"] == "We are moving to a boat."


def test_by_keyboard_and_nothing_hides_what_has_the_focus(
    portal: PortalPage, service: Service
) -> None:
    out, customer = leaving(portal, service)
    portal.sign_in(customer, "/subscriptions")
    with portal.presses(4, by="key"):
        press_key(out.link)
        tab_to(out.page.get_by_role("radio").first)
        out.page.keyboard.press("ArrowDown")
        press_key(out.page.get_by_role("button", name="Continue"))
        out.is_at(f"{out.start}/not-yet")
        expect(out.heading).to_be_focused()
        expect(out.end).to_be_visible()
        for _ in range(20):
            out.page.keyboard.press("Tab")
            assert not out.page.evaluate(_IS_HIDDEN)
            if out.end.evaluate("one => one === document.activeElement"):
                break
        out.page.keyboard.press("Enter")
        out.is_done()
        expect(out.heading).to_be_focused()
        assert out.status == "cancelled"
        press_key(out.take_up)
    out.is_at(out.home)
    assert out.status == "active"


_IS_HIDDEN = """() => {
    const bar = document.querySelector('[data-slot=bar]').getBoundingClientRect()
    const one = document.activeElement
    if (one.closest('[data-slot=bar], nav, .ds-top')) return false
    return one.getBoundingClientRect().top < bar.bottom && bar.top <= 1
}"""


def test_nobody_is_kept_out(
    portal: PortalPage, service: Service, axe: Callable[[Page], None]
) -> None:
    out, customer = leaving(portal, service, subscriptions=2)
    portal.sign_in(customer, "/subscriptions")
    expect(out.link).to_be_visible()
    axe(out.page)
    for step in ("", "/too-much", "/something-else", "/price", "/for-a-friend", "/confirm"):
        out.page.goto(f"{service.address}{out.start}{step}")
        expect(out.end).to_be_visible()
        axe(out.page)
    tree = out.page.locator("main").aria_snapshot()
    assert 'heading "Cancel your subscription" [level=1]' in tree
    assert re.search(r"status:\s+- strong: Not cancelled yet", tree)
    assert re.search(r'radio "Only .*" \[checked\]', tree)
    assert re.search(r'button "Cancel ', tree)
    assert 'link "Keep my subscription"' in tree
    out.end.click()
    out.is_done()
    expect(out.take_up).to_be_visible()
    axe(out.page)


def test_the_pages_without_script_keep_nobody_out(
    page: Page, service: Service, axe: Callable[[Page], None]
) -> None:
    for path in ("/sign-in", "/cancel", "/withdraw", "/merchant/sign-in"):
        page.goto(f"{service.address}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)


def test_closing_the_tab_changes_nothing_and_each_step_is_there_again(
    portal: PortalPage, service: Service
) -> None:
    out, customer = leaving(portal, service)
    portal.sign_in(customer, out.start)
    before = (service.subscription(out.id), service.charges(customer.id))
    out.page.get_by_role("radio", name="I need it later").check()
    out.page.get_by_role("button", name="Continue").click()
    out.is_at(f"{out.start}/not-yet")
    for step in ("", "/not-yet", "/confirm"):
        tab = portal.tab(f"{out.start}{step}")
        there = Leaving(tab, customer)
        expect(there.bar).to_contain_text("Not cancelled yet")
        expect(there.end).to_be_visible()
        if not step:
            expect(tab.page.get_by_role("radio", name="I need it later")).to_be_checked()
        tab.page.close()
    out.page.close()
    assert (service.subscription(out.id), service.charges(customer.id)) == before
    assert service.executed(CANCEL) == 0


def test_two_tabs_and_the_way_back_in_the_browser(portal: PortalPage, service: Service) -> None:
    out, customer = leaving(portal, service)
    portal.sign_in(customer, out.start)
    other = Leaving(portal.tab(f"{out.start}/too-much"), customer)
    expect(other.take_up).to_be_visible()
    out.page.bring_to_front()  # a browser draws what is behind once a second only
    out.page.get_by_role("radio", name="I am away for a while").check()
    out.page.get_by_role("button", name="Continue").click()
    out.is_at(f"{out.start}/away")
    out.page.go_back()
    out.is_at(out.start)
    expect(out.page.get_by_role("radio", name="I am away for a while")).to_be_checked()
    out.end.click()
    out.is_done()
    other.is_done()
    assert service.executed(CANCEL) == 1
    out.page.go_back()
    out.is_done()
    other.take_up.click()
    other.is_at(out.home)
    expect(out.page.get_by_text(CANCELLED)).to_have_count(0)
    assert out.status == "active"


def test_keeping_it_is_one_press_and_changes_nothing(portal: PortalPage, service: Service) -> None:
    out, customer = leaving(portal, service)
    portal.sign_in(customer, out.start)
    out.page.get_by_role("link", name="Keep my subscription").click()
    out.is_at(out.home)
    assert (out.status, service.executed(CANCEL)) == ("active", 0)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "500"])
def test_a_fault_at_the_write_is_overcome(portal: PortalPage, service: Service, kind: str) -> None:
    out, customer = leaving(portal, service, state=STRICT)
    portal.sign_in(customer, out.start)
    expect(out.end).to_be_visible()
    service.plan_fault(kind, f"/subscriptions/{out.id}/cancel")
    out.end.click()
    expect(out.heading).to_have_text(CANCELLED, timeout=20_000)
    assert (out.status, service.executed(CANCEL)) == ("cancelled", 1)


def test_a_fault_that_stays_is_never_called_cancelled(portal: PortalPage, service: Service) -> None:
    out, customer = leaving(portal, service, state=STRICT)
    portal.sign_in(customer, out.start)
    expect(out.end).to_be_visible()
    service.plan_fault("500", f"/subscriptions/{out.id}/cancel", times=100)
    out.end.click()
    expect(out.bar).to_contain_text("Cancelling")
    told = re.compile("Nothing was changed|was not made|not confirmed yet")
    expect(portal.notice).to_contain_text(told, timeout=60_000)
    expect(out.heading).not_to_have_text(CANCELLED)
    expect(out.bar).to_contain_text(re.compile("Not cancelled yet|Not known yet"))
    expect(out.end).to_be_enabled()
    assert (out.status, service.executed(CANCEL)) == ("active", 0)

"""The portal as a customer sees it: what is on the page, found as a person would find it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlencode

from playwright.sync_api import Dialog, Locator, Page, ViewportSize, expect

from app.i18n import Texts
from tests.browser.service import NewCustomer, Service

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

_COUNT_PRESSES = """
    const isWritten = place => place.matches('textarea, input:not([type=radio], [type=checkbox])')
    const count = kind => {
        const presses = JSON.parse(sessionStorage.getItem('presses') || '{}')
        presses[kind] = (presses[kind] || 0) + 1
        sessionStorage.setItem('presses', JSON.stringify(presses))
    }
    addEventListener('pointerdown', event => event.isTrusted && count('hand'), true)
    addEventListener('keydown', event => {
        const isPress = event.key === 'Enter' || (event.key === ' ' && !isWritten(event.target))
        if (event.isTrusted && isPress && !event.repeat) count('key')
    }, true)
"""
"""Counted in the browser, so that no test can forget one: each touch of the screen, and each Enter
or Space. Going somewhere with Tab or an arrow, and writing a word, are no presses."""

_IN_FOCUS = "element => element === document.activeElement"


def in_words(day: date) -> str:
    """A day as the page writes it: Fri, Jul 3."""
    return Texts("en").date(day)


def heading(day: date) -> str:
    """A day as it stands above the next delivery: Friday, July 3, 2026."""
    return f"{day:%A, %B} {day.day}, {day.year}"


def tab_to(place: Locator) -> None:
    """Go there with Tab, as who has no mouse does."""
    expect(place).to_be_visible()
    for _ in range(80):
        if place.evaluate(_IN_FOCUS):
            return
        place.page.keyboard.press("Tab")
    expect(place).to_be_focused()


def press_key(place: Locator, key: str = "Enter") -> None:
    """Go there with Tab, and press a key."""
    tab_to(place)
    place.page.keyboard.press(key)


class PortalPage:
    """One customer's browser tab."""

    def __init__(self, page: Page, service: Service) -> None:
        self.page = page
        self.service = service
        page.on("dialog", self._no_dialogs)
        page.add_init_script(_COUNT_PRESSES)

    @staticmethod
    def _no_dialogs(dialog: Dialog) -> None:
        raise AssertionError(f"The page opened a browser dialog: {dialog.message}")

    def sign_in(self, customer: NewCustomer | int, path: str = "/") -> PortalPage:
        number = customer if isinstance(customer, int) else customer.id
        self.page.goto(self.service.sign_in_link(number))
        expect(self.page).to_have_url(f"{self.service.address}/")
        if path != "/":
            self.page.goto(f"{self.service.address}{path}")
        return self

    def prove(self, customer: NewCustomer | int, path: str = "/") -> PortalPage:
        """Give a code from the mailbox, on the plain page for it, and go on to `path`: what asks
        for one does not for ten minutes. How it is asked for: test_step_up_journey."""
        number = customer if isinstance(customer, int) else customer.id
        email = self.service.email_of(number)
        known = len(self.service.mails(email))
        self.page.goto(f"{self.service.address}/step-up?{urlencode({'next': path})}")
        self.page.get_by_role("button", name="Send me a code").click()
        self.page.get_by_label("Code", exact=True).fill(
            self.service.code(email, at_least=known + 1)
        )
        self.page.get_by_role("button", name="Confirm").click()
        expect(self.page).to_have_url(f"{self.service.address}{path}")
        return self

    def tab(self, path: str = "/") -> PortalPage:
        """Another tab of the same browser, on the same session."""
        other = PortalPage(self.page.context.new_page(), self.service)
        other.page.set_viewport_size(self.page.viewport_size or PHONE)
        other.page.goto(f"{self.service.address}{path}")
        return other

    @contextmanager
    def presses(self, most: int, *, by: str = "hand") -> Iterator[None]:
        """What is done within takes so many presses at the most, all by hand or all by key."""
        before = self._presses()
        yield
        now = self._presses()
        made = {kind: now[kind] - before.get(kind, 0) for kind in now}
        made = {kind: number for kind, number in made.items() if number}
        assert set(made) == {by}, made
        assert made[by] <= most, made

    def _presses(self) -> dict[str, int]:
        counted: dict[str, int] = self.page.evaluate(
            "JSON.parse(sessionStorage.getItem('presses') || '{}')"
        )
        return counted

    @property
    def next_delivery(self) -> Locator:
        return self.page.locator("[data-component=next-delivery]")

    @property
    def timeline(self) -> Locator:
        return self.page.locator("[data-component=schedule-timeline]")

    @property
    def cards(self) -> Locator:
        return self.page.locator("[data-component=subscription-card]")

    @property
    def notice(self) -> Locator:
        return self.page.locator("[data-component=notice-bar]")

    @property
    def confirmation(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def confirm(self) -> Locator:
        """The button of the open question that does it, whatever it says."""
        return self.confirmation.locator("[data-key=confirm]")

    @property
    def skip_button(self) -> Locator:
        return self.next_delivery.get_by_role("button", name="Skip this delivery")

    def confirm_button(self, day: date) -> Locator:
        return self.confirmation.get_by_role("button", name=f"Skip {in_words(day)}")

    def entry(self, day: date) -> Locator:
        """The first entry of the timeline for a day."""
        return self.timeline.get_by_role("listitem").filter(has_text=in_words(day)).first

    def skip_next(self, day: date) -> None:
        """Two presses: Skip, and the button that says what it will do."""
        with self.presses(2):
            self.skip_button.click()
            self.confirm_button(day).click()

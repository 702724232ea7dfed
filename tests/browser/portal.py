"""The portal as a customer sees it: what is on the page, found as a person would find it."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Dialog, Locator, Page, expect

from app.i18n import Texts
from tests.browser.service import NewCustomer, Service


def in_words(day: date) -> str:
    """A day as the page writes it: Fri, Jul 3."""
    return Texts("en").date(day)


class PortalPage:
    """One customer's browser tab."""

    def __init__(self, page: Page, service: Service) -> None:
        self.page = page
        self.service = service
        page.on("dialog", self._no_dialogs)

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
    def skip_button(self) -> Locator:
        return self.next_delivery.get_by_role("button", name="Skip this delivery")

    def confirm_button(self, day: date) -> Locator:
        return self.confirmation.get_by_role("button", name=f"Skip {in_words(day)}")

    def entry(self, day: date) -> Locator:
        """The first entry of the timeline for a day."""
        return self.timeline.get_by_role("listitem").filter(has_text=in_words(day)).first

    def skip_next(self, day: date) -> None:
        """Two presses: Skip, and the button that says what it will do."""
        self.skip_button.click()
        self.confirm_button(day).click()

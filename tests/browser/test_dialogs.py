"""Dialogs on a phone: they open at their top, and what a choice comes to is brought into view."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.portal import PortalPage, press_key
from tests.browser.service import Service

EFFECT = "dialog [data-slot=body] .ds-changes"


def focused(portal: PortalPage) -> Locator:
    return portal.page.locator(":focus")


def test_a_dialog_opens_at_its_title_and_gives_the_focus_back(
    portal: PortalPage, service: Service
) -> None:
    portal.sign_in(service.new_customer())
    for name in ("Skip this delivery", "Change date of the delivery", "Add something"):
        button = portal.next_delivery.get_by_role("button", name=name)
        press_key(button)
        expect(focused(portal)).to_have_role("heading")
        expect(focused(portal)).to_be_in_viewport()
        assert portal.confirmation.evaluate("dialog => dialog.scrollTop") == 0
        portal.page.keyboard.press("Escape")
        expect(portal.confirmation).to_have_count(0)
        expect(button).to_be_focused()


def test_what_a_choice_comes_to_is_brought_into_view(portal: PortalPage, service: Service) -> None:
    portal.sign_in(service.new_customer())
    portal.cards.nth(1).get_by_role("button", name="Swap").click()
    chosen = portal.confirmation.get_by_role("radio").nth(1)
    chosen.check()
    expect(portal.page.locator(EFFECT)).to_be_in_viewport(ratio=0.9)
    expect(chosen).to_be_focused()
    expect(portal.confirmation.get_by_role("heading", level=2)).to_be_in_viewport()
    expect(portal.confirmation.get_by_role("button", name="Swap for")).to_be_in_viewport()


def test_what_is_chosen_by_keys_stays_in_view(portal: PortalPage, service: Service) -> None:
    portal.sign_in(service.new_customer())
    press_key(portal.cards.nth(1).get_by_role("button", name="Swap"))
    press_key(portal.confirmation.get_by_role("radio").first, "Space")
    for _ in range(3):
        portal.page.keyboard.press("ArrowDown")
        expect(portal.confirmation.get_by_role("button", name="Swap for")).to_be_enabled()
        expect(focused(portal)).to_have_role("radio")
        expect(focused(portal)).to_be_in_viewport(ratio=1)

"""How often something comes: three presses on a phone, and by keyboard alone."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.portal import PortalPage, in_words, press_key, tab_to
from tests.browser.service import Service

PUT = "PUT /subscriptions/{id}"


def rhythm_of(service: Service, subscription_id: int) -> tuple[int, str, str]:
    """How often a subscription comes, and when next, as the shop has it."""
    answer = service.sandbox.get(f"/subscriptions/{subscription_id}").raise_for_status()
    found = answer.json()["subscription"]
    return (
        found["order_interval_frequency"],
        found["order_interval_unit"],
        found["next_charge_scheduled_at"],
    )


def test_change_the_rhythm_in_three_presses(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    [id] = customer.subscription_ids
    day = customer.next_date
    portal.sign_in(customer)

    with portal.presses(3):
        portal.cards.first.get_by_role("button", name="Change how often").click()
        dialog = portal.confirmation
        expect(dialog.get_by_role("radio", name="Every 2 weeks")).to_be_checked()
        dialog.get_by_role("radio", name="Every 4 weeks").check()
        # Old dates and new ones stand side by side.
        expect(dialog).to_contain_text(in_words(day + timedelta(weeks=2)))
        expect(dialog).to_contain_text(in_words(day + timedelta(weeks=4)))
        expect(dialog).to_contain_text(f"Your next delivery stays on {in_words(day)}")
        press = dialog.get_by_role("button", name="Change to every 4 weeks")
        expect(press).to_be_in_viewport()
        assert service.executed(PUT) == 0
        press.click()

    expect(portal.notice).to_contain_text("now comes every 4 weeks")
    assert rhythm_of(service, id) == (4, "week", day.isoformat())
    expect(portal.cards.first).to_contain_text("every 4 weeks")

    portal.notice.get_by_role("button", name="Undo").click()
    expect(portal.notice).to_contain_text("now comes every 2 weeks")
    expect(portal.cards.first).to_contain_text("every 2 weeks")
    assert rhythm_of(service, id) == (2, "week", day.isoformat())


def test_change_the_rhythm_by_keyboard(portal: PortalPage, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    [id] = customer.subscription_ids
    portal.sign_in(customer)

    with portal.presses(3, by="key"):
        press_key(portal.cards.first.get_by_role("button", name="Change how often"))
        tab_to(portal.confirmation.get_by_role("radio", name="Every 2 weeks"))
        portal.page.keyboard.press("ArrowDown")
        press_key(portal.confirmation.get_by_role("button", name="Change to every 4 weeks"))

    expect(portal.notice).to_contain_text("now comes every 4 weeks")
    assert rhythm_of(service, id)[:2] == (4, "week")

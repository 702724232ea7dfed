"""Customers see their own things only, and a page obeys its own browser only."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Browser, expect

from tests.browser.portal import PortalPage
from tests.browser.service import Service

SKIP = "POST /charges/{id}/skip"


def test_two_customers_in_two_browsers(browser: Browser, service: Service) -> None:
    customers = [service.new_customer(subscriptions=1, days_ahead=days) for days in (10, 12)]
    portals = []
    for customer in customers:
        portal = PortalPage(browser.new_context().new_page(), service)
        portal.sign_in(customer)
        expect(portal.skip_button).to_be_visible()
        portals.append(portal)

    portals[0].skip_next(customers[0].next_date)
    expect(portals[0].notice).to_contain_text("skipped")

    # The other page has not moved, and knows nothing of it.
    day = customers[1].next_date
    expect(portals[1].next_delivery.get_by_role("heading")).to_contain_text(f"{day:%B} {day.day}")
    expect(portals[1].notice).not_to_contain_text("skipped")
    assert service.charges(customers[1].id, status="skipped") == []
    for portal in portals:
        portal.page.context.close()


def test_two_tabs_of_one_customer_agree(browser: Browser, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    context = browser.new_context()
    portal = PortalPage(context.new_page(), service).sign_in(customer)
    tabs = [portal, portal.tab()]  # a second sign-in would end the first one's session
    for tab in tabs:
        expect(tab.skip_button).to_be_visible()
    tabs[0].skip_next(customer.next_date)
    expect(tabs[0].notice).to_contain_text("skipped")
    expect(tabs[1].entry(customer.next_date)).to_contain_text("Skipped")
    assert service.executed(SKIP) == 1
    context.close()


def test_a_page_does_not_obey_another_browser(browser: Browser, service: Service) -> None:
    """Even with the client id of an open page: without its session no socket opens."""
    customer, other = service.new_customer(subscriptions=1), service.new_customer(subscriptions=1)
    mine = browser.new_context().new_page()
    sockets: list[str] = []
    mine.on("websocket", lambda socket: sockets.append(socket.url))
    PortalPage(mine, service).sign_in(customer)
    expect(PortalPage(mine, service).skip_button).to_be_visible()
    [address] = sockets

    thief = browser.new_context().new_page()
    PortalPage(thief, service).sign_in(other)
    answer = thief.evaluate(
        """address => new Promise(resolve => {
            const socket = new WebSocket(address)
            const heard = []
            socket.onmessage = event => {
                heard.push(event.data)
                if (event.data.startsWith('0')) socket.send('40')
            }
            socket.onclose = () => resolve(heard)
            setTimeout(() => resolve(heard), 3000)
        })""",
        address,
    )
    # 40 opens the namespace; what comes back must be a refusal (44), or nothing at all.
    assert not [line for line in answer if line.startswith("40")], json.dumps(answer)
    mine.context.close()
    thief.context.close()


def test_signing_out_closes_every_open_page(browser: Browser, service: Service) -> None:
    customer = service.new_customer(subscriptions=1)
    context = browser.new_context()
    tabs = [PortalPage(context.new_page(), service) for _ in range(2)]
    tabs[0].sign_in(customer)
    expect(tabs[0].skip_button).to_be_visible()
    tabs[1].page.goto(f"{service.address}/schedule")
    expect(tabs[1].page.get_by_role("heading", level=1)).to_have_text("Schedule")
    tabs[0].page.get_by_role("button", name="Sign out").click()
    expect(tabs[0].page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(tabs[1].page).to_have_url(re.compile("/sign-in"))
    context.close()

"""The process is killed between each two steps of merging addresses. After it has started again
everything goes to the one address, nothing is double, and the customer is told where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.killing import Killable, eventually, killable
from tests.browser.portal import PHONE, PortalPage
from tests.browser.service import NewCustomer, Service

ONCE, MOVE, DELETE = "PUT /onetimes/{id}", "POST /addresses/merge", "DELETE /addresses/{id}"
STEPS = (ONCE, MOVE, DELETE, DELETE)
DONE = "Everything now goes to 12 Harbour Lane, Portland."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    with killable(tmp_path_factory.mktemp("killed")) as made:
        yield made


@dataclass(frozen=True)
class Three:
    """A customer with three addresses: a subscription goes to each of two, something that comes
    once to one of them, and a subscription to the third as well."""

    customer: NewCustomer
    other_ids: tuple[int, int]
    onetime_id: int


@pytest.fixture
def three(place: Killable) -> Three:
    service = place.service
    customer = service.new_customer(subscriptions=3)
    others = service.add_address(customer, "3 Quay Road"), service.add_address(customer, "9 Elm")
    for subscription_id, address_id in zip(customer.subscription_ids[1:], others, strict=True):
        moved = f"/subscriptions/{subscription_id}/change_address"
        service.sandbox.post(moved, json={"address_id": address_id}).raise_for_status()
    variant = service.subscription(customer.subscription_ids[0])["external_variant_id"]
    once = {
        "address_id": others[0],
        "external_variant_id": variant,
        "quantity": 1,
        "next_charge_scheduled_at": customer.next_date.isoformat(),
    }
    answer = service.sandbox.post("/onetimes", json=once).raise_for_status()
    service.forget_counters()
    return Three(customer, others, answer.json()["onetime"]["id"])


def records(service: Service, noun: str, three: Three) -> list[dict[str, Any]]:
    """What the customer has of a kind, as the shop has it."""
    answer = service.sandbox.get(f"/{noun}", params={"customer_id": three.customer.id})
    found: list[dict[str, Any]] = answer.raise_for_status().json()[noun]
    return found


def is_merged(service: Service, three: Three) -> bool:
    """Whether there is one address left."""
    return [one["id"] for one in records(service, "addresses", three)] == [
        three.customer.address_id
    ]


def assert_nothing_is_double(service: Service, three: Three) -> None:
    """All goes to the one address, once, on its day."""
    subscriptions = records(service, "subscriptions", three)
    onetimes = records(service, "onetimes", three)
    assert {one["id"] for one in subscriptions} == set(three.customer.subscription_ids)
    assert [one["id"] for one in onetimes] == [three.onetime_id]
    for one in (*subscriptions, *onetimes):
        assert one["address_id"] == three.customer.address_id
        assert one["next_charge_scheduled_at"][:10] == three.customer.next_date.isoformat()
    [charge] = service.charges(three.customer.id, status="queued")
    items = [line["purchase_item_id"] for line in charge["line_items"]]
    assert sorted(items) == sorted([*three.customer.subscription_ids, three.onetime_id])


@pytest.mark.parametrize(
    ("step", "is_executed"),
    [
        pytest.param(0, True, id="what comes once has gone, and was not answered"),
        pytest.param(1, False, id="the subscriptions are still where they were"),
        pytest.param(1, True, id="the subscriptions have gone, and were not answered"),
        pytest.param(2, True, id="the first address is deleted, and was not answered"),
        pytest.param(3, False, id="the last address is still there"),
        pytest.param(3, True, id="the last address is deleted, and was not answered"),
    ],
)
def test_killed_while_addresses_become_one(
    place: Killable, page: Page, three: Three, step: int, is_executed: bool
) -> None:
    route = STEPS[step]
    before = STEPS[:step].count(route)
    page.set_viewport_size(PHONE)
    portal = PortalPage(page, place.service).sign_in(three.customer, "/addresses")
    page.get_by_role("button", name="Merge addresses").click()
    for street in ("3 Quay Road", "9 Elm"):
        portal.confirmation.get_by_role("checkbox", name=street).check()
    expect(portal.confirmation).to_contain_text("are deleted.")
    place.hold_up(route, is_executed=is_executed, after=before)
    portal.confirm.click()
    place.has_received(route, before + 1)
    place.kill()

    service = place.start_again()
    # Nobody has to do anything: what is missing is made, and nothing a second time.
    eventually(lambda: is_merged(service, three), "one address is left")
    assert_nothing_is_double(service, three)
    made = step + is_executed
    for each in set(STEPS):
        assert service.executed(each) == STEPS[made:].count(each), each
    PortalPage(page, service).sign_in(three.customer, "/activity")
    record = page.locator("[data-component=activity-entry]").filter(has_text=DONE)
    expect(record).to_have_count(1)
    expect(record.locator("li[data-status=done]")).to_have_count(len(STEPS))
    page.goto(f"{service.address}/addresses")
    expect(page.locator("[data-component=address-card]")).to_have_count(1)

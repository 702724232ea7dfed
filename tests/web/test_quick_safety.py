"""Quick links in the wrong hands: what they show of a customer, and what does not press them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import structlog

from app.actions import Services
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop
from tests.web.leaving import Form, read
from tests.web.quick import Quick, send

__all__ = ["pattern", "services", "shop"]

MARA, JONAS, ELENA = 101, 102, 105


@pytest.fixture
def quick(shop: Shop, services: Services) -> Quick:
    return Quick(shop, services)


async def private(quick: Quick, customer: int) -> list[str]:
    """What only the customer should read."""
    snapshot = (await quick.shop.situation(quick.services, customer)).snapshot
    person = snapshot.customer
    found = [person.email, person.phone, person.first_name, person.last_name]
    for address in snapshot.addresses:
        found += [address.address1, address.address2, address.zip, address.phone, address.city]
    for method in snapshot.payment_methods:
        found += [method.payment_details.last4, method.payment_details.paypal_email]
    return [one for one in found if one]


async def wishes(quick: Quick, customer: int) -> list[dict[str, Any]]:
    """Every kind of link that could be made for this customer."""
    snapshot = (await quick.shop.situation(quick.services, customer)).snapshot
    found: list[dict[str, Any]] = [
        {"what": "skip"},
        {"what": "move"},
        {"what": "order-now"},
        {"what": "update-card"},
        {"what": "add", "variant": "1"},
    ]
    for address in snapshot.addresses:
        found += [{"what": what, "address": address.id} for what in ("skip", "move", "order-now")]
    for one in snapshot.subscriptions:
        found += [
            {"what": what, "subscription": one.id}
            for what in ("skip", "move", "order-now", "reactivate")
        ]
        variant = one.external_variant_id.ecommerce
        found.append({"what": "add", "subscription": one.id, "variant": variant})
    return found


@pytest.mark.parametrize("customer", range(101, 113))
async def test_no_page_shows_where_a_customer_lives_or_who_they_are(
    quick: Quick, customer: int
) -> None:
    secrets = await private(quick, customer)
    for wish in await wishes(quick, customer):
        page = await quick.open(quick.link(customer=customer, **wish))
        assert page.status_code == 200, (wish, read(page))
        shown = [one for one in secrets if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", page.text)]
        assert shown == [], wish


@pytest.mark.parametrize("customer", [101, 106])
@pytest.mark.parametrize("what", ["skip", "move", "order-now"])
async def test_nor_does_the_page_that_follows(quick: Quick, customer: int, what: str) -> None:
    secrets = await private(quick, customer)
    page = await quick.press(quick.link(what, customer))
    assert "Opening it again shows this page." in read(page)
    assert [one for one in secrets if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", page.text)] == []


async def test_a_payment_that_is_shown_elsewhere_with_the_card_is_not_here(quick: Quick) -> None:
    page = await quick.open(quick.link("order-now", JONAS))
    assert "with your payment method on file" in read(page)
    assert "will be sent to your address now" in read(page)


# What is not pressed.


@pytest.mark.parametrize(
    "wish",
    [
        {"what": "skip", "subscription": 301},
        {"what": "skip", "address": 201},
        {"what": "move", "subscription": 301},
        {"what": "move", "address": 201},
        {"what": "add", "address": 201, "variant": "1"},
        {"what": "order-now", "subscription": 301},
        {"what": "reactivate", "subscription": 301},
        {"what": "reactivate", "subscription": 999_999},
    ],
)
async def test_a_link_means_its_own_customers_things_only(
    quick: Quick, wish: dict[str, Any]
) -> None:
    """As the merchant may have mixed up two columns. Mara's are not Jonas's."""
    page = await quick.open(quick.link(customer=JONAS, **wish))
    assert "What this link is about is not there any more." in read(page)
    assert "form" not in Form(page).tags
    answer = await quick.browser().post(page.url.path, data={"form": "x", "seen": "y"})
    assert answer.status_code == 403
    assert await quick.executed() == 0


async def test_nobody_of_that_id_is_told_as_what_is_gone(quick: Quick) -> None:
    page = await quick.open(quick.link("skip", 424_242))
    assert "What this link is about is not there any more." in read(page)


@pytest.mark.parametrize("cut", [-1, -5, 40])
async def test_a_spoilt_link_is_told_and_leads_on(quick: Quick, cut: int) -> None:
    page = await quick.open(quick.link("skip", JONAS)[:cut])
    assert page.status_code == 404
    assert "We do not know this link" in read(page)


@pytest.mark.parametrize("more", ["/", "/x", "/undo/x", "%20", "=3D"])
async def test_what_a_mail_program_adds_does_not_put_the_link_into_another_address(
    quick: Quick, more: str
) -> None:
    page = await quick.open(f"{quick.link('skip', JONAS)}{more}")
    assert page.status_code == 404
    assert "location" not in page.headers


async def test_an_ended_link_is_told_with_its_moment(quick: Quick) -> None:
    link = quick.link("skip", JONAS, days=2)
    drawn = await quick.open(link)
    quick.clock.move(days=2)
    page = await quick.open(link)
    assert page.status_code == 410
    assert "It worked until Mon, Nov 23, 4:30 AM. Nothing was changed by it." in read(page)
    assert (await send(quick.browser(), drawn)).status_code == 410
    assert await quick.executed() == 0


async def test_a_link_of_a_secret_that_is_not_set_any_more_is_unknown(
    shop: Shop, services: Services
) -> None:
    old, new = "the old secret, which was long enough", "the new secret, which is long enough"
    link = Quick(shop, services, secrets=(old,)).link("skip", JONAS)
    assert (await Quick(shop, services, secrets=(new, old)).open(link)).status_code == 200
    assert (await Quick(shop, services, secrets=(new,)).open(link)).status_code == 404
    assert (await Quick(shop, services, secrets=()).open(link)).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"form": ""}, {"form": "0" * 64}, {"seen": ""}, {"seen": "0" * 32}],
)
async def test_a_form_that_is_not_the_pages_presses_nothing(
    quick: Quick, fields: dict[str, str]
) -> None:
    page = await quick.open(quick.link("skip", JONAS))
    answer = await send(quick.browser(), page, **fields)
    assert answer.status_code in (403, 409)
    assert await quick.executed() == 0


async def test_the_form_of_one_link_does_not_press_another(quick: Quick) -> None:
    page, other = await quick.open(quick.link("skip", JONAS)), quick.link("skip", JONAS)
    answer = await quick.browser().post(other, data=Form(page).fields)
    assert answer.status_code == 403
    assert await quick.executed() == 0


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_presses_nothing(quick: Quick, site: str) -> None:
    page = await quick.open(quick.link("skip", JONAS))
    answer = await send(quick.browser(**{"Sec-Fetch-Site": site}), page)
    assert answer.status_code == 403
    assert await quick.executed() == 0


async def test_a_session_is_no_link_and_a_link_no_session(quick: Quick) -> None:
    link = quick.links.read(quick.link("skip", JONAS).rpartition("/")[2])
    assert link is not None
    with quick.links.acting(link) as principal:
        assert await quick.links.is_live(principal)
    assert not await quick.links.is_live(principal), "it is over with the request"
    page = await quick.browser().get("/account")
    assert page.headers["location"].startswith("/sign-in")


async def test_the_log_holds_no_link(quick: Quick) -> None:
    link = quick.link("skip", JONAS)
    with structlog.testing.capture_logs() as lines:
        await quick.press(link)
        await quick.open(f"{link}/x")
    assert link.rpartition("/")[2][:40] not in repr(lines)

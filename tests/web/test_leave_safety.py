"""Leaving without signing in, where somebody means ill or something has changed since."""

from __future__ import annotations

import re

import pytest

from app.actions import (
    NotPossible,
    ReactivateSubscription,
    Services,
    WithdrawFromSubscription,
    perform,
    undo,
)
from app.actions import activities as activities_of
from tests.actions.cases.withdraw import HIS, moves_to_berlin
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop, press, signed_in
from tests.web.leaving import EMAILS, Way, read

__all__ = ["pattern", "services", "shop"]

MARA, JONAS = EMAILS[101], EMAILS[102]


@pytest.fixture
def way(shop: Shop, services: Services) -> Way:
    return Way(shop, services)


async def strangers(way: Way, count: int, path: str = "/cancel", email: str = MARA) -> list[int]:
    """Somebody types an address that is not theirs, and order numbers at random."""
    return [
        (
            await way.ask(
                str(90_000 + number), email, path, way.browser(host=f"198.51.100.{number}")
            )
        ).status_code
        for number in range(count)
    ]


@pytest.mark.parametrize("path", ["/cancel", "/withdraw"])
async def test_wrong_order_numbers_keep_nobody_from_leaving(way: Way, path: str) -> None:
    assert set(await strangers(way, 12, path)) == {303}
    assert len(way.outbox.mails) == 3
    assert await way.link("1506")


async def test_the_answer_to_many_tries_tells_nothing_about_anybody(way: Way) -> None:
    tries = [str(90_000 + number // 3) for number in range(30)] + ["1506"] * 7
    answers: dict[str, list[int]] = {}
    for net, email in enumerate((MARA, "nobody@example.com")):
        answers[email] = [
            (await way.ask(order, email, browser=way.browser(f"10.{net}.0.{n}"))).status_code
            for n, order in enumerate(tries)
        ]
    assert answers[MARA] == answers["nobody@example.com"]
    assert answers[MARA][-1] == 429


async def test_where_any_number_gets_a_link_there_are_not_any_number_of_links(way: Way) -> None:
    assert set(await strangers(way, 12, email=JONAS)) == {303}
    assert len(way.outbox.mails) == 5
    # The links to the other way out are counted apart.
    assert await way.link("4711", JONAS, "/withdraw")


@pytest.mark.parametrize("path", ["/cancel", "/withdraw"])
@pytest.mark.parametrize("more", ["/", "/more", ".", ")", "//"])
async def test_no_address_of_a_link_leads_to_signing_in(way: Way, path: str, more: str) -> None:
    secret = (await way.link("4711", JONAS)).rpartition("/")[2]
    answer = await way.browser().get(f"{path}/{secret}{more}")
    location = answer.headers.get("location", "")
    assert secret not in location.partition("?")[2]
    assert not location.startswith("/sign-in")
    if more != "//":
        assert location == f"{path}?why=unknown"
    assert (await way.browser().get(f"{path}/")).headers["location"] == path


async def test_a_link_is_good_for_the_mailbox_that_it_was_sent_to(way: Way, shop: Shop) -> None:
    link, used = await way.link(), await way.link("1506")
    page = await way.browser().get(link)
    assert page.status_code == 200
    await way.press(used, tick=(304,))
    await shop.client.customers.update(101, email="mara.new@example.com")
    await shop.mirror.customer(101).refresh()
    for one in (link, used):
        answer = await way.browser().get(one)
        assert answer.headers["location"] == "/cancel?why=unknown"
    await shop.forget_counters()
    browser = way.browser()
    form = re.search(r'name="form" value="([^"]+)"', page.text)
    await browser.get("/cancel")
    answer = await browser.post(link, data={"form": form[1] if form else ""})
    assert answer.status_code == 303
    assert await shop.executed() == {}


async def test_what_was_taken_up_again_is_not_called_cancelled(
    way: Way, shop: Shop, services: Services
) -> None:
    link = await way.link("4711", JONAS)
    assert "Cancelled" in read(await way.press(link))
    again = ReactivateSubscription(address_id=203, subscription_id=310)
    services.is_signed_in = shop.services().is_signed_in
    await perform(services, signed_in(102), again, key=press())

    page = await way.browser().get(link)
    said = read(page)
    assert "<title>Active again" in page.text
    assert "is cancelled" not in said
    assert "You cancelled" in said
    assert "active again" in said
    assert 'href="/cancel"' in page.text
    # Another press of the used link does nothing more.
    assert (await shop.client.subscriptions.get(310)).status == "active"


async def test_what_was_undone_is_not_called_cancelled(
    way: Way, shop: Shop, services: Services
) -> None:
    link = await way.link()
    await way.press(link, tick=(301, 304))
    mara = signed_in(101)
    services.is_signed_in = shop.services().is_signed_in
    (newest, *_) = await activities_of(services, mara)
    await undo(services, mara, newest.id, key=press())
    said = read(await way.browser().get(link))
    assert "Active again" in (await way.browser().get(link)).text
    assert "are cancelled" not in said


async def test_who_has_cancelled_withdraws_once(way: Way, shop: Shop, services: Services) -> None:
    await moves_to_berlin(shop)
    await way.press(await way.link("4711", JONAS))
    assert "You have withdrawn" in read(await way.press(await way.link("4711", JONAS, "/withdraw")))
    page = await way.browser().get(await way.link("4711", JONAS, "/withdraw"))
    assert 'name="item-310"' not in page.text
    services.is_signed_in = shop.services().is_signed_in
    with pytest.raises(NotPossible, match="already"):
        await perform(services, signed_in(102), WithdrawFromSubscription(**dict(HIS)), key=press())

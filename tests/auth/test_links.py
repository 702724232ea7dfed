"""A sign-in link works once, for a quarter of an hour."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from app.auth import LinkState, Sessions, SignInLinks, new_secret
from app.database import Database
from tests.auth.world import EMAILS, MARA, StandingClock, make_settings


@pytest.fixture
def links(database: Database, sessions: Sessions, clock: StandingClock) -> SignInLinks:
    return SignInLinks(database, make_settings(), sessions, clock)


async def test_a_link_signs_its_customer_in_and_leads_on(
    links: SignInLinks, sessions: Sessions
) -> None:
    secret = await links.issue(MARA, email=EMAILS[MARA], target="/schedule")

    signed_in = await links.use(secret, visitor=new_secret())

    assert signed_in is not None
    assert signed_in.target == "/schedule"
    principal = await sessions.read(signed_in.cookie)
    assert principal is not None
    assert (principal.customer_id, principal.method) == (MARA, "link")


async def test_links_work_on_both_databases(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    sessions = Sessions(database, make_settings())
    links = SignInLinks(database, make_settings(), sessions)
    secret = await links.issue(MARA, email=EMAILS[MARA])
    visitors = [new_secret() for _ in range(8)]

    results = await asyncio.gather(*(links.use(secret, visitor=one) for one in visitors))

    assert len([result for result in results if result]) == 1
    assert (await links.find(secret)).state is LinkState.USED
    await database.close()


async def test_looking_at_a_link_does_not_use_it(links: SignInLinks) -> None:
    secret = await links.issue(MARA, email=EMAILS[MARA], target="/orders")

    for _ in range(3):
        found = await links.find(secret)
        assert found.state is LinkState.READY
        assert (found.customer_id, found.target) == (MARA, "/orders")

    assert await links.use(secret, visitor=new_secret()) is not None


async def test_a_link_works_once(links: SignInLinks) -> None:
    secret = await links.issue(MARA, email=EMAILS[MARA])
    assert await links.use(secret, visitor=new_secret()) is not None

    assert await links.use(secret, visitor=new_secret()) is None
    assert (await links.find(secret)).state is LinkState.USED


async def test_a_double_press_in_one_browser_gets_in_once(
    links: SignInLinks, sessions: Sessions, clock: StandingClock
) -> None:
    browser = new_secret()
    secret = await links.issue(MARA, email=EMAILS[MARA])
    first = await links.use(secret, visitor=browser)
    second = await links.use(secret, visitor=browser)
    assert first is not None
    assert second is not None

    # The browser has thrown the first answer away; its session ends.
    assert await sessions.read(first.cookie) is None
    assert await sessions.read(second.cookie) is not None

    assert await links.use(secret, visitor=new_secret()) is None
    clock.move(seconds=11)
    assert await links.use(secret, visitor=browser) is None


async def test_a_spent_link_is_not_kept_alive_by_pressing_on(
    links: SignInLinks, clock: StandingClock
) -> None:
    browser = new_secret()
    secret = await links.issue(MARA, email=EMAILS[MARA])
    good = []

    for _ in range(4):
        good.append(await links.use(secret, visitor=browser) is not None)
        clock.move(seconds=8)

    assert good == [True, True, False, False]


async def test_a_second_press_comes_before_the_link_ends(
    links: SignInLinks, clock: StandingClock
) -> None:
    browser = new_secret()
    secret = await links.issue(MARA, email=EMAILS[MARA])
    clock.move(minutes=15, seconds=-1)
    assert await links.use(secret, visitor=browser) is not None

    clock.move(seconds=1)

    assert await links.use(secret, visitor=browser) is None


async def test_after_signing_out_the_link_is_worth_nothing(
    links: SignInLinks, sessions: Sessions
) -> None:
    browser = new_secret()
    secret = await links.issue(MARA, email=EMAILS[MARA])
    signed_in = await links.use(secret, visitor=browser)
    assert signed_in is not None
    principal = await sessions.read(signed_in.cookie)
    assert principal is not None

    await sessions.end(principal.session)

    assert await links.use(secret, visitor=browser) is None


async def test_presses_at_the_same_moment_leave_one_session(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    sessions = Sessions(database, make_settings())
    links = SignInLinks(database, make_settings(), sessions)
    secret = await links.issue(MARA, email=EMAILS[MARA])
    browser = new_secret()
    visitors = [*[browser] * 4, *(new_secret() for _ in range(4))]

    results = await asyncio.gather(*(links.use(secret, visitor=one) for one in visitors))

    live = [await sessions.read(result.cookie) for result in results if result]
    assert len([principal for principal in live if principal]) == 1
    await database.close()


async def test_a_link_ends_after_fifteen_minutes(links: SignInLinks, clock: StandingClock) -> None:
    secret = await links.issue(MARA, email=EMAILS[MARA], target="/orders")
    clock.move(minutes=15)

    found = await links.find(secret)

    assert found.state is LinkState.EXPIRED
    assert (found.email, found.target) == (EMAILS[MARA], "/orders")
    assert await links.use(secret, visitor=new_secret()) is None


async def test_forged_links_are_unknown(links: SignInLinks) -> None:
    await links.issue(MARA, email=EMAILS[MARA])

    for forged in (new_secret(), "x", "", "A" * 43, "../../etc/passwd"):
        assert (await links.find(forged)).state is LinkState.UNKNOWN
        assert await links.use(forged, visitor=new_secret()) is None


async def test_links_are_kept_as_digests_and_not_for_long(
    links: SignInLinks, database: Database, clock: StandingClock
) -> None:
    secret = await links.issue(MARA, email=EMAILS[MARA])
    async with database.read() as connection:
        kept = repr((await connection.execute(text("SELECT * FROM sign_in_links"))).all())
    assert secret not in kept

    clock.move(days=2)
    await links.issue(MARA, email=EMAILS[MARA])

    assert (await links.find(secret)).state is LinkState.UNKNOWN


async def test_an_address_gets_five_links_an_hour(
    links: SignInLinks, database: Database, sessions: Sessions, clock: StandingClock
) -> None:
    for number in range(5):
        assert await links.refused_until("mara@example.com", f"198.51.100.{number}") is None

    # Also after a restart, and whoever asks.
    restarted = SignInLinks(database, make_settings(), sessions, clock)
    until = await restarted.refused_until("mara@example.com", "203.0.113.9")

    assert until is not None
    assert until > clock.now
    assert await links.refused_until("jonas@example.com", "203.0.113.9") is None
    clock.now = until
    assert await links.refused_until("mara@example.com", "203.0.113.9") is None


async def test_a_network_gets_twenty_links_an_hour(links: SignInLinks) -> None:
    for number in range(20):
        assert await links.refused_until(f"one{number}@example.com", "2001:db8:1:2::1") is None

    assert await links.refused_until("other@example.com", "2001:db8:1:2:3:4:5:6") is not None
    assert await links.refused_until("other@example.com", "2001:db8:1:3::1") is None

"""What is remembered of quick links: that they were pressed, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import func, select

from app.actions import Level, Principal, SkipDelivery
from app.actions.quick.wishes import What, WishedLink
from app.auth import LinkSigner, QuickLink, QuickLinks
from app.auth.tables import quick_links as table
from app.database import Database
from tests.auth.world import MARA, StandingClock

SKIP = SkipDelivery(address_id=201, date=date(2026, 12, 1))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
def signer(clock: StandingClock) -> LinkSigner:
    return LinkSigner(["a secret that is long enough for it"], "http://localhost:8080", clock)


@pytest.fixture
def links(database: Database, signer: LinkSigner, clock: StandingClock) -> QuickLinks:
    return QuickLinks(database, signer, clock)


def new(links: QuickLinks, signer: LinkSigner, days: int = 7) -> QuickLink:
    wish = WishedLink(what=What.SKIP, customer=MARA, days=days)
    link = links.read(signer.sign(wish).path.rpartition("/")[2])
    assert link is not None
    return link


async def rows(database: Database) -> int:
    async with database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def test_nothing_is_kept_of_a_link_until_it_is_pressed(
    links: QuickLinks, signer: LinkSigner, database: Database
) -> None:
    link = new(links, signer)
    assert await links.press_of(link) is None
    assert await rows(database) == 0


async def test_of_many_presses_one_is_let_through(
    links: QuickLinks, signer: LinkSigner, database: Database, clock: StandingClock
) -> None:
    link, other_process = new(links, signer), QuickLinks(database, signer, clock)
    taken = await asyncio.gather(
        *(one.take(link, SKIP, None) for one in (links, other_process) for _ in range(5))
    )
    (press,) = [one for one in taken if one is not None]
    assert press == await links.press_of(link)
    assert (press.attempt, press.pressed_at, press.action) == (1, clock.now, SKIP)
    assert await rows(database) == 1


async def test_a_press_that_came_to_nothing_can_be_made_again_under_another_key(
    links: QuickLinks, signer: LinkSigner
) -> None:
    link = new(links, signer)
    first = await links.take(link, SKIP, None)
    assert first is not None
    await links.give_back(first)
    seen = await links.press_of(link)
    assert seen is not None
    assert seen.pressed_at is None
    second = await links.take(link, SKIP, seen)
    assert second is not None
    assert second.key != first.key
    assert await links.take(link, SKIP, seen) is None
    await links.give_back(first)  # an answer that comes late
    assert (await links.press_of(link)) == second


async def test_what_it_came_to_is_kept_for_as_long_as_the_link_lives(
    links: QuickLinks, signer: LinkSigner, clock: StandingClock, database: Database
) -> None:
    link, short = new(links, signer, days=30), new(links, signer, days=1)
    for one in (link, short):
        press = await links.take(one, SKIP, None)
        assert press is not None
        await links.came_to(press, "a" * 32)
    clock.move(days=2)
    found = await links.press_of(short)
    assert found is not None
    assert found.activity_id == "a" * 32
    clock.move(days=27, hours=23)
    await links.take(new(links, signer), SKIP, None)
    assert await links.press_of(short) is None
    assert await links.take(link, SKIP, None) is None, "it would be a second press"
    clock.move(days=2)
    await links.take(new(links, signer), SKIP, None)
    assert await rows(database) == 2


async def test_an_ended_link_is_not_pressed(
    links: QuickLinks, signer: LinkSigner, clock: StandingClock
) -> None:
    link = new(links, signer, days=1)
    clock.move(days=1)
    assert await links.take(link, SKIP, None) is None


async def test_who_holds_a_link_acts_while_it_is_looked_at(
    links: QuickLinks, signer: LinkSigner
) -> None:
    link = new(links, signer)
    with links.acting(link) as principal, links.acting(link):
        assert (principal.customer_id, principal.level) == (MARA, Level.LINK)
        assert await links.is_live(principal)
        stranger = Principal(
            principal.shop, 102, principal.method, principal.signed_in_at, Level.LINK, link.name
        )
        assert not await links.is_live(stranger)
    assert not await links.is_live(principal)

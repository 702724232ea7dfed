"""A link to leave by ends one thing, once, and opens nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.auth import (
    EXITS_PER_NETWORK,
    EXITS_PER_ORDER,
    ExitLink,
    ExitLinks,
    LinkState,
    Sessions,
    SignInLinks,
    new_secret,
)
from app.auth.exit_links import Purpose
from app.auth.limits import EXIT_LINKS_PER_CUSTOMER
from app.database import Database
from tests.auth.world import EMAILS, JONAS, MARA, StandingClock, make_settings


@pytest.fixture
def exits(database: Database, clock: StandingClock) -> ExitLinks:
    return ExitLinks(database, clock)


async def issue(exits: ExitLinks, purpose: Purpose = "cancel") -> str:
    return await exits.issue(
        purpose, MARA, email=EMAILS[MARA], order_name="#1042", item_ids=[301, 302]
    )


async def found(exits: ExitLinks, secret: str, purpose: Purpose = "cancel") -> ExitLink:
    link = await exits.find(purpose, secret)
    assert link is not None
    return link


async def test_it_tells_whose_it_is_and_which_order_was_named(exits: ExitLinks) -> None:
    secret = await issue(exits)

    for _ in range(3):  # looking uses nothing
        link = await found(exits, secret)
        assert link.state is LinkState.READY
        assert (link.customer_id, link.order_name) == (MARA, "#1042")
        assert link.item_ids == {301, 302}


async def test_it_is_for_one_purpose(exits: ExitLinks) -> None:
    assert await exits.find("withdraw", await issue(exits, "cancel")) is None
    assert await exits.find("cancel", await issue(exits, "withdraw")) is None


async def test_one_press_is_let_through(exits: ExitLinks) -> None:
    secret = await issue(exits)
    seen = await found(exits, secret)

    taken = await exits.take(seen)

    assert taken is not None
    assert taken.state is LinkState.USED
    assert await exits.take(seen) is None
    assert (await found(exits, secret)).key == taken.key


async def test_of_presses_at_one_moment_one_is_let_through(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    exits = ExitLinks(database)
    seen = await found(exits, await issue(exits))

    results = await asyncio.gather(*(exits.take(seen) for _ in range(8)))

    assert len([result for result in results if result]) == 1
    await database.close()


async def test_a_press_of_which_nothing_came_leaves_it_good(exits: ExitLinks) -> None:
    secret = await issue(exits)
    first = await exits.take(await found(exits, secret))
    assert first is not None

    await exits.give_back(first)

    again = await found(exits, secret)
    assert again.state is LinkState.READY
    second = await exits.take(again)
    assert second is not None
    assert second.key != first.key
    await exits.give_back(first)  # late: it is about the press before
    assert (await found(exits, secret)).state is LinkState.USED


async def test_after_a_day_it_is_worth_nothing(exits: ExitLinks, clock: StandingClock) -> None:
    secret = await issue(exits)
    clock.move(hours=23, minutes=59)
    seen = await found(exits, secret)
    principal = exits.principal_of(seen)
    assert seen.state is LinkState.READY
    assert await exits.is_live(principal)

    clock.move(minutes=1)

    assert (await found(exits, secret)).state is LinkState.EXPIRED
    assert await exits.take(seen) is None
    assert not await exits.is_live(principal)
    clock.move(days=2)
    await issue(exits)
    assert await exits.find("cancel", secret) is None


async def test_forged_ones_are_unknown(exits: ExitLinks) -> None:
    await issue(exits)
    for forged in (new_secret(), "x", "", "A" * 43, "../../etc/passwd"):
        assert await exits.find("cancel", forged) is None


async def test_only_a_digest_is_kept(exits: ExitLinks, database: Database) -> None:
    secret = await issue(exits)
    async with database.read() as connection:
        kept = repr((await connection.execute(text("SELECT * FROM exit_links"))).all())
    assert secret not in kept


async def test_it_signs_nobody_in(
    exits: ExitLinks, sessions: Sessions, database: Database, clock: StandingClock
) -> None:
    secret = await issue(exits)
    principal = exits.principal_of(await found(exits, secret))
    sign_in = SignInLinks(database, make_settings(), sessions, clock)

    assert await sessions.read(secret) is None
    assert not await sessions.is_signed_in(principal)
    assert (await sign_in.find(secret)).state is LinkState.UNKNOWN
    assert await sign_in.use(secret, visitor=new_secret()) is None


async def test_it_stands_for_its_own_customer_and_purpose_alone(
    exits: ExitLinks, sessions: Sessions
) -> None:
    principal = exits.principal_of(await found(exits, await issue(exits)))
    assert await exits.is_live(principal)
    assert not await exits.is_live(replace(principal, customer_id=JONAS))
    assert not await exits.is_live(replace(principal, method="withdraw link"))
    assert not await exits.is_live(replace(principal, session=new_secret()))
    _, signed_in = await sessions.start(MARA, method="link")
    assert not await exits.is_live(signed_in)


async def test_links_of_another_shop_are_unknown(
    exits: ExitLinks, database: Database, clock: StandingClock
) -> None:
    secret = await issue(exits)
    principal = exits.principal_of(await found(exits, secret))
    elsewhere = ExitLinks(database, clock, shop="another")
    assert await elsewhere.find("cancel", secret) is None
    assert not await elsewhere.is_live(principal)


async def test_how_often_they_may_be_asked_for(exits: ExitLinks, clock: StandingClock) -> None:
    for number in range(EXITS_PER_ORDER[0].most):
        host = f"198.51.100.{number}"
        assert await exits.refused_until("cancel", EMAILS[MARA], "1506", host) is None
    until = await exits.refused_until("cancel", EMAILS[MARA], "1506", "203.0.113.9")
    assert until is not None
    assert until > clock.now
    others: list[tuple[Purpose, str]] = [("cancel", "1507"), ("withdraw", "1506")]
    for purpose, order in others:
        assert await exits.refused_until(purpose, EMAILS[MARA], order, "203.0.113.9") is None
    for number in range(EXITS_PER_NETWORK[0].most):
        await exits.refused_until("cancel", f"one{number}@example.com", "1506", "203.0.113.9")
    assert await exits.refused_until("cancel", EMAILS[JONAS], "1506", "203.0.113.9") is not None


async def test_what_is_done_for_one_customer_is_counted_by_customer_and_kind(
    exits: ExitLinks,
) -> None:
    for _ in range(EXIT_LINKS_PER_CUSTOMER[0].most):
        assert await exits.has_room(EXIT_LINKS_PER_CUSTOMER, MARA, "cancel")
    assert not await exits.has_room(EXIT_LINKS_PER_CUSTOMER, MARA, "cancel")
    assert await exits.has_room(EXIT_LINKS_PER_CUSTOMER, MARA, "withdraw")
    assert await exits.has_room(EXIT_LINKS_PER_CUSTOMER, JONAS, "cancel")


async def test_it_is_of_the_mailbox_that_it_was_sent_to(exits: ExitLinks) -> None:
    link = await found(exits, await issue(exits))
    assert link.is_of(EMAILS[MARA].upper())
    assert not link.is_of(EMAILS[JONAS])
    assert not link.is_of("")
    assert EMAILS[MARA] not in repr(link)


async def test_using_up_sign_in_links_keeps_nobody_from_leaving(
    exits: ExitLinks, sessions: Sessions, database: Database, clock: StandingClock
) -> None:
    sign_in = SignInLinks(database, make_settings(), sessions, clock)
    for _ in range(30):
        await sign_in.refused_until(EMAILS[MARA], "203.0.113.9")
    assert await exits.refused_until("cancel", EMAILS[MARA], "1506", "203.0.113.9") is None

"""Sessions live on the server, under a random name, for a limited time."""

from __future__ import annotations

from sqlalchemy import text

from app.actions import Level
from app.auth import MOST_PER_CUSTOMER, Cookies, Sessions
from app.database import Database
from tests.auth.world import JONAS, MARA, StandingClock, make_settings


async def test_a_cookie_stands_for_the_customer_who_signed_in(
    sessions: Sessions, clock: StandingClock
) -> None:
    cookie, principal = await sessions.start(MARA, method="link")

    assert await sessions.read(cookie) == principal
    assert principal.customer_id == MARA
    assert principal.level is Level.LINK
    assert principal.method == "link"
    assert principal.signed_in_at == clock.now
    assert await sessions.is_signed_in(principal)
    assert len(cookie) == 43  # 32 random bytes


async def test_sessions_of_both_databases_end_alike(database_url: str) -> None:
    database = Database(database_url)
    await database.upgrade()
    clock = StandingClock()
    sessions = Sessions(database, make_settings(session_idle_minutes=30), clock)
    cookie, _ = await sessions.start(MARA, method="link")
    clock.move(minutes=29)
    assert await sessions.read(cookie) is not None
    assert await sessions.end_all(MARA) == 1
    assert await sessions.read(cookie) is None
    await database.close()


async def test_the_database_never_holds_the_cookie(sessions: Sessions, database: Database) -> None:
    cookie, principal = await sessions.start(MARA, method="link")

    async with database.read() as connection:
        rows = (await connection.execute(text("SELECT * FROM sessions"))).all()

    assert cookie not in repr(rows)
    assert cookie not in repr(principal)
    assert await sessions.read(principal.session) is None  # what is kept is no key


async def test_unknown_cookies_are_nobody(sessions: Sessions) -> None:
    await sessions.start(MARA, method="link")

    for cookie in (None, "", "x", "A" * 43, "A" * 44, "' OR 1=1 --" + "A" * 32, "é" * 43):
        assert await sessions.read(cookie) is None


async def test_a_session_ends_when_nobody_uses_it(sessions: Sessions, clock: StandingClock) -> None:
    cookie, _ = await sessions.start(MARA, method="link")
    for _ in range(4):
        clock.move(minutes=25)
        assert await sessions.read(cookie) is not None  # each read is a sign of life

    clock.move(minutes=30)
    assert await sessions.read(cookie) is None


async def test_looking_without_a_sign_of_life_does_not_keep_a_session(
    sessions: Sessions, clock: StandingClock
) -> None:
    cookie, principal = await sessions.start(MARA, method="link")
    clock.move(minutes=20)
    assert await sessions.read(cookie, touch=False) is not None
    assert await sessions.is_live(principal.session)

    clock.move(minutes=10)
    assert not await sessions.is_live(principal.session)


async def test_a_short_idle_time_counts_every_sign_of_life(
    database: Database, clock: StandingClock
) -> None:
    sessions = Sessions(database, make_settings(session_idle_minutes=1), clock)
    cookie, _ = await sessions.start(MARA, method="link")
    for _ in range(5):
        clock.move(seconds=40)
        assert await sessions.read(cookie) is not None


async def test_every_session_ends_after_twelve_hours(
    sessions: Sessions, clock: StandingClock
) -> None:
    cookie, _ = await sessions.start(MARA, method="link")
    for _ in range(47):
        clock.move(minutes=15)
        assert await sessions.read(cookie) is not None

    clock.move(minutes=15)
    assert await sessions.read(cookie) is None


async def test_signing_in_never_keeps_the_name_that_was_there_before(sessions: Sessions) -> None:
    planted, _ = await sessions.start(JONAS, method="link")

    cookie, _ = await sessions.start(MARA, method="link", replacing=planted)

    assert cookie != planted
    assert await sessions.read(planted) is None
    assert (await sessions.read(cookie)).customer_id == MARA  # type: ignore[union-attr]


async def test_a_frame_ends_another_frames_session_before_a_devices(
    sessions: Sessions, clock: StandingClock
) -> None:
    async def start(*, is_framed: bool) -> str:
        clock.move(minutes=1)
        cookie, _ = await sessions.start(MARA, method="shop", is_framed=is_framed)
        return cookie

    devices = [await start(is_framed=False) for _ in range(MOST_PER_CUSTOMER - 1)]
    frames = [await start(is_framed=True) for _ in range(3)]

    assert [await is_live(sessions, cookie) for cookie in devices] == [True] * len(devices)
    assert [await is_live(sessions, cookie) for cookie in frames] == [False, False, True]
    await start(is_framed=False)
    assert not await is_live(sessions, devices[0])


async def test_a_session_that_is_replaced_ends_no_other(
    sessions: Sessions, clock: StandingClock
) -> None:
    cookies = []
    for _ in range(MOST_PER_CUSTOMER):
        clock.move(minutes=1)
        cookies.append((await sessions.start(MARA, method="link"))[0])

    await sessions.start(MARA, method="link", replacing=cookies[-1])

    assert [await is_live(sessions, cookie) for cookie in cookies] == [True] * 4 + [False]


async def is_live(sessions: Sessions, cookie: str) -> bool:
    return await sessions.read(cookie, touch=False) is not None


async def test_a_sixth_session_ends_the_oldest(sessions: Sessions, clock: StandingClock) -> None:
    ended: list[str] = []

    async def watch(session: str) -> None:
        ended.append(session)

    sessions.on_end(watch)
    other, _ = await sessions.start(JONAS, method="link")
    started = []
    for _ in range(MOST_PER_CUSTOMER + 1):
        started.append(await sessions.start(MARA, method="link"))
        clock.move(seconds=1)

    assert await sessions.read(started[0][0]) is None
    assert ended == [started[0][1].session]
    for cookie, _ in started[1:]:
        assert await sessions.read(cookie) is not None
    assert await sessions.read(other) is not None


async def test_signing_out_tells_those_who_watch(sessions: Sessions) -> None:
    ended: list[str] = []

    async def watch(session: str) -> None:
        assert not await sessions.is_live(session)  # it is over before anybody hears of it
        ended.append(session)

    sessions.on_end(watch)
    cookie, principal = await sessions.start(MARA, method="link")
    await sessions.end(principal.session)

    assert ended == [principal.session]
    assert await sessions.read(cookie) is None
    assert not await sessions.is_signed_in(principal)


async def test_the_merchant_can_end_all_sessions_of_a_customer(sessions: Sessions) -> None:
    hers = [await sessions.start(MARA, method="link") for _ in range(3)]
    his, _ = await sessions.start(JONAS, method="link")

    assert await sessions.end_all(MARA) == 3

    assert [await sessions.read(cookie) for cookie, _ in hers] == [None] * 3
    assert await sessions.read(his) is not None
    assert await sessions.live({principal.session for _, principal in hers}) == set()


async def test_sessions_of_another_shop_are_nobodys(database: Database) -> None:
    cookie, _ = await Sessions(database, make_settings(), shop="north").start(MARA, method="link")

    assert await Sessions(database, make_settings(), shop="south").read(cookie) is None


async def test_a_session_survives_a_restart(database: Database, clock: StandingClock) -> None:
    cookie, _ = await Sessions(database, make_settings(), clock).start(MARA, method="link")

    assert await Sessions(database, make_settings(), clock).read(cookie) is not None


def test_cookies_are_locked_to_this_host_behind_tls() -> None:
    cookies = Cookies(is_secure=True)
    header = cookies.set(cookies.session, "secret")

    assert header.startswith("__Host-doorstep=secret; ")
    for attribute in ("HttpOnly", "Path=/", "SameSite=Lax", "Secure"):
        assert attribute in header
    assert "Domain" not in header


def test_without_tls_the_cookie_has_a_plain_name() -> None:
    cookies = Cookies(is_secure=False)
    header = cookies.set(cookies.session, "secret")

    assert header.startswith("doorstep=secret; ")
    assert "Secure" not in header
    assert "HttpOnly" in header


async def test_a_link_that_was_passed_on_signs_no_devices_out(
    sessions: Sessions, clock: StandingClock
) -> None:
    """It works again and again: whoever has it must not end what its customer has signed in to by a
    code (ASVS 5.0, 6.1.1: no lockout by strangers)."""
    codes = [
        (await sessions.start(MARA, method="code", level=Level.CODE))[0]
        for _ in range(MOST_PER_CUSTOMER - 1)
    ]
    links = []
    for _ in range(4):
        clock.move(minutes=1)
        links.append((await sessions.start(MARA, method="theme token"))[0])
    assert all([await sessions.read(one) is not None for one in codes])
    assert [await sessions.read(one) is not None for one in links] == [False, False, False, True]

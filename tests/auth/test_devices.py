"""Where a customer is signed in, and ending that from elsewhere."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.auth import Sessions, browser_and_system
from app.database import Database
from tests.auth.sockets import SignIn
from tests.auth.world import JONAS, MARA, StandingClock, make_settings

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (CHROME, ("Chrome", "Linux")),
        (SAFARI, ("Safari", "iPhone")),
        (CHROME + " Edg/140.0.0.0", ("Edge", "Linux")),
        (CHROME + " OPR/121.0", ("Opera", "Linux")),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) "
            "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            ("Samsung Internet", "Android"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.6 Safari/605.1.15",
            ("Safari", "Mac"),
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1",
            ("Chrome", "iPad"),
        ),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
        ("<script>Chrome/1 Windows</script>" + "x" * 5000, ("Chrome", "Windows")),
        ("x" * 2000 + FIREFOX, ("", "")),
    ],
)
def test_a_browser_in_the_words_of_its_owner(said: str, words: tuple[str, str]) -> None:
    assert browser_and_system(said) == words


async def test_a_customer_sees_their_own_sessions_and_nobody_elses(
    sessions: Sessions, clock: StandingClock
) -> None:
    _, phone = await sessions.start(MARA, method="link", user_agent=SAFARI)
    signed_in_at = clock.now
    clock.move(minutes=5)
    _, here = await sessions.start(MARA, method="theme token", user_agent=FIREFOX)
    await sessions.start(JONAS, method="link", user_agent=CHROME)
    clock.move(minutes=2)
    assert await sessions.is_live(phone.session, touch=True)

    mine, other = await sessions.devices(here)

    assert (mine.is_here, mine.browser, mine.system) == (True, "Firefox", "Windows")
    assert mine.method == "theme token"
    assert (other.is_here, other.browser, other.system) == (False, "Safari", "iPhone")
    assert (other.first_seen, other.last_seen) == (signed_in_at, clock.now)
    assert other.name == phone.session


async def test_a_session_that_has_ended_is_no_device_any_more(
    sessions: Sessions, clock: StandingClock
) -> None:
    await sessions.start(MARA, method="link")
    clock.move(minutes=31)
    _, here = await sessions.start(MARA, method="link")
    assert [one.name for one in await sessions.devices(here)] == [here.session]


async def test_a_session_of_an_older_release_has_no_words(
    sessions: Sessions, database: Database
) -> None:
    _, here = await sessions.start(MARA, method="link", user_agent=SAFARI)
    async with database.begin() as connection:
        await connection.execute(text("UPDATE sessions SET browser = NULL, system = NULL"))
    (mine,) = await sessions.devices(here)
    assert (mine.browser, mine.system) == ("", "")


async def test_one_device_is_ended_and_told(sessions: Sessions) -> None:
    ended: list[str] = []

    async def watch(name: str) -> None:
        ended.append(name)

    sessions.on_end(watch)
    _, here = await sessions.start(MARA, method="link")
    cookie, other = await sessions.start(MARA, method="link")
    assert await sessions.end_device(here, other.session)
    assert ended == [other.session]
    assert await sessions.read(cookie) is None
    assert await sessions.is_live(here.session)
    assert not await sessions.end_device(here, other.session), "it is over already"


async def test_nobody_ends_anothers_session(sessions: Sessions) -> None:
    _, mara = await sessions.start(MARA, method="link")
    _, jonas = await sessions.start(JONAS, method="link")
    assert not await sessions.end_device(mara, jonas.session)
    assert await sessions.end_others(mara) == 0
    assert await sessions.is_live(jonas.session)


async def test_all_others_end_and_this_one_goes_on(sessions: Sessions) -> None:
    _, here = await sessions.start(MARA, method="link")
    others = [(await sessions.start(MARA, method="link"))[1].session for _ in range(3)]
    assert await sessions.end_others(here) == 3
    assert await sessions.live({here.session, *others}) == {here.session}


async def test_a_device_that_another_process_signs_out_loses_its_pages(
    sign_in: SignIn, portal: tuple[str, int]
) -> None:
    """The guard looks every few seconds; here it is told when to look."""
    phone, here = await sign_in(), await sign_in()
    connection = await (await phone.open_page()).connect()
    database = Database(portal[0])
    assert await Sessions(database, make_settings()).end_device(
        here.principal, phone.principal.session
    )
    await database.close()
    await here.post("/sweep")
    await connection.is_thrown_out()
    answer = await phone.get("/")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")

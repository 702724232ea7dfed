"""A page in a frame gets its session: by a token of the shop's server, or a code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from app.actions import Acting, Level
from app.auth import Bearers, EmbedTokens, HandOffs, SingleUse
from app.auth.tables import embed_bearers
from app.auth.tables import sessions as sessions_table
from app.recharge import NoAnswer
from app.web import EmbedSessions
from tests.auth.embed_shop import EMBEDDING, minted
from tests.auth.world import JONAS, MARA, make_settings
from tests.web.conftest import Portal, make_portal

OPENED = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}
"""How a browser opens a frame in the shop's page."""


@pytest.fixture
async def portal(tmp_path: Path) -> AsyncIterator[Portal]:
    portal = await make_portal(tmp_path, **EMBEDDING)
    settings = make_settings(**EMBEDDING)

    async def find(account: str) -> int | None:
        return await portal.people.find_customer(external_id=account)

    routes = EmbedSessions(
        settings,
        portal.sessions,
        EmbedTokens(settings, SingleUse(portal.database, portal.clock), portal.clock),
        Bearers(portal.database, portal.sessions, portal.clock),
        HandOffs(portal.database, portal.sessions, portal.clock),
        find,
        portal.clock,
    ).routes()
    portal.application.router.routes[:0] = routes
    yield portal
    await portal.close()


async def begin(
    portal: Portal, browser: httpx.AsyncClient, **body: Any
) -> tuple[int, dict[str, Any], str]:
    """Status, answer, and the cookie that came with it."""
    if not {"token", "code"} & body.keys():
        body["token"] = minted(portal.clock())
    answer = await browser.post("/embed/session", json=body)
    return answer.status_code, answer.json(), answer.headers.get("set-cookie", "")


async def whose(browser: httpx.AsyncClient, path: str = "/", **headers: str) -> str:
    answer = await browser.get(path, headers=headers)
    return answer.text if answer.status_code == 200 else str(answer.status_code)


async def test_a_token_begins_a_session_by_cookie_and_by_bearer(portal: Portal) -> None:
    browser = portal.browser()

    status, answer, cookie = await begin(portal, browser)

    assert status == 200
    assert answer == {"bearer": answer["bearer"], "seconds": 600, "session": False, "kept": False}
    assert cookie.startswith("doorstep-embed=")
    for word in ("HttpOnly", "Path=/", "SameSite=None", "Secure", "Partitioned"):
        assert word in cookie
    stranger = portal.browser()
    bearer = f"Bearer {answer['bearer']}"
    assert await whose(stranger, Authorization=bearer) == f"customer {MARA}"


async def test_the_cookie_counts_where_a_frame_is_opened(portal: Portal) -> None:
    browser = portal.browser()
    _, _, cookie = await begin(portal, browser)
    framed = {"Cookie": cookie.partition(";")[0]}

    assert await whose(browser, **framed, **OPENED) == f"customer {MARA}"
    looked = await browser.get("/embed/session", headers=framed)
    assert looked.json() == {"session": True}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_the_cookie_counts_nowhere_else(portal: Portal, said: dict[str, str]) -> None:
    """It goes along with whatever the shop's page and its other frames ask of us."""
    browser = portal.browser()
    _, _, cookie = await begin(portal, browser)
    quiet = httpx.AsyncClient(
        transport=httpx.ASGITransport(portal.application), base_url=portal.origin
    )

    answer = await quiet.get("/", headers={"Cookie": cookie.partition(";")[0], **said})
    assert answer.status_code in (303, 401)
    looked = await quiet.get(
        "/embed/session",
        headers={"Cookie": cookie.partition(";")[0], "Sec-Fetch-Site": "cross-site"},
    )
    assert looked.json() == {"session": False}


async def test_the_portals_own_cookie_serves_in_a_frame(portal: Portal) -> None:
    cookie, _ = await portal.sessions.start(MARA, method="link")
    own = {"Cookie": f"doorstep={cookie}"}
    browser = portal.browser()

    assert await whose(browser, **own, **OPENED) == f"customer {MARA}"
    assert (await browser.get("/embed/session", headers=own)).json() == {"session": True}


async def test_the_cookie_of_another_session_is_not_the_one_that_was_given(portal: Portal) -> None:
    """Where the browser keeps no cookie of a frame, but has one of the portal's own."""
    own, _ = await portal.sessions.start(JONAS, method="link")
    browser = portal.browser(Cookie=f"doorstep={own}")
    _, answer, framed = await begin(portal, browser)
    bearer = {"Authorization": f"Bearer {answer['bearer']}"}

    async def is_kept(cookies: str) -> Any:
        looked = await browser.get("/embed/session", headers={**bearer, "Cookie": cookies})
        return looked.json()["session"]

    assert await is_kept(f"doorstep={own}") is False
    assert await is_kept(f"doorstep={own}; {framed.partition(';')[0]}") is True
    assert await is_kept("") is False


async def test_in_a_tab_of_its_own_the_portals_own_cookie_counts(portal: Portal) -> None:
    """Where the portal is of the shop's site, the browser sends both everywhere."""
    browser = portal.browser()
    _, _, framed = await begin(portal, browser)
    own, _ = await portal.sessions.start(JONAS, method="link")
    both = {"Cookie": f"doorstep={own}; {framed.partition(';')[0]}"}
    opened = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}

    assert await whose(browser, **both, **opened) == f"customer {JONAS}"
    assert await whose(browser, **both, **OPENED) == f"customer {MARA}"


async def test_a_bearer_ends_after_ten_minutes(portal: Portal) -> None:
    browser = portal.browser()
    _, answer, _ = await begin(portal, browser)
    bearer = f"Bearer {answer['bearer']}"

    portal.clock.move(minutes=9, seconds=59)
    assert await whose(browser, Authorization=bearer) == f"customer {MARA}"
    portal.clock.move(seconds=1)
    assert await whose(browser, Authorization=bearer, **{"Sec-Fetch-Dest": "empty"}) == "401"


async def test_a_later_token_continues_the_session(portal: Portal) -> None:
    browser = portal.browser()
    _, first, _ = await begin(portal, browser)
    portal.clock.move(minutes=12)  # the computer slept: the bearer is over, the session is not

    status, second, cookie = await begin(
        portal, browser, bearer=first["bearer"], token=minted(portal.clock())
    )

    assert (status, second["kept"], cookie) == (200, True, "")
    assert second["bearer"] != first["bearer"]
    assert await whose(browser, Authorization=f"Bearer {second['bearer']}") == f"customer {MARA}"
    assert await count(portal, sessions_table) == 1


async def test_the_bearer_of_another_customer_continues_nothing(portal: Portal) -> None:
    browser = portal.browser()
    _, hers, _ = await begin(portal, browser)

    status, his, cookie = await begin(
        portal, browser, bearer=hers["bearer"], token=minted(portal.clock(), sub=str(JONAS))
    )

    assert (status, his["kept"]) == (200, False)
    assert cookie
    assert await whose(browser, Authorization=f"Bearer {his['bearer']}") == f"customer {JONAS}"
    hers_now = await browser.get("/", headers={"Authorization": f"Bearer {hers['bearer']}"})
    assert hers_now.status_code != 200


async def test_the_cookies_session_goes_on_too(portal: Portal) -> None:
    browser = portal.browser()
    _, first, cookie = await begin(portal, browser)
    browser.headers["Cookie"] = cookie.partition(";")[0]

    _, second, again = await begin(portal, browser)

    assert (second["session"], second["kept"], again) == (True, True, "")
    assert second["bearer"] != first["bearer"]
    assert await count(portal, sessions_table) == 1


async def test_a_session_of_a_lower_level_or_of_the_shops_people_does_not_go_on(
    portal: Portal,
) -> None:
    begun: tuple[dict[str, Any], ...] = (
        {"method": "link", "level": Level.LINK},
        {"method": "look", "level": Level.CODE, "acting": Acting.LOOKING},
    )
    for started in begun:
        cookie, _ = await portal.sessions.start(MARA, **started)
        browser = portal.browser(Cookie=f"doorstep={cookie}")
        _, answer, framed = await begin(portal, browser)

        assert (answer["kept"], answer["session"]) == (False, False)
        assert framed
        assert await portal.sessions.read(cookie) is not None, "it was not this frame's to end"


async def test_a_framed_session_has_the_language_of_the_shops_page(portal: Portal) -> None:
    browser = portal.browser()
    _, first, _ = await begin(portal, browser, language="de-AT")
    bearers = Bearers(portal.database, portal.sessions, portal.clock)
    principal = await bearers.read(first["bearer"])
    assert principal is not None
    assert (principal.language, principal.is_framed) == ("de-AT", True)
    assert (principal.level, principal.method) == (Level.CODE, "shop")

    _, unknown, _ = await begin(portal, browser, language="xx-KLINGON")
    principal = await bearers.read(unknown["bearer"])
    assert principal is not None
    assert principal.language == ""


async def test_a_page_that_changes_its_language_gets_a_session_in_it(portal: Portal) -> None:
    browser = portal.browser()
    _, first, _ = await begin(portal, browser, language="de")
    _, second, _ = await begin(portal, browser, language="fr", bearer=first["bearer"])

    assert second["kept"] is False
    assert await count(portal, sessions_table) == 1


async def test_an_account_of_the_shop_is_looked_up(portal: Portal) -> None:
    browser = portal.browser()
    token = minted(portal.clock(), sub="7001", sub_type="account")
    _, answer, _ = await begin(portal, browser, token=token)
    assert await whose(browser, Authorization=f"Bearer {answer['bearer']}") == f"customer {MARA}"

    token = minted(portal.clock(), sub="9999", sub_type="account")
    status, refused, cookie = await begin(portal, browser, token=token)
    assert (status, refused["reason"], cookie) == (403, "customer", "")

    portal.people.failure = NoAnswer("no answer")
    token = minted(portal.clock(), sub="7002", sub_type="account")
    status, refused, cookie = await begin(portal, browser, token=token)
    assert (status, refused["reason"], cookie) == (503, "unavailable", "")


async def test_a_code_of_a_sign_in_elsewhere_begins_a_session(portal: Portal) -> None:
    hand_offs = HandOffs(portal.database, portal.sessions, portal.clock)
    code = await hand_offs.issue(JONAS, method="link", level=Level.CODE, is_framed=True)
    browser = portal.browser()

    status, answer, cookie = await begin(portal, browser, code=code)
    assert status == 200
    assert cookie.startswith("doorstep-embed=")
    assert await whose(browser, Authorization=f"Bearer {answer['bearer']}") == f"customer {JONAS}"

    status, answer, _ = await begin(portal, browser, code=code)
    assert (status, answer["reason"]) == (401, "code")


@pytest.mark.parametrize("name", ["token", "code"])
async def test_a_code_of_the_app_proxy_serves_where_a_token_does(portal: Portal, name: str) -> None:
    """The shop's page cannot tell them apart, and hands on what it was given."""
    hand_offs = HandOffs(portal.database, portal.sessions, portal.clock)
    bearers = Bearers(portal.database, portal.sessions, portal.clock)
    browser = portal.browser()

    async def new_code(customer_id: int = MARA) -> dict[str, str]:
        code = await hand_offs.issue(customer_id, method="shop", level=Level.CODE, is_framed=True)
        return {name: code}

    _, first, _ = await begin(portal, browser, **await new_code(), language="de")
    principal = await bearers.read(first["bearer"])
    assert principal is not None
    assert (principal.language, principal.is_framed) == ("de", True)

    portal.clock.move(minutes=12)  # the bearer is over, as after a computer's sleep
    code = await new_code()
    _, second, cookie = await begin(portal, browser, **code, bearer=first["bearer"], language="de")
    assert (second["kept"], cookie) == (True, ""), "what is open stays open"
    assert (await begin(portal, browser, **code))[0] == 401
    assert await count(portal, sessions_table) == 1

    _, his, _ = await begin(portal, browser, **await new_code(JONAS), bearer=second["bearer"])
    assert his["kept"] is False
    assert await bearers.read(second["bearer"]) is None


async def test_a_token_works_once(portal: Portal) -> None:
    browser, token = portal.browser(), minted(portal.clock())
    assert (await begin(portal, browser, token=token))[0] == 200

    status, answer, cookie = await begin(portal, browser, token=token)
    assert (status, answer["reason"], cookie) == (401, "used", "")
    assert set(answer) == {"error", "reason"}


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_another_site_is_told_nothing_and_begins_nothing(portal: Portal, site: str) -> None:
    cookie, _ = await portal.sessions.start(MARA, method="link", is_framed=True)
    foreign = portal.browser(
        **{"Sec-Fetch-Site": site, "Cookie": f"doorstep={cookie}; doorstep-embed={cookie}"}
    )
    token = minted(portal.clock())

    answer = await foreign.post("/embed/session", json={"token": token})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert (await foreign.post("/embed/hand-off", json={})).status_code == 403
    assert (await foreign.get("/embed/session")).json() == {"session": False}
    assert "access-control-allow-origin" not in answer.headers
    assert (await begin(portal, portal.browser(), token=token))[0] == 200, "it was not used up"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"token": 1}',
        b'{"token": ""}',
        b'{"token": null, "code": null}',
        b'{"token": "x", "code": "' + b"A" * 43 + b'"}',
        b'{"token": "x", "token": "x"}',
        b'{"token": "x", "customer_id": 101}',
        b'{"token": "x", "bearer": "short"}',
        b'{"token": "x", "language": "de<script>"}',
        b'{"code": "short"}',
        b'{"token": "' + b"x" * 7000 + b'"}',
        b'{"token": NaN}',
        b"\xff\xfe",
    ],
)
async def test_what_is_not_asked_for_like_that_is_refused(portal: Portal, body: bytes) -> None:
    answer = await portal.browser().post(
        "/embed/session", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["reason"] == "malformed"


async def test_a_form_is_no_request_for_a_session(portal: Portal) -> None:
    """A form of another site can send anything but this content type."""
    answer = await portal.browser().post("/embed/session", data={"token": minted(portal.clock())})
    assert answer.status_code == 400


async def test_a_hand_off_leads_to_a_tab_of_its_own(portal: Portal) -> None:
    browser = portal.browser()
    _, answer, _ = await begin(portal, browser, language="de")
    portal.clock.move(minutes=5)
    browser.headers["Authorization"] = f"Bearer {answer['bearer']}"

    handed = await browser.post("/embed/hand-off", json={"target": "/payment-methods/add?a=1"})

    address = handed.json()["address"]
    assert address.startswith("/arrive?code=")
    hand_offs = HandOffs(portal.database, portal.sessions, portal.clock)
    done = await hand_offs.take(address.partition("=")[2])
    assert done is not None
    assert (done.target, done.principal.customer_id) == ("/payment-methods/add?a=1", MARA)
    assert (done.principal.is_framed, done.principal.level) == (False, Level.CODE)


async def test_a_hand_off_lengthens_no_session(portal: Portal) -> None:
    """The tab's session ends twelve hours after the frame's began, and not after its own."""
    cookie, _ = await portal.sessions.start(MARA, method="link", is_framed=True)
    for _ in range(23):
        portal.clock.move(minutes=29)
        assert await portal.sessions.read(cookie) is not None
    browser = portal.browser(Cookie=f"doorstep-embed={cookie}")
    handed = await browser.post("/embed/hand-off", json={"target": "/"})
    hand_offs = HandOffs(portal.database, portal.sessions, portal.clock)
    done = await hand_offs.take(handed.json()["address"].partition("=")[2])

    assert done is not None
    portal.clock.move(minutes=29)
    assert await portal.sessions.read(done.cookie) is not None
    portal.clock.move(minutes=29)
    assert await portal.sessions.read(done.cookie) is None


async def test_a_look_of_the_shops_people_is_handed_nowhere(portal: Portal) -> None:
    """It stands in the record of looks, and a session made from it would not."""
    for acting in (Acting.LOOKING, Acting.BEHALF):
        cookie, _ = await portal.sessions.start(
            MARA, method="merchant", level=Level.CODE, acting=acting, is_framed=True
        )
        browser = portal.browser(Cookie=f"doorstep-embed={cookie}")
        handed = await browser.post("/embed/hand-off", json={"target": "/"})
        assert handed.status_code == 403


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "", "/sign-out"])
async def test_a_hand_off_leads_nowhere_else(portal: Portal, target: str) -> None:
    browser = portal.browser()
    _, answer, _ = await begin(portal, browser)
    browser.headers["Authorization"] = f"Bearer {answer['bearer']}"
    assert (await browser.post("/embed/hand-off", json={"target": target})).status_code == 400


async def test_strangers_are_handed_nothing(portal: Portal) -> None:
    browser = portal.browser()
    assert (await browser.post("/embed/hand-off", json={"target": "/"})).status_code == 401
    browser.headers["Authorization"] = "Bearer " + "A" * 43
    assert (await browser.post("/embed/hand-off", json={"target": "/"})).status_code == 401


async def test_bearers_go_with_their_sessions(portal: Portal) -> None:
    browser = portal.browser()
    _, answer, _ = await begin(portal, browser)
    bearers = Bearers(portal.database, portal.sessions, portal.clock)
    principal = await bearers.read(answer["bearer"])
    assert principal is not None

    await portal.sessions.end(principal.session)
    assert await bearers.read(answer["bearer"]) is None
    assert await bearers.session_of(answer["bearer"]) is None
    await begin(portal, browser, token=minted(portal.clock(), sub=str(JONAS)))
    assert await count(portal, embed_bearers) == 1


async def count(portal: Portal, table: Any) -> int:
    async with portal.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def test_without_origins_nothing_is_embedded(tmp_path: Path) -> None:
    portal = await make_portal(tmp_path)
    settings = make_settings()
    portal.application.router.routes[:0] = EmbedSessions(
        settings,
        portal.sessions,
        EmbedTokens(settings, SingleUse(portal.database)),
        Bearers(portal.database, portal.sessions),
        HandOffs(portal.database, portal.sessions),
        lambda account: portal.people.find_customer(external_id=account),
    ).routes()

    status, answer, _ = await begin(portal, portal.browser())
    assert (status, answer["reason"]) == (404, "off")
    await portal.close()


@pytest.mark.parametrize("path", ["/schedule.ics", "/account/data.zip", "/step-up", "/sign-out"])
async def test_a_bearer_counts_in_the_frame_alone(portal: Portal, path: str) -> None:
    """What is not shown in a frame has a tab of its own, with a cookie of its own: its forms are
    bound to that."""
    _, answer, _ = await begin(portal, portal.browser())
    headers = {"Authorization": f"Bearer {answer['bearer']}", "Sec-Fetch-Dest": "document"}
    answered = await portal.browser().get(path, headers=headers)
    if path == "/sign-out":
        assert "You are signed out" in answered.text
    else:
        assert answered.headers["location"].startswith("/sign-in")

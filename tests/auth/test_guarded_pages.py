"""Pages behind the guard: how many there may be, what they tell, and what they cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.auth.sockets import SignIn, browsers, serve
from tests.auth.world import JONAS, MARA


@pytest.fixture(scope="module")
def small_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    yield from serve(tmp_path_factory.mktemp("small"), "--pages", "2", "--in-all", "3")


@pytest.mark.parametrize("path", ["/broken", "/slow"])
async def test_a_page_that_fails_tells_nothing_but_a_number(sign_in: SignIn, path: str) -> None:
    answer = await (await sign_in()).get(path)

    assert answer.status_code == 500
    assert re.search(r"<code>[0-9a-f]{10}</code>", answer.text)
    for word in ("sk_live_123", "RuntimeError", "mara.lindqvist", "response_timeout", "<script"):
        assert word not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]


async def test_a_click_that_fails_leaves_the_page_working(sign_in: SignIn) -> None:
    page = await (await sign_in()).open_page()
    connection = await page.connect()

    await connection.socket.emit("event", page.press("Fail"))
    await connection.socket.emit("event", page.press("Press"))

    await connection.sees("Pressed")


async def test_asking_whether_a_page_is_there_builds_none(sign_in: SignIn) -> None:
    browser = await sign_in()
    before = (await browser.get("/presses")).json()["pages"]

    async with httpx.AsyncClient(base_url=browser.origin, headers=browser.headers) as client:
        answer = await client.head("/")
        stranger = await client.head("/", headers={"Cookie": ""})

    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["content-type"].startswith("text/html")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    # Fewer, where one of another test's goes meanwhile.
    assert (await browser.get("/presses")).json()["pages"] <= before
    assert stranger.status_code == 303


async def test_missing_pages_are_plain(sign_in: SignIn) -> None:
    answer = await (await sign_in()).get("/nothing/here?token=secret")

    assert answer.status_code == 404
    assert "We cannot find this page" in answer.text
    assert "<script" not in answer.text


async def test_strangers_cost_no_page(portal: tuple[str, int]) -> None:
    # The portal's pages answer everywhere; none is built for what only looks like a listed path.
    async with httpx.AsyncClient(base_url=f"http://localhost:{portal[1]}") as stranger:
        for path in ("/_nicegui/3.18.0/resources/x", "/_nicegui/3.18.0/dynamic_resources/a/b",
                     "/_nicegui/1/static/x", "/open/to/all", "/sign-in/a/b"):  # fmt: skip
            answer = await stranger.get(path)
            assert answer.status_code in (303, 404)
            assert "client_id" not in answer.text
        icon = await stranger.get("/favicon.ico")
        assert icon.headers["content-type"] == "image/svg+xml"


async def test_app_pages_and_their_files_carry_the_headers(sign_in: SignIn) -> None:
    browser = await sign_in()
    answer = await browser.get("/")
    file = re.search(r'src="(/_nicegui/[^"]+nicegui\.js)"', answer.text)
    assert file is not None

    policy = answer.headers["content-security-policy"]
    socket = f"ws://localhost:{browser.port}"
    for rule in ("'unsafe-eval'", "frame-ancestors 'none'", "object-src 'none'", socket,
                 "base-uri 'none'", "form-action 'self'"):  # fmt: skip
        assert rule in policy
    assert answer.headers["cache-control"] == "no-store"
    for response in (answer, await browser.get(file[1])):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


async def test_nothing_secret_is_logged(sign_in: SignIn, portal: tuple[str, int]) -> None:
    page = await (await sign_in()).open_page()
    await page.browser.get("/broken?token=verysecret")
    await page.browser.get("/nothing?token=verysecret")
    await page.connect()

    log = (Path(portal[0].partition("///")[2]).parent / "log").read_text()

    for secret in (page.browser.cookie, page.browser.principal.session, "verysecret",
                   "sk_live_123", "mara.lindqvist", page.client_id, "forged"):  # fmt: skip
        assert secret not in log


async def test_a_session_holds_so_many_pages(small_portal: tuple[str, int]) -> None:
    async for sign_in in browsers(*small_portal):
        hers, his = await sign_in(MARA), await sign_in(JONAS)
        pages = [await hers.open_page() for _ in range(2)]
        connections = [await page.connect() for page in pages]

        answer = await hers.get("/")
        assert answer.status_code == 503
        assert "close the tabs you no longer need" in answer.text

        await (await his.open_page()).connect()  # the third of three in all
        assert (await his.get("/")).status_code == 503

        # A tab that is closed makes room at once, not only when it has been given up.
        await connections[0].socket.disconnect()
        await hers.open_page()

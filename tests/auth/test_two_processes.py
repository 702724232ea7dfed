"""Two processes of the service on one database: what ends in one ends in the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.auth import guard
from tests.auth.sockets import SignIn, browsers, refused, serve


@pytest.fixture(scope="module")
def two_portals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, int]]:
    """The database's address, and the ports of two processes on it."""
    folder = tmp_path_factory.mktemp("portals")
    for url, first in serve(folder):
        for _, second in serve(folder):
            yield url, first, second


async def test_signing_out_in_one_process_closes_the_pages_of_the_other(
    two_portals: tuple[str, int, int],
) -> None:
    url, first, second = two_portals
    async for sign_in in browsers(url, first):
        await check(sign_in, second)


async def check(sign_in: SignIn, second: int) -> None:
    browser = await sign_in()
    page = await browser.open_page()
    connection = await page.connect()
    others = await (await sign_in()).open_page()
    untouched = await others.connect()
    elsewhere = replace(browser, port=second)
    form = re.search(r'name="form" value="(\w+)"', (await elsewhere.get("/sign-out")).text)
    assert form is not None

    answer = await elsewhere.post("/sign-out", data={"form": form[1]})

    assert answer.status_code == 303
    await connection.sees("location.reload")
    await connection.is_thrown_out()
    await refused(page.connect())
    assert (await browser.get("/")).status_code == 303
    await untouched.socket.emit("event", others.press())
    await untouched.sees("Pressed")


def test_it_takes_less_than_five_seconds() -> None:
    assert guard._SWEEP_EVERY <= 4

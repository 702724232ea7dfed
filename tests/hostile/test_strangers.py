"""Nobody can tell by the clock whether an address belongs to a customer (ASVS 5.0, 6.3.8)."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import httpx
import pytest

from tests.auth.world import EMAILS, MARA
from tests.web.conftest import Portal, make_portal
from tests.web.reading import form

pytestmark = pytest.mark.long
SAMPLES = 200
ALLOWED = 0.005
"""Seconds by which the means may differ."""


async def sign_in_page(portal: Portal, number: int) -> tuple[httpx.AsyncClient, dict[str, str]]:
    """A browser of its own, from a network of its own: no limit is reached."""
    browser = portal.browser(host=f"198.51.{number // 250}.{number % 250 + 1}")
    return browser, form(await browser.get("/sign-in"))[1]


async def asking_and_giving(portal: Portal, number: int, email: str) -> tuple[float, float]:
    """Seconds until a mail is asked for, and until a wrong code is refused."""
    browser, fields = await sign_in_page(portal, number)
    begun = time.perf_counter()
    await browser.post("/sign-in", data={**fields, "email": email})
    asked = time.perf_counter() - begun
    await portal.front.settle()
    page = await browser.get("/sign-in/sent")
    action, fields = form(page, at="/sign-in/sent")
    begun = time.perf_counter()
    answer = await browser.post(action, data={**fields, "code": "000000"})
    given = time.perf_counter() - begun
    assert answer.status_code == 422
    await browser.aclose()
    portal.clock.move(hours=3)  # or the address's limit would be reached
    return asked, given


async def test_known_and_unknown_addresses_take_the_same_time(tmp_path: Path) -> None:
    portal = await make_portal(tmp_path)
    taken: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for number in range(2 * SAMPLES + 20):
        is_known = bool(number % 2)  # in turns, so that a busy machine slows both
        email = EMAILS[MARA] if is_known else f"nobody{number}@example.com"
        times = await asking_and_giving(portal, number, email)
        if number >= 20:  # what comes first warms up what is made once
            taken[is_known].append(times)
    await portal.close()
    for step, name in enumerate(("asking", "giving")):
        known, unknown = (
            statistics.fmean(sorted(one[step] for one in taken[is_known])[5:-5])
            for is_known in (True, False)
        )
        assert abs(known - unknown) < ALLOWED, f"{name}: {known:.4f} and {unknown:.4f} seconds"

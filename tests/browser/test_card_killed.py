"""The process is killed between each two steps of adding a card. After it has started again nothing
is double, nothing is lost, and the customer is told where it stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.card_service import (
    Browser,
    eventually,
    hold_up,
    kill,
    kill_during,
)
from tests.browser.service import running_service

TWO_ADDRESSES = 106
CREATE, UPDATE = "POST /payment_methods", "PUT /addresses/{id}"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that has been started once, so that each test starts quickly."""
    folder = tmp_path_factory.mktemp("planted")
    with running_service(folder) as service:
        Browser(service, TWO_ADDRESSES).close()
    return folder


@pytest.fixture
def folder(planted: Path, tmp_path: Path) -> Path:
    shutil.copytree(planted / "var", tmp_path / "var")
    return tmp_path


@contextmanager
def opened(folder: Path) -> Iterator[Browser]:
    """A service on the files in a folder, and a customer's browser at it."""
    with running_service(folder) as service:
        service.sandbox.put("/_sandbox/settings", json={"bucket": False}).raise_for_status()
        browser = Browser(service, TWO_ADDRESSES)
        try:
            yield browser
        finally:
            browser.close()


def typed(browser: Browser) -> str:
    """The card is typed, for both addresses, and confirmed at the processor. Gives its page."""
    page = browser.begin(*browser.pays())
    browser.type_card(page)
    return page


def is_in_account_once(browser: Browser) -> bool:
    """One card has come, and pays for both addresses."""
    added = browser.added()
    assert len(added) <= 1
    return bool(added) and set(browser.pays().values()) == {added[0]["id"]}


def test_killed_before_anybody_has_looked_at_the_form(folder: Path) -> None:
    with opened(folder) as browser:
        page = typed(browser)
        kill(browser.service)

    with opened(folder) as browser:
        assert browser.added() == []
        assert "has confirmed Visa ending in 4242, but it is not in your account" in (
            browser.read(page)
        )
        assert browser.go_on(page).headers["location"] == "/payment-methods"
        assert is_in_account_once(browser)


def test_killed_when_the_card_is_confirmed_and_not_sent(folder: Path) -> None:
    with opened(folder) as browser:
        page = typed(browser)
        assert "Go on: add Visa ending in 4242" in browser.read(page)  # looking puts it nowhere
        kill(browser.service)

    with opened(folder) as browser:
        assert browser.added() == []
        assert "Nothing was changed so far" in browser.read(page)
        assert browser.go_on(page).headers["location"] == "/payment-methods"
        # However often the browser comes back, it is added once.
        browser.come_back(page)
        browser.come_back(page)
        assert is_in_account_once(browser)
        assert browser.service.executed(CREATE) == 1


def test_killed_while_the_card_is_sent(folder: Path) -> None:
    with opened(folder) as browser:
        page = typed(browser)
        hold_up(browser.service, "POST", "/payment_methods", is_executed=False)
        kill_during(browser.service, lambda: browser.come_back(page), CREATE, 1)

    with opened(folder) as browser:
        # It may be under way still, so it is not sent again: it is looked up, and that is said.
        assert "Please do not add it a second time" in browser.read(page)
        assert "Go on" not in browser.read(page)
        browser.come_back(page)
        assert browser.added() == []
        assert browser.service.executed(CREATE) == 0


@pytest.mark.parametrize(
    ("route", "is_executed", "before"),
    [
        pytest.param(CREATE, True, 0, id="the card is there, and was not answered"),
        pytest.param(UPDATE, False, 0, id="the card is there, and the first address not"),
        pytest.param(UPDATE, False, 1, id="between the addresses"),
        pytest.param(UPDATE, True, 1, id="the last address was not answered"),
    ],
)
def test_killed_further_on(folder: Path, route: str, is_executed: bool, before: int) -> None:
    with opened(folder) as browser:
        page = typed(browser)
        method, path = route.split()
        hold_up(
            browser.service,
            method,
            path.replace("{id}", "*"),
            is_executed=is_executed,
            after=before,
        )
        kill_during(browser.service, lambda: browser.come_back(page), route, before + 1)

    with opened(folder) as browser:
        # Nobody has to do anything: what is missing is made, and nothing a second time.
        eventually(lambda: is_in_account_once(browser), "the card pays for both")
        assert browser.service.executed(CREATE) == 0
        eventually(lambda: "is in your account" in browser.read(page), "the page says so")
        assert "Go on" not in browser.read(page)

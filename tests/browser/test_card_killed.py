"""The process is killed between each two steps of adding a card. After it has started again nothing
is double, nothing is lost, and the customer is told where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.browser.card_service import Browser
from tests.browser.killing import Killable, eventually, killable

CREATE, UPDATE = "POST /payment_methods", "PUT /addresses/{id}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    with killable(tmp_path_factory.mktemp("killed")) as made:
        yield made


@pytest.fixture
def visit(place: Killable) -> Iterator[Browser]:
    """The browser of a customer with two addresses."""
    customer = place.service.new_customer(subscriptions=1)
    place.service.add_address(customer, "3 Quay Road")
    place.service.forget_counters()
    opened = Browser(place.service, customer.id)
    yield opened
    opened.close()


@contextmanager
def restarted(place: Killable, visit: Browser) -> Iterator[Browser]:
    """The same customer at the process that comes after."""
    again = Browser(place.start_again(), visit.customer_id)
    try:
        yield again
    finally:
        again.close()


def typed(visit: Browser) -> str:
    """The card is typed, for both addresses, and confirmed at the processor. Gives its page."""
    page = visit.begin(*visit.pays())
    visit.type_card(page)
    return page


def is_in_account_once(visit: Browser) -> bool:
    """One card has come, and pays for both addresses."""
    added = visit.added()
    assert len(added) <= 1
    return bool(added) and set(visit.pays().values()) == {added[0]["id"]}


def test_killed_before_anybody_has_looked_at_the_form(place: Killable, visit: Browser) -> None:
    page = typed(visit)
    place.kill()

    with restarted(place, visit) as again:
        assert again.added() == []
        assert "has confirmed Visa ending in 4242, but it is not in your account" in (
            again.read(page)
        )
        assert again.go_on(page).headers["location"] == "/payment-methods"
        assert is_in_account_once(again)


def test_killed_when_the_card_is_confirmed_and_not_sent(place: Killable, visit: Browser) -> None:
    page = typed(visit)
    assert "Go on: add Visa ending in 4242" in visit.read(page)  # looking puts it nowhere
    place.kill()

    with restarted(place, visit) as again:
        assert again.added() == []
        assert "Nothing was changed so far" in again.read(page)
        assert again.go_on(page).headers["location"] == "/payment-methods"
        # However often the browser comes back, it is added once.
        again.come_back(page)
        again.come_back(page)
        assert is_in_account_once(again)
        assert again.service.executed(CREATE) == 1


def test_killed_while_the_card_is_sent(place: Killable, visit: Browser) -> None:
    page = typed(visit)
    place.hold_up(CREATE, is_executed=False)
    place.kill_during(lambda: visit.come_back(page), CREATE)

    with restarted(place, visit) as again:
        # It may be under way still, so it is not sent again: it is looked up, and that is said.
        assert "Please do not add it a second time" in again.read(page)
        assert "Go on" not in again.read(page)
        again.come_back(page)
        assert again.added() == []
        assert again.service.executed(CREATE) == 0


@pytest.mark.parametrize(
    ("route", "is_executed", "before"),
    [
        pytest.param(CREATE, True, 0, id="the card is there, and was not answered"),
        pytest.param(UPDATE, False, 0, id="the card is there, and the first address not"),
        pytest.param(UPDATE, False, 1, id="between the addresses"),
        pytest.param(UPDATE, True, 1, id="the last address was not answered"),
    ],
)
def test_killed_further_on(
    place: Killable, visit: Browser, route: str, is_executed: bool, before: int
) -> None:
    page = typed(visit)
    place.hold_up(route, is_executed=is_executed, after=before)
    place.kill_during(lambda: visit.come_back(page), route, before + 1)

    with restarted(place, visit) as again:
        # Nobody has to do anything: what is missing is made, and nothing a second time.
        eventually(lambda: is_in_account_once(again), "the card pays for both")
        assert again.service.executed(CREATE) == 0
        eventually(lambda: "is in your account" in again.read(page), "the page says so")
        assert "Go on" not in again.read(page)

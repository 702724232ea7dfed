"""Other customers' ids, and other spellings of one's own, in every address that has an id.

Requirements: "other customer's ids, ways around typed ids"; ASVS 5.0, 8.2.2 and 8.3.1 (whose an
object is), 2.2.1 (allow-lists on the server); security.md, F11.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.pages import views
from tests.hostile.attacks import of_ours, spellings
from tests.hostile.conftest import MARA, Stage

PLACES = {
    "/subscriptions/{id}": "subscriptions",
    "/subscriptions/{id}/cancel": "subscriptions",
    "/subscriptions/{id}/cancel/{step}": "subscriptions",
    "/memberships/{id}": "memberships",
    "/memberships/{id}/cancel": "memberships",
    "/memberships/{id}/cancel/{step}": "memberships",
    "/orders/{id}": "orders",
    "/orders/charges/{id}": "charges",
    "/orders/{id}/receipt": "orders",
    "/orders/{id}/receipt.pdf": "orders",
    "/addresses/{id}": "addresses",
    "/payment-methods/{id}": "payment_methods",
}
"""Every address with an id, and what it is the id of."""
NOBODYS = 7
"""An id below all that are given: what is older than one's own may still be on its way."""
THEIRS_ANYWAY = frozenset({"/subscriptions/{id}/cancel/{step}", "/memberships/{id}/cancel/{step}"})
"""Steps of a way out: without the step before, the page leads to the first."""


@dataclass(frozen=True)
class Two:
    """Who attacks, what is theirs, and what is Mara's, by nouns."""

    browser: httpx.Client
    own: dict[str, list[int]]
    others: dict[str, list[int]]

    def status(self, path: str) -> int:
        return self.browser.get(path).status_code


@pytest.fixture(scope="module")
def two(stage: Stage) -> Iterator[Two]:
    service = stage.service
    attacker = stage.new_customer()
    service.plant_orders(attacker.id, 1)
    cookie = httpx.get(service.sign_in_link(attacker.id)).headers["set-cookie"].partition(";")[0]

    def ids(customer_id: int) -> dict[str, list[int]]:
        found = {"memberships": [941] if customer_id == MARA else []}
        for noun in set(PLACES.values()) - {"memberships"}:
            answer = stage.answer(f"/{noun}", customer_id=customer_id, limit=3)
            found[noun] = [one["id"] for one in answer[noun]]
        return found

    with stage.browser(cookie) as browser:
        made = Two(browser, ids(attacker.id), ids(MARA))
        own = [f"/orders/{made.own['orders'][0]}", f"/orders/{made.own['orders'][0]}/receipt"]
        for _ in range(90):  # other tests may have kept the look-alike of Recharge busy
            ready = [browser.get(path).status_code for path in (*own, f"/subscriptions/{NOBODYS}")]
            if ready == [200, 200, 404]:
                break
            time.sleep(0.5)
        yield made


def test_every_address_with_an_id_is_among_the_places() -> None:
    source = Path(views.__file__).read_text()
    pages = set(re.findall(r'"(/[^"]*\{id\}[^"]*)":', source))
    below = set(re.findall(r'(\w+) \+ "(/[^"]*\{id\}[^"]*)":', source))
    pages = pages - {end for _, end in below} | {getattr(views, name) + end for name, end in below}
    routes = {one.path for one in of_ours("GET") if "{id}" in one.path}
    assert pages | routes == set(PLACES)


@pytest.mark.parametrize("place", PLACES)
def test_another_customers_id_is_answered_like_one_that_nobody_has(two: Two, place: str) -> None:
    """ASVS 5.0, 8.2.2: and the answer does not even tell that there is such a thing."""
    template = place.replace("{step}", "confirm")
    nobodys = two.browser.get(template.format(id=NOBODYS))
    assert nobodys.status_code in (200, 404, 503)
    assert "/receipt" in place or _said(nobodys)
    others = two.others[PLACES[place]]
    assert others, "there must be something to look for"
    for id in others:
        answer = two.browser.get(template.format(id=id))
        again = two.browser.get(template.format(id=NOBODYS))
        if answer.status_code == 200:  # it is still looked for among the customer's old orders
            assert "/orders/" in place
            assert not [text for text in _said(answer) if "$" in text or "&#36;" in text]
        else:
            assert _said(answer) in (_said(nobodys), _said(again))


def _said(answer: httpx.Response) -> list[str]:
    """The texts of a page, without the names that are new for each."""
    return re.findall(r'"(?:text|innerHTML)": ?"([^"]*)"', answer.text)


@pytest.mark.parametrize("place", [one for one in PLACES if "membership" not in one])
def test_an_id_is_written_in_one_way(two: Two, place: str) -> None:
    """Whatever else could be read as a number, or as another path, is nothing."""
    template = place.replace("{step}", "confirm")
    own, other = two.own[PLACES[place]][0], two.others[PLACES[place]][0]
    if place not in THEIRS_ANYWAY:
        assert two.status(template.format(id=own)) in (200, 303), "one's own is there"
    own_page = two.browser.get(template.format(id=own))
    for spelled in spellings(own, other):
        answer = two.browser.get(template.format(id=spelled))
        if answer.status_code not in (400, 404, 503):  # an old order may still be on its way
            assert "/orders/" in place, spelled
            assert _said(answer) != _said(own_page), spelled


@pytest.mark.parametrize("name", ["address", "customer_id", "id", "address_id", "setup"])
def test_an_id_in_the_query_chooses_nothing_of_anothers(two: Two, name: str) -> None:
    """Where a page takes ids along, only one's own can be chosen (ASVS 5.0, 8.2.2)."""
    for id in two.others["addresses"]:
        for path in ("/payment-methods/add", "/", "/account", "/orders", "/schedule.ics"):
            answer = two.browser.get(path, params={name: str(id)})
            assert answer.status_code in (200, 303)
            assert "Lindqvist" not in answer.text
            assert f'"address-{id}"' not in answer.text

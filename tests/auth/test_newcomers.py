"""Few connections may be open that have not said who they are."""

from __future__ import annotations

from app.auth.newcomers import MOST, MOST_OF_NETWORK, Newcomers


def test_one_network_has_few_places() -> None:
    newcomers = Newcomers()
    places = [newcomers.admit("203.0.113.7") for _ in range(MOST_OF_NETWORK)]
    assert None not in places
    assert newcomers.admit("203.0.113.7") is None
    assert newcomers.admit("203.0.113.8") is not None


def test_a_place_is_given_back_once() -> None:
    newcomers = Newcomers()
    places = [newcomers.admit("203.0.113.7") for _ in range(MOST_OF_NETWORK)]
    leave = places[0]
    assert leave is not None
    leave()
    leave()
    assert newcomers.admit("203.0.113.7") is not None
    assert newcomers.admit("203.0.113.7") is None


def test_all_networks_together_have_so_many() -> None:
    newcomers = Newcomers()
    places = [newcomers.admit(f"network {number}") for number in range(MOST)]
    assert None not in places
    assert newcomers.admit("another") is None
    for leave in places:
        assert leave is not None
        leave()
    assert len(newcomers) == 0
    assert newcomers._of_network == {}

"""Offers: which are shown, and how the rest is reached."""

from __future__ import annotations

from typing import Any

from app.actions import Services
from app.i18n import Texts, say
from app.state import Portal, State
from components import Component
from components.html import Tag
from components.menus import DELIVERY_OFFERS, GROUPS, SUBSCRIPTION_OFFERS, grouped
from components.offer_buttons import draw_some
from components.offers import Offer
from components.testing import button, button_called, drawn, press, words
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import signed_in
from tests.state.conftest import portal
from tests.state.page import opened

__all__ = ["pattern", "portal", "services", "shop"]


class Parcel(State):
    """Something that can be sent, and counts what it was asked."""

    def __init__(self, *possible: str) -> None:
        super().__init__()
        self.possible = possible
        self.is_pending = False
        self.questions: list[str] = []
        self.opened: list[str] = []


def offer(key: str) -> Offer[Parcel]:
    def is_offered(parcel: Parcel) -> bool:
        parcel.questions.append(key)
        return key in parcel.possible

    async def open(opener: Component[Any], parcel: Parcel) -> None:
        parcel.opened.append(key)

    return Offer(key, say(key.title()), "box", is_offered, open)


OFFERS = tuple(offer(key) for key in ("send", "wrap", "weigh", "return"))


class ParcelCard(Component[Parcel]):
    sections = ("actions",)

    def actions(self) -> None:
        draw_some(self, OFFERS, ("send",), key="parcel", described=self.t("More for the parcel"))


def menu(card: ParcelCard) -> Tag | None:
    found = [one for one in card.descendants() if one.props.get("popover")]
    assert all(isinstance(one, Tag) for one in found)
    return next((one for one in found if isinstance(one, Tag)), None)


async def test_the_first_are_buttons_and_the_rest_stands_behind_one() -> None:
    parcel, cards = Parcel("send", "wrap", "return"), list[ParcelCard]()
    async with drawn(lambda: cards.append(ParcelCard.show(parcel, Texts("en")))) as (user,):
        (card,) = cards
        assert words(card) == ["Send", "More"]
        assert parcel.questions == ["send", "wrap"], "what is in the menu is not looked up yet"
        await press(button(card, "Send"))

        more = button_called(card, "More for the parcel")
        await press(more)
        shown = menu(card)
        assert shown is not None
        assert words(shown) == ["Wrap", "Return"]
        assert (more.props["aria-expanded"], shown.props["role"]) == ("true", "group")
        await press(next(one for one in shown.descendants() if isinstance(one, type(more))))
        assert parcel.opened == ["send", "wrap"]

        user.find(kind=Tag).trigger("toggle", {"newState": "open"})
        assert menu(card) is shown
        user.find(kind=Tag).trigger("toggle", {"newState": "closed"})
        assert menu(card) is None
        assert more.props["aria-expanded"] == "false"


async def test_nothing_is_offered_while_something_is_being_saved() -> None:
    parcel, cards = Parcel("send", "wrap"), list[ParcelCard]()
    async with drawn(lambda: cards.append(ParcelCard.show(parcel, Texts("en")))):
        parcel.is_pending = True
        parcel.changed.emit()
        assert words(cards[0]) == []
        parcel.is_pending, parcel.possible = False, ("wrap",)
        parcel.changed.emit()
        assert words(cards[0]) == ["More"]
        parcel.possible = ()
        parcel.changed.emit()
        assert words(cards[0]) == [], "an empty menu is none"


async def test_what_is_heard_begins_with_what_is_read(portal: Portal) -> None:
    """Whoever speaks to the page says what stands on a button."""
    texts, schedule = Texts("en"), portal.schedule
    some = schedule.of(schedule.planned[0])
    pairs = [(one.label, one.described(some)) for one in DELIVERY_OFFERS if one.described]
    for one in SUBSCRIPTION_OFFERS:
        if one.described:
            pairs.append((one.label, one.described(portal.subscriptions[0])))
    assert len(pairs) > 15
    for label, described in pairs:
        assert texts.render(label).lower() in texts.render(described).lower()


async def test_a_cancelled_subscription_can_only_be_started_again(services: Services) -> None:
    portal = await opened(services, signed_in(105))
    try:
        for one in portal.subscriptions:
            keys = [offer.key for offer in SUBSCRIPTION_OFFERS if offer.is_offered(one)]
            assert keys == ["reactivate"]
    finally:
        portal.close()


def test_every_offer_has_a_name_of_its_own_and_a_place() -> None:
    for offers in (SUBSCRIPTION_OFFERS, DELIVERY_OFFERS):
        keys = [one.key for one in offers]
        assert len(keys) == len(set(keys))
    named = [key for _, keys in GROUPS for key in keys]
    assert len(named) == len(set(named))
    assert {one.key for one in SUBSCRIPTION_OFFERS} <= set(named)
    groups = grouped(SUBSCRIPTION_OFFERS)
    assert sum(len(offers) for _, offers in groups) == len(SUBSCRIPTION_OFFERS)
    assert groups[-1][0] == say("Stop"), "the way out stands last, and is always there"

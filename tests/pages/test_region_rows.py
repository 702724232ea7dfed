"""Every row of the rules by country and state, as a customer who lives there meets it.

The merchant would like to know why, to make an offer, and to see three orders first. What the law
leaves of that is written down by hand in `tests.pages.region_shop`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nicegui.testing import User

from app.actions import Services
from app.retention import TABLE
from components import CancelFlow, NoticeBar, WithdrawDialog
from components.html import Button, Tag
from components.testing import button, choose, field, press, words
from tests.actions.shop import Shop
from tests.pages.region_shop import (
    EMAIL,
    FEW,
    FRESH,
    MANY,
    PLACES,
    Place,
    empty_database,
    merchants_file,
    shop_in,
)
from tests.pages.test_pages import navigate, shown, until
from tests.pages.visits import portals
from tests.web.leaving import Form, Way, read

ALL = {FEW, FRESH, MANY}
OFFERED = "Why not leave one out?"

there = pytest.mark.parametrize(
    "place", PLACES, ids=[place.region or "elsewhere" for place in PLACES]
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import asyncio

    folder = tmp_path_factory.mktemp("empty")
    asyncio.run(empty_database(folder))
    return folder


@pytest.fixture
async def shop(place: Place, empty: Path, tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop_in(place, empty, tmp_path) as shop:
        yield shop


@pytest.fixture
def services(shop: Shop, tmp_path: Path) -> Services:
    return shop.services(retention_file=merchants_file(tmp_path))


def test_no_row_is_left_out() -> None:
    assert {place.region for place in PLACES} == {*TABLE, ""}


# What stands on a page.


def keyed(user: User, key: str) -> list[Tag]:
    """The elements with this key."""
    return [
        one
        for one in user.current_layout.descendants()
        if isinstance(one, Tag) and one.props.get("data-key") == key
    ]


def ending(user: User) -> Button:
    """The one button that ends it. It stands on every screen, and is never locked."""
    (found,) = keyed(user, "end")
    assert isinstance(found, Button)
    assert {"disabled", "aria-disabled", "aria-busy"}.isdisjoint(found.props)
    assert "ds-primary" in found.classes
    return found


def says(element: Tag, text: str, language: str | None) -> None:
    """An element begins with these words, and they are marked with this language."""
    assert words(element)[0] == text
    bearing = next(
        one for one in (element, *element.descendants()) if getattr(one, "text", "") == text
    )
    assert isinstance(bearing, Tag)
    assert bearing.props.get("lang") == language


def end_is_worded(user: User, place: Place, name: str) -> None:
    """The button that ends it bears the law's words where it has some, and says what it ends."""
    if place.confirm:
        says(ending(user), place.confirm, place.marked)
    assert words(ending(user))[-1] == f"Cancel {name}"


def foot_is_there(user: User, place: Place) -> None:
    """The ways out without signing in stand on every page, in the words of the shop's country."""
    foot = {
        str(one.props["action"]): next(each for each in one.descendants() if isinstance(each, Tag))
        for one in user.current_layout.descendants()
        if isinstance(one, Tag) and one.tag == "form" and one.props.get("method") == "get"
    }
    ours = "Cancel a subscription without signing in"
    says(foot["/cancel"], place.cancel or ours, place.marked if place.cancel else None)
    says(foot["/withdraw"], place.withdraw, place.marked)


async def status(shop: Shop, id: int) -> str:
    return str((await shop.client.subscriptions.get(id)).status)


# Signed in.


@there
async def test_two_presses_end_it(place: Place, services: Services, shop: Shop) -> None:
    """One on the card, one on the screen behind it; nothing has to be said, and no number of orders
    reached, but where the law lets the merchant demand so."""
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions")
        foot_is_there(user, place)
        if place.may_hold:
            assert keyed(user, f"subscription-{FEW}-cancel") == []
            return
        (link,) = keyed(user, f"subscription-{FEW}-cancel")
        says(link, place.cancel or "Cancel subscription", place.marked if place.cancel else None)
        assert "Cancel subscription" in words(link)
        assert link.props["href"] == f"/subscriptions/{FEW}/cancel"

        await navigate(user, str(link.props["href"]))  # the first press
        await until(user, "Not cancelled yet")
        foot_is_there(user, place)
        end_is_worded(user, place, f"Coffee {FEW}")
        assert ("You need not say." in shown(user)) == (not place.is_direct)
        await press(ending(user))  # the second
        await until(user, "Receipt number")

        foot_is_there(user, place)
        assert await status(shop, FEW) == "cancelled"
        assert await shop.executed() == {"POST /subscriptions/{id}/cancel": 1}


@there
async def test_what_stands_between(place: Place, services: Services, shop: Shop) -> None:
    """An offer where one may be made, with the end beside it; none where the law wants none, by
    whatever address; and a reason only where it may be demanded."""
    home = f"/subscriptions/{MANY}/cancel"
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(home)
        await until(user, "Not cancelled yet")
        end_is_worded(user, place, f"Coffee {MANY}")
        if place.is_direct:
            await no_offer_anywhere(user, place, home)
        else:
            await one_offer(user, place)

        await user.open(home)
        await until(user, "Not cancelled yet")
        before = await shop.executed()
        await press(ending(user))
        if place.may_hold:
            await until(user, "Please choose a reason first. Nothing was changed.")
            assert await shop.executed() == before
            await choose(field(user.current_layout, "Another reason"))
            end_is_worded(user, place, f"Coffee {MANY}")
            await press(ending(user))
        await until(user, "Receipt number")
        assert await status(shop, MANY) == "cancelled"


async def one_offer(user: User, place: Place) -> None:
    """One offer, which looks like the end beside it and no better; after it comes the end only."""
    assert OFFERED not in shown(user)
    next_one = button(user.current_layout, "Continue")
    assert list(next_one.classes) == list(ending(user).classes)
    if place.may_hold:
        assert "You need not say." not in shown(user)
    await choose(field(user.current_layout, "I have more than I can use"))
    await press(next_one)
    await until(user, OFFERED)
    foot_is_there(user, place)
    end_is_worded(user, place, f"Coffee {MANY}")
    (offered,) = keyed(user, "confirm")
    assert list(offered.classes) == list(ending(user).classes)
    await navigate(user, f"/subscriptions/{MANY}/cancel/confirm")
    await until(user, "Tell the shop why, if you like")
    end_is_worded(user, place, f"Coffee {MANY}")
    assert keyed(user, "confirm") == []
    assert OFFERED not in shown(user)


async def no_offer_anywhere(user: User, place: Place, home: str) -> None:
    """The first screen is the last. An address that would be an offer's is no way around that."""
    for path in (home, f"{home}/too-much", f"{home}/confirm"):
        await user.open(path)
        await until(user, "Tell the shop why, if you like")
        end_is_worded(user, place, f"Coffee {MANY}")
        (flow,) = [
            one for one in user.current_layout.descendants() if isinstance(one, CancelFlow)
        ]
        pressed = [one for one in flow.descendants() if isinstance(one, Button)]
        assert pressed == [ending(user)]
        assert OFFERED not in shown(user)


@there
async def test_a_minimum_holds_where_it_may(place: Place, services: Services, shop: Shop) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(f"/subscriptions/{FEW}/cancel")
        await until(user, "Not cancelled yet")
        assert ("at least 3 orders" in shown(user)) == place.may_hold
        assert ending(user)
        if not place.may_hold:
            return
        assert "hello@shop.example" in shown(user)
        await choose(field(user.current_layout, "Another reason"))
        await press(ending(user))
        assert await shop.executed() == {}
        assert await status(shop, FEW) == "active"


@there
async def test_who_may_withdraw_finds_it(place: Place, services: Services, shop: Shop) -> None:
    """In the first days, and not after them: another thing than to cancel, with words of its own."""
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(f"/subscriptions/{MANY}")
        assert keyed(user, "page-withdraw") == []
        foot_is_there(user, place)

        await user.open(f"/subscriptions/{FRESH}")
        found = keyed(user, "page-withdraw")
        assert bool(found) == place.can_withdraw
        if not found:
            return
        assert isinstance(found[0], Button)
        says(found[0], place.withdraw, place.marked)
        await press(found[0])
        (dialog,) = [
            one for one in user.client_descendants() if isinstance(one, WithdrawDialog)
        ] if hasattr(user, "client_descendants") else [
            one for one in user.client.elements.values() if isinstance(one, WithdrawDialog)
        ]
        (confirm,) = [
            one
            for one in dialog.descendants()
            if isinstance(one, Button) and one.props.get("data-key") == "confirm"
        ]
        says(confirm, place.confirm_withdrawal, place.marked)
        await press(confirm)
        assert (await shop.client.subscriptions.get(FRESH)).cancellation_reason == (
            "Withdrawal within 14 days"
        )
        assert [one for one in user.client.elements.values() if isinstance(one, NoticeBar)]


# Without signing in.


@there
async def test_nobody_has_to_sign_in_to_cancel(
    place: Place, services: Services, shop: Shop
) -> None:
    """The plain page is there for everybody: no offers, no reason, and the law's words."""
    way = Way(shop, services)
    page = await way.browser().get("/cancel")
    assert f'href="/cancel"{marked(place.cancel, place)}>' in page.text
    assert f'href="/withdraw"{marked(place.withdraw, place)}>{place.withdraw}<' in page.text

    link = await way.link("9001", EMAIL)
    page = await way.browser().get(link)
    form = Form(page)
    assert form.offered() == (ALL - {FEW, FRESH} if place.may_hold else ALL)
    assert OFFERED not in read(page)
    assert "Why? You need not say." in read(page)
    (send_button,) = form.buttons
    assert "disabled" not in send_button
    if place.confirm:
        assert f'<span lang="{place.language}">{place.confirm}</span>' in page.text
    assert ("at least 3 orders" in read(page)) == place.may_hold

    answer = await way.press(link, tick=(MANY,))
    assert "Cancelled" in read(answer)
    assert await status(shop, MANY) == "cancelled"


@there
async def test_nobody_has_to_sign_in_to_withdraw(
    place: Place, services: Services, shop: Shop
) -> None:
    way = Way(shop, services)
    link = await way.link("9002", EMAIL, "/withdraw")
    page = await way.browser().get(link)
    form = Form(page)
    assert form.offered() == ({FRESH} if place.can_withdraw else set())
    assert form.buttons == [] or place.can_withdraw
    if not place.can_withdraw:
        assert 'href="/cancel"' in page.text
        return
    assert f'<span lang="{place.language}">{place.confirm_withdrawal}</span>' in page.text
    answer = await way.press(link)
    assert "You have withdrawn" in read(answer)
    assert await status(shop, FRESH) == "cancelled"


def marked(text: str, place: Place) -> str:
    """The attribute of words that are a law's."""
    return f' lang="{place.language}"' if text and place.region in WORDED else ""


WORDED = {place.region for place in PLACES if place.can_withdraw}

"""Every row of the rules by country and state, as a customer who lives there meets it.

The merchant would like to know why, to make an offer, and to see three orders first. What the law
leaves of that is written down by hand in `tests.pages.region_shop`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nicegui import Client
from nicegui.testing import User

from app.actions import Services
from app.retention import TABLE
from components import CancelFlow, WithdrawDialog
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
from tests.pages.test_pages import navigate, shown
from tests.pages.visits import portals, until
from tests.web.leaving import Form, Way, read

CANCEL = "POST /subscriptions/{id}/cancel"
OFFERED = "Why not leave one out?"

there = pytest.mark.parametrize(
    "place", PLACES, ids=[place.region or "elsewhere" for place in PLACES]
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
    assert bearing.props.get("lang", "en") == (language or "en")


def end_is_worded(user: User, place: Place, id: int) -> None:
    """The button that ends it bears the law's words where it has some, and says what it ends."""
    if place.confirm:
        says(ending(user), place.confirm, place.marked)
    assert words(ending(user))[-1].startswith(f"Cancel Coffee {id}")


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


async def arrive(user: User, id: int, step: str = "") -> None:
    """Go to a step of the way out."""
    await navigate(user, f"/subscriptions/{id}/cancel{step}")
    await until(user, "Not cancelled yet")


def page_of(user: User) -> Client:
    assert user.client
    return user.client


async def status(shop: Shop, id: int) -> str:
    return str((await shop.client.subscriptions.get(id)).status)


# Signed in.


@there
async def test_who_is_signed_in(place: Place, services: Services, shop: Shop) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions")
        await until(user, "Active subscriptions")
        foot_is_there(user, place)
        the_card_leads_there(user, place)
        if place.may_hold:
            await a_minimum_holds(user, shop)
        else:
            await two_presses_end_it(user, place, shop)
        await what_stands_between(user, place, shop)
        await withdrawing(user, place, shop)


def the_card_leads_there(user: User, place: Place) -> None:
    """In the law's words, where it has some, and in ours below them."""
    (link,) = keyed(user, f"subscription-{FEW}-cancel")
    says(link, place.cancel or "Cancel subscription", place.marked if place.cancel else None)
    assert words(link)[-1] == "Cancel subscription"
    assert link.props["href"] == f"/subscriptions/{FEW}/cancel"


async def a_minimum_holds(user: User, shop: Shop) -> None:
    """It is told on the way out, which is there all the same, with whom to write to."""
    await arrive(user, FEW)
    assert "at least 3 orders" in shown(user)
    assert "hello@shop.example" in shown(user)
    await choose(field(user.current_layout, "Another reason"))
    await press(ending(user))
    assert await shop.executed() == {}


async def two_presses_end_it(user: User, place: Place, shop: Shop) -> None:
    """One on the card, one on the screen behind it. Nothing has to be said, and no number of orders
    reached, whatever the merchant would like."""
    await arrive(user, FEW)  # the first press
    foot_is_there(user, place)
    assert "at least 3 orders" not in shown(user)
    assert place.is_direct or "You need not say." in shown(user)
    end_is_worded(user, place, FEW)
    await press(ending(user))  # the second
    await until(user, "Receipt number")

    foot_is_there(user, place)
    assert await status(shop, FEW) == "cancelled"
    assert await shop.executed() == {CANCEL: 1}


async def what_stands_between(user: User, place: Place, shop: Shop) -> None:
    """An offer where one may be made; none where the law wants none, by whatever address; and a
    reason only where it may be demanded."""
    await arrive(user, MANY)
    end_is_worded(user, place, MANY)
    if place.may_hold:
        assert "You need not say." not in shown(user)
        await press(ending(user))
        assert "Please choose a reason first. Nothing was changed." in shown(user)
        assert await shop.executed() == {}
    await (no_offer_anywhere if place.is_direct else one_offer)(user, place)
    await press(ending(user))
    await until(user, "Receipt number")
    assert await status(shop, MANY) == "cancelled"


async def one_offer(user: User, place: Place) -> None:
    """It looks like the end beside it and no better; after it comes the end only."""
    assert OFFERED not in shown(user)
    goes_on = button(user.current_layout, "Continue")
    assert list(goes_on.classes) == list(ending(user).classes)
    await choose(field(user.current_layout, "I have more than I can use"))
    await press(goes_on)
    await until(user, OFFERED)
    foot_is_there(user, place)
    end_is_worded(user, place, MANY)
    (offered,) = keyed(user, "confirm")
    assert list(offered.classes) == list(ending(user).classes)
    await arrive(user, MANY, "/confirm")
    await until(user, "Tell the shop why, if you like")
    end_is_worded(user, place, MANY)
    assert keyed(user, "confirm") == []
    assert OFFERED not in shown(user)


async def no_offer_anywhere(user: User, place: Place) -> None:
    """The first screen is the last. An address that would be an offer's is no way around that."""
    for step in ("", "/too-much", "/confirm"):
        await arrive(user, MANY, step)
        end_is_worded(user, place, MANY)
        (flow,) = [one for one in user.current_layout.descendants() if isinstance(one, CancelFlow)]
        pressed = [one for one in flow.descendants() if isinstance(one, Button)]
        assert pressed == [ending(user)]
        assert "Tell the shop why, if you like" in shown(user)
        assert OFFERED not in shown(user)


async def withdrawing(user: User, place: Place, shop: Shop) -> None:
    """In the first days, and not after them: another thing than to cancel, with its own words."""
    await navigate(user, f"/subscriptions/{MANY}")
    await until(user, f"Coffee {MANY}")
    assert keyed(user, "page-withdraw") == []
    await navigate(user, f"/subscriptions/{FRESH}")
    await until(user, f"Coffee {FRESH}")
    foot_is_there(user, place)
    found = keyed(user, "page-withdraw")
    assert bool(found) == place.can_withdraw
    for one in found:
        assert isinstance(one, Button)
        says(one, place.withdraw, place.marked)
        await press(one)
        (confirm,) = [
            each
            for dialog in page_of(user).elements.values()
            if isinstance(dialog, WithdrawDialog)
            for each in dialog.descendants()
            if isinstance(each, Button) and each.props.get("data-key") == "confirm"
        ]
        says(confirm, place.confirm_withdrawal, place.marked)
        await press(confirm)
        withdrawn = await shop.client.subscriptions.get(FRESH)
        assert withdrawn.cancellation_reason == "Withdrawal within 14 days"


@there
async def test_a_shop_that_would_rather_end_it_itself(
    place: Place, services: Services, shop: Shop
) -> None:
    """It may where no law forbids it, and then says whom to write to. Else its switch counts for
    nothing: the way out is the same as ever."""
    await shop.switch(cancel_subscription=False)
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/subscriptions")
        await until(user, "Active subscriptions")
        the_card_leads_there(user, place)
        await arrive(user, MANY)
        if not place.may_close:
            end_is_worded(user, place, MANY)
            await press(ending(user))
            await until(user, "Receipt number")
            assert await status(shop, MANY) == "cancelled"
            return
        assert keyed(user, "end") == []
        assert "This shop ends subscriptions itself" in shown(user)
        (write,) = keyed(user, "write")
        assert write.props["href"] == "mailto:hello@shop.example"
        assert words(write) == ["Write to hello@shop.example"]
        assert await shop.executed() == {}


@there
async def test_and_by_mail(place: Place, services: Services, shop: Shop) -> None:
    await shop.switch(cancel_subscription=False)
    way = Way(shop, services)
    page = await way.browser().get(await way.link("9001", EMAIL))
    assert Form(page).offered() == (set() if place.may_close else {FEW, FRESH, MANY})
    assert bool(Form(page).buttons) != place.may_close
    assert ("This shop ends subscriptions itself" in read(page)) == place.may_close
    assert ("write to the shop: hello@shop.example" in read(page)) == place.may_close


# Without signing in.


@there
async def test_who_is_not_signed_in(place: Place, services: Services, shop: Shop) -> None:
    """The plain pages are there for everybody, and bear the law's words."""
    way = Way(shop, services)
    front = (await way.browser().get("/sign-in")).text
    cancel, withdraw = re.findall(
        r'<a href="/(?:cancel|withdraw)"( lang="[^"]*")?>([^<]*)</a>', front
    )
    assert cancel == (
        (f' lang="{place.language}"', place.cancel)
        if place.cancel
        else ("", "Cancel a subscription without signing in")
    )
    assert withdraw[1] == place.withdraw
    assert withdraw[0] == (f' lang="{place.language}"' if place.can_withdraw else "")
    await cancelling_by_mail(way, place)
    await withdrawing_by_mail(way, place)


async def cancelling_by_mail(way: Way, place: Place) -> None:
    """No offer, no reason and no minimum, but where that may be; and one press ends it."""
    link = await way.link("9001", EMAIL)
    page = await way.browser().get(link)
    form = Form(page)
    assert form.offered() == ({MANY} if place.may_hold else {FEW, FRESH, MANY})
    assert ("at least 3 orders" in read(page)) == place.may_hold
    assert OFFERED not in read(page)
    assert "Why? You need not say." in read(page)
    (end,) = form.buttons
    assert "disabled" not in end
    is_worded = f'<span lang="{place.language}">{place.confirm}</span>' in page.text
    assert is_worded == bool(place.confirm)
    answer = await way.press(link, tick=(MANY,))
    assert "Receipt" in read(answer)
    assert await status(way.shop, MANY) == "cancelled"


async def withdrawing_by_mail(way: Way, place: Place) -> None:
    """What is in its first days can be withdrawn from, where there is that right."""
    link = await way.link("9002", EMAIL, "/withdraw")
    page = await way.browser().get(link)
    form = Form(page)
    assert form.offered() == ({FRESH} if place.can_withdraw else set())
    assert bool(form.buttons) == place.can_withdraw
    if not place.can_withdraw:
        assert '<a class="ds-plain-button" href="/cancel">' in page.text
        return
    assert f'<span lang="{place.language}">{place.confirm_withdrawal}</span>' in page.text
    answer = await way.press(link)
    assert "You have withdrawn" in read(answer)
    assert await status(way.shop, FRESH) == "cancelled"

"""The pages of leaving: what stands on each, and where each press leads."""

from __future__ import annotations

import pytest
from nicegui import ui
from nicegui.testing import User

from app.actions import Services
from components import CancelFlow, EndForm, ReactivateDialog, SubscriptionCard
from components.html import Button, Tag
from components.testing import button, choose, field, press, type_into, words
from tests.actions.shop import Shop
from tests.pages.test_pages import navigate, shown, the
from tests.pages.visits import portals, until

MARAS, ELENAS, CLAIRES = 301, 316, 322


def ending(user: User) -> Button:
    """The button that ends it."""
    found = [
        one
        for one in user.current_layout.descendants()
        if isinstance(one, Button) and one.props.get("data-key") == "end"
    ]
    assert len(found) == 1
    return found[0]


def page_of(user: User) -> list[ui.element]:
    """Everything on the page, with what lies over it."""
    assert user.client
    return list(user.client.elements.values())


async def status(shop: Shop, id: int) -> str:
    return str((await shop.client.subscriptions.get(id)).status)


async def test_a_reason_is_asked_for_at_its_place_and_nothing_is_locked(
    services: Services, shop: Shop
) -> None:
    """The shop wants a reason, and Maine lets it ask."""
    await shop.switch(cancellation_reason_optional=False)
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(f"/subscriptions/{MARAS}/cancel")
        await until(user, "What is the reason?")
        assert "aria-disabled" not in ending(user).props
        assert "You need not say." not in shown(user)

        await press(ending(user))

        missing = next(
            one
            for one in user.current_layout.descendants()
            if isinstance(one, Tag) and one.props.get("role") == "alert"
        )
        assert words(missing) == ["Please choose a reason first. Nothing was changed."]
        assert await shop.executed() == {}
        assert await status(shop, MARAS) == "active"

        await choose(field(user.current_layout, "Another reason"))
        await press(ending(user))
        await until(user, "Start Harbor Blend (12 oz / Filter) again?")
        assert await status(shop, MARAS) == "cancelled"
        assert user.back_history[-1] == f"/subscriptions/{MARAS}/cancel/done"


async def test_where_the_law_wants_it_the_first_screen_is_the_last(
    services: Services, shop: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(107)
        await user.open(f"/subscriptions/{CLAIRES}/cancel")
        await until(user, "Not cancelled yet")
        text = shown(user)
        assert "Continue" not in text
        assert "Tell the shop why, if you like" in text
        prescribed, ours = (one for one in ending(user).descendants() if getattr(one, "text", ""))
        assert words(prescribed) == ["Notification de la résiliation"]
        assert prescribed.props["lang"] == "fr"
        assert words(ours)[0].startswith("Cancel ")
        await press(ending(user))
        await until(user, "Receipt number")
        assert "Not cancelled yet" not in shown(user)
        assert await status(shop, CLAIRES) == "cancelled"


async def test_an_offer_stands_beside_the_end_and_is_taken_up_there(
    services: Services, shop: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(f"/subscriptions/{MARAS}/cancel")
        await until(user, "What is the reason?")
        await choose(field(user.current_layout, "I am away for a while"))
        await type_into(
            field(user.current_layout, "Anything else the shop should know?"), "Back in May"
        )
        await press(button(user.current_layout, "Continue"))
        await until(user, "Skip the next delivery, and the one after it comes as planned.")
        assert isinstance(the(user, EndForm), EndForm)
        assert "aria-disabled" not in ending(user).props
        assert await shop.executed() == {}

        confirm = next(
            one
            for one in the(user, CancelFlow).descendants()
            if isinstance(one, Button) and one.props.get("data-key") == "confirm"
        )
        await press(confirm)
        await until(user, "Its coming deliveries")
        assert await status(shop, MARAS) == "active"
        assert "POST /charges/{id}/skip" in await shop.executed()


async def test_an_ended_one_is_taken_up_from_its_card_with_date_and_price_told_before(
    services: Services, shop: Shop
) -> None:
    async with portals(services) as page:
        user = page.visitor(105)
        await user.open("/subscriptions")
        card = next(
            one
            for one in user.current_layout.descendants()
            if isinstance(one, SubscriptionCard) and one.state.key == ELENAS
        )
        await press(button(card, "Start again"))
        dialog = next(one for one in page_of(user) if isinstance(one, ReactivateDialog))
        told = " ".join(words(dialog))
        assert await shop.executed() == {}
        found = (await services.mirror.customer(105).snapshot()).subscription(ELENAS)
        assert found is not None
        assert f"${found.price} each time, as before" in told
        assert "The next delivery is on " in told

        await press([one for one in dialog.descendants() if isinstance(one, Button)][-1])
        assert await status(shop, ELENAS) == "active"


async def test_what_the_shop_has_ended_is_not_called_cancelled_here(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(105)
        await user.open(f"/subscriptions/{ELENAS}/cancel")
        await until(user, "It has ended, and you are not charged for it any more.")
        assert "Receipt number" not in shown(user)


@pytest.mark.parametrize("id", ["310", "0", "x", "9999999999"])
async def test_what_is_not_the_customers_is_not_there(services: Services, id: str) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        for step in ("", "/done", "/951"):
            answer = await user.http_client.get(f"/subscriptions/{id}/cancel{step}")
            assert answer.status_code == 404


async def test_the_menu_of_a_subscription_leads_there(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(f"/subscriptions/{MARAS}")
        links = [
            one
            for one in user.current_layout.descendants()
            if isinstance(one, Tag) and one.props.get("href") == f"/subscriptions/{MARAS}/cancel"
        ]
        assert len(links) == 1
        await navigate(user, f"/subscriptions/{MARAS}/cancel")
        await until(user, "Not cancelled yet")

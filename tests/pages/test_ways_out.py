"""The ways to leave that need no sign-in stand at the foot of every page."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from nicegui import ui

from app.actions import Services
from app.mirror import Shop
from app.retention import ways_out
from components import html
from tests.actions.shop import Shop as MadeShop
from tests.pages.visits import portals


@pytest.mark.parametrize("path", ["/", "/subscriptions", "/subscriptions/301", "/schedule"])
async def test_they_are_on_every_page(services: Services, path: str) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(path)
        forms = {
            one.props.get("action"): one
            for one in user.current_layout.descendants()
            if isinstance(one, html.Tag) and one.tag == "form"
        }
        assert {"/cancel", "/withdraw"} <= set(forms)
        assert isinstance(forms["/cancel"], ui.element)


async def in_zone(shop: MadeShop, zone: str) -> Shop:
    return replace(await shop.mirror.shop(), timezone=ZoneInfo(zone))


async def test_they_bear_the_words_of_the_shops_country(shop: MadeShop) -> None:
    german = ways_out(await in_zone(shop, "Europe/Berlin"), "en")
    assert [(str(way.words), way.language) for way in german] == [
        ("Verträge hier kündigen", "de"),
        ("Vertrag widerrufen", "de"),
    ]
    french = ways_out(await in_zone(shop, "Europe/Paris"), "en")
    assert [str(way.words) for way in french] == [
        "Résilier votre contrat",
        "Renoncer au contrat ici",
    ]
    american = ways_out(await in_zone(shop, "America/New_York"), "de-DE")
    assert [(str(way.words), way.language) for way in american] == [
        ("Cancel a subscription without signing in", ""),
        ("Withdraw from contract here", ""),
    ]


async def test_where_the_country_is_not_known_the_language_may_tell(shop: MadeShop) -> None:
    assert str(ways_out(None, "de-DE")[0].words) == "Verträge hier kündigen"
    assert (
        str(ways_out(await in_zone(shop, "Etc/UTC"), "de-DE")[0].words) == "Verträge hier kündigen"
    )
    assert [way.path for way in ways_out(None, "en")] == ["/cancel", "/withdraw"]

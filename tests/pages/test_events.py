"""What a page or a component listens for stands in the table of events, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator

from nicegui import Client

from app.actions import Services
from app.auth.events import HEARD, entry, owner
from app.i18n import Texts
from components.gallery import EXAMPLES
from components.offer_buttons import More
from components.testing import drawn
from tests.actions.shop import Shop
from tests.pages.visits import portals

MARA = 101
PATHS = (
    "/",
    "/subscriptions",
    "/subscriptions/301",
    "/subscriptions/301/cancel",
    "/memberships/941",
    "/schedule",
    "/schedule/month",
    "/orders",
    "/account",
    "/account/devices",
    "/addresses",
    "/addresses/new",
    "/addresses/201",
    "/payment-methods",
    "/payment-methods/602",
    "/credit",
    "/activity",
)

Event = tuple[str, str]


def heard_on(client: Client) -> Iterator[Event]:
    """What is listened for on a page, and in its menus."""
    for element in list(client.elements.values()):
        if isinstance(element, More):
            with client:
                element._press()
    for element in client.elements.values():
        for listener in element._event_listeners.values():
            name = entry(element, listener.type)
            shown = f"no entry: {owner(element)[0]}" if name is None else name
            yield shown, listener.type


async def in_the_gallery() -> set[Event]:
    found: set[Event] = set()
    draws = [lambda one=one: one.draw(Texts(one.language)) for one in EXAMPLES]
    async with drawn(*draws) as users:
        for user in users:
            assert user.client is not None
            found.update(heard_on(user.client))
    return found


async def on_pages(services: Services) -> set[Event]:
    found: set[Event] = set()
    async with portals(services) as service:
        for path in PATHS:
            visitor = service.visitor(MARA)
            await visitor.open(path)
            assert visitor.client is not None
            found.update(heard_on(visitor.client))
            visitor.client.delete()
    return found


async def test_the_table_lists_what_is_heard_and_nothing_else(
    shop: Shop, services: Services
) -> None:
    await shop.switch(enable_membership_programs=True, show_credits=True)
    await shop.mirror.customer(MARA).refresh()
    found = await in_the_gallery() | await on_pages(services)
    listed = {(name, kind) for name, heard in HEARD.items() for kind in heard}

    assert "\n".join(map(" ".join, sorted(found - listed))) == ""
    assert "\n".join(map(" ".join, sorted(listed - found))) == ""

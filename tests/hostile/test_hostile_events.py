"""What is sent to the listeners of every component: over the gallery, and over Mara's own pages.

Requirements: "every component's events"; "a strict model"; ASVS 5.0, 2.2.1 and 15.3.3; security.md,
F1 and F3 (constraints in a browser are none). The events are taken from what is really drawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from nicegui import Client, ui

from app.actions import Services
from app.auth.events import KINDS, Unfit, heard
from app.auth.packets import is_packet
from app.i18n import Texts
from components.gallery import EXAMPLES
from components.testing import drawn
from tests.actions.conftest import pattern, services, shop
from tests.actions.shop import Shop
from tests.hostile.attacks import UNFIT
from tests.pages.test_events import MARA, PATHS
from tests.pages.visits import portals

__all__ = ["pattern", "services", "shop"]

FITTING: dict[str, list[str]] = {
    "click": [],
    "close": [],
    "given": ['{"detail": "x"}'],
    "toggle": ['{"newState": "open"}'],
    "sub_pages_open": ['"/orders"'],
    "sub_pages_navigate": ['"/orders"'],
}
"""What each kind brings where nobody is hostile: the control."""

Heard = tuple[ui.element, str, str]


def listeners(client: Client) -> list[Heard]:
    """Elements of a page, with the id and the kind of what each listens for."""
    return [
        (element, listener.id, listener.type)
        for element in list(client.elements.values())
        for listener in element._event_listeners.values()
    ]


def packet(client: Client, element: int, listener: str, args: list[Any]) -> dict[str, Any]:
    return {"client_id": client.id, "id": element, "listener_id": listener, "args": args}


def is_stopped(page: str, message: dict[str, Any]) -> bool:
    """Whether the guard lets nothing of it through to a handler."""
    if not is_packet("event", message, page):
        return True
    try:
        return heard(page, message) is None
    except Unfit:
        return True


def unfit(kind: str) -> Iterator[list[Any]]:
    """Everything that an event of this kind never brings."""
    right = FITTING[kind]
    for one in UNFIT:
        if [one] != right and not _fits(kind, one):
            yield [one]
    args: list[Any]
    for args in ([*right, *right, "1"], [None] * 21, ["x"] * 20, [1], [["x"]], [{}], [True], [0.5]):
        if args != right:
            yield args
    if right:
        yield []
        yield right * 2


def _fits(kind: str, text: Any) -> bool:
    """Whether it happens to be what such an event may bring."""
    if len(KINDS[kind]) != 1 or not isinstance(text, str):
        return False
    try:
        KINDS[kind][0].validate_json(text)
    except ValueError:
        return False
    return True


def attack(client: Client, others: Client | None) -> list[str]:
    """Everything that got through to a handler of this page, and should not have."""
    through: list[str] = []
    found = listeners(client)
    one_of_each = {(type(element), kind): (element, id) for element, id, kind in found}
    for (_, kind), (element, id) in one_of_each.items():
        name = f"{type(element).__name__} {kind}"
        good = packet(client, element.id, id, FITTING[kind])
        if is_stopped(client.id, good):
            through.append(f"{name}: the control does not come through")
        for args in unfit(kind):
            if not is_stopped(client.id, {**good, "args": args}):
                through.append(f"{name}: {json.dumps(args)[:80]}")
        for change in (
            {"id": str(element.id)}, {"id": element.id + 0.5}, {"id": True},
            {"id": -element.id - 1},
            {"id": None}, {"id": [element.id]}, {"id": 2**60}, {"listener_id": None},
            {"listener_id": ""}, {"listener_id": "x" * 65}, {"listener_id": 1}, {"args": "x"},
            {"args": {"0": "x"}}, {"listener_id": "00000000-0000-0000-0000-000000000000"},
            {"client_id": "x"}, {"client_id": None}, {"client_id": [client.id]},
            {"listener_id": id.upper() + " "},
        ):  # fmt: skip
            if not is_stopped(client.id, {**good, **change}):
                through.append(f"{name}: {change}")
        foreign = next((other for other, _, _ in found if id not in other._event_listeners), None)
        if foreign is not None and not is_stopped(client.id, {**good, "id": foreign.id}):
            through.append(f"{name}: at another element")
        if others is None:
            continue
        for element_id in (element.id, next(iter(others.elements))):
            across = packet(others, element_id, id, FITTING[kind])
            if not is_stopped(client.id, across) or not is_stopped(others.id, across):
                through.append(f"{name}: of another page")
    return through


def test_each_kind_of_event_is_attacked() -> None:
    assert FITTING.keys() == KINDS.keys()
    assert all(len(list(unfit(kind))) > 20 for kind in KINDS)


async def test_no_component_hears_what_it_did_not_offer() -> None:
    """Wrong types, other shapes, huge values, foreign listeners and pages, for every component."""
    draws = [lambda one=one: one.draw(Texts(one.language)) for one in EXAMPLES]
    async with drawn(*draws) as users:
        clients = [user.client for user in users if user.client is not None]
        assert len(clients) > 50
        kinds = {kind for client in clients for *_, kind in listeners(client)}
        assert {"click", "given", "close"} <= kinds
        through = [
            f"{one.component.__name__}: {fault}"
            for one, client, other in zip(
                EXAMPLES, clients, [*clients[1:], clients[0]], strict=True
            )
            for fault in attack(client, other)
        ]
    assert through == []


async def test_no_page_hears_what_it_did_not_offer(shop: Shop, services: Services) -> None:
    """The same over the customer's own pages, with all that stands on them at once; and another
    customer's page is never spoken for (security.md, F1)."""
    await shop.switch(enable_membership_programs=True, show_credits=True)
    await shop.mirror.customer(MARA).refresh()
    async with portals(services) as service:
        jonas = service.visitor(102)
        await jonas.open("/")
        assert jonas.client is not None
        for path in PATHS:
            mara = service.visitor(MARA)
            await mara.open(path)
            assert mara.client is not None
            assert listeners(mara.client)
            assert attack(mara.client, jonas.client) == [], path
            mara.client.delete()


@pytest.mark.parametrize("event", ["handshake", "event", "javascript_response", "ack"])
@pytest.mark.parametrize("message", [None, [], {}, "x", 1, True, [[]], {"client_id": {}}, {"a": 1}])
def test_no_packet_of_another_shape_is_read(event: str, message: Any) -> None:
    """security.md, F6: what is malformed costs no traceback."""
    assert not is_packet(event, message, "a-page")
    if isinstance(message, dict):
        assert not is_packet(event, {**message, "client_id": "another-page"}, "a-page")

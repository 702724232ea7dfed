"""An open page, as tests look at it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from app.actions import Principal, Services
from app.i18n import Texts
from app.state import DeliveryState, Notice, Portal, SkipQuestion, State
from tests.actions.shop import TODAY, signed_in

JONAS, MARA = signed_in(102), signed_in(101)
HIS = TODAY + timedelta(days=6)
English = Texts("en-GB")


async def opened(services: Services, who: Principal = JONAS) -> Portal:
    portal = Portal(services, who, English)
    await portal.open()
    assert portal.status == "ready"
    return portal


def first(portal: Portal) -> DeliveryState:
    assert portal.next_delivery is not None
    return portal.next_delivery


async def asked(
    delivery: DeliveryState, purchase_item_ids: tuple[int, ...] | None = None
) -> SkipQuestion:
    """The open question whether to skip a delivery."""
    question = SkipQuestion(delivery, purchase_item_ids)
    await question.ask()
    return question


async def skip(delivery: DeliveryState) -> None:
    """Skip a delivery, after the question."""
    await (await asked(delivery)).confirm()


def text(notice: Notice | None) -> str:
    assert notice is not None
    return English.render(notice.message)


def status(portal: Portal) -> str:
    return portal.status


async def until(state: State, is_so: Callable[[], bool]) -> None:
    """Returns when it is so, looking again at every change."""
    changed = asyncio.Event()
    leave = state.changed.subscribe(changed.set)
    while not is_so():
        changed.clear()
        await changed.wait()
    leave()

"""Every action, case by case: what is promised is what happens, undo undoes it, nobody else can do
it, and whatever Recharge answers it is done once at most and called what it is."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import app.actions
from app.actions import (
    Action,
    ActionError,
    Activity,
    InProgress,
    InvalidInput,
    NotPossible,
    Outcome,
    Principal,
    Result,
    Services,
    SignedOut,
    Stale,
    SwitchedOff,
    UnknownObject,
    activities,
    find_activity,
    perform,
    preview,
    undo,
)
from tests.actions.case import Case
from tests.actions.cases import CASES
from tests.actions.shop import LOADED, Shop, open_shop, press, signed_in
from tests.actions.timelines import differences, differences_upstream

FAULTS: dict[str, dict[str, Any]] = {
    "500 and not done": {"kind": "500"},
    "500 and done": {"kind": "500", "executes": True},
    "no answer and not done": {"kind": "cut_before"},
    "no answer and done": {"kind": "cut_after"},
    "409": {"kind": "409"},
    "429": {"kind": "429"},
    "HTML": {"kind": "html"},
    "422": {"kind": "422"},
}
UNANSWERED = ("no answer and not done", "no answer and done")
BUSY = ("409", "429")
"""Answers after which the same is sent again, and is done then."""

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


async def found(case: Case, shop: Shop, services: Services) -> Action:
    """The action, with its customer in the mirror and nothing counted yet."""
    action = await case.find(shop, services, case.who)
    await shop.situation(services, case.who.customer_id)
    await shop.mirror.settled()
    await shop.forget_counters()
    return action


async def sent(shop: Shop) -> dict[str, int]:
    """All that was sent to Recharge."""
    return (await shop.counters())["requests"]


async def written(shop: Shop, case: Case) -> int:
    """How many times the counted write was executed."""
    return (await shop.executed()).get(case.route, 0)


async def assert_mirror_is_complete(shop: Shop, services: Services, customer_id: int) -> None:
    """It holds what the shop holds, but for charges that are done with."""
    assert await shop.mirrored(services, customer_id) == await shop.upstream(
        customer_id, charges="queued,skipped,error,pending", bundles=False
    )


@each_case
async def test_what_is_foreseen_is_what_comes(case: Case, shop: Shop, services: Services) -> None:
    id = case.who.customer_id
    action = await found(case, shop, services)
    upstream, mirrored = await shop.upstream(id), await shop.mirrored(services, id)
    known = await activities(services, case.who)
    await shop.forget_counters()

    seen = await preview(services, case.who, action)
    foreseen = action.after(await shop.situation(services, id))
    assert await sent(shop) == {}
    assert await activities(services, case.who) == known
    assert await shop.mirrored(services, id) == mirrored

    outcome = await perform(services, case.who, action, key=press(), revision=seen.revision)

    assert outcome.effect == seen.effect
    assert outcome.is_confirmed
    assert outcome.differences == ()
    assert await written(shop, case) == case.writes
    assert (await shop.upstream(id) != upstream) == case.changes_records
    after = await shop.situation(services, id)
    assert differences(foreseen, after, case.unforeseen) == []
    assert await differences_upstream(shop.client, after) == []
    await assert_mirror_is_complete(shop, services, id)


@each_case
async def test_undo_restores_the_shop_and_the_mirror(
    case: Case, shop: Shop, services: Services
) -> None:
    id = case.who.customer_id
    action = await found(case, shop, services)
    upstream = await shop.upstream(id, case.restores)
    mirrored = await shop.mirrored(services, id, case.restores)

    done = await perform(services, case.who, action, key=press())
    if not case.is_undoable:
        assert done.undo_until is None
        with pytest.raises(NotPossible):
            await undo(services, case.who, done.activity_id, key=press())
        return
    assert done.undo_until is not None
    await undo(services, case.who, done.activity_id, key=press())

    assert await shop.upstream(id, case.restores) == upstream
    assert await shop.mirrored(services, id, case.restores) == mirrored


@each_case
async def test_who_may_not_and_what_does_not_fit_changes_nothing(
    case: Case, shop: Shop, services: Services
) -> None:
    other = signed_in(next(id for id in LOADED if id != case.who.customer_id))
    action = await found(case, shop, services)
    await shop.situation(services, other.customer_id)
    await shop.mirror.settled()
    await shop.forget_counters()
    values = {name: getattr(action, name) for name in type(action).model_fields}

    with pytest.raises(UnknownObject):
        await preview(services, other, action)
    with pytest.raises(UnknownObject):
        await perform(services, other, action, key=press())
    with pytest.raises(InvalidInput):
        type(action).of(**values, extra=1)
    forged = action.model_copy(update={name: object() for name in values})
    with pytest.raises(InvalidInput):
        await perform(services, case.who, forged, key=press())
    shop.signed_out.add(case.who.session)
    with pytest.raises(SignedOut):
        await preview(services, case.who, action)
    with pytest.raises(SignedOut):
        await perform(services, case.who, action, key=press())

    assert await sent(shop) == {}


@each_case
async def test_what_the_merchant_switched_off_is_refused(
    case: Case, shop: Shop, services: Services
) -> None:
    action = await case.find(shop, services, case.who)
    if action.switch is None:
        pytest.skip("nothing forbids it")
    await shop.switch(**{action.switch: False})
    situation = await shop.situation(services, case.who.customer_id)
    await shop.mirror.settled()
    await shop.forget_counters()

    assert not action.is_offered(situation.snapshot.shop)
    with pytest.raises(SwitchedOff):
        await preview(services, case.who, action)
    with pytest.raises(SwitchedOff):
        await perform(services, case.who, action, key=press())

    assert await sent(shop) == {}


@each_case
async def test_what_has_changed_meanwhile_is_left_alone(
    case: Case, shop: Shop, services: Services
) -> None:
    action = await found(case, shop, services)
    seen = await preview(services, case.who, action)
    await case.disturb(shop, action)
    await shop.mirror.customer(case.who.customer_id).refresh()
    await shop.forget_counters()

    with pytest.raises(Stale) as refused:
        await perform(services, case.who, action, key=press(), revision=seen.revision)

    assert refused.value.changes
    assert await shop.executed() == {}


@each_case
async def test_the_same_press_and_two_tabs_make_one_write(
    case: Case, shop: Shop, services: Services
) -> None:
    action = await found(case, shop, services)
    seen = await preview(services, case.who, action)
    keys = press(), press()

    tabs = await asyncio.gather(
        *(
            perform(services, case.who, action, key=key, revision=seen.revision)
            for key in (*keys, keys[0])
        ),
        return_exceptions=True,
    )
    done = [each for each in tabs if isinstance(each, Outcome)]
    assert len(done) == 1 or not case.is_mirrored, tabs
    told = [each for each in tabs if not isinstance(each, Outcome)]
    assert all(isinstance(each, Stale | NotPossible | InProgress) for each in told), told

    again = await perform(services, case.who, action, key=keys[tabs.index(done[0]) % 2])
    assert again == done[0]
    assert await written(shop, case) == case.writes


async def known(services: Services, who: Principal, activity_id: str) -> Activity:
    """The activity once its result is known."""
    news: asyncio.Queue[None] = asyncio.Queue()
    leave = services.mirror.changes.subscribe(who.customer_id, lambda: news.put_nowait(None))
    try:
        async with asyncio.timeout(20):
            while True:
                activity = await find_activity(services, who, activity_id)
                assert activity is not None
                if activity.result not in (Result.RUNNING, Result.UNKNOWN):
                    return activity
                await news.get()
    finally:
        leave()


def every_fault() -> Iterator[tuple[Case, str]]:
    """All faults for one case of each action and route, and for the others those that matter most:
    nobody knows what came of it."""
    walked: set[tuple[type[Action], str]] = set()
    for case in CASES:
        kind = get_type_hints(case.find)["return"], case.route
        faults = [name for name in FAULTS if kind not in walked or name in UNANSWERED]
        walked.add(kind)
        for fault in faults:
            yield case, fault


FAULTY = tuple(every_fault())


@pytest.mark.parametrize(
    ("case", "fault"), FAULTY, ids=[f"{case.name}-{fault}" for case, fault in FAULTY]
)
async def test_whatever_goes_wrong_it_is_done_once_at_most_and_called_what_it_is(
    case: Case, fault: str, shop: Shop, services: Services
) -> None:
    id = case.who.customer_id
    action = await found(case, shop, services)
    before = await shop.upstream(id)
    foreseen = action.after(await shop.situation(services, id))
    await shop.fault(case.method, case.path, **FAULTS[fault])

    try:
        outcome = await perform(services, case.who, action, key=press())
        told, activity_id = "yes", outcome.activity_id
    except ActionError as error:
        told, activity_id = error.changed, error.activity_id or ""
    activity = await known(services, case.who, activity_id)

    executed = await written(shop, case)
    assert executed <= case.writes
    # What pays is never sent again after a 409: it may be the same payment, being made.
    assert told == "yes" or fault not in BUSY or (action.pays and fault == "409")
    is_changed = await shop.upstream(id) != before
    is_done = not differences(foreseen, await shop.situation(services, id), case.unforeseen)
    if told == "yes" or activity.result is Result.DONE:
        assert is_done
        assert is_changed == case.changes_records
        is_other_way = case.other_way and fault == "422"
        assert executed == (0 if is_other_way else case.writes)
        assert activity.result is Result.DONE
    elif told == "no":
        assert not is_changed
        assert activity.undo_until is None
        assert activity.result is Result.REFUSED
    elif told == "part":
        assert is_changed
    else:
        # Of several steps the first may have been made, and stays so.
        assert is_changed == (activity.result is Result.PARTLY)
        assert activity.result in (Result.NOT_DONE, Result.PARTLY)
    await assert_mirror_is_complete(shop, services, id)


def every_action() -> Iterator[type[Action]]:
    """The kinds of action that the product has."""
    for module in pkgutil.iter_modules(app.actions.__path__, "app.actions."):
        importlib.import_module(module.name)
    waiting: list[type[Action]] = [Action]  # type: ignore[type-abstract]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("app.") and _is_whole(kind):
            yield kind


def _is_whole(kind: type[Action]) -> bool:
    """Whether it can be done: what several actions share has no name."""
    return hasattr(kind, "name") and not inspect.isabstract(kind)


async def test_no_action_is_without_a_case(pattern: Path, tmp_path: Path) -> None:
    with_case: set[type[Action]] = set()
    for number, case in enumerate(CASES):
        hint: type[Action] = get_type_hints(case.find)["return"]
        if not inspect.isclass(hint) or not _is_whole(hint):
            async with open_shop(pattern, tmp_path / str(number)) as shop:
                hint = type(await case.find(shop, shop.services(), case.who))
        with_case.add(hint)

    assert {kind.__name__ for kind in every_action()} - {
        kind.__name__ for kind in with_case
    } == set()

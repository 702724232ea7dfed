"""Changes of several steps: each is made once, and the rest goes on after a restart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.actions import (
    ChangeQuantity,
    MoveSubscription,
    NothingKnown,
    NotPossible,
    PartlyDone,
    Principal,
    Result,
    Saga,
    Services,
    Situation,
    SkipDelivery,
    StepStatus,
    UnknownObject,
    UpstreamRefused,
    activities,
    find_activity,
    perform,
    preview,
    resume_saga,
    steps_of,
    undo,
)
from app.actions.base import Action
from app.actions.effect import Effect
from app.actions.steps import SENT_FOR
from app.i18n import say
from tests.actions.cases.deliveries import queued_and_projected
from tests.actions.shop import Shop, press, signed_in

MARA = signed_in(101)
PUT = "PUT /subscriptions/{id}"
SET_DATE = "POST /subscriptions/{id}/set_next_charge_date"


class MoreAndLater(Saga):
    """Two steps of one subscription, the second of which builds on the first."""

    name = "more and later"

    address_id: int
    subscription_id: int
    quantity: int
    days: int

    @property
    def object(self) -> str:
        return f"address {self.address_id}"

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        address_id, id = self.address_id, self.subscription_id
        day = situation.today + timedelta(days=self.days)
        return (
            ChangeQuantity(address_id=address_id, subscription_id=id, quantity=self.quantity),
            MoveSubscription(address_id=address_id, subscription_id=id, date=day),
        )

    def effect(self, situation: Situation) -> Effect:
        return self.told(
            situation,
            question=say("More, and later?"),
            confirm=say("More, and later"),
            done=say("You get more, and later."),
        )


class MoreOfTwo(MoreAndLater):
    """The same steps, neither of which needs the other."""

    name = "more of two"

    @property
    def is_independent(self) -> bool:
        return True


class SkipBySteps(Saga):
    """One step, that is written in two calls where Recharge holds a charge for some items only."""

    name = "skip by steps"

    address_id: int
    day: date

    @property
    def object(self) -> str:
        return f"address {self.address_id}"

    def steps(self, situation: Situation) -> tuple[Action, ...]:
        return (SkipDelivery(address_id=self.address_id, date=self.day),)

    def effect(self, situation: Situation) -> Effect:
        return self.told(
            situation, question=say("Skip?"), confirm=say("Skip"), done=say("Skipped.")
        )


async def wish(shop: Shop, kind: type[MoreAndLater] = MoreAndLater) -> MoreAndLater:
    """More of Mara's first subscription, 40 days from now."""
    services = shop.services()
    situation = await shop.situation(services, MARA.customer_id)
    found = next(
        one
        for one in situation.snapshot.subscriptions
        if one.status == "active" and not one.is_prepaid and one.next_charge_scheduled_at
    )
    return kind(
        address_id=found.address_id, subscription_id=found.id, quantity=found.quantity + 2, days=40
    )


async def states(services: Services, who: Principal) -> list[StepStatus]:
    """What is known of the steps of the newest activity."""
    newest = (await activities(services, who))[0]
    return [step.status for step in await steps_of(services, who, newest.id)]


async def settled(services: Services, who: Principal) -> Result:
    """The result of the newest activity, once it is known."""
    newest = (await activities(services, who))[0]
    while newest.result in (Result.RUNNING, Result.UNKNOWN):
        await asyncio.sleep(0)
        newest = (await activities(services, who))[0]
    return newest.result


async def test_all_steps_are_made_and_kept(shop: Shop, services: Services) -> None:
    action = await wish(shop)
    seen = await preview(services, MARA, action)

    outcome = await perform(services, MARA, action, key=press(), revision=seen.revision)

    assert outcome.is_confirmed
    assert outcome.differences == ()
    assert await shop.executed() == {PUT: 1, SET_DATE: 1}
    assert await states(services, MARA) == [StepStatus.DONE, StepStatus.DONE]
    found = await find_activity(services, MARA, outcome.activity_id)
    assert found is not None
    assert [step.is_done for step in found.steps] == [True, True]


async def test_undo_takes_all_steps_back(shop: Shop, services: Services) -> None:
    action = await wish(shop)
    upstream, mirrored = await shop.upstream(101), await shop.mirrored(services, 101)

    done = await perform(services, MARA, action, key=press())
    await undo(services, MARA, done.activity_id, key=press())

    assert await shop.upstream(101) == upstream
    assert await shop.mirrored(services, 101) == mirrored


async def test_another_customers_steps_are_not_told(shop: Shop, services: Services) -> None:
    done = await perform(services, MARA, await wish(shop), key=press())

    assert await steps_of(services, signed_in(102), done.activity_id) == ()
    with pytest.raises(UnknownObject):
        await resume_saga(services, signed_in(102), done.activity_id, key=press())


@pytest.mark.parametrize(
    ("route", "method", "path"),
    [
        (PUT, "PUT", "/subscriptions/*"),
        (SET_DATE, "POST", "/subscriptions/*/set_next_charge_date"),
    ],
)
@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "500"])
async def test_a_fault_at_a_step_makes_no_step_twice(
    route: str, method: str, path: str, kind: str, shop: Shop, services: Services
) -> None:
    action = await wish(shop)
    await shop.fault(method, path, kind)

    outcome = await perform(services, MARA, action, key=press())

    assert outcome.is_confirmed
    assert await shop.executed() == {PUT: 1, SET_DATE: 1}


async def test_a_first_step_that_is_refused_changes_nothing(shop: Shop, services: Services) -> None:
    action = await wish(shop)
    await shop.fault("PUT", "/subscriptions/*", "422")

    with pytest.raises(UpstreamRefused) as refused:
        await perform(services, MARA, action, key=press())

    assert refused.value.changed == "no"
    assert await shop.executed() == {}
    assert await states(services, MARA) == [StepStatus.REFUSED, StepStatus.WAITING]


async def test_a_second_step_that_is_refused_is_open_and_can_be_tried_again(
    shop: Shop, services: Services
) -> None:
    action = await wish(shop)
    before = await shop.situation(services, 101)
    await shop.fault("POST", "/subscriptions/*/set_next_charge_date", "422")
    key = press()

    with pytest.raises(PartlyDone) as partly:
        await perform(services, MARA, action, key=key)

    assert partly.value.notice.values["done"] == 1
    assert partly.value.notice.values["total"] == 2
    assert partly.value.notice.values["steps"] == [
        list(action.stages(before))[1].step.effect(before).confirm
    ]
    assert await states(services, MARA) == [StepStatus.DONE, StepStatus.REFUSED]
    first = (await activities(services, MARA))[0]
    assert first.result is Result.PARTLY
    with pytest.raises(PartlyDone):  # the same press gets the same answer
        await perform(services, MARA, action, key=key)

    rest = await resume_saga(services, MARA, first.id, key=press())

    assert rest.is_confirmed
    assert await shop.executed() == {PUT: 1, SET_DATE: 1}
    assert all(step.is_done for step in await steps_of(services, MARA, first.id))
    whole = await find_activity(services, MARA, first.id)
    assert whole is not None
    assert whole.result is Result.DONE
    with pytest.raises(NotPossible):
        await resume_saga(services, MARA, first.id, key=press())


async def test_what_was_completed_later_can_be_taken_back_whole(
    shop: Shop, services: Services
) -> None:
    action = await wish(shop)
    upstream = await shop.upstream(101)
    await shop.fault("POST", "/subscriptions/*/set_next_charge_date", "422")
    with pytest.raises(PartlyDone) as partly:
        await perform(services, MARA, action, key=press())
    id = partly.value.activity_id or ""
    await resume_saga(services, MARA, id, key=press())

    await undo(services, MARA, id, key=press())

    assert await shop.upstream(101) == upstream


async def test_a_part_of_the_only_step_is_told_as_it_is(shop: Shop) -> None:
    services = shop.services(settle_after=(0.0, 0.0))
    day = await queued_and_projected(shop, services)
    await shop.fault("POST", "/addresses/*/charges/skip", "500", times=99)

    with pytest.raises(NothingKnown):
        await perform(services, MARA, SkipBySteps(address_id=201, day=day), key=press())

    assert await settled(services, MARA) is Result.PARTLY


async def test_the_rest_is_tried_by_one_page_only(shop: Shop, services: Services) -> None:
    action = await wish(shop)
    await shop.fault("POST", "/subscriptions/*/set_next_charge_date", "422")
    with pytest.raises(PartlyDone) as partly:
        await perform(services, MARA, action, key=press())
    id = partly.value.activity_id or ""

    answers = await asyncio.gather(
        *(resume_saga(services, MARA, id, key=press()) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in answers) == ["Outcome", "Stale"]
    assert (await shop.executed())[SET_DATE] == 1


async def test_where_no_step_needs_another_all_are_tried(shop: Shop, services: Services) -> None:
    action = await wish(shop, MoreOfTwo)
    await shop.fault("PUT", "/subscriptions/*", "422")

    with pytest.raises(PartlyDone):
        await perform(services, MARA, action, key=press())

    assert await states(services, MARA) == [StepStatus.REFUSED, StepStatus.DONE]


async def stop_after_the_first_step(shop: Shop, action: Action) -> Services:
    """A service that stops when the first step is done and the second is not sent; the next one."""
    first = shop.services()
    await shop.fault("POST", "/subscriptions/*/set_next_charge_date", "cut_before", times=99)
    mark = first.journal.steps.mark

    async def stop(places: list[tuple[str, int]], status: StepStatus, **more: object) -> None:
        if status is StepStatus.SENT and places[0][1] == 1:
            raise asyncio.CancelledError
        await mark(places, status, **more)  # type: ignore[arg-type]

    first.journal.steps.mark = stop  # type: ignore[method-assign,assignment]
    with pytest.raises(asyncio.CancelledError):
        await perform(first, MARA, action, key=press())
    await shop.no_faults()
    await shop.advance(SENT_FOR)
    return shop.services()


async def test_a_restart_goes_on_with_the_step_that_was_never_sent(shop: Shop) -> None:
    again = await stop_after_the_first_step(shop, await wish(shop))
    assert await shop.executed() == {PUT: 1}

    await again.start()

    assert await settled(again, MARA) is Result.DONE
    assert await shop.executed() == {PUT: 1, SET_DATE: 1}
    assert await states(again, MARA) == [StepStatus.DONE, StepStatus.DONE]


async def test_a_restart_does_not_go_on_when_something_has_changed(shop: Shop) -> None:
    action = await wish(shop)
    again = await stop_after_the_first_step(shop, action)
    known = await shop.client.subscriptions.get(action.subscription_id)
    assert known.next_charge_scheduled_at is not None
    day = known.next_charge_scheduled_at + timedelta(days=3)
    await shop.client.subscriptions.set_next_charge_date(action.subscription_id, day)
    await shop.mirror.customer(101).refresh()
    await shop.forget_counters()

    await again.start()

    assert await settled(again, MARA) is Result.PARTLY
    assert await shop.executed() == {}
    assert await states(again, MARA) == [StepStatus.DONE, StepStatus.REFUSED]


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
async def test_a_restart_looks_up_what_was_sent(kind: str, shop: Shop) -> None:
    action = await wish(shop)
    first = shop.services()
    await shop.fault("POST", "/subscriptions/*/set_next_charge_date", kind, times=99)
    await shop.fault("GET", "/subscriptions", "500", times=99, after=1)
    with pytest.raises(NothingKnown):
        await perform(first, MARA, action, key=press())
    assert await states(first, MARA) == [StepStatus.DONE, StepStatus.UNKNOWN]
    await first.close()
    await shop.no_faults()

    again = shop.services()
    await again.start()

    assert await settled(again, MARA) is Result.DONE
    assert await shop.executed() == {PUT: 1, SET_DATE: 1}


async def test_promises_that_were_not_kept_are_counted(shop: Shop, services: Services) -> None:
    began = services.clock()
    kept = await perform(services, MARA, await wish(shop), key=press())
    assert kept.differences == ()
    assert await services.journal.broken_promises(began) == 0

    action = await wish(shop)
    more = action.model_copy(update={"quantity": action.quantity + 1, "days": 50})
    real = more.effect(await shop.situation(services, 101))
    broken = [replace(real.promises[-1], quantity=99)]  # type: ignore[type-var]  # a dataclass
    promised = replace(real, promises=tuple(broken))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MoreAndLater, "effect", lambda _self, _situation: promised)
        outcome = await perform(services, MARA, more, key=press())

    assert len(outcome.differences) == 1
    assert await services.journal.broken_promises(began) == 1
    assert await services.journal.broken_promises(services.clock() + timedelta(seconds=1)) == 0

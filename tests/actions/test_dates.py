"""Other dates: what is refused and why, and what the customer is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.actions import (
    Action,
    DelayDelivery,
    DelaySubscription,
    DeliverOnce,
    MoveDelivery,
    MoveOnce,
    MoveSubscription,
    NotPossible,
    PartlyDone,
    PauseSubscription,
    ResumeSubscription,
    Services,
    SkipDelivery,
    UnknownObject,
    activities,
    perform,
    preview,
    undo,
)
from app.actions.dates import rules
from app.actions.dates.texts import how_long
from app.i18n import Texts
from app.recharge import Refused, UpstreamFailed
from tests.actions.shop import TODAY, Shop, press, signed_in

English = Texts("en-GB")
MARA, JONAS, LENA = signed_in(101), signed_in(102), signed_in(104)
HIS = TODAY + timedelta(days=6)
HERS = TODAY + timedelta(days=9)
WEEK = timedelta(days=7)


def move(to: date, **more: date) -> MoveSubscription:
    return MoveSubscription(address_id=203, subscription_id=310, date=to, **more)


async def reason(services: Services, action: Action) -> str:
    """Why it is refused."""
    with pytest.raises(NotPossible) as refused:
        await preview(services, JONAS, action)
    return English.render(refused.value.notice)


async def told(services: Services, action: Action, who: object = JONAS) -> dict[str, str]:
    """What it would change, by name."""
    seen = await preview(services, JONAS if who is JONAS else MARA, action)
    return {each.name: English.render(each.text) for each in seen.effect.changes}


@pytest.mark.usefixtures("unrepaired")
async def test_only_days_that_recharge_and_the_shop_allow(shop: Shop, services: Services) -> None:
    assert "earliest possible date is Tue 24 Nov" in await reason(services, move(TODAY))
    far = TODAY + timedelta(days=4000)
    assert "latest possible date" in await reason(services, move(far))
    assert "already" in await reason(services, move(HIS))

    await shop.advance(timedelta(days=5, hours=12))
    assert "can no longer be moved" in await reason(services, move(HIS + WEEK))


async def test_a_skipped_day_is_put_back_not_moved_to(services: Services) -> None:
    skip = SkipDelivery(address_id=203, date=HIS)
    await perform(services, JONAS, skip, key=press())
    assert "Put that delivery back instead" in await reason(services, move(HIS))


async def test_an_older_wish_does_not_move_what_was_moved_since(services: Services) -> None:
    first = await perform(services, JONAS, move(HIS + WEEK), key=press())
    await perform(services, JONAS, move(HIS + timedelta(days=3)), key=press())

    with pytest.raises(NotPossible) as refused:
        await undo(services, JONAS, first.activity_id, key=press())
    assert "by now" in English.render(refused.value.notice)


async def test_skips_that_stand_for_nothing_any_more_are_named(services: Services) -> None:
    later = HIS + 2 * WEEK
    await perform(services, JONAS, SkipDelivery(address_id=203, date=later), key=press())
    seen = await told(services, move(HIS + timedelta(days=3)))
    assert seen["skips"].startswith("You had skipped Sun 13 Dec.")
    assert "skips" not in await told(services, move(HIS + timedelta(days=28)))


async def test_what_was_paid_before_or_has_failed_stays(shop: Shop, services: Services) -> None:
    for who in (103, 104):
        situation = await shop.situation(services, who)
        for each in situation.snapshot.subscriptions:
            is_open = each.is_prepaid or who == 104
            action = MoveSubscription(
                address_id=each.address_id,
                subscription_id=each.id,
                date=TODAY + timedelta(days=40),
            )
            if not is_open:
                continue
            with pytest.raises(NotPossible) as refused:
                await preview(services, signed_in(who), action)
            words = "in advance" if each.is_prepaid else "has failed"
            assert words in English.render(refused.value.notice)


@pytest.mark.parametrize(
    ("count", "unit", "day", "after"),
    [
        (1, "month", date(2026, 1, 31), date(2026, 2, 28)),
        (2, "month", date(2026, 1, 31), date(2026, 3, 31)),
        (1, "month", date(2028, 1, 31), date(2028, 2, 29)),
        (3, "week", date(2026, 12, 20), date(2027, 1, 10)),
        (10, "day", date(2026, 2, 25), date(2026, 3, 7)),
    ],
)
def test_so_much_later(count: int, unit: rules.Span, day: date, after: date) -> None:
    assert rules.later(day, count, unit) == after


def test_an_interval_that_nobody_knows_is_none() -> None:
    with pytest.raises(NotPossible):
        rules.later(TODAY, 1, "interval")


async def test_a_delay_keeps_its_date_however_often_it_is_read(services: Services) -> None:
    delay = DelaySubscription(address_id=203, subscription_id=310, count=1, unit="interval")
    situation = services.situation(await services.mirror.customer(102).snapshot())
    spelled_out = delay.spelled_out(situation)
    assert (spelled_out.from_date, spelled_out.to) == (HIS, HIS + 2 * WEEK)
    again = spelled_out.after(situation)
    with pytest.raises(NotPossible):
        spelled_out.spelled_out(again)  # it does not go another interval further


async def test_a_delivery_of_several_rhythms_has_no_interval(services: Services) -> None:
    day = (await preview_day(services, 101)) + timedelta(days=11)
    action = DelayDelivery(address_id=201, date=day, count=1, unit="interval")
    situation = services.situation(await services.mirror.customer(101).snapshot())
    assert action.effect(situation)  # both come every month
    mixed = action.model_copy(update={"purchase_item_ids": (301, 305), "date": HERS})
    with pytest.raises(NotPossible):
        mixed.effect(situation)


async def preview_day(services: Services, customer_id: int) -> date:
    situation = services.situation(await services.mirror.customer(customer_id).snapshot())
    found = situation.snapshot.next_delivery(situation.today)
    assert found is not None
    return found.date


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_without_its_own_route_a_delivery_moves_item_by_item(
    shop: Shop, services: Services, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = no_route(shop, monkeypatch, status)
    action = MoveDelivery(address_id=201, date=HERS, to=HERS + timedelta(days=2))
    outcome = await perform(services, MARA, action, key=press())

    assert asked
    assert outcome.is_confirmed
    assert outcome.differences == ()
    done = await shop.executed()
    assert done["POST /subscriptions/{id}/set_next_charge_date"] == 3
    assert done["PUT /onetimes/{id}"] == 1
    situation = await shop.situation(services, 101)
    assert situation.delivery(201, HERS, skipped=False) is None


def no_route(shop: Shop, monkeypatch: pytest.MonkeyPatch, status: int) -> list[int]:
    """A store that does not know the route. Gives the charges that were asked to move."""
    asked: list[int] = []

    async def refuse(_: object, id: int, next_charge_date: date) -> None:
        asked.append(id)
        kind = UpstreamFailed if status == 501 else Refused
        raise kind("no such route", method="POST", status=status)

    monkeypatch.setattr(type(shop.client.charges), "change_next_charge_date", refuse)
    return asked


async def test_only_the_next_delivery_of_a_subscription_moves(services: Services) -> None:
    later = MoveDelivery(address_id=203, date=HIS + 2 * WEEK, to=HIS + 3 * WEEK)
    assert "Only the next delivery" in await reason(services, later)
    other = later.model_copy(update={"date": HIS + timedelta(days=1)})
    assert "There is no delivery" in await reason(services, other)


async def test_it_says_which_items_move_along(services: Services) -> None:
    action = MoveDelivery(address_id=201, date=HERS, to=HERS + timedelta(days=2))
    seen = await told(services, action, MARA)
    for name in ("Harbor Blend", "Maple Pecan Granola", "Northbound Enamel Cup"):
        assert name in seen["items"]
    some = action.model_copy(update={"purchase_item_ids": (301,)})
    seen = await told(services, some, MARA)
    assert "Maple Pecan Granola" in seen["rest"]


async def test_once_says_plainly_what_is_done(services: Services) -> None:
    action = MoveOnce(address_id=203, subscription_id=310, date=HIS + timedelta(days=3))
    seen = await preview(services, JONAS, action)
    how = seen.effect.change("how")
    assert how is not None
    assert English.render(how.text) == (
        "Your delivery of Sun 29 Nov is skipped, and the same comes once on Wed 2 Dec, "
        "at the same price."
    )
    assert "Later deliveries keep their dates." in map(English.render, seen.effect.stays)
    twice = action.model_copy(update={"date": HIS + 2 * WEEK})
    assert "already" in await reason(services, twice)


async def test_once_keeps_the_price_of_the_subscription(shop: Shop, services: Services) -> None:
    day = HIS + timedelta(days=3)
    action = MoveOnce(address_id=203, subscription_id=310, date=day)
    outcome = await perform(services, JONAS, action, key=press())
    assert outcome.differences == ()
    snapshot = (await shop.situation(services, 102)).snapshot
    [added] = [one for one in snapshot.onetimes if one.next_charge_scheduled_at == day]
    subscription = snapshot.subscription(310)
    assert subscription is not None
    assert (added.price, added.quantity) == (subscription.price, subscription.quantity)
    assert subscription.next_charge_scheduled_at == HIS + 2 * WEEK


async def test_nobody_gets_more_at_the_price_of_a_subscription(services: Services) -> None:
    action = DeliverOnce(
        address_id=203, subscription_id=310, instead_of=HIS, date=HIS + timedelta(days=3)
    )
    assert "is not skipped" in await reason(services, action)


async def test_one_delivery_comes_on_one_other_day_only(shop: Shop, services: Services) -> None:
    day = HIS + timedelta(days=3)
    move = MoveOnce(address_id=203, subscription_id=310, date=day)
    moved = await perform(services, JONAS, move, key=press())
    again = DeliverOnce(
        address_id=203, subscription_id=310, instead_of=HIS, date=day + timedelta(days=1)
    )
    assert "already, in the place of your delivery" in await reason(services, again)

    await undo(services, JONAS, moved.activity_id, key=press())
    await perform(services, JONAS, move, key=press())
    assert (await shop.executed())["POST /onetimes"] == 2


async def test_half_of_a_move_is_told_as_half_and_can_be_seen(
    shop: Shop, services: Services
) -> None:
    await shop.fault("POST", "/onetimes", "422")
    action = MoveOnce(address_id=203, subscription_id=310, date=HIS + timedelta(days=3))
    with pytest.raises(PartlyDone):
        await perform(services, JONAS, action, key=press())
    [activity] = await activities(services, JONAS)
    assert [step.is_done for step in activity.steps] == [True, False]


async def test_a_pause_ends_after_the_next_date_and_a_resume_comes_before(
    services: Services,
) -> None:
    early = PauseSubscription(address_id=203, subscription_id=310, until=HIS - timedelta(days=2))
    assert "Choose a later date" in await reason(services, early)
    late = ResumeSubscription(address_id=203, subscription_id=310, date=HIS + WEEK)
    assert "already, which is earlier" in await reason(services, late)


async def test_a_pause_says_how_long_in_words_and_as_a_date(services: Services) -> None:
    until = date(2027, 1, 23)
    action = PauseSubscription(address_id=203, subscription_id=310, until=until)
    seen = await told(services, action)
    assert seen["pause"] == "It pauses for 2 months, until Sat 23 Jan."
    assert seen["left out"].startswith("You do not get it on Sun 29 Nov, Sun 13 Dec")


async def test_recharge_is_told_that_it_is_a_pause(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    kind = type(services.client.subscriptions)
    original = kind.set_next_charge_date

    async def listen(self: object, id: int, day: date, **query: object) -> object:
        told.append(query)
        return await original(self, id, day, **query)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "set_next_charge_date", listen)
    action = PauseSubscription(address_id=203, subscription_id=310, until=date(2027, 1, 23))
    done = await perform(services, JONAS, action, key=press())
    await undo(services, JONAS, done.activity_id, key=press())
    assert told == [{"commit": True, "pause": True}, {"commit": True, "pause": None}]


async def test_another_address_of_the_same_customer_is_not_its_own(services: Services) -> None:
    action = MoveSubscription(address_id=202, subscription_id=301, date=HERS + WEEK)
    with pytest.raises(NotPossible):
        await preview(services, MARA, action)
    foreign = action.model_copy(update={"address_id": 203})
    with pytest.raises(UnknownObject):
        await preview(services, MARA, foreign)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 11, 22), date(2027, 1, 22), "2 months"),
        (date(2026, 1, 31), date(2026, 2, 28), "1 month"),
        (date(2026, 11, 22), date(2026, 12, 6), "2 weeks"),
        (date(2026, 11, 22), date(2026, 12, 2), "10 days"),
    ],
)
def test_a_stretch_of_time_in_words(start: date, end: date, words: str) -> None:
    assert English.render(how_long(start, end)) == words

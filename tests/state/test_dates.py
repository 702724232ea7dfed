"""The questions when something should come: which dates there are, and what is chosen at first."""

from __future__ import annotations

from datetime import date, timedelta

from app.actions import MoveOnce, MoveSubscription, Services
from app.state import (
    DelayDeliveryQuestion,
    DelayQuestion,
    MoveDeliveryQuestion,
    MoveQuestion,
    PauseQuestion,
    Portal,
    ResumeQuestion,
    SubscriptionState,
    can_move,
    can_move_delivery,
    can_pause,
    can_resume,
)
from tests.actions.shop import TODAY, Shop, signed_in
from tests.state.page import HIS, English, first, opened, until

WEEK = timedelta(days=7)


def one(portal: Portal, id: int = 310) -> SubscriptionState:
    return next(state for state in portal.subscriptions if state.key == id)


def status(state: SubscriptionState) -> str:
    return state.status


async def test_a_week_later_is_chosen_at_first_and_only_possible_days_are_offered(
    portal: Portal,
) -> None:
    question = MoveQuestion(one(portal))
    assert question.date == HIS + WEEK
    days = [each.date for each in question.suggested]
    assert days == sorted(days)
    # A week earlier would be yesterday.
    assert days == [HIS + timedelta(days=by) for by in (3, 7, 14)]
    assert not question.is_allowed(HIS)
    assert not question.is_allowed(TODAY)
    assert question.first == TODAY + timedelta(days=1)
    assert question.is_allowed(question.first)
    assert not question.is_allowed(question.first - timedelta(days=1))
    assert not question.is_allowed(question.last + timedelta(days=1))


async def test_dates_on_which_other_things_come_are_suggested(services: Services) -> None:
    portal = await opened(services, signed_in(101))
    question = MoveQuestion(one(portal, 301))
    reasons = {each.date: English.render(each.reason) for each in question.suggested}
    olive_oil = one(portal, 305).next_date
    assert olive_oil is not None
    assert reasons[olive_oil] == "Together with Build Your Own Box and Early Harvest Olive Oil"
    portal.close()


async def test_only_this_one_is_another_action_and_needs_what_it_is_made_of(
    shop: Shop, portal: Portal
) -> None:
    question = MoveQuestion(one(portal))
    assert isinstance(question.action, MoveSubscription)
    assert question.can_be_once
    await question.choose(scope="once")
    assert isinstance(question.action, MoveOnce)
    assert question.preview is not None

    await shop.switch(onetime_enabled=False)
    await portal.read_again()
    assert not MoveQuestion(one(portal)).can_be_once


async def test_moving_shows_at_once_and_tells_the_result(portal: Portal) -> None:
    question = MoveQuestion(one(portal))
    await question.choose(date=HIS + timedelta(days=3))
    assert question.preview is not None
    assert English.render(question.preview.effect.confirm) == "Move to Wed 2 Dec"
    await question.confirm()

    assert one(portal).next_date == HIS + timedelta(days=3)
    assert portal.notice is not None
    assert portal.notice.undo_until is not None
    await portal.undo()
    assert one(portal).next_date == HIS


async def test_the_items_of_a_delivery_move_together_or_one_by_one(services: Services) -> None:
    portal = await opened(services, signed_in(101))
    question = MoveDeliveryQuestion(first(portal))
    assert len(question.chosen) == len(first(portal).delivery.items)
    await question.choose(chosen=())
    assert question.preview is None
    assert question.failure is None
    await question.choose(chosen=(301,))
    assert question.preview is not None
    stays = question.preview.effect.change("rest")
    assert stays is not None
    assert "Maple Pecan Granola" in English.render(stays.text)
    portal.close()


async def test_a_later_delivery_moves_only_with_what_comes_first_in_it(portal: Portal) -> None:
    later = portal.schedule.deliveries[1]
    assert can_move_delivery(first(portal))
    assert not can_move_delivery(later)


async def test_delays_name_their_dates_each_once(portal: Portal) -> None:
    question = DelayQuestion(one(portal))
    assert [each.date for each in question.delays] == [
        HIS + WEEK,
        HIS + 2 * WEEK,  # one delivery later is the same day
        date(2026, 12, 29),
    ]
    await question.choose(delay=question.delays[2])
    assert question.preview is not None
    assert English.render(question.preview.effect.confirm) == "Move to Tue 29 Dec"
    whole = DelayDeliveryQuestion(first(portal))
    assert [each.date for each in whole.delays] == [each.date for each in question.delays]


async def test_a_pause_is_shown_as_one_until_it_is_over(services: Services, portal: Portal) -> None:
    shown = one(portal)
    assert can_pause(shown)
    assert not can_resume(shown)
    question = PauseQuestion(shown)
    assert [English.render(each.reason) for each in question.suggested] == [
        "For 2 weeks",
        "For 1 month",
        "For 2 months",
        "For 3 months",
    ]
    await question.choose(date=date(2027, 1, 23))
    assert question.preview is not None
    told = question.preview.effect.change("pause")
    assert told is not None
    assert English.render(told.text) == "It pauses for 2 months, until Sat 23 Jan."
    await question.confirm()

    assert status(shown) == "paused"
    assert English.render(shown.status_text) == "Paused until Sat 23 Jan"
    assert not can_pause(shown)
    assert can_resume(shown)
    another_page = await opened(services)
    assert one(another_page).status == "paused"

    await portal.undo()
    assert status(shown) == "active"
    assert shown.next_date == HIS
    await until(another_page, lambda: one(another_page).status == "active")
    another_page.close()


async def test_a_paused_one_comes_again_in_its_old_rhythm(shop: Shop, portal: Portal) -> None:
    shown = one(portal)
    pause = PauseQuestion(shown)
    await pause.choose(date=date(2027, 2, 23))
    await pause.confirm()
    await shop.advance(timedelta(days=18))
    await portal.read_again()

    question = ResumeQuestion(shown)
    assert question.date == HIS + 2 * WEEK
    assert not question.is_allowed(date(2027, 2, 24))
    await question.choose(date=HIS + 4 * WEEK)
    assert question.preview is not None
    await question.confirm()
    assert status(shown) == "active"
    assert shown.next_date == HIS + 4 * WEEK


async def test_what_was_moved_since_is_not_called_paused(portal: Portal) -> None:
    shown = one(portal)
    pause = PauseQuestion(shown)
    await pause.ask()
    await pause.confirm()
    assert status(shown) == "paused"
    move = MoveQuestion(shown)
    await move.ask()
    await move.confirm()
    assert status(shown) == "active"


async def test_what_is_paid_for_in_advance_is_not_offered(services: Services) -> None:
    portal = await opened(services, signed_in(103))
    prepaid = [each for each in portal.subscriptions if each.is_prepaid]
    assert prepaid
    assert not any(can_move(each) or can_pause(each) for each in prepaid)
    portal.close()


async def test_after_the_cut_off_nothing_is_offered(shop: Shop, portal: Portal) -> None:
    assert can_move(one(portal))
    await shop.advance(timedelta(days=5, hours=12))
    assert not can_move(one(portal))
    assert not can_move_delivery(first(portal))

"""The schedule in both views, and the record of what was done."""

from __future__ import annotations

from datetime import date

import pytest
from nicegui import ui
from nicegui.testing import User

from app.actions import Services
from app.i18n import Texts
from app.pages.subscriptions import MOST_CARDS
from components import ActivityEntry, ScheduleMonth, ScheduleTimeline, SubscriptionCard, html
from components.testing import button, press, words
from tests.actions.shop import Shop
from tests.pages.test_pages import shown, skip_next, the
from tests.pages.visits import portals, until


def all_of(user: User, kind: type[ui.element]) -> list[ui.element]:
    return [one for one in user.current_layout.descendants() if isinstance(one, kind)]


def links(user: User) -> dict[str, str]:
    """Where the links lead, by what they say."""
    return {
        one.text: str(one.props["href"])
        for one in user.current_layout.descendants()
        if isinstance(one, html.Tag) and one.tag == "a"
    }


@pytest.mark.parametrize(
    ("path", "kind", "other"),
    [
        ("/schedule", ScheduleTimeline, ScheduleMonth),
        ("/schedule/month", ScheduleMonth, ScheduleTimeline),
    ],
)
async def test_both_views_of_the_schedule(
    services: Services, path: str, kind: type[ui.element], other: type[ui.element]
) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open(path)
        assert all_of(user, kind)
        assert not all_of(user, other)
        assert links(user)["List"] == "/schedule"
        assert links(user)["Month"] == "/schedule/month"
        assert "Ready to be charged" in shown(user)


async def test_a_month_later_is_one_press_away(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/schedule/month")
        month = the(user, ScheduleMonth)
        assert isinstance(month, ScheduleMonth)
        for _ in range(14):  # beyond the year that is known at first
            before = month.month
            await press(button(month, Texts().month(_first(_after(before)))))
            assert month.month == _after(before)
        assert month.model.until.year == 2028


def _after(month: tuple[int, int]) -> tuple[int, int]:
    return (month[0], month[1] + 1) if month[1] < 12 else (month[0] + 1, 1)


def _first(month: tuple[int, int]) -> date:
    return date(*month, 1)


async def test_the_record_is_there_at_once_and_follows(services: Services, shop: Shop) -> None:
    async with portals(services) as page:
        user = page.visitor(102)
        await user.open("/")
        await skip_next(user)
        record = page.visitor(102)
        await record.open("/activity")
        assert record.client
        assert record.client.title == "Activity · Northbound Coffee & Pantry"
        assert len(all_of(record, ActivityEntry)) == 1
        assert "By you, signed in by a link in a mail" in shown(record)
        assert links(record)["Download as a table (CSV)"] == "/activity.csv"

        await press(button(the(record, ActivityEntry), "Put it back"))
        await until(record, "Put back since")
        assert len(all_of(record, ActivityEntry)) == 2
        assert (await shop.executed())["POST /charges/{id}/unskip"] == 1


async def test_without_any_activity_it_says_so(services: Services) -> None:
    async with portals(services) as page:
        user = page.visitor(102)
        await user.open("/activity")
        assert "Nothing was changed yet" in shown(user)


async def test_a_page_for_the_calendar_is_offered_only_where_it_can_be_made(
    services: Services,
) -> None:
    async with portals(services) as page:
        user = page.visitor(102)
        await user.open("/schedule")
        assert "Add to your calendar" not in words(user.current_layout)


async def test_of_many_subscriptions_the_first_are_drawn(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_CARDS < 8, "she has eight"
    monkeypatch.setattr("app.pages.subscriptions.MOST_CARDS", 3)
    monkeypatch.setattr("app.pages.overview.MOST_CARDS", 3)
    async with portals(services) as page:
        user = page.visitor(101)
        await user.open("/")
        assert len(all_of(user, SubscriptionCard)) == 3
        assert links(user)["Show all 8"] == "/subscriptions"
        user = page.visitor(101)
        await user.open("/subscriptions")
        several = all_of(user, SubscriptionCard)
        await press(button(user.current_layout, "Show more"))
        assert len(all_of(user, SubscriptionCard)) == len(several) + 3

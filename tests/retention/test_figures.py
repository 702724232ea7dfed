"""The figures against sums of the tests' own: by hand, by other formulas, and from textbooks."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.database import Database
from app.retention import Choice, Decision, Flow, Group, History, Incentive, Subject
from app.retention import history as history_module
from app.retention.figures import (
    ENOUGH,
    Figures,
    Record,
    Share,
    difference,
    figures,
    percentile,
    wilson,
)
from tests.retention.made_up import NOW, history, plant

DAY = timedelta(days=1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    found = Database(database_url)
    await found.upgrade()
    yield found
    await found.close()


# A whole history


def count(rows: list[dict[str, Any]], **wanted: Any) -> int:
    return sum(all(row[name] == value for name, value in wanted.items()) for row in rows)


def check(found: Figures, rows: list[dict[str, Any]]) -> None:
    """The figures of these rows, added up once more."""
    undecided = [row for row in rows if row["decision"] is None]
    left = sum(NOW - row["started_at"] >= DAY for row in undecided)
    outcomes = found.outcomes
    assert outcomes.opened == len(rows)
    assert outcomes.reasoned == len(rows) - count(rows, reason="")
    assert outcomes.offered == len(rows) - count(rows, offer=None)
    assert outcomes.saved == count(rows, decision="saved")
    assert outcomes.cancelled == count(rows, decision="cancelled")
    assert outcomes.withdrawn == count(rows, decision="withdrawn")
    assert (outcomes.left, outcomes.open) == (left, len(undecided) - left)

    reasons = Counter(row["reason"] for row in rows if row["reason"])
    assert {each.key: each.share.count for each in found.reasons} == dict(reasons)
    assert {each.share.of for each in found.reasons} <= {sum(reasons.values())}
    settled = [row for row in rows if row["decision"] or NOW - row["started_at"] >= DAY]
    for each in found.reasons:
        assert each.saved == Share(
            count(settled, reason=each.key, decision="saved"), count(settled, reason=each.key)
        )
    offered = Counter(row["offer"] for row in settled if row["offer"])
    assert {each.offer: each.saved.of for each in found.offers} == dict(offered)
    for offer in found.offers:
        assert offer.saved.count == count(settled, saved_by=offer.offer)

    first: dict[int, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["started_at"], row["id"]), reverse=True):
        first[row["customer_id"]] = row
    for kept in found.kept:
        for group, share in (("offers", kept.offers), ("hold-out", kept.hold_out)):
            asked = [
                row["is_active"][kept.days]
                for row in first.values()
                if row["group"] == group and row["may_offer"]
            ]
            assert (share.count, share.of) == (asked.count(True), len(asked) - asked.count(None))

    ended = [row for row in rows if row["decision"] == "cancelled" and row["door"] == "portal"]
    assert found.effort.cases == len(ended)
    if len(ended) > 1:
        presses = [row["presses"] for row in ended]
        seconds = [(row["decided_at"] - row["started_at"]).total_seconds() for row in ended]
        assert found.effort.presses is not None
        assert found.effort.seconds is not None
        for told, values in ((found.effort.presses, presses), (found.effort.seconds, seconds)):
            assert told.median == pytest.approx(statistics.median(values))
            tenths = statistics.quantiles(values, n=10, method="inclusive")
            assert told.ninetieth == pytest.approx(tenths[8])


async def test_a_whole_history_is_told_rightly(database: Database) -> None:
    rows = history()
    await plant(database, rows)
    found = await History(database).figures(Choice(), NOW)
    check(found, rows)
    assert found.outcomes.opened == 600
    assert all(
        kept.offers.of and kept.hold_out.of and kept.offers.of != kept.hold_out.of
        for kept in found.kept
    ), "a history that shows nothing would prove nothing"
    assert len(found.offers) == 4
    assert not found.is_made_up


@pytest.mark.parametrize(
    "choice",
    [
        Choice(since=NOW - 60 * DAY, until=NOW - 20 * DAY),
        Choice(since=NOW - DAY),
        Choice(until=NOW - 60 * DAY),
        Choice(region="US-TX"),
        Choice(region=""),
        Choice(reason="too-dear"),
        Choice(reason=""),
        Choice(since=NOW - 80 * DAY, region="US-CA", reason="taste"),
        Choice(region="FR"),
    ],
    ids=str,
)
async def test_a_part_is_told_rightly(database: Database, choice: Choice) -> None:
    rows = history()
    await plant(database, rows)
    part = [
        row
        for row in rows
        if (choice.since is None or row["started_at"] >= choice.since)
        and (choice.until is None or row["started_at"] < choice.until)
        and choice.region in (None, row["region"])
        and choice.reason in (None, row["reason"])
    ]
    assert len(part) < len(rows)
    check(await History(database).figures(choice, NOW), part)


async def test_all_pages_of_a_history_are_read_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "PAGE", 7)
    rows = history(50)
    for row in rows[10:30]:
        row["started_at"] = rows[0]["started_at"]  # the border of a page among equal moments
    await plant(database, rows)
    read = [record async for page in History(database).pages(Choice()) for record in page]
    assert [record.flow.id for record in read] == [
        row["id"] for row in sorted(rows, key=lambda row: (row["started_at"], row["id"]))
    ]
    assert {record.flow.id: record.is_active for record in read} == {
        row["id"]: row["is_active"] for row in rows
    }


async def test_another_shops_history_is_not_read(database: Database) -> None:
    await plant(database, [{**row, "shop": "other"} for row in history(20)])
    mine = History(database)
    assert (await mine.figures(Choice(), NOW)).outcomes.opened == 0
    assert await mine.regions() == []
    assert await mine.reasons() == {}


async def test_what_can_be_chosen(database: Database) -> None:
    rows = history(80)
    newest = max((row for row in rows if row["reason"] == "moving"), key=lambda r: r["started_at"])
    newest["reason_text"] = "I move house"
    await plant(database, rows)
    mine = History(database)
    assert await mine.regions() == ["", "DE", "US-CA", "US-TX"]
    reasons = await mine.reasons()
    assert set(reasons) == {"too-much", "too-dear", "taste", "moving", "other"}
    assert reasons["moving"] == "I move house", "as it was worded last"


# What each number means


def flow(number: int = 1, **values: Any) -> Flow:
    given: dict[str, Any] = {
        "id": f"{number:032x}",
        "customer_id": number,
        "subject": Subject("subscription", number),
        "door": "portal",
        "region": "US-TX",
        "group": Group.OFFERS,
        "started_at": datetime(2026, 6, 1, tzinfo=UTC),
        **values,
    }
    return Flow(**given)


def told(*records: Record) -> Figures:
    return figures(records, NOW)


def test_nothing_is_no_division_by_zero() -> None:
    found = told()
    assert found.outcomes.opened == 0
    assert not found.reasons
    assert not found.offers
    assert (found.effort.cases, found.effort.presses, found.effort.seconds) == (0, None, None)
    for kept in found.kept:
        assert (kept.offers.value, kept.offers.interval, kept.difference) == (None, None, None)
        assert not kept.is_enough


def test_a_customer_counts_once_with_their_first_wish() -> None:
    first = flow(1, customer_id=9)
    second = flow(2, customer_id=9, started_at=first.started_at + DAY)
    found = told(Record(second, {30: True}), Record(first, {30: False}))
    assert found.kept[0].offers == Share(0, 1)
    assert found.outcomes.opened == 2


def test_who_could_not_be_offered_anything_is_in_neither_group() -> None:
    records = [
        Record(flow(1, may_offer=False), {30: True}),
        Record(flow(2, may_offer=False, group=Group.HOLD_OUT), {30: True}),
        Record(flow(3, customer_id=1, started_at=NOW), {30: True}),
        Record(flow(4, group=Group.HOLD_OUT), {30: False}),
        Record(flow(5), {30: None}),
    ]
    kept = told(*records).kept[0]
    assert (kept.offers, kept.hold_out) == (Share(0, 0), Share(0, 1))
    assert kept.difference is None


def test_without_a_hold_out_group_nothing_is_said_of_what_offers_do() -> None:
    kept = told(*(Record(flow(number), {30: True}) for number in range(100))).kept[0]
    assert kept.offers == Share(100, 100)
    assert kept.difference is None


def test_an_offer_counts_when_its_wish_is_settled() -> None:
    shown = {"offer": Incentive.SKIP, "offered_at": NOW}
    found = told(
        Record(flow(1, **shown, started_at=NOW - timedelta(hours=23)), {}),
        Record(flow(2, **shown), {}),
        Record(flow(3, **shown, decision=Decision.SAVED, saved_by=Incentive.SKIP), {}),
    )
    assert [(each.offer, each.saved) for each in found.offers] == [(Incentive.SKIP, Share(1, 2))]


def test_an_end_by_mail_is_no_measure_of_presses() -> None:
    ended = {"decision": Decision.CANCELLED, "decided_at": NOW, "door": "mail"}
    assert told(Record(flow(1, **ended), {})).effort.cases == 0


def test_made_up_wishes_are_told_to_be_so() -> None:
    assert told(Record(flow(1), {}), Record(flow(2, is_made_up=True), {})).is_made_up


# Formulas


@pytest.mark.parametrize(
    ("of", "count", "low", "high"),
    # R. G. Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3.
    [
        (263, 81, 0.2553, 0.3662),
        (148, 15, 0.0624, 0.1605),
        (20, 0, 0, 0.1611),
        (29, 1, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_as_published(of: int, count: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # R. G. Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_interval_as_published(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference(Share(*one), Share(*other))
    assert found is not None
    assert found.interval == pytest.approx((low, high), abs=5e-5)
    assert found.is_told == (low > 0 or high < 0)


@st.composite
def shares(draw: st.DrawFn, least: int = 1) -> Share:
    of = draw(st.integers(least, 5000))
    return Share(draw(st.integers(0, of)), of)


@given(shares())
def test_wilsons_bounds_are_the_shares_that_would_just_not_be_rejected(share: Share) -> None:
    """Both bounds solve |p̂ - p| = z·√(p(1-p)/n): the test that the interval is made of."""
    interval = share.interval
    assert interval is not None
    assert share.value is not None
    assert 0 <= interval.low <= share.value <= interval.high <= 1
    z = 1.959963984540054
    for bound in interval:
        distance = z * math.sqrt(bound * (1 - bound) / share.of)
        assert abs(share.value - bound) == pytest.approx(distance, abs=1e-9)
    mirrored = wilson(share.of - share.count, share.of)
    assert mirrored == pytest.approx((1 - interval.high, 1 - interval.low))


@given(shares(), shares())
def test_a_difference_is_the_same_from_both_sides(one: Share, other: Share) -> None:
    found, back = difference(one, other), difference(other, one)
    assert found is not None
    assert back is not None
    assert found.interval.low <= found.value <= found.interval.high
    assert found.interval.low >= -1 - 1e-12
    assert found.interval.high <= 1 + 1e-12
    assert (back.interval.low, back.interval.high) == pytest.approx(
        (-found.interval.high, -found.interval.low)
    )
    assert found.is_told == back.is_told


@given(shares(), st.integers(2, 50))
def test_more_cases_of_the_same_share_make_an_interval_narrower(share: Share, times: int) -> None:
    few, many = wilson(share.count, share.of), wilson(share.count * times, share.of * times)
    assert many.high - many.low < few.high - few.low


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=60))
def test_percentiles_are_those_of_spreadsheets(values: list[float]) -> None:
    hundredths = statistics.quantiles(values, n=100, method="inclusive")
    for number, expected in enumerate(hundredths, 1):
        assert percentile(values, number / 100) == pytest.approx(expected, abs=1e-6)
    assert percentile(values, 0) == min(values)
    assert percentile(values, 1) == max(values)


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7], 0.5) == percentile([7], 0.9) == 7


def test_few_cases_are_said_to_be_few() -> None:
    assert not Share(1, ENOUGH - 1).is_enough
    assert Share(1, ENOUGH).is_enough


@given(st.integers(0, 10_000), st.integers(1, 200))
def test_the_parts_of_any_history_add_up(seed: int, size: int) -> None:
    rows = history(size, seed)
    names = Flow.__dataclass_fields__
    records = [
        Record(
            flow(
                **{
                    **{name: row[name] for name in row if name in names and name != "subject"},
                    "subject": Subject(row["subject_kind"], row["subject_id"]),
                    "group": Group(row["group"]),
                    "offer": Incentive(row["offer"]) if row["offer"] else None,
                    "decision": Decision(row["decision"]) if row["decision"] else None,
                    "saved_by": Incentive(row["saved_by"]) if row["saved_by"] else None,
                }
            ),
            row["is_active"],
        )
        for row in rows
    ]
    found = figures(records, NOW)
    ends = found.outcomes
    assert (
        ends.saved + ends.cancelled + ends.withdrawn + ends.left + ends.open == ends.opened == size
    )
    assert sum(each.share.count for each in found.reasons) == ends.reasoned
    assert sum(each.saved.count for each in found.offers) == ends.saved
    check(found, rows)

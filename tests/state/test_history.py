"""The list of everything that was ever bought, as the page looks through it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest

from app.actions import Principal, Services
from app.mirror import Extent, History, PurchaseKind, Snapshot
from app.state import STATUSES, HistoryState, Portal
from app.state.history import LONGEST_SEARCH, PAGE
from tests.actions.shop import Shop, signed_in
from tests.state.page import English, opened, until

REGULAR, FAILED, NEW = signed_in(111), signed_in(104), signed_in(112)


@pytest.fixture
async def regular(services: Services) -> AsyncIterator[Portal]:
    """The page of the customer with 400 orders."""
    portal = await opened(services, REGULAR)
    yield portal
    portal.close()


@pytest.fixture
async def failed(services: Services) -> AsyncIterator[Portal]:
    """The page of a customer whose last payment failed."""
    portal = await opened(services, FAILED)
    yield portal
    portal.close()


async def looked(portal: Portal, **asked: str) -> HistoryState:
    """The list, once everything is here."""
    await portal.history.open(**asked)
    await until(portal.history, lambda: portal.history.is_complete)
    return portal.history


def keys(history: HistoryState) -> list[str]:
    assert history.purchases is not None
    return [each.key for each in history.purchases]


def said(history: HistoryState) -> str:
    return English.render(history.said) if history.said else ""


async def test_the_newest_are_shown_at_once_and_older_ones_as_they_come(regular: Portal) -> None:
    history = regular.history
    await history.open()
    assert len(keys(history)) == PAGE
    assert not history.is_complete
    assert not history.is_failed
    first = list(history.purchases or ())

    await until(history, lambda: history.is_complete)
    assert history.count >= 400
    assert history.purchases == first, "what is on screen stays the same"
    assert said(history) == f"{PAGE} of {history.count} are shown."
    years = [period.name for period in history.periods]
    assert years[:2] == ["30-days", "90-days"]
    assert years[2:] == [str(year) for year in range(2026, 2018, -1)]


async def test_more_are_added_until_everything_is_shown(failed: Portal) -> None:
    history = await looked(failed)
    while history.has_more:
        before = keys(history)
        await history.show_more()
        assert keys(history)[: len(before)] == before
    assert len(keys(history)) == history.count == len(set(keys(history)))


async def test_what_is_shown_is_chosen_by_what_became_of_it(failed: Portal) -> None:
    history = await looked(failed)
    assert history.kinds[:1] == ("ordered",)
    assert "failed" in history.kinds
    await history.choose("failed")
    purchases = history.purchases or []
    assert [each.purchase.kind for each in purchases] == [PurchaseKind.CHARGE]
    (one,) = purchases
    assert one.failure is not None
    assert English.render(one.failure.reason) == "The bank declined the card."
    assert English.render(one.standing.word) == "Payment failed"
    assert one.path == f"/orders/charges/{one.purchase.record.id}"
    assert said(history) == "One was found."
    assert history.query == {"status": "failed"}


async def test_an_order_is_told_in_words(failed: Portal) -> None:
    history = await looked(failed)
    await history.choose("ordered")
    one = (history.purchases or [])[0]
    assert one.path == f"/orders/{one.purchase.record.id}"
    assert English.render(one.items) == "Kenya Nyeri AA and Steel-Cut Oats"
    assert one.place == "1160 Kiln Street, Columbus"
    assert one.number == str(one.purchase.record.id)
    assert one.total is not None
    assert one.total.amount == Decimal("32.73")
    assert all(picture for picture in one.pictures)


async def test_what_is_shown_is_chosen_by_its_time(regular: Portal) -> None:
    history = await looked(regular)
    await history.choose_period("2020")
    assert {each.day.year for each in history.purchases or () if each.day} == {2020}
    assert history.count == 53, "as many as the year had Wednesdays"
    assert history.query == {"time": "2020"}
    await history.choose_period("30-days")
    today = regular.situation.today
    days = [each.day for each in history.purchases or () if each.day]
    assert days
    assert min(days) >= today - timedelta(days=30)
    await history.choose_period("")
    assert history.period is None


async def test_the_list_is_searched(failed: Portal) -> None:
    history = await looked(failed)
    every = history.count
    await history.search("  KENYA columbus ")
    assert 0 < history.count <= every
    assert history.query == {}, "what somebody looks for stands in no address"
    await history.search("no such thing")
    assert (keys(history), history.count) == ([], 0)
    assert said(history) == "Nothing was found."
    await history.search("x" * 500)
    assert len(history.words) == LONGEST_SEARCH

    await history.show_everything()
    assert (history.words, history.count, history.resets) == ("", every, 1)


async def test_an_address_opens_the_list_as_it_says(regular: Portal) -> None:
    history = await looked(regular, status="ordered", time="2021")
    assert (history.kind, history.period and history.period.name) == ("ordered", "2021")
    assert history.count == 52
    await history.open()
    assert not history.is_filtered


@pytest.mark.parametrize(
    ("status", "time"),
    [("nonsense", ""), ("", "nonsense"), ("", "1066"), ("", "9999"), ("", "²⁰²⁰"), ("", "-2020")],
)
async def test_an_address_that_asks_for_nonsense_shows_everything(
    failed: Portal, status: str, time: str
) -> None:
    history = await looked(failed, status=status, time=time)
    assert not history.is_filtered
    assert keys(history)


async def test_a_failure_to_fetch_is_told_and_can_be_tried_again(
    shop: Shop, regular: Portal
) -> None:
    await shop.fault("GET", "/orders", "500", times=50)
    history = regular.history
    await history.open()
    await until(history, lambda: history.is_failed)
    assert len(keys(history)) == PAGE, "what is here is shown"
    await shop.no_faults()
    await history.fetch_again()
    await until(history, lambda: history.is_complete)
    assert not history.is_failed
    assert history.count >= 400


async def test_what_is_told_during_the_first_look_is_not_lost(
    regular: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last page may come while the list is read for the first time."""
    history = regular.history
    extent = History.extent

    async def late(self: History) -> Extent:
        found = await extent(self)
        await regular.services.mirror.settled()
        return found

    monkeypatch.setattr(History, "extent", late)
    await history.open()
    await until(history, lambda: history.is_complete)
    assert history.count >= 400


@pytest.mark.parametrize("who", [NEW, REGULAR], ids=["nothing bought", "much bought"])
async def test_news_that_comes_before_the_first_look_is_not_looked_at_too_early(
    services: Services, monkeypatch: pytest.MonkeyPatch, who: Principal
) -> None:
    """Such as the catalogue, while it is still being found out whether there are older orders."""
    portal = await opened(services, who)
    await services.mirror.settled()
    history = portal.history
    shown: list[tuple[bool, bool]] = []
    history.changed.subscribe(lambda: shown.append((history.is_complete, history.is_failed)))
    stock = History.open

    async def interrupted(self: History, snapshot: Snapshot, *, is_asked: bool = False) -> None:
        portal.changed.emit()
        if looking := {one for one in asyncio.all_tasks() if one.get_name() == "orders of a page"}:
            await asyncio.wait(looking)
        await stock(self, snapshot, is_asked=is_asked)

    monkeypatch.setattr(History, "open", interrupted)
    await history.open()
    assert shown[-1] == (who is NEW, False)
    assert not any(is_failed for _, is_failed in shown), "nothing was tried yet"
    assert keys(history) if who is REGULAR else keys(history) == []
    portal.close()


async def test_news_is_taken_up_also_where_the_history_could_not_be_opened(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = await opened(services, FAILED)

    async def broken(*_: object, **_named: object) -> None:
        raise OSError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(History, "open", broken)
        with pytest.raises(OSError, match="away"):
            await portal.history.open()
    portal.changed.emit()
    await until(portal.history, lambda: bool(portal.history.purchases))
    portal.close()


async def test_a_new_order_stands_on_top(shop: Shop, failed: Portal, services: Services) -> None:
    history = await looked(failed)
    before = history.purchases or []
    record = next(
        each.purchase.record for each in before if each.purchase.kind is PurchaseKind.ORDER
    )
    new = record.model_copy(
        update={"id": record.id + 10_000, "processed_at": services.clock(), "updated_at": None}
    )
    await shop.mirror.customer(104).store(new)
    await until(history, lambda: len(keys(history)) > len(before))
    assert keys(history)[0] == f"order-{new.id}"
    assert history.purchases is not None
    assert history.purchases[1:] == before, "the others are the same as before"


async def test_two_choices_at_once_end_with_the_last_one(failed: Portal) -> None:
    history = await looked(failed)
    await asyncio.gather(*(history.search(words) for words in ("k", "ke", "oats")))
    assert history.words == "oats"
    shown = history.count
    await history.search("")
    await history.search("oats")
    assert history.count == shown


async def test_nothing_is_read_before_the_page_knows_its_customer(services: Services) -> None:
    portal = Portal(services, FAILED, English)
    await portal.history.open()
    assert portal.history.purchases is None
    portal.close()


def test_every_status_that_is_listed_can_be_chosen() -> None:
    chosen = [status for _, statuses in STATUSES.values() for status in statuses]
    assert len(set(chosen)) == len(chosen) == 7
    assert {"coming", "unknown"}.isdisjoint(chosen)

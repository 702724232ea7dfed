"""The coming deliveries as a timeline, skipped ones among them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby, islice
from typing import ClassVar

from app.i18n import Texts
from app.mirror import Delivery
from app.state import DeliveryState, ScheduleState, SkipQuestion
from components import html
from components.base import Component
from components.menus import DELIVERY_OFFERS
from components.offer_buttons import draw_some
from components.offers import Offer
from components.parts import badge, cost_of, delivery_status
from components.skip_dialog import SkipDialog

MOST_AT_ONCE = 24
"""Entries that are drawn at first, and that each "Show more" adds: a phone draws them at once."""

PICTURES = 3
"""Pictures beside one entry: enough to know it by, few enough for a phone."""


class TimelineEntry(Component[DeliveryState]):
    """One delivery on the timeline.

    ::

        TimelineEntry (li)
        ├── header     the date, what it costs, and the status
        ├── body       what comes
        └── actions    skip it, or put it back; and a menu of what else can be done with it
    """

    element = "li"
    sections = ("header", "body", "actions")
    slot_elements: ClassVar[dict[str, str]] = {}
    offers: ClassVar[tuple[Offer[DeliveryState], ...]] = DELIVERY_OFFERS
    """What the menu holds."""

    def build(self) -> None:
        delivery = self.state.delivery
        self.set(
            class_="ds-entry",
            data_key=self._name(),
            data_status="saving" if self.state.is_pending else delivery.status.value,
        )
        super().build()

    def header(self) -> None:
        delivery = self.state.delivery
        html.time(delivery.date, self.texts.date(delivery.date), tabindex=-1)
        if not self.state.is_skipped:
            cost = cost_of(delivery, self.texts)
            if delivery.is_estimate and delivery.total.amount:
                cost = self.t("about {total}", total=cost)
            html.span(cost, class_="ds-cost")
        if status := delivery_status(self.state, self.texts):
            badge(*status)

    def body(self) -> None:
        items = self.state.delivery.items
        with html.span(class_="ds-pictures"):
            for item in items[:PICTURES]:
                html.img(item.picture, "", 40)
        html.span(self.texts.listing([item.title for item in items]), class_="ds-entry-items")

    def actions(self) -> None:
        day = self.state.delivery.date
        if self.state.can_put_back:
            html.Button(
                self.t("Put it back"),
                self.state.put_back,
                key="act-" + self._name(),
                class_="ds-button ds-quiet",
                aria_label=self.t("Put it back: the delivery of {date}", date=day),
            )
        elif self.state.can_skip:
            html.Button(
                self.t("Skip"),
                self.ask_skip,
                key="act-" + self._name(),
                class_="ds-button ds-quiet",
                aria_label=self.t("Skip the delivery of {date}", date=day),
            )
        draw_some(
            self,
            self.offers,
            (),
            key="entry-" + self._name(),
            described=self.t("More for the delivery of {date}", date=day),
        )

    async def ask_skip(self) -> None:
        """Ask before skipping."""
        await SkipDialog.open(self, SkipQuestion(self.model))

    def _name(self) -> str:
        """Names the entry as long as it is on screen, skipped or not."""
        delivery = self.state.delivery
        return delivery.date.isoformat() + "-" + str(delivery.address_id)


class ScheduleTimeline(Component[ScheduleState]):
    """All coming deliveries, month by month; or the first `most`, or those with one `item`.

    ::

        ScheduleTimeline (section)
        ├── body       a list for each month
        └── actions    show more
    """

    sections = ("body", "actions")

    def __init__(
        self,
        state: ScheduleState,
        texts: Texts,
        *,
        most: int | None = None,
        item: int | None = None,
    ) -> None:
        self.most = most
        self.item = item
        self.drawn = MOST_AT_ONCE
        super().__init__(state, texts)
        self.set(class_="ds-timeline")

    def body(self) -> None:
        for month in self.seen(self._months):
            self.section("month", partial(self.month, month))

    def month(self, month: tuple[int, int]) -> None:
        """The deliveries of one month."""
        states = self.seen(lambda: self._of(month))
        if not states:
            return
        html.h3(self.texts.month(states[0].delivery.date), class_="ds-month")
        with html.ol(class_="ds-entries"):
            for state in states:
                TimelineEntry.show(state, self.texts)

    def actions(self) -> None:
        if self.most is not None:
            return
        if self.seen(lambda: self._is_more()):
            html.Button(self.t("Show more"), self._draw_more, key="more", class_="ds-button")
        elif self.state.has_more:
            html.Button(
                self.t("Show a year more"),
                self._show_more,
                key="more",
                class_="ds-button",
            )

    def _show_more(self) -> None:
        self.drawn += MOST_AT_ONCE
        self.state.show_more()

    def _draw_more(self) -> None:
        self.drawn += MOST_AT_ONCE
        self.redraw()

    def _chosen(self) -> Iterator[Delivery]:
        for delivery in self.model.planned:
            if self.item is None or _has(delivery, self.item):
                yield delivery

    def _shown(self) -> Iterator[Delivery]:
        return islice(self._chosen(), self.drawn if self.most is None else self.most)

    def _is_more(self) -> bool:
        return next(islice(self._chosen(), self.drawn, None), None) is not None

    def _months(self) -> list[tuple[int, int]]:
        return [month for month, _ in groupby(self._shown(), _month_of)]

    def _of(self, month: tuple[int, int]) -> list[DeliveryState]:
        return [self.model.of(each) for each in self._shown() if _month_of(each) == month]


def _has(delivery: Delivery, item: int) -> bool:
    return any(one.purchase_item_id == item for one in delivery.items)


def _month_of(delivery: Delivery) -> tuple[int, int]:
    return delivery.date.year, delivery.date.month

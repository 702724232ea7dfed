"""Everything that was ever bought: found by what it is, by when, or by a word."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from app.i18n import say
from app.state import STATUSES, HistoryState, PurchaseState
from app.state.history import LONGEST_SEARCH, Kind
from components import html
from components.base import Component
from components.feedback import Empty, EmptyState, ErrorState, Failure, Skeleton
from components.fields import Option, select, text_field
from components.parts import badge

_Month = tuple[int, int]
_NO_DAY: _Month = (0, 0)


class OrderEntry(Component[PurchaseState]):
    """One order in a list; or a payment that failed or is under way, or a delivery that was
    skipped.

    ::

        OrderEntry (li)
        ├── header     its day, which leads to its page, and how it stands
        ├── body       what was in it; its number, and where it went; why a payment failed
        └── total      what it came to
    """

    element = "li"
    sections = ("header", "body", "total")
    slot_elements: ClassVar[dict[str, str]] = {}

    def build(self) -> None:
        self.set(
            class_="ds-bought",
            data_key="purchase-" + self.state.key,
            data_status=self.state.purchase.status.value,
        )
        with html.span(class_="ds-pictures", aria_hidden="true"):
            for picture in self.state.pictures:
                html.img(picture, "", 40)
        super().build()

    def header(self) -> None:
        with html.h3(), html.a(self.state.path, data_key="to-" + self.state.key):
            if (day := self.state.day) is not None:
                html.time(day, self.texts.date(day))
            else:
                html.span(self.name())
        standing = self.state.standing
        badge(self.say(standing.word), standing.mood)

    def body(self) -> None:
        html.p(self.say(self.state.items), class_="ds-bought-items", dir="auto")
        told = [one for one in (self.name() if self.state.number else "", self.state.place) if one]
        if told:
            html.p(" · ".join(told), class_="ds-small", dir="auto")
        if (failure := self.state.failure) is not None:
            html.p(self.say(failure.reason), class_="ds-bought-reason")

    def total(self) -> None:
        if (total := self.state.total) is not None:
            html.span(self.texts.money(total), class_="ds-amount")

    def name(self) -> str:
        """What it is called where it has no day."""
        number = self.state.number
        return self.t("No. {number}", number=number) if number else self.t("Order")


class OrderList(Component[HistoryState]):
    """The customer's orders and payments, month by month, newest first.

    ::

        OrderList (section)
        ├── search     words to look for, and when
        ├── choices    how it should have come out: those that there are
        ├── said       tells what a choice or a search came to, to those who do not see the list
        ├── found      how many there are, and whether older ones are still to come
        ├── body       a list for each month; that there is nothing, nothing was found, or nothing
        │              could be fetched
        └── actions    show more
    """

    sections = ("search", "choices", "said", "found", "body", "actions")

    def build(self) -> None:
        self.set(class_="ds-history")
        for name in self.sections:
            tag = self.section(name)
            if name == "search":
                tag.set(role="search", aria_label=self.t("Your orders"))
            elif name == "said":
                # It is there before anything is said in it: else nobody would hear it.
                tag.set(role="status", class_="ds-unseen")

    def search(self) -> None:
        if not self._is_any():
            return
        self.seen(lambda: self.model.resets)
        text_field(
            self.t("Search your orders"),
            self.model.words,
            lambda words: self.model.search(words),
            key="search-orders",
            kind="search",
            help=self.t("A product, a number, an amount or an address"),
            longest=LONGEST_SEARCH,
        )
        period = self.seen(lambda: self.model.period.name if self.model.period else "")
        select(
            self.t("When"),
            [
                Option("", self.t("At any time")),
                *(Option(one.name, self.say(one.label)) for one in self.state.periods),
            ],
            period,
            lambda name: self.model.choose_period(name),
            key="when-ordered",
        )

    def choices(self) -> None:
        kinds = self.state.kinds
        if len(kinds) < 2:
            return
        with html.div(class_="ds-chips", role="group", aria_label=self.t("What to show")):
            self._choice(None, self.t("Everything"))
            for kind in kinds:
                self._choice(kind, self.say(STATUSES[kind][0]))

    def said(self) -> None:
        if (said := self.state.said) is not None:
            html.p(self.say(said))

    def found(self) -> None:
        if not self._is_any():
            return
        if self.state.is_filtered and self.state.count:
            html.p(self.t("{count} found", count=self.state.count), class_="ds-muted")
        self.progress()

    def progress(self) -> None:
        """Whether everything is here."""
        if self.state.is_complete:
            return
        is_failed = self.state.is_failed
        with html.div(class_="ds-note", data_tone="warning" if is_failed else "info"):
            if is_failed:
                text = self.t("Your older orders could not be fetched. Those below are here.")
            else:
                text = self.t("Your older orders are still being fetched, and added as they come.")
            html.p(text)
            if is_failed:
                html.Button(
                    self.t("Try again"),
                    self.state.fetch_again,
                    key="fetch-again",
                    class_="ds-button",
                )

    def body(self) -> None:
        months = self.seen(self._months)
        is_nothing_here = not months and not self._is_any() and not self._is_all_here()
        if is_nothing_here and self.seen(lambda: self.model.is_failed):
            ErrorState.show(
                Failure(
                    title=say("We cannot show your orders right now"),
                    text=say("They could not be fetched. Please try again in a moment."),
                    retry=self.state.fetch_again,
                ),
                self.texts,
            )
        elif months is None or is_nothing_here:
            Skeleton.show(1, self.texts)
        elif months:
            for month in months:
                self.section("month", partial(self.month, month))
        elif self.state.is_filtered:
            self.section("nothing")
        else:
            EmptyState.show(
                Empty(
                    title=say("Nothing was ordered yet"),
                    text=say("Your orders and payments will be here."),
                    icon="receipt",
                    path="/schedule",
                    link=say("To the schedule"),
                ),
                self.texts,
            )

    def nothing(self) -> None:
        """That nothing fits what was chosen, and the way back to everything."""
        # The button goes with what it says: the focus finds the search then.
        with html.div(class_="ds-empty", data_key="search-orders"):
            html.h2(self.t("Nothing was found"))
            text = (
                self.t("Try another word, another time, or show everything again.")
                if self._is_all_here()
                else self.t("Older orders are not here yet: it may be among them.")
            )
            html.p(text, class_="ds-muted")
            html.Button(
                self.t("Show everything"),
                self.state.show_everything,
                key="show-everything",
                class_="ds-button",
            )

    def month(self, month: _Month) -> None:
        """What was bought in one month."""
        purchases = self.seen(lambda: self._of(month))
        if not purchases:
            return
        if (day := purchases[0].day) is not None:
            html.h2(self.texts.month(day), class_="ds-month")
        with html.ul(class_="ds-bought-list"):
            for purchase in purchases:
                OrderEntry.show(purchase, self.texts)

    def actions(self) -> None:
        if self.state.has_more:
            html.Button(
                self.t("Show more"), self.state.show_more, key="more-orders", class_="ds-button"
            )
        elif self.seen(lambda: len(self.model.purchases or ()) > 1) and self.state.is_complete:
            # It takes over the focus of the button that showed the last ones.
            html.p(
                self.t("That is everything."),
                class_="ds-small",
                tabindex=-1,
                data_key="more-orders",
            )

    def _choice(self, kind: Kind | None, name: str) -> None:
        html.Button(
            name,
            lambda: self.model.choose(kind),
            key="status-" + (kind or "all"),
            class_="ds-button ds-chip",
            aria_pressed="true" if self.state.kind == kind else "false",
        )

    def _is_any(self) -> bool:
        """Whether there is anything to look through."""
        return self.seen(lambda: bool(self.model.purchases or self.model.is_filtered))

    def _is_all_here(self) -> bool:
        return self.seen(lambda: self.model.is_complete)

    def _months(self) -> list[_Month] | None:
        purchases = self.model.purchases
        if purchases is None:
            return None
        return list(dict.fromkeys(map(_month_of, purchases)))

    def _of(self, month: _Month) -> list[PurchaseState]:
        return [one for one in self.model.purchases or () if _month_of(one) == month]


def _month_of(purchase: PurchaseState) -> _Month:
    day = purchase.day
    return (day.year, day.month) if day else _NO_DAY

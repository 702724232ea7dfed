"""The figures of leaving in words: for each part of the merchant's page its picture, its table, and
what can be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from babel.numbers import format_decimal, format_percent

from app.i18n import Message, Texts, say, say_many
from app.retention import Incentive
from app.retention.figures import (
    ENOUGH,
    Difference,
    Effort,
    Figures,
    KeptFigure,
    Outcomes,
    Percentiles,
    Share,
)
from app.web.pictures import Mark, Picture

OFFERS: Final = {
    Incentive.SKIP: say("Skip a delivery"),
    Incentive.DELAY: say("Delay a delivery"),
    Incentive.PAUSE: say("Pause"),
    Incentive.SWAP: say("Swap the product"),
    Incentive.DISCOUNT: say("Discount"),
    Incentive.RHYTHM: say("Change how often it comes"),
    Incentive.GIFT: say("Give one away"),
    Incentive.ADDRESS: say("Change the address"),
    Incentive.CONTACT: say("Write to the shop"),
}
"""The offers, as merchants know them."""
_ENDS_FROM: Final = 4
"""The step of the funnel from which on customers are lost."""


@dataclass(frozen=True)
class Cell:
    """What a table says, and what is less important below it."""

    text: str
    detail: str = ""


@dataclass(frozen=True)
class Part:
    """One part of the page. The first cell of each row names it."""

    title: str
    lead: str
    picture: Picture
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


class FigureTexts:
    """Words, pictures and tables for figures, in one language."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._t = texts.t

    def parts(self, figures: Figures) -> tuple[Part, ...]:
        """All parts of the page, in order."""
        return (
            self._funnel(figures.outcomes),
            self._reasons(figures),
            self._offers(figures),
            self._kept(figures),
            self._effort(figures.effort),
        )

    def _funnel(self, found: Outcomes) -> Part:
        steps: list[tuple[Message, int]] = [
            (say("Wanted to leave"), found.opened),
            (say("Gave a reason"), found.reasoned),
            (say("Saw an offer"), found.offered),
            (say("Took it up and stayed"), found.saved),
            (say("Cancelled"), found.cancelled),
            (say("Withdrew from the contract"), found.withdrawn),
            (say("Went away undecided"), found.left),
            (say("Not decided yet"), found.open),
        ]
        # What nobody did is left out, but for the steps of a funnel.
        steps = [step for number, step in enumerate(steps) if number <= _ENDS_FROM or step[1]]
        shares = [(self._texts.render(text), Share(count, found.opened)) for text, count in steps]
        return self._part(
            "funnel",
            say("How far wishes to leave came"),
            say(
                "Each time a customer opens the way out counts once. Who comes back within a day "
                "goes on with the same wish."
            ),
            [
                Mark(
                    text,
                    self._count(share.count),
                    bar=share.value or 0.0,
                    tone="first" if number < _ENDS_FROM else "second",
                )
                for number, (text, share) in enumerate(shares)
            ],
            (say("Step"), say("Wishes"), say("Of all")),
            [
                (Cell(text), Cell(self._count(share.count)), Cell(self._percent(share)))
                for text, share in shares
            ],
        )

    def _reasons(self, figures: Figures) -> Part:
        found = figures.reasons
        unsaid = figures.outcomes.opened - figures.outcomes.reasoned
        notes = (
            [
                say_many(
                    "{count} wish came without a reason.",
                    "{count} wishes came without a reason.",
                    unsaid,
                )
            ]
            if unsaid
            else []
        )
        return self._part(
            "reasons",
            say("Reasons"),
            say("Shares are of those who gave one."),
            [
                Mark(each.text, self._percent(each.share), bar=each.share.value or 0.0)
                for each in found
            ],
            (say("Reason"), say("Wishes"), say("Stayed")),
            [
                (
                    Cell(each.text),
                    Cell(self._count(each.share.count), self._percent(each.share)),
                    self._rate(each.saved),
                )
                for each in found
            ],
            notes,
        )

    def _offers(self, figures: Figures) -> Part:
        named = [(self._texts.render(OFFERS[each.offer]), each.saved) for each in figures.offers]
        return self._part(
            "offers",
            say("How often each offer was taken up"),
            say(
                "The line is the range that the true rate lies in, 95 times of 100. Some of these "
                "customers would have stayed without an offer."
            ),
            [self._point(text, share) for text, share in named],
            (say("Offer"), say("Shown"), say("Taken up")),
            [(Cell(text), Cell(self._count(share.of)), self._rate(share)) for text, share in named],
            has_ticks=True,
        )

    def _kept(self, figures: Figures) -> Part:
        marks, rows, notes = [], [], []
        for each in figures.kept:
            days = self._texts.render(
                say_many("After {count} day", "After {count} days", each.days)
            )
            marks += [
                self._point(self._t("{days}, with offers", days=days), each.offers),
                self._point(self._t("{days}, without", days=days), each.hold_out, is_second=True),
            ]
            rows.append(
                (
                    Cell(days),
                    self._rate(each.offers),
                    self._rate(each.hold_out),
                    self._difference(each),
                )
            )
        if not any(each.hold_out.of for each in figures.kept):
            notes.append(
                say(
                    "Nobody in the group without offers has come to that day yet, so nothing can "
                    "be said of what offers do. The plan's hold_out sets how great it is."
                )
            )
        return self._part(
            "kept",
            say("Still active later: what offers really do"),
            say(
                "A group of customers, drawn by chance, is offered nothing. Days count from the "
                "first wish to leave; each customer counts once, and only where the law lets "
                "something be offered."
            ),
            marks,
            (say("When"), say("With offers"), say("Without"), say("Difference")),
            rows,
            notes,
            has_ticks=True,
        )

    def _effort(self, found: Effort) -> Part:
        measures = [
            (say("Presses"), found.presses, self._presses),
            (say("Time"), found.seconds, self._time),
        ]
        told = [
            (self._texts.render(name), values, words)
            for name, values, words in measures
            if values is not None
        ]
        few = found.cases and not found.is_enough
        return self._part(
            "effort",
            say("What it takes to cancel"),
            say_many(
                "Of {count} end in the portal, from opening the way out to the decision. The full "
                "bar is what half need at most, the pale one what nine of ten do.",
                "Of {count} ends in the portal, from opening the way out to the decision. The full "
                "bar is what half need at most, the pale one what nine of ten do.",
                found.cases,
            ),
            [
                Mark(
                    name,
                    words(values.median),
                    bar=_part_of(values),
                    soft=1.0 if values.ninetieth else 0.0,
                    is_faint=not found.is_enough,
                )
                for name, values, words in told
            ],
            (say("Measure"), say("Half need at most"), say("Nine of ten need at most")),
            [
                (Cell(name), Cell(words(values.median)), Cell(words(values.ninetieth)))
                for name, values, words in told
            ],
            [self._few(found.cases)] if few else [],
        )

    def _part(
        self,
        name: str,
        title: Message,
        lead: Message,
        marks: Sequence[Mark],
        head: Sequence[Message],
        rows: Sequence[tuple[Cell, ...]],
        notes: Sequence[Message] = (),
        *,
        has_ticks: bool = False,
    ) -> Part:
        say_it = self._texts.render
        ticks = [format_percent(share, locale=self._texts.locale) for share in (0, 0.5, 1)]
        return Part(
            say_it(title),
            say_it(lead),
            Picture(
                name,
                say_it(title),
                tuple(marks),
                (ticks[0], ticks[1], ticks[2]) if has_ticks and marks else None,
            ),
            tuple(say_it(each) for each in head),
            tuple(rows),
            tuple(say_it(each) for each in notes),
        )

    def _point(self, label: str, share: Share, *, is_second: bool = False) -> Mark:
        return Mark(
            label,
            self._percent(share) if share.is_enough else self._of(share),
            point=share.value,
            interval=share.interval,
            tone="second" if is_second else "first",
            is_faint=not share.is_enough,
        )

    def _rate(self, share: Share) -> Cell:
        """A share with its interval, or that there are too few to tell."""
        if not share.is_enough or share.interval is None:
            return Cell(self._of(share), self._t("too few to tell") if share.of else "")
        low, high = (format_percent(bound, locale=self._texts.locale) for bound in share.interval)
        return Cell(
            self._percent(share),
            self._t("{of} · {low} to {high}", of=self._of(share), low=low, high=high),
        )

    def _difference(self, kept: KeptFigure) -> Cell:
        if kept.difference is None:
            return Cell("–")
        if not kept.is_enough:
            return Cell(self._t("Too few to tell"))
        found = kept.difference
        between = self._t(
            "from {low} to {high} of 100",
            low=self._signed(found.interval.low),
            high=self._signed(found.interval.high),
        )
        return Cell(self._texts.render(self._verdict(found)), between)

    def _verdict(self, found: Difference) -> Message:
        number = round(abs(found.value) * 100)
        if not found.is_told:
            return say("Could be chance")
        if found.value > 0:
            return say("Offers keep {number} more of 100", number=number)
        return say("Offers keep {number} fewer of 100", number=number)

    def _few(self, cases: int) -> Message:
        return say(
            "Too few to tell: {cases}, and it takes {enough} for a number to mean something.",
            cases=cases,
            enough=ENOUGH,
        )

    def _count(self, number: int) -> str:
        return str(format_decimal(number, locale=self._texts.locale))

    def _of(self, share: Share) -> str:
        return self._t("{count} of {of}", count=share.count, of=share.of)

    def _percent(self, share: Share) -> str:
        if share.value is None:
            return "–"
        return str(format_percent(share.value, locale=self._texts.locale))

    def _signed(self, value: float) -> str:
        number = round(value * 100)
        return str(format_decimal(number, format="+#,##0;-#,##0", locale=self._texts.locale))

    def _presses(self, number: float) -> str:
        return str(format_decimal(round(number, 1), locale=self._texts.locale))

    def _time(self, seconds: float) -> str:
        if seconds < 120:
            return self._texts.render(say_many("{count} second", "{count} seconds", round(seconds)))
        if seconds < 7200:
            return self._texts.render(
                say_many("{count} minute", "{count} minutes", round(seconds / 60))
            )
        return self._texts.render(say_many("{count} hour", "{count} hours", round(seconds / 3600)))


def _part_of(values: Percentiles) -> float:
    return values.median / values.ninetieth if values.ninetieth else 0.0

"""What one place's law lets stand between a customer and the end of a subscription."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.retention.labels import Labels, merged


@dataclass(frozen=True)
class Rules:
    """The rules of a place.

    region:              "DE", "US-CA"; both with a "+" between them where two places decide
                         together; empty for the strictest of all
    may_offer:           one offer may be shown, with "Cancel now" beside it; else the first screen
                         is the last
    may_require_reason:  the shop may ask for a reason before the end
    may_hold_to_minimum: the shop may hold customers to a minimum of orders
    may_close:           the shop may leave the end to its service: the switch `cancel_subscription`
                         counts, and for memberships their own. Elsewhere the end is always there
    without_sign_in:     the end must be possible without signing in
    withdrawal_days:     days in which the contract can be withdrawn from; 0 where there is no such
                         right online
    labels:              words that the law prescribes, the country's main language first
    since:               from when the law demands it. The rules hold here whatever day it is: who
                         is kind too early breaks no law
    sources:             where the row comes from
    """

    region: str
    may_offer: bool
    may_require_reason: bool
    may_hold_to_minimum: bool
    may_close: bool
    without_sign_in: bool
    withdrawal_days: int = 0
    labels: tuple[Labels, ...] = ()
    since: str = ""
    sources: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[bool, bool, bool, bool, bool, int]:
        """What the law demands, without where it comes from."""
        return (
            self.may_offer,
            self.may_require_reason,
            self.may_hold_to_minimum,
            self.may_close,
            self.without_sign_in,
            self.withdrawal_days,
        )

    def labels_in(self, language: str) -> Labels | None:
        """The prescribed words, in the reader's language where it is one of the country's, else in
        its main language; None where none are prescribed.

        language: BCP 47
        """
        base = language.replace("_", "-").partition("-")[0].lower()
        for one in self.labels:
            if one.language == base:
                return one
        return self.labels[0] if self.labels else None


def strictest(rows: Iterable[Rules]) -> Rules:
    """Of several rows, in each column what is kindest to the customer.

    Raises:
        ValueError: there are no rows.
    """
    found = tuple(dict.fromkeys(rows))
    if not found:
        raise ValueError("the strictest of no rows")
    if len(found) == 1:
        return found[0]
    regions = [row.region for row in found]
    return Rules(
        region="" if "" in regions else "+".join(dict.fromkeys(regions)),
        may_offer=all(row.may_offer for row in found),
        may_require_reason=all(row.may_require_reason for row in found),
        may_hold_to_minimum=all(row.may_hold_to_minimum for row in found),
        may_close=all(row.may_close for row in found),
        without_sign_in=any(row.without_sign_in for row in found),
        withdrawal_days=max(row.withdrawal_days for row in found),
        labels=merged(label for row in found for label in row.labels),
        sources=tuple(dict.fromkeys(source for row in found for source in row.sources)),
    )

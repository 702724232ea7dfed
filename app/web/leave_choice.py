"""What a customer has who came by a link to leave: what can be ended, and what ending it means."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.actions import (
    Action,
    Change,
    NotPossible,
    Preview,
    Principal,
    Services,
    Situation,
    SwitchedOff,
    preview,
    which,
)
from app.actions.products.texts import name_of, rhythm_of
from app.auth import ExitLink
from app.i18n import Message, say
from app.recharge import Subscription, SubscriptionStatus
from app.retention import Labels, Reason, rules_for, strictest
from app.web.leave_words import Way

_OVER = (SubscriptionStatus.CANCELLED, SubscriptionStatus.EXPIRED)
ALL = "all"
"""The field that stands for everything that can be ended."""


@dataclass(frozen=True)
class Row:
    """A subscription that can be ended, and what that changes.

    seen: stands for what is shown of it: when that changes, this does
    """

    subscription: Subscription
    name: Message
    detail: Message
    changes: tuple[Change, ...]
    seen: str
    is_ticked: bool

    @property
    def field(self) -> str:
        """Its field in the form."""
        return f"item-{self.subscription.id}"

    @property
    def changes_of_its_own(self) -> tuple[Change, ...]:
        """Without what is left of its deliveries: that depends on what else is ticked."""
        return tuple(one for one in self.changes if one.name != "rest")


@dataclass(frozen=True)
class NotToEnd:
    """One that cannot be ended, and why."""

    name: Message
    why: Message


@dataclass(frozen=True)
class Legal:
    """Words of a law, their language (BCP 47), and whether that is the reader's."""

    text: str
    language: str
    is_read: bool


@dataclass(frozen=True)
class Choice:
    """All that can be chosen on the page behind a link.

    labels:  the words that the law prescribes where the customer is; None where it does not
    reasons: what may be told besides
    contact: the address to write to when nothing helps; empty where none is known
    """

    way: Way
    rows: tuple[Row, ...]
    refused: tuple[NotToEnd, ...]
    labels: Labels | None
    reasons: tuple[Reason, ...]
    contact: str
    situation: Situation

    @property
    def seen_of_all(self) -> str:
        """What stands for all rows together."""
        return _digest(row.seen for row in self.rows)

    def button(self) -> Message:
        """Our words on the button that does it."""
        if len(self.rows) != 1:
            return self.way.confirm
        return say(self.way.confirm_one.text, name=self.rows[0].name)

    def legal(self, language: str) -> Legal | None:
        """The law's words on it; None where it prescribes none. `language` is the reader's."""
        words = self.way.legal(self.labels) if self.labels else ""
        if self.labels is None or not words:
            return None
        is_read = language.partition("-")[0] == self.labels.language.partition("-")[0]
        return Legal(words, self.labels.language, is_read)

    def ticked(self, fields: dict[str, str]) -> tuple[Row, ...]:
        """The rows that a form has ticked. Only what was offered here counts."""
        if ALL in fields:
            return self.rows
        return tuple(row for row in self.rows if row.field in fields)

    def has_changed(self, fields: dict[str, str]) -> bool:
        """Whether something that was ticked is not as it was when the page was drawn, or is not
        there any more."""
        if ALL in fields:
            return fields[ALL] != self.seen_of_all
        rows = {row.field: row.seen for row in self.rows}
        given = {name: value for name, value in fields.items() if name.startswith("item-")}
        return any(rows.get(name) != value for name, value in given.items())

    def reason(self, fields: dict[str, str]) -> Reason | None:
        """Why, where it was told."""
        return next((one for one in self.reasons if one.key == fields.get("reason")), None)

    def action(self, rows: tuple[Row, ...], reason: str) -> Action:
        """What ends these."""
        if len(rows) == 1:
            return self.way.one(which(rows[0].subscription), reason)
        return self.way.several(tuple(which(row.subscription) for row in rows), reason)


async def choice_of(
    services: Services, principal: Principal, way: Way, link: ExitLink, language: str
) -> Choice:
    """What can be ended by a link, with what the named order brought ticked.

    Raises:
        ActionError: the customer's records cannot be had now.
        RechargeError, MirrorError: the same.
    """
    snapshot = await services.mirror.customer(link.customer_id).snapshot()
    situation = services.situation(snapshot)
    rows: list[Row] = []
    refused: list[NotToEnd] = []
    for found in snapshot.subscriptions:
        is_named = found.id in link.item_ids
        if found.status in _OVER and not is_named and way.purpose == "cancel":
            continue
        try:
            seen = await preview(services, principal, way.one(which(found), ""))
        except (NotPossible, SwitchedOff) as error:
            if is_named or found.status not in _OVER:
                refused.append(NotToEnd(name_of(found), error.notice))
        else:
            rows.append(_row(found, seen, is_ticked=is_named))
    if len(rows) == 1 and not link.item_ids:
        rows = [replace(rows[0], is_ticked=True)]
    elif len(rows) > 1:
        rows = [replace(row, changes=row.changes_of_its_own) for row in rows]
    rules = [rules_for(snapshot, row.subscription) for row in rows]
    return Choice(
        way=way,
        rows=tuple(sorted(rows, key=lambda row: not row.is_ticked)),
        refused=tuple(refused),
        labels=strictest(rules).labels_in(language) if rules else None,
        reasons=situation.plan.reasons if way.purpose == "cancel" else (),
        contact=situation.plan.contact or snapshot.shop.email,
        situation=situation,
    )


def _row(found: Subscription, seen: Preview, *, is_ticked: bool) -> Row:
    day = found.next_charge_scheduled_at
    return Row(
        subscription=found,
        name=name_of(found),
        detail=say("{rhythm}, next on {date}", rhythm=rhythm_of(found), date=day)
        if day is not None
        else say("{rhythm}", rhythm=rhythm_of(found)),
        changes=seen.effect.changes,
        seen=_digest([seen.revision]),
        is_ticked=is_ticked,
    )


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(texts).encode()).hexdigest()[:16]

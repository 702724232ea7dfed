"""What a customer has who came by a link to leave: what can be ended, and what ending it means."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta

from app.actions import (
    Action,
    Change,
    NotPossible,
    Principal,
    Services,
    Situation,
    SwitchedOff,
    preview,
    which,
)
from app.actions.ending import membership_texts
from app.actions.products.texts import name_of, rhythm_of
from app.auth import ExitLink
from app.i18n import Message, say
from app.mirror import Snapshot
from app.recharge import Membership, Subscription, SubscriptionStatus
from app.retention import Labels, Reason, Subject, rules_for, strictest
from app.web.leave_words import Way, Wish

_OVER = (SubscriptionStatus.CANCELLED, SubscriptionStatus.EXPIRED)
ALL = "all"
"""The field that stands for everything that can be ended."""
_FIELDS = ("item-", "membership-")


@dataclass(frozen=True)
class Row:
    """A subscription or membership that can be ended, and what that changes.

    seen: stands for what is shown of it: when that changes, this does
    """

    record: Subscription | Membership
    name: Message
    detail: Message
    changes: tuple[Change, ...]
    seen: str
    is_ticked: bool

    @property
    def subject(self) -> Subject:
        """What is left by ending it."""
        is_membership = isinstance(self.record, Membership)
        return Subject("membership" if is_membership else "subscription", self.record.id)

    @property
    def field(self) -> str:
        """Its field in the form."""
        kind, id = self.subject
        return f"membership-{id}" if kind == "membership" else f"item-{id}"

    def beside(self, common: tuple[Change, ...]) -> Row:
        """As it stands among others: without what is said of all, and without what is left of its
        deliveries, which depends on what else is ticked."""
        own = (one for one in self.changes if one.name != "rest" and one not in common)
        return replace(self, changes=tuple(own))


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

    common:  what is the same of all rows, and stands in none of them
    labels:  the words that the law prescribes where the customer is; None where it does not
    reasons: what may be told besides
    contact: the address to write to when nothing helps; empty where none is known
    asked_on: the day on which the link was asked for, in the shop's zone
    """

    way: Way
    rows: tuple[Row, ...]
    common: tuple[Change, ...]
    refused: tuple[NotToEnd, ...]
    labels: Labels | None
    reasons: tuple[Reason, ...]
    contact: str
    situation: Situation
    asked_on: date

    @property
    def title(self) -> Message:
        """What the page is about."""
        match self._kinds:
            case ["membership"]:
                return say("Cancel your membership")
            case [_, _]:
                return say("What do you want to cancel?")
            case _:
                return self.way.choose_title

    @property
    def listed(self) -> Message:
        """What stands in the list."""
        match self._kinds:
            case ["membership"]:
                return say("Your memberships")
            case [_, _]:
                return say("Your subscriptions and memberships")
            case _:
                return say("Your subscriptions")

    @property
    def _kinds(self) -> list[str]:
        return sorted({row.subject.kind for row in self.rows})

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
        given = {name: value for name, value in fields.items() if name.startswith(_FIELDS)}
        return any(rows.get(name) != value for name, value in given.items())

    def reason(self, fields: dict[str, str]) -> Reason | None:
        """Why, where it was told."""
        return next((one for one in self.reasons if one.key == fields.get("reason")), None)

    def action(self, rows: tuple[Row, ...], reason: str) -> Action:
        """What ends these."""
        return _action(self.way, [row.record for row in rows], self.asked_on, reason)


async def choice_of(
    services: Services,
    principal: Principal,
    way: Way,
    link: ExitLink,
    age: timedelta,
    language: str,
) -> Choice:
    """What can be ended by a link, with what the named order brought ticked.

    age: how long ago the link was asked for

    Raises:
        ActionError: the customer's records cannot be had now.
        RechargeError, MirrorError: the same.
    """
    snapshot = await services.mirror.customer(link.customer_id).snapshot()
    situation = services.situation(snapshot)
    asked_on = (situation.now.astimezone(UTC) - age).astimezone(snapshot.shop.timezone).date()
    rows: list[Row] = []
    refused: list[NotToEnd] = []
    for found in _all(snapshot, way):
        is_named = _item_of(found) in link.item_ids
        if _is_over(found) and not is_named and way.purpose == "cancel":
            continue
        name, detail = _told(snapshot, found)
        try:
            seen = await preview(services, principal, _action(way, [found], asked_on, ""))
        except SwitchedOff as error:
            refused.append(NotToEnd(name, say("{name}: {why}", name=name, why=error.notice)))
        except NotPossible as error:
            if is_named or not _is_over(found):
                refused.append(NotToEnd(name, error.notice))
        else:
            rows.append(
                Row(
                    record=found,
                    name=name,
                    detail=detail,
                    changes=seen.effect.changes,
                    seen=_digest([seen.revision]),
                    is_ticked=is_named,
                )
            )
    if len(rows) == 1 and not link.item_ids:
        rows = [replace(rows[0], is_ticked=True)]
    common: tuple[Change, ...] = ()
    if len(rows) > 1:
        first, *others = rows
        common = tuple(
            one
            for one in first.changes
            if all(one in other.changes for other in others)
            # What names it belongs to it, though there are two of the same name.
            and first.name not in one.text.values.values()
        )
        rows = [row.beside(common) for row in rows]
    rules = [rules_for(snapshot, row.record) for row in rows]
    has_subscription = any(row.subject.kind == "subscription" for row in rows)
    plan = situation.plan if has_subscription or not rows else situation.membership_plan
    return Choice(
        way=way,
        rows=tuple(sorted(rows, key=lambda row: not row.is_ticked)),
        common=common,
        refused=tuple(refused),
        labels=strictest(rules).labels_in(language) if rules else None,
        reasons=plan.reasons if way.purpose == "cancel" else (),
        contact=plan.contact or snapshot.shop.email,
        situation=situation,
        asked_on=asked_on,
    )


def _all(snapshot: Snapshot, way: Way) -> Iterator[Subscription | Membership]:
    yield from snapshot.subscriptions
    if way.has_memberships:
        yield from snapshot.memberships


def _action(
    way: Way, records: Iterable[Subscription | Membership], asked_on: date, reason: str
) -> Action:
    given = tuple(records)
    return way.action(
        Wish(
            subscriptions=tuple(which(one) for one in given if isinstance(one, Subscription)),
            memberships=tuple(one.id for one in given if isinstance(one, Membership)),
            asked_on=asked_on,
            reason=reason,
        )
    )


def _is_over(found: Subscription | Membership) -> bool:
    return found.is_cancelled if isinstance(found, Membership) else found.status in _OVER


def _item_of(found: Subscription | Membership) -> int | None:
    """What it is called in the lines of an order."""
    return found.purchase_item_id if isinstance(found, Membership) else found.id


def _told(snapshot: Snapshot, found: Subscription | Membership) -> tuple[Message, Message]:
    """Its name, and what to know it by."""
    day = found.next_charge_scheduled_at
    if isinstance(found, Membership):
        name, rhythm = membership_texts.name_of(snapshot, found), membership_texts.paid_every(found)
        if rhythm is None or day is None:
            return name, say("membership")
        return name, say("membership, paid {rhythm}, next on {date}", rhythm=rhythm, date=day)
    name, rhythm = name_of(found), rhythm_of(found)
    if day is None:
        return name, say("{rhythm}", rhythm=rhythm)
    return name, say("{rhythm}, next on {date}", rhythm=rhythm, date=day)


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(texts).encode()).hexdigest()[:16]

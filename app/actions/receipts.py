"""What a customer is told by mail when something is done that must be certain, such as an end.

An action that sends one overrides `Action.receipt`; all else is the same for all. What the receipt
says is worked out before the write and kept with it. The transaction that records the result puts
it into the table `receipts`, from where it is mailed: see `app.actions.receipt_rows`. So a receipt
goes out if and only if the result is recorded, through whichever door the wish came, and however
late the result became known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from app.actions.wire import message_from_json, message_to_json
from app.i18n import Message, say, say_many

if TYPE_CHECKING:
    from app.actions.steps import StepState

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Douglas Crockford's base 32: without I, L, O and U, so that it can be read out and typed."""


NOTHING_ARRIVES: Final = say(
    "Nothing more. No payment is under way, and nothing is paid for in advance."
)
"""What a receipt says of what still comes, where that is nothing."""


class ReceiptKind(StrEnum):
    """What was done. Stored, so a word never changes."""

    CANCELLED = "cancelled"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    EMAIL_CHANGED = "e-mail changed"


@dataclass(frozen=True, slots=True)
class Link:
    """A way on, on a page of the portal: ``Link(say("Start it again"), "/subscriptions/301")``.

    path: without anything secret; who opens it signs in first
    """

    text: Message
    path: str


@dataclass(frozen=True, slots=True)
class NotDone:
    """What was wished as well and was not done. `title` says so; `reason` why, where it is told."""

    title: Message
    reason: Message | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says.

    about:    what it is about, by its id ("subscription 301"); not shown
    title:    the result in one sentence without a full stop; it heads the mail
    if_open:  the same where it was not done, as one of several
    changes:  what is different from now on, or lost
    arrives:  what still comes although it has ended
    stays:    what a customer may worry about and which stays as it is
    comes:    what still comes that never was a part of it, such as a product that was added once:
              sentences by what they are about ("onetime 401")
    goes_on:  what stays active beside it: names by what they are about
    hints:    what else can be done, such as getting money back
    links:    where
    copy_to_shop: whether the shop gets a copy at its own address
    parts:    of several changes, the receipt of each step, None for a step without one
    not_done: what was wished as well and was not done
    differences: what came out otherwise than was foreseen
    is_by_shop: whether the shop has done it on the customer's behalf
    to:       where it goes, where that is not the address that the customer has when it is mailed:
              the one from before
    """

    kind: ReceiptKind
    about: str
    title: Message
    if_open: Message
    changes: tuple[Message, ...] = ()
    arrives: tuple[Message, ...] = ()
    stays: tuple[Message, ...] = ()
    comes: Mapping[str, Message] | None = None
    goes_on: Mapping[str, Message] | None = None
    hints: tuple[Message, ...] = ()
    links: tuple[Link, ...] = ()
    copy_to_shop: bool = False
    parts: tuple[Receipt | None, ...] = ()
    not_done: tuple[NotDone, ...] = ()
    differences: tuple[Message, ...] = ()
    is_by_shop: bool = False
    to: str = ""

    @property
    def all_parts(self) -> tuple[Receipt, ...]:
        """The receipts of the steps; itself where it has none."""
        return tuple(part for part in self.parts if part is not None) or (self,)

    @property
    def all_arrivals(self) -> tuple[Message, ...]:
        """What still comes, of all its parts: that it is nothing, only where it is so of each."""
        told = [each for part in self.all_parts for each in part.arrives]
        told += (self.comes or {}).values()
        some = [each for each in told if each != NOTHING_ARRIVES]
        return tuple(some or told[:1])

    @property
    def active_beside(self) -> tuple[Message, ...]:
        """The names of what stays active, without what is told of already."""
        mine = {part.about for part in self.all_parts}
        return tuple(name for about, name in (self.goes_on or {}).items() if about not in mine)


def of_steps(parts: Sequence[Receipt | None]) -> Receipt | None:
    """The receipt of several steps; None where no step has one."""
    found = [part for part in parts if part is not None]
    if not found:
        return None
    goes_on: dict[str, Message] = {}
    comes: dict[str, Message] = {}
    for part in found:
        goes_on |= part.goes_on or {}
        comes |= part.comes or {}
    # What one step leaves as it is may be what the next one ends; what comes beside is told once.
    bare = (_bare(part, is_more=bool(comes)) if part else None for part in parts)
    return Receipt(
        kind=found[0].kind,
        about="",
        title=_together(found, found),
        if_open=_together(found, found),
        comes=comes or None,
        goes_on=goes_on or None,
        copy_to_shop=any(part.copy_to_shop for part in found),
        parts=tuple(bare),
    )


def settled(
    receipt: Receipt,
    *,
    is_partly: bool,
    notice: Message,
    steps: Sequence[StepState] = (),
    differences: Sequence[Message] = (),
) -> Receipt | None:
    """The receipt of what has come of it: of several steps, those that were done, and what was not.
    None where nothing of it was done.

    notice: what the customer is told on the page
    """
    if not receipt.parts:
        if not is_partly:
            return replace(receipt, differences=tuple(differences))
        title = say("Your change was made in part")
        return replace(receipt, title=title, changes=(notice,), arrives=(), stays=(), hints=())
    states = {step.number: step for step in steps}
    done: list[Receipt] = []
    left: list[NotDone] = []
    goes_on = dict(receipt.goes_on or {})
    for number, part in enumerate(receipt.parts):
        step = states.get(number)
        if part is None:
            continue
        if not is_partly or (step is not None and step.is_done):
            done.append(part)
        else:
            left.append(NotDone(part.if_open, step.reason if step else None))
            goes_on.pop(part.about, None)  # it is told of already
    if not done:
        return None
    return replace(
        receipt,
        title=_together(done, receipt.all_parts),
        goes_on=goes_on or None,
        copy_to_shop=any(part.copy_to_shop for part in done),
        parts=tuple(done),
        not_done=tuple(left),
        differences=tuple(differences),
    )


def receipt_number(activity_id: str) -> str:
    """A short name of an activity that can be read out: "C-7K2M-94QX".

    activity_id: 32 hexadecimal digits, the first ten of which are random
    """
    number = int(activity_id[:10], 16)
    letters = "".join(_LETTERS[number >> shift & 31] for shift in range(35, -1, -5))
    return f"C-{letters[:4]}-{letters[4:]}"


def receipt_to_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt as it is kept: words with their values, in no language yet."""
    return {
        "kind": receipt.kind,
        "about": receipt.about,
        "title": message_to_json(receipt.title),
        "if_open": message_to_json(receipt.if_open),
        **{name: [message_to_json(each) for each in getattr(receipt, name)] for name in _LISTS},
        "comes": _named_to_json(receipt.comes),
        "goes_on": _named_to_json(receipt.goes_on),
        "links": [{"text": message_to_json(one.text), "path": one.path} for one in receipt.links],
        "copy_to_shop": receipt.copy_to_shop,
        "parts": [receipt_to_json(part) if part else None for part in receipt.parts],
        "not_done": [
            {
                "title": message_to_json(one.title),
                "reason": message_to_json(one.reason) if one.reason else None,
            }
            for one in receipt.not_done
        ],
        "is_by_shop": receipt.is_by_shop,
        "to": receipt.to,
    }


def receipt_from_json(document: Mapping[str, Any]) -> Receipt:
    """The receipt that `receipt_to_json` kept."""
    return Receipt(
        kind=ReceiptKind(document["kind"]),
        about=document["about"],
        title=message_from_json(document["title"]),
        if_open=message_from_json(document["if_open"]),
        **{name: tuple(_messages(document[name])) for name in _LISTS},
        comes=_named(document.get("comes", ())),  # an earlier release has kept none
        goes_on=_named(document["goes_on"]),
        links=tuple(Link(message_from_json(one["text"]), one["path"]) for one in document["links"]),
        copy_to_shop=document["copy_to_shop"],
        parts=tuple(receipt_from_json(part) if part else None for part in document["parts"]),
        not_done=tuple(
            NotDone(
                message_from_json(one["title"]),
                message_from_json(one["reason"]) if one["reason"] else None,
            )
            for one in document["not_done"]
        ),
        is_by_shop=document.get("is_by_shop", False),
        to=document.get("to", ""),
    )


_LISTS = ("changes", "arrives", "stays", "hints", "differences")


def _messages(documents: Sequence[Mapping[str, Any]]) -> Iterator[Message]:
    return (message_from_json(each) for each in documents)


def _named_to_json(messages: Mapping[str, Message] | None) -> list[list[Any]]:
    return [[about, message_to_json(each)] for about, each in (messages or {}).items()]


def _named(documents: Sequence[Sequence[Any]]) -> dict[str, Message] | None:
    return {about: message_from_json(each) for about, each in documents} or None


def _bare(part: Receipt, *, is_more: bool) -> Receipt:
    """The receipt of one step, without what is told of all.

    is_more: whether something comes beside
    """
    arrives = tuple(one for one in part.arrives if not is_more or one != NOTHING_ARRIVES)
    return replace(part, arrives=arrives, stays=(), comes=None, goes_on=None)


def _together(parts: Sequence[Receipt], all_parts: Sequence[Receipt]) -> Message:
    """The title of several, of which `parts` were done."""
    total = len(all_parts)
    if len(parts) == total == 1:
        return parts[0].title
    kinds = {part.kind for part in parts}
    if len(kinds) > 1:
        return say("{done} of {total} changes are made", done=len(parts), total=total)
    if not all(part.about.startswith("subscription ") for part in all_parts):
        return _of_both(parts[0].kind, len(parts), total)
    if len(parts) < total:
        values = {"done": len(parts), "total": total}
        match parts[0].kind:
            case ReceiptKind.CANCELLED:
                return say("{done} of {total} subscriptions are cancelled", **values)
            case ReceiptKind.ACTIVE:
                return say("{done} of {total} subscriptions are active again", **values)
            case ReceiptKind.WITHDRAWN:
                return say("You have withdrawn from {done} of {total} contracts", **values)
            case ReceiptKind.EMAIL_CHANGED:  # there is one address, and one change of it
                return parts[0].title
    match parts[0].kind:
        case ReceiptKind.CANCELLED:
            return say_many(
                "{count} subscription is cancelled", "{count} subscriptions are cancelled", total
            )
        case ReceiptKind.ACTIVE:
            return say_many(
                "{count} subscription is active again",
                "{count} subscriptions are active again",
                total,
            )
        case ReceiptKind.WITHDRAWN:
            return say_many(
                "You have withdrawn from {count} contract",
                "You have withdrawn from {count} contracts",
                total,
            )
        case ReceiptKind.EMAIL_CHANGED:
            return parts[0].title


def _of_both(kind: ReceiptKind, done: int, total: int) -> Message:
    """The title of several, with memberships among them."""
    values = {"done": done, "total": total}
    is_all = done == total
    if kind is ReceiptKind.ACTIVE:
        if is_all:
            return say("{total} of your subscriptions and memberships are active again", **values)
        return say("{done} of {total} subscriptions and memberships are active again", **values)
    if is_all:
        return say("{total} of your subscriptions and memberships are cancelled", **values)
    return say("{done} of {total} subscriptions and memberships are cancelled", **values)

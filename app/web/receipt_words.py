"""A receipt as a mail in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.actions import Link, Receipt, ReceiptRow
from app.i18n import Message, Texts, say
from app.mail import Mail
from app.mirror import Shop
from app.web.rendering import Pages

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines under a title. `is_warning` sets them apart."""

    title: str
    lines: Sequence[str]
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A link with its words."""

    text: str
    address: str


def receipt_mail(row: ReceiptRow, *, shop: Shop, to: str, pages: Pages, origin: str) -> Mail:
    """The customer's mail.

    origin: the address of the portal, without a slash at the end

    Raises:
        BadMail: `to` is not an e-mail address.
    """
    return _mail(row, shop, to, pages, origin, f"receipt-{row.activity_id}")


def receipt_copy(row: ReceiptRow, *, shop: Shop, customer: str, pages: Pages, origin: str) -> Mail:
    """The shop's copy, which says whose it is.

    customer: the customer's e-mail address; empty where there is none

    Raises:
        BadMail: the shop has no usable e-mail address.
    """
    number = str(row.customer_id)
    words = say("Copy for the shop. Customer: {number} in Recharge.", number=number)
    if customer:
        words = say(
            "Copy for the shop. Customer: {email}, {number} in Recharge.",
            email=customer,
            number=number,
        )
    name = f"receipt-copy-{row.activity_id}"
    return _mail(row, shop, shop.email.strip(), pages, origin, name, words)


def _mail(
    row: ReceiptRow,
    shop: Shop,
    to: str,
    pages: Pages,
    origin: str,
    name: str,
    copy: Message | None = None,
) -> Mail:
    words = _Words(row.receipt, pages.texts, origin)
    title = words.line(row.receipt.title)
    keep = say("Please keep this mail: it is your receipt.")
    if shop.email:
        keep = say(
            "Please keep this mail: it is your receipt. Is something wrong? Then write to {email} "
            "and name the number of the receipt.",
            email=shop.email,
        )
    texts = pages.texts
    by_shop = [(texts.t("Asked for by"), texts.t("the shop, for you"))]
    values = {
        "title": title,
        "shop": _flat(shop.name),
        "copy": words.line(copy) if copy else "",
        "facts": [
            (texts.t("Receipt"), row.number),
            (texts.t("Received"), texts.moment_in_full(row.at.astimezone(shop.timezone))),
            *(by_shop if row.receipt.is_by_shop else ()),
        ],
        "parts": words.parts(),
        "sections": words.sections(),
        "links": words.links(),
        "has_button": bool(row.receipt.not_done),  # nobody is urged to start again
        "keep": "" if copy else words.line(keep),
    }
    return Mail(
        to=to,
        subject=_short(texts.t("Copy: {title}", title=title) if copy else title),
        text=pages.render("receipt_mail.txt", **values),
        html=pages.render("receipt_mail.html", **values),
        name=name,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """What a receipt says, line by line."""

    receipt: Receipt
    texts: Texts
    origin: str

    def line(self, message: Message) -> str:
        """One line: a product's title must not begin another."""
        return _flat(self.texts.render(message))

    def parts(self) -> list[Lines]:
        """What was done. Of several things: each under its own title, with what still arrives."""
        found = self.receipt.all_parts
        if len(found) == 1 and not self.receipt.not_done:
            return [Lines("", self._lines(found[0].changes))]
        return [Lines(self.line(part.title), self._of_several(part)) for part in found]

    def _of_several(self, part: Receipt) -> list[str]:
        arrives = (say("Still to come: {what}", what=one) for one in part.arrives)
        return self._lines((*part.changes, *arrives))

    def sections(self) -> list[Lines]:
        """The rest, most important first."""
        receipt, texts = self.receipt, self.texts
        parts = receipt.all_parts
        is_one = len(parts) == 1 and not receipt.not_done
        arrives = parts[0].arrives if is_one else ()  # of several, each tells it itself
        comes = (receipt.comes or {}).values()
        not_done = [
            say("{title}. {reason}", title=one.title, reason=one.reason)
            if one.reason
            else one.title
            for one in receipt.not_done
        ]
        found = [
            Lines(texts.t("Not done"), self._lines(not_done), is_warning=True),
            Lines(
                texts.t("Otherwise than foreseen"),
                self._lines(receipt.differences),
                is_warning=True,
            ),
            Lines(texts.t("What still arrives"), self._lines((*arrives, *comes))),
            Lines(texts.t("What stays active"), self._lines(receipt.active_beside)),
            Lines(texts.t("What stays as it is"), self._lines(_each("stays", receipt, parts))),
            Lines(texts.t("Good to know"), self._lines(_each("hints", receipt, parts))),
        ]
        return [section for section in found if section.lines]

    def links(self) -> list[Way]:
        """Where the customer can go on."""
        rest = [Link(say("Try the rest"), "/activity")] if self.receipt.not_done else []
        ways = dict.fromkeys(
            Way(self.line(link.text), self.origin + link.path)
            for link in (
                *rest,
                *(link for one in (self.receipt, *self.receipt.all_parts) for link in one.links),
            )
        )
        return list(ways)

    def _lines(self, messages: Iterable[Message]) -> list[str]:
        return list(dict.fromkeys(self.line(message) for message in messages))


def _each(name: str, receipt: Receipt, parts: Sequence[Receipt]) -> list[Message]:
    whole = [receipt] if receipt.parts else []
    return [message for one in (*whole, *parts) for message in getattr(one, name)]


def _flat(text: str) -> str:
    """Text in one line, without characters that are not for reading."""
    return _CONTROL.sub("", " ".join(text.split()))


def _short(subject: str) -> str:
    if len(subject) <= _LONGEST_SUBJECT:
        return subject
    return f"{subject[: _LONGEST_SUBJECT - 1].rstrip()}…"

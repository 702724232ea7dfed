"""Words that a law puts on a button, in its own language."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n import Message, Texts
from app.retention import Rules
from components import html


@dataclass(frozen=True)
class Prescribed:
    """The words, and the language that they are in (BCP 47)."""

    text: str
    language: str


def to_cancel(rules: Rules, language: str) -> Prescribed | None:
    """What stands on the way to the end of a contract; None where no law says."""
    labels = rules.labels_in(language)
    return Prescribed(labels.cancel, labels.language) if labels and labels.cancel else None


def to_confirm(rules: Rules, language: str) -> Prescribed | None:
    """What stands on the button that ends it; None where no law says."""
    labels = rules.labels_in(language)
    return Prescribed(labels.confirm, labels.language) if labels and labels.confirm else None


def to_withdraw(rules: Rules, language: str) -> Prescribed | None:
    """What stands on the way to withdrawing from a contract; None where no law says."""
    labels = rules.labels_in(language)
    return Prescribed(labels.withdraw, labels.language) if labels and labels.withdraw else None


def to_confirm_withdrawal(rules: Rules, language: str) -> Prescribed | None:
    """What stands on the button that declares the withdrawal; None where no law says."""
    labels = rules.labels_in(language)
    words = labels.confirm_withdrawal if labels else ""
    return Prescribed(words, labels.language) if labels and words else None


def draw_words(prescribed: Prescribed | None, ours: Message, texts: Texts) -> None:
    """What stands on a button: the law's words, with ours below where the reader's language is
    another; ours alone where no law says."""
    if prescribed is None:
        html.span(texts.render(ours))
        return
    is_read = texts.language.partition("-")[0] == prescribed.language.partition("-")[0]
    with html.span(class_="ds-two-lines"):
        html.span(prescribed.text, lang=None if is_read else prescribed.language)
        if not is_read:
            html.span(texts.render(ours), class_="ds-own-words")

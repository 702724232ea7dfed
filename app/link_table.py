"""Quick links from what stands in a table (CSV): a line in, the same line with its link out."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TextIO

from pydantic import ValidationError

from app.actions.quick.wishes import WishedLink, problem_of
from app.auth.link_tokens import LinkSigner, SignedLink

_FIELDS: Final = frozenset(WishedLink.model_fields)
_ADDED: Final = ("url", "expires_at")


class WrongLink(ValueError):
    """A link cannot be made. The text is one sentence that says which, and why."""


def signed(signer: LinkSigner, said: Mapping[str, str]) -> SignedLink:
    """One link. What is empty is left out.

    Raises:
        WrongLink: this is no wish.
    """
    given = {name: value.strip() for name, value in said.items() if value and value.strip()}
    try:
        return signer.sign(WishedLink.model_validate(given))
    except ValidationError as error:
        raise WrongLink(problem_of(error)) from error


def signed_table(signer: LinkSigner, table: TextIO, said: Mapping[str, str]) -> str:
    """The table with two columns more: the link, and when it ends. Columns that are none of ours
    are kept as they are. All the links are made, or none.

    said: what holds for each line that does not say it itself

    Raises:
        WrongLink: a line is no wish; the text tells its number, counted from 1 with the head.
    """
    lines = csv.DictReader(table, strict=True)
    try:
        head = list(lines.fieldnames or ())
        if not _FIELDS & set(head):
            raise WrongLink("Line 1 must name columns, such as: what,customer,subscription.")
        taken = [name for name in _ADDED if name in head]
        if taken:
            raise WrongLink(f"Line 1: the column {taken[0]} is added here. Call yours otherwise.")
        out = io.StringIO()
        writer = csv.DictWriter(out, [*head, *_ADDED], lineterminator="\n")
        writer.writeheader()
        for line in lines:
            writer.writerow(_signed_line(signer, line, said, lines.line_num))
    except (csv.Error, UnicodeDecodeError) as error:
        raise WrongLink(f"This is no table of comma-separated values in UTF-8: {error}.") from error
    return out.getvalue()


@contextmanager
def open_table(name: str) -> Iterator[TextIO]:
    """The file of this name, or the standard input for "-".

    Raises:
        WrongLink: it cannot be read.
    """
    if name == "-":
        yield sys.stdin
        return
    try:
        # A table that was written by a spreadsheet begins with a byte order mark.
        with open(name, encoding="utf-8-sig", newline="") as file:
            yield file
    except OSError as error:
        raise WrongLink(f"{name} cannot be read: {error.strerror}.") from error


def _signed_line(
    signer: LinkSigner, line: dict[str, str], said: Mapping[str, str], number: int
) -> dict[str, str]:
    # csv puts what is too much under None, and None where something is missing.
    if None in line or None in line.values():
        raise WrongLink(f"Line {number} has another number of values than line 1.")
    own = {name: value for name, value in line.items() if name in _FIELDS and value}
    try:
        link = signed(signer, {**said, **own})
    except WrongLink as error:
        raise WrongLink(f"Line {number}: {error}") from error
    return {**line, "url": link.url, "expires_at": link.expires_at.isoformat()}

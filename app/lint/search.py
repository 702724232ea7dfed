"""Looks through files and folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from app.lint.findings import Finding
from app.lint.python import look_through_python
from app.lint.texts import look_through_script, look_through_template

_BY_KIND = {
    ".py": look_through_python,
    ".js": look_through_script,
    ".html": look_through_template,
    ".svg": look_through_template,
}


def look_through(places: Iterable[Path]) -> Iterator[Finding]:
    """What is wrong in these files, and in those below these folders.

    Raises:
        FileNotFoundError: a place is not there.
        SyntaxError: a module is no Python.
    """
    for place in places:
        if not place.exists():
            raise FileNotFoundError(str(place))
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        for file in files:
            look = _BY_KIND.get(file.suffix)
            if look is not None and file.is_file():
                yield from sorted(look(file.read_text(encoding="utf-8"), str(file)))

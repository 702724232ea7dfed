"""Templates and scripts: what could turn a text into markup, or run it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from app.lint.findings import Finding, is_meant_so, is_whole_file_meant_so

_TEMPLATE: Final = (
    (r"\|\s*safe\b", "safe", "It switches escaping off."),
    (r"autoescape\s+false", "autoescape", "It switches escaping off."),
    (r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script)", "inline script", "Serve it as a file."),
    (r"<[^>]*\son[a-z]+\s*=\s*[\"'{]", "handler in an attribute", "Listen in a file of ours."),
    (r"<[^>]*\sstyle\s*=\s*[\"'][^\"']*\{\{", "text in a style", "Use a class."),
    (r"javascript:", "javascript:", "It runs as script."),
    (r"<[^>]*\s(src|href)\s*=\s*[\"']?(https?:)?//", "foreign file", "Serve it ourselves."),
    (r"<(base|object|embed)\b", "element", "No page of ours needs it."),
)
_SCRIPT: Final = (
    (r"\b(inner|outer)HTML\s*=[^=]", "HTML from a text", "Use textContent, or make elements."),
    (r"\binsertAdjacentHTML\b|\bcreateContextualFragment\b", "HTML from a text", "Make elements."),
    (r"\bdocument\.write(ln)?\b", "HTML from a text", "Make elements."),
    (r"\beval\s*\(|\bnew\s+Function\b", "script from a text", "Write it as script."),
    (r"\bset(Timeout|Interval)\s*\(\s*[\"'`]", "script from a text", "Give a function."),
    (r"\bpostMessage\s*\([^;]*,\s*[\"'`]\*[\"'`]", "message to everybody", "Name the origin."),
    (r"\b(import|from)\s*\(?\s*[\"'`]https?:", "foreign script", "Serve it ourselves."),
)


def look_through_template(source: str, name: str) -> Iterator[Finding]:
    """What is wrong in a template of HTML or SVG."""
    return _search(source, name, _TEMPLATE)


def look_through_script(source: str, name: str) -> Iterator[Finding]:
    """What is wrong in a script for the browser."""
    return _search(source, name, _SCRIPT)


def _search(source: str, name: str, rules: tuple[tuple[str, str, str], ...]) -> Iterator[Finding]:
    lines = source.splitlines()
    if is_whole_file_meant_so(lines):
        return
    for pattern, rule, hint in rules:
        for found in re.finditer(pattern, source, re.IGNORECASE):
            line = source.count("\n", 0, found.start()) + 1
            if not is_meant_so(lines, line):
                yield Finding(name, line, rule, hint)

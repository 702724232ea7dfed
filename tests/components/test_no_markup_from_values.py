"""No text is formatted into props, styles, HTML or scripts: NiceGUI would run some of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app.pages
import components

PARSED = {
    "props", "classes", "style", "add_slot", "run_javascript", "add_head_html", "add_body_html",
    "add_css", "html", "markdown", "run_method",
}  # fmt: skip
"""What NiceGUI parses, evaluates or inserts as it is."""
BANNED = {
    "upload", "editor", "aggrid", "echart", "plotly", "scene", "refreshable", "notify", "markdown",
    "run_javascript", "html", "link", "navigate", "storage",
}  # fmt: skip
"""Parts of NiceGUI that pages have no use for and that can run what a text says."""

SCRIPTED = ("sanitize", "innerHTML", "srcdoc", "onclick", "onerror", "onload")
"""Attributes whose value the browser runs, or that switch off a protection."""


def sources() -> Iterator[Path]:
    for package in (components, app.pages):
        for folder in package.__path__:
            yield from sorted(Path(folder).rglob("*.py"))


def is_formatted(text: ast.expr) -> bool:
    """Whether a text is put together from parts that are not constants."""
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add | ast.Mod))
        or (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and part.func.attr in ("format", "join", "replace")
        )
        for part in ast.walk(text)
    )


def faults(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.keyword(arg=str(name), value=value) if name in SCRIPTED:
                found.append(f"{value.lineno}: {name}=")
            case ast.Constant(value=str(text)) if re.fullmatch(r":[a-zA-Z-]+", text):
                found.append(f"{node.lineno}: {text}")
            case ast.Call(func=ast.Attribute(value=ast.Name(id="ui"), attr=name)) if name in BANNED:
                found.append(f"{node.lineno}: ui.{name}")
            case ast.Call(func=ast.Attribute(attr=name)) if name in PARSED and any(
                is_formatted(argument) for argument in node.args
            ):
                found.append(f"{node.lineno}: {name} of a formatted text")
    return found


@pytest.mark.parametrize("path", [*sources()], ids=lambda path: path.stem)
def test_no_text_is_formatted_into_what_nicegui_parses(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        'ui.element("p").props(f"title={title}")',
        'label.classes("card-" + kind)',
        'label.style("color: %s" % colour)',
        "client.run_javascript('alert({})'.format(name))",
        "ui.add_head_html(f'<title>{title}</title>')",
        "ui.html(text, sanitize=False)",
        "html.p(innerHTML=text)",
        'tag.props[":onclick"] = text',
        "ui.markdown(title)",
        "ui.notify(title)",
    ],
)
def test_the_check_finds_what_is_planted(planted: str) -> None:
    assert faults(planted) != []

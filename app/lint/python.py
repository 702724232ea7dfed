"""Modules in Python: what goes into NiceGUI's doors, and elements that must not be used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from app.lint.findings import Finding, is_meant_so, is_whole_file_meant_so

_PARSED: Final = {
    "props": "set values one by one, as components.html does",
    "classes": "give the list of classes as constants",
    "style": "set a class, or a custom property as a value",
    "add_slot": "draw the content with elements",
    "run_javascript": "use run_method with values",
    "add_head_html": "serve a file",
    "add_body_html": "serve a file",
    "add_css": "serve a file",
    "html": "draw the content with elements",
    "markdown": "draw the content with elements",
    "mermaid": "draw the content with elements",
    "js_handler": "use the page's own script",
}
"""Calls that read a text as something else, and what to do instead."""

_BANNED: Final = {
    "upload": "takes files under names that a stranger chooses (GHSA-75w7-4mx9-8qqc)",
    "editor": "shows HTML as it was stored (GHSA-9g7v-h3pr-4qm8)",
    "aggrid": "evaluates keys that begin with a colon (GHSA-m47w-xwfc-82pf)",
    "echart": "evaluates keys that begin with a colon (GHSA-m47w-xwfc-82pf)",
    "highchart": "evaluates keys that begin with a colon",
    "plotly": "evaluates keys that begin with a colon",
    "joystick": "sends what nobody checks",
    "codemirror": "sends what nobody checks",
    "json_editor": "sends what nobody checks",
    "interactive_image": "takes SVG as it is",
    "scene": "sends what nobody checks",
}
"""Elements of NiceGUI that 3.18 cannot hold safely, and why."""

_STORAGES: Final = {"user", "tab", "browser", "general"}
_TARGETS: Final = {"navigate.to", "ui.link", "navigate.open"}
_SAFE_TARGETS: Final = {"safe_url", "local_path"}
_RISKY_RUN: Final = {"on_air", "markdown", "reload", "show"}
_TAG: Final = re.compile(r"(?<!\?P)<\s*/?\s*[a-zA-Z!][\w-]*[\s>/]?")
_CONSTANT: Final = re.compile(r"_?[A-Z][A-Z0-9_]*")


def look_through_python(source: str, name: str) -> Iterator[Finding]:
    """What is wrong in a module.

    Raises:
        SyntaxError: it is no Python.
    """
    lines = source.splitlines()
    tree = ast.parse(source, name)
    if is_whole_file_meant_so(lines):
        return
    for node in ast.walk(tree):
        for rule, hint in _wrong(node):
            line = getattr(node, "lineno", 1)
            if not is_meant_so(lines, line, getattr(node, "end_lineno", line)):
                yield Finding(name, line, rule, hint)


def _wrong(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Call():
            yield from _wrong_call(node)
        case ast.Attribute(attr=attr, value=ast.Attribute(attr="storage")) if attr in _STORAGES:
            yield f"app.storage.{attr}", "Keep state in the session, on the server."
        case ast.JoinedStr() if _TAG.search(_literal_parts(node)) and not _is_escaped(node):
            yield "text in HTML", "Use a template or elements: they escape what they are given."
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))) if _TAG.search(text):
            yield "text in HTML", "Use a template or elements: they escape what they are given."
        case ast.Dict(keys=keys):
            if any(isinstance(key, ast.Constant) and _is_evaluated(key.value) for key in keys):
                yield "key with a colon", "NiceGUI evaluates its value as script."
        case ast.Subscript(slice=ast.Constant(value=key)) if _is_evaluated(key):
            yield "key with a colon", "NiceGUI evaluates its value as script."


def _wrong_call(call: ast.Call) -> Iterator[tuple[str, str]]:
    path = _path(call.func)
    called = path.rpartition(".")[2]
    given = {keyword.arg or "**": keyword.value for keyword in call.keywords}
    if called in _PARSED and "." in path and _is_nicegui(path, called):
        texts = [*call.args, *(value for name, value in given.items() if name != "sanitize")]
        if not all(map(_is_constant, texts)):
            yield f"text in {called}", f"It is read as more than text: {_PARSED[called]}."
    if "js_handler" in given and not _is_constant(given["js_handler"]):
        yield "text in a handler", f"It runs as script: {_PARSED['js_handler']}."
    if "sanitize" in given and not _is_true(given["sanitize"]):
        yield "sanitize", "HTML must be cleaned; better draw elements."
    if path.startswith("ui.") and called in _BANNED:
        yield f"ui.{called}", f"It {_BANNED[called]}."
    if path.endswith(tuple(_TARGETS)) and not _are_targets(call, given):
        yield "target", "It may hold javascript: or another site; put it through safe_url()."
    if path == "ui.run" and not _RISKY_RUN.isdisjoint(given):
        yield "ui.run", "These options are for playing; serve the application."
    if called == "run_method" and call.args and not _is_constant(call.args[0]):
        yield "run_method", "The name of the method must be a constant: it is evaluated."
    if path.endswith("Markup") and not all(map(_is_constant, call.args)):
        yield "Markup", "It switches escaping off."


def _is_nicegui(path: str, called: str) -> bool:
    """Whether a call goes to NiceGUI: names that others use too count as `ui.…` only."""
    return path.startswith("ui.") or called not in ("html", "markdown", "mermaid")


def _are_targets(call: ast.Call, given: dict[str, ast.expr]) -> bool:
    named = [value for name, value in given.items() if name == "target"]
    target = named or (call.args[1:2] if _path(call.func).endswith("link") else call.args[:1])
    return all(_is_constant(one) or _is_made_by(one, _SAFE_TARGETS) for one in target)


def _is_made_by(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Call) and _path(node.func).rpartition(".")[2] in names


def _is_constant(node: ast.expr) -> bool:
    """A constant, by itself, by its name, or chosen among such."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _CONSTANT.fullmatch(name) is not None
        case ast.IfExp(body=one, orelse=other):
            return _is_constant(one) and _is_constant(other)
        case ast.Starred(value=inner):
            return _is_constant(inner)
    return False


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_evaluated(key: object) -> bool:
    return (
        isinstance(key, str) and len(key) > 1 and re.fullmatch(r":[a-zA-Z@][\w-]*", key) is not None
    )


def _literal_parts(node: ast.JoinedStr) -> str:
    return "".join(
        part.value for part in node.values
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )  # fmt: skip


def _is_escaped(node: ast.JoinedStr) -> bool:
    """Whether every value of the text is escaped in its place, or a constant."""
    values = (part.value for part in node.values if isinstance(part, ast.FormattedValue))
    return all(_is_constant(one) or _is_made_by(one, {"escape"}) for one in values)


def _path(node: ast.expr) -> str:
    """``ui.navigate.to`` of a call, as far as it is names; a call before it shows as "()"."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{_path(value)}.{attr}"
        case ast.Call():
            return "()"
    return "?"

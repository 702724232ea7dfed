"""The shape of the code base: modules stay short, packages say what is public, doors are few."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
import components

ROOT = Path(__file__).parent.parent
LONGEST = 350
"""Lines. A longer module does not fit on a few screens; split it."""
LONGEST_TEST = 500
"""Lines of a module of tests, which is read a test at a time."""


def modules() -> Iterator[Path]:
    for package in ("app", "components", "benchmarks", "tests"):
        yield from sorted((ROOT / package).rglob("*.py"))


def packages() -> list[str]:
    found = [
        module.name
        for package in (app, components)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if module.ispkg and ".versions" not in module.name
    ]
    return [*found, "components"]


def test_modules_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (LONGEST_TEST if path.is_relative_to(ROOT / "tests") else LONGEST)
    }
    assert long == {}


@pytest.mark.parametrize("name", packages())
def test_a_package_says_what_is_public(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, "a package says what it is for"
    public = getattr(module, "__all__", [])
    assert [each for each in public if not hasattr(module, each)] == []
    assert len(public) == len(set(public))


def test_only_actions_write_to_recharge() -> None:
    """A call of a writing method of the client, anywhere but in the actions, is a second door."""
    writes = {
        "skip", "unskip", "skip_charge", "process", "cancel", "activate", "set_next_charge_date",
        "change_address", "apply_discount", "remove_discount", "refund", "merge",
    }  # fmt: skip
    doors = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        if path.is_relative_to(ROOT / "app")
        and not path.is_relative_to(ROOT / "app" / "actions")
        and not path.is_relative_to(ROOT / "app" / "recharge")
        and not path.is_relative_to(ROOT / "app" / "sandbox")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in writes
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr in {"charges", "subscriptions", "addresses"}
    ]
    assert doors == []


def test_no_public_function_of_ours_goes_undocumented() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in modules()
        if not path.is_relative_to(ROOT / "tests")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == []

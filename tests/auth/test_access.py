"""Every route stands in the access table, and everything in the table is a route."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nicegui
import pytest

from app.auth.access import ACCESS, Access, Who

ROOT = Path(__file__).parent.parent.parent
MOUNTED = {"/_nicegui_ws", f"/_nicegui/{nicegui.__version__}/static", "/sandbox"}
"""Applications below ours: the socket, which the guard keeps; files; and the demo's sandbox."""
DEMO = "/demo"
"""The demo's own doors, which no real service has."""


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Method and path of all routes of the whole service."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.auth.listed_routes"],
        cwd=tmp_path_factory.mktemp("service"),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    return {(method, as_template(path)) for method, path in json.loads(answer.stdout)}


def as_template(path: str) -> str:
    return re.sub(r":str}", "}", path)


def in_table() -> set[tuple[str, str]]:
    return {(method, entry.path) for entry in ACCESS for method in entry.methods}


def test_every_route_has_its_entry(routes: set[tuple[str, str]]) -> None:
    ours = {
        (method, path)
        for method, path in routes
        if method not in ("HEAD", "MOUNT") and not path.startswith(DEMO)
    }
    assert ours - in_table() == set()


def test_every_entry_has_its_route(routes: set[tuple[str, str]]) -> None:
    files = {("GET", entry.path) for entry in ACCESS if "/static/{path:path}" in entry.path}
    assert in_table() - routes - files == set()


def test_what_is_mounted_is_known(routes: set[tuple[str, str]]) -> None:
    assert {path for method, path in routes if method == "MOUNT"} == MOUNTED


def test_no_entry_is_there_twice() -> None:
    listed = [(method, entry.path) for entry in ACCESS for method in entry.methods]
    assert len(listed) == len(set(listed))


def test_an_entry_says_what_it_is_for_in_a_sentence() -> None:
    assert [entry.path for entry in ACCESS if not entry.about.endswith(".")] == []


def test_what_anybody_can_post_to_checks_a_token_or_a_proof() -> None:
    """The browser's word alone, where there is one, is for those who are signed in, and for bodies
    of JSON, which no form of another site can send."""
    open_to_all = (Who.DOOR, Who.PROOF, Who.MERCHANT)
    careless = [
        entry.path
        for entry in ACCESS
        if entry.who in open_to_all and "POST" in entry.methods and not (entry.token or entry.json)
    ]
    assert careless == []


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/sign-in/sent", "/sign-in/sent"),
        ("/sign-in/abc", "/sign-in/{link}"),
        ("/cancel/abc/def", "/cancel/{spoilt:path}"),
        ("/orders/701/receipt.pdf", "/orders/{id}/receipt.pdf"),
        ("/payment-methods/add/form/stripe.js", "/payment-methods/add/form/{name}"),
        ("/subscriptions/301", "/{path:path}"),
        ("/", "/"),
    ],
)
def test_the_first_entry_that_fits_counts(path: str, template: str) -> None:
    entry = Access().find(path)
    assert entry is not None
    assert entry.path == template

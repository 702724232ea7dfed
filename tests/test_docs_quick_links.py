"""``docs/quick-links.md`` says what links there are, and its commands and bodies work."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from app.actions.quick.wishes import LinksWanted, What, WishedLink
from tests.test_cli import run

DOCUMENT = (Path(__file__).parent.parent / "docs" / "quick-links.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("` "): cells[1:]
    for line in DOCUMENT.splitlines()
    if line.startswith("| `")
    and not line.startswith("| `what`")
    and (cells := line.strip("|").split("|"))
}


def test_every_kind_of_link_has_its_row() -> None:
    assert set(ROWS) == set(What)


@pytest.mark.parametrize("what", What)
def test_the_row_names_what_a_link_takes(what: What) -> None:
    said = set(re.findall(r"`([a-z]+)`", " ".join(ROWS[what])))
    values = {"date": "2026-12-01", "variant": "1"}
    taken = set()
    for name in set(WishedLink.model_fields) - {"what", "customer", "days"}:
        given = {"what": what, "customer": 1, name: values.get(name, 1)}
        given |= {"variant": "1"} if what is What.ADD else {}
        given |= {"subscription": 1} if what is What.REACTIVATE or name == "date" else {}
        try:
            WishedLink.model_validate(given)
        except ValueError:
            continue
        taken.add(name)
    assert said & set(WishedLink.model_fields) == taken


def test_the_commands_run(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer\n101\n102\n")
    (block,) = [
        one for one in re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL) if "-m app" in one
    ]
    for line in block.strip().splitlines():
        words = shlex.split(line.partition(">")[0])
        assert words[:3] == ["python", "-m", "app"]
        ended = run(tmp_path, *words[3:])
        assert ended.returncode == 0, ended.stderr
        assert "/do/" in ended.stdout


def test_the_body_is_one_that_is_taken() -> None:
    (body,) = re.findall(r"-d '(.*)'", DOCUMENT)
    assert LinksWanted.model_validate(json.loads(body)).links

"""The benchmarks run. What they measure is for people to read, so nothing here looks at times."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from app.pages import overview
from app.pages.frame import NAVIGATION
from benchmarks import plain
from benchmarks.__main__ import cli
from benchmarks.arrivals import DESIGNS
from benchmarks.contestants import plain_page
from benchmarks.customers import Opened, customer_table, pages
from benchmarks.page import Figures, Visit, page_table
from benchmarks.visits import ANSWER, BUTTON, CARD, ENTRY, NEXT, Content, watching


def components(page: str, name: str) -> int:
    return len(re.findall(f'data-component="{name}"', page))


def test_the_budget_table_has_a_line_for_every_design() -> None:
    result = CliRunner().invoke(cli, ["budget", "--customers", "20"])
    assert result.exit_code == 0
    assert "20 customers arrive" in result.output
    for design in DESIGNS:
        assert design.name in result.output


async def test_the_plain_page_shows_what_the_overview_shows(tmp_path: Path) -> None:
    async with (
        plain.plain_site("http://plain", 101, tmp_path) as site,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=site), base_url="http://plain"
        ) as visitor,
    ):
        page = (await visitor.get("/")).text
        assert components(page, "next-delivery") == 1
        assert components(page, "timeline-entry") == plain.COMING == overview.COMING
        assert components(page, "subscription-card") == 8
        assert "<dialog" not in page
        assert "<dialog open" in (await visitor.get("/skip")).text


def test_a_contestant_is_counted_and_weighed(tmp_path: Path) -> None:
    with plain_page(101, tmp_path) as contestant:
        assert contestant.upstream_calls() == 0
        assert httpx.get(contestant.address, trust_env=False).status_code == 200
        first_visit = contestant.upstream_calls()
        assert first_visit > 0
        assert httpx.get(contestant.address, trust_env=False).status_code == 200
        assert contestant.upstream_calls() == first_visit
        assert contestant.cpu_seconds() > 0
        assert contestant.memory_bytes() > 1_000_000
    assert not psutil.pid_exists(contestant.process.pid)


def test_the_page_table_shows_medians_side_by_side() -> None:
    figures = [Figures("Doorstep"), Figures("plain HTML")]
    for one in figures:
        for visits in one.visits.values():
            visits += [
                Visit(content, content + 50.0, 9, 81_000, 0, 20.0)
                for content in (300.0, 100.0, 200.0)
            ]
    lines = page_table(figures).splitlines()
    assert lines[0].split() == [
        *("Doorstep,", "cold", "Doorstep,", "warm"),
        *("plain", "HTML,", "cold", "plain", "HTML,", "warm"),
    ]
    told = {line.split("  ")[0]: line.split()[-1] for line in lines[2:]}
    assert told["content shown, ms"] == "200"
    assert told["first button answers, ms"] == "250"
    assert told["on the line, kB"] == "81.0"


def test_the_customer_table_compares_medians() -> None:
    little = Opened(shown=[100.0, 900.0, 200.0], cpu=[10.0, 20.0, 30.0])
    much = Opened(shown=[300.0, 250.0, 900.0], cpu=[40.0, 40.0, 40.0])
    line = customer_table([("overview", little, much)]).splitlines()[-1]
    assert line.split() == ["overview", "200", "300", "1.50", "20.0", "40.0", "2.00"]


def test_every_page_of_a_customer_is_opened() -> None:
    paths = {page.path for page in pages(301)}
    assert {path for path, _, _ in NAVIGATION} <= paths
    assert {"/subscriptions/301", "/schedule/month"} <= paths


def test_the_watching_script_knows_what_to_look_for() -> None:
    script = watching(Content("2026-07-03", 3, 6, 8), is_pressing=True)
    assert "WANTED" not in script
    for selector in (NEXT, ENTRY, CARD, BUTTON, ANSWER):
        assert selector in script


def test_without_a_browser_the_page_benchmark_fails_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    result = CliRunner().invoke(cli, ["page"])
    assert result.exit_code == 1
    assert "no Chromium" in result.output

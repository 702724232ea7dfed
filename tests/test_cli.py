"""The command line, as it is run: what it prints, and how it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from app.cli import cli
from tests.browser.service import ROOT, running_service


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DOORSTEP_", "RECHARGE_")) and name not in {"PORT", "DATABASE_URL"}
    }
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT: "),
        (
            {"DATABASE_URL": "sqlite:////proc/nowhere/x.db"},
            "DATABASE_URL: the database cannot be reached",
        ),
        (
            {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"},
            "DATABASE_URL: the database cannot be reached",
        ),
        (
            {"DOORSTEP_SWITCHES": '{"skip_shceduled": true}'},
            "DOORSTEP_SWITCHES: there is no skip_s",
        ),
        ({"DOORSTEP_EXTENSIONS": "no.such.module"}, "DOORSTEP_EXTENSIONS: no.such.module cannot"),
        ({"RECHARGE_API_TOKEN": "sk_test"}, "DOORSTEP_SMTP_URL: must be set"),
        (
            {"DOORSTEP_RETENTION": str(ROOT / "pyproject.toml")},
            f"DOORSTEP_RETENTION: {ROOT / 'pyproject.toml'}, line ",
        ),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence_with_exit_2(
    tmp_path: Path, environment: dict[str, str], sentence: str
) -> None:
    ended = run(tmp_path, "serve", **{"PORT": "0", **environment})
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.startswith(sentence)
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run(tmp_path, "serve", "--port", str(taken.getsockname()[1]))
    assert ended.returncode == 2
    assert "Choose another with --port" in ended.stderr


def test_the_doctor_says_what_to_mend(tmp_path: Path) -> None:
    ended = run(tmp_path, "doctor", DOORSTEP_PUBLIC_URL="https://account.shop.example")
    assert ended.returncode == 1
    assert "Address: well" in ended.stdout
    assert "Database: well" in ended.stdout
    assert "Mail: Set DOORSTEP_SMTP_URL" in ended.stdout
    assert "Retention file: DOORSTEP_RETENTION is not set" in ended.stdout
    assert "Recharge: RECHARGE_API_TOKEN is not set" in ended.stdout


def test_the_demo_is_kept_over_a_restart_on_another_port(tmp_path: Path) -> None:
    for _ in range(2):
        with running_service(tmp_path) as service:
            assert (tmp_path / "var" / "sandbox.db").exists()
            with httpx.Client(follow_redirects=True) as browser:
                page = browser.get(service.sign_in_link(102))
                assert page.status_code == 200
                assert "/sandbox/pictures/" in page.text
                picture = browser.get(f"{service.address}/sandbox/pictures/colombia-huila.svg")
                assert picture.headers["content-type"].startswith("image/svg")
                assert browser.get(service.sign_in_link(99_999)).status_code == 404


def test_the_demos_shop_may_be_planted_anew(tmp_path: Path) -> None:
    """Without its shop the mirror holds records of one that is gone; they must not be shown."""
    with running_service(tmp_path) as service:
        customer = service.new_customer(subscriptions=1)
        with httpx.Client(follow_redirects=True) as browser:
            assert "Robin" in browser.get(service.sign_in_link(customer.id)).text
    for file in (tmp_path / "var").glob("sandbox.db*"):
        file.unlink()
    with running_service(tmp_path) as service, httpx.Client(follow_redirects=True) as browser:
        assert browser.get(service.sign_in_link(customer.id)).status_code == 404
        assert "Mara" in browser.get(service.sign_in_link(101)).text


def test_a_shop_brings_its_own_card_and_colours(tmp_path: Path) -> None:
    (tmp_path / "roasters.py").write_text(
        "from components import SubscriptionCard, html, override\n\n\n"
        "@override(SubscriptionCard)\n"
        "class RoasterCard(SubscriptionCard):\n"
        "    def body(self) -> None:\n"
        "        super().body()\n"
        '        html.p(self.t("Roasted to order, every Tuesday."))\n',
        encoding="utf-8",
    )
    (tmp_path / "own.css").write_text(":root { --ds-accent: #7a3b2e; }", encoding="utf-8")
    own = {"DOORSTEP_EXTENSIONS": "roasters", "DOORSTEP_STYLESHEET": "own.css"}
    with (
        running_service(tmp_path, **own) as service,
        httpx.Client(follow_redirects=True) as browser,
    ):
        page = browser.get(service.sign_in_link(102)).text
    assert "Roasted to order, every Tuesday." in page
    assert page.index("--ds-accent: #7a3b2e") > page.index("--ds-page:")


def test_the_sandbox_alone_tells_what_it_cannot_use(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("no database at all, but a file of some length" * 50)
    ended = run(tmp_path, "sandbox", "--port", "0", "--db", "notes.db")
    assert ended.returncode == 2
    assert "notes.db" in ended.stderr
    assert "Traceback" not in ended.stderr

    ended = run(tmp_path, "sandbox", "--port", "-1")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def test_lint_names_what_could_run_and_fails(tmp_path: Path) -> None:
    (tmp_path / "card.py").write_text('ui.html(f"<b>{title}</b>")\n')
    answer = CliRunner().invoke(cli, ["lint", str(tmp_path)])
    assert answer.exit_code == 1
    assert "card.py:1: text in HTML" in answer.output
    (tmp_path / "card.py").write_text("ui.label(title)\n")
    assert CliRunner().invoke(cli, ["lint", str(tmp_path)]).exit_code == 0


def test_lint_says_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "card.py").write_text("def :\n")
    assert "card.py:1: this is no Python" in CliRunner().invoke(cli, ["lint", str(tmp_path)]).output
    assert "no such file" in CliRunner().invoke(cli, ["lint", str(tmp_path / "x")]).output

"""What is logged, however much of it is asked for, holds no values of customers."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from app.auth import new_secret
from app.database import Database
from app.logs import blotted, configure_logs
from tests.auth.world import make_settings

Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def log_level() -> str:
    return "INFO"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, log_level: str) -> Iterator[Written]:
    """What was logged, as production writes it."""
    before, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level
    output = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", output)
        configure_logs(make_settings(log_format="json", log_level=log_level))

    def written() -> list[dict[str, Any]]:
        return [json.loads(line) for line in output.getvalue().splitlines()]

    yield written
    structlog.configure(**before)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.mark.parametrize("log_level", ["DEBUG"])
async def test_no_detail_holds_what_goes_into_the_database(
    lines: Written, database_url: str
) -> None:
    database = Database(database_url)
    async with database.read() as connection:
        await connection.execute(text("SELECT :who"), {"who": "nobody else is called so"})
    await database.close()
    logging.getLogger("some.library").debug("in detail")
    written = json.dumps(lines())
    assert "in detail" in written
    assert "nobody else" not in written


def test_a_shop_in_production_gets_json_and_the_demo_text() -> None:
    assert make_settings(recharge_api_token="sk_test").writes_json
    assert not make_settings().writes_json
    assert not make_settings(recharge_api_token="sk_test", log_format="text").writes_json


def test_lines_of_ours_and_of_libraries_have_one_form(
    lines: Written,
) -> None:
    structlog.get_logger("app.web").info("signed in", method="link")
    logging.getLogger("uvicorn.error").warning("slow %s", "socket")
    ours, theirs = lines()
    assert (ours["event"], ours["level"], ours["method"]) == ("signed in", "info", "link")
    assert (theirs["event"], theirs["level"]) == ("slow socket", "warning")
    assert theirs["logger"] == "uvicorn.error"
    assert ours["timestamp"].endswith("Z")


PLANTED = {
    "secret": new_secret(),
    "hash": "101" + "0f" * 8,
    "e-mail": "mara.lindqvist@example.com",
    "card": "4242 4242 4242 4242",
    "card in one piece": "5555555555554444",
    "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMDEifQ.c2lnbmF0dXJl",
    "key": "sk_live_51Habcdef",
    "bearer": "Bearer abc.def-ghi",
}


@pytest.mark.parametrize("kind", PLANTED)
def test_what_slips_into_a_line_is_blotted_out(lines: Written, kind: str) -> None:
    value = PLANTED[kind]
    structlog.get_logger("app").warning(f"got {value}", path=f"/x/{value}", more={value: [value]})
    logging.getLogger("some.library").error("failed: %s at /x?token=%s", value, value)
    try:
        raise RuntimeError(value)
    except RuntimeError:
        logging.getLogger("some.library").exception("raised")
    written = json.dumps(lines())
    assert "failed" in written
    assert value not in written
    assert value.replace("Bearer ", "") not in written


def test_nobody_writes_a_line_of_their_own(lines: Written) -> None:
    structlog.get_logger("app").info('refused\n{"event": "signed in"}', path="/a\r\nb")
    logging.getLogger("some.library").error("one\ntwo")
    assert len(lines()) == 2


def test_what_a_line_needs_is_left_in_it() -> None:
    kept = "incident 1a2b3c4d5e at app/web/front.py:120, 2026-11-22T10:34:14Z, customer 101"
    assert blotted(kept) == kept

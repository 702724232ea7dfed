"""What is logged, however much of it is asked for, holds no values of customers."""

from __future__ import annotations

import logging

import pytest
import structlog
from sqlalchemy import text

from app.database import Database
from app.main import _log_as
from tests.auth.world import make_settings


async def test_no_detail_holds_what_goes_into_the_database(
    caplog: pytest.LogCaptureFixture, database_url: str
) -> None:
    before = structlog.get_config()
    try:
        _log_as(make_settings(log_level="DEBUG"))
        with caplog.at_level(logging.DEBUG):
            database = Database(database_url)
            async with database.read() as connection:
                await connection.execute(text("SELECT :who"), {"who": "mara@example.com"})
            await database.close()
    finally:
        structlog.configure(**before)
    assert "mara" not in caplog.text

"""A file that cannot be the sandbox's database is told in a sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from app.sandbox import CannotOpen, Sandbox


def a_letter(folder: Path) -> Path:
    path = folder / "letter.txt"
    path.write_text("Dear shop, " * 500)
    return path


def a_folder(folder: Path) -> Path:
    return folder


def under_a_file(folder: Path) -> Path:
    return a_letter(folder) / "sandbox.db"


def of_another_program(folder: Path) -> Path:
    path = folder / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE addresses (street TEXT)")
    connection.close()
    return path


def that_says_it_is_one(folder: Path) -> Path:
    path = folder / "torn.db"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    return path


@pytest.mark.parametrize(
    "make", [a_letter, a_folder, under_a_file, of_another_program, that_says_it_is_one]
)
async def test_a_file_that_cannot_be_opened(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(CannotOpen) as caught:
        Sandbox(str(path))
    assert caught.value.path == str(path)
    assert str(path) in str(caught.value)
    assert str(caught.value).count("\n") == 0
    assert str(caught.value).endswith(".")
    if make is a_letter:
        assert path.read_bytes() == before, "nothing of it was changed"

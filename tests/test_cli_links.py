"""``python -m app links``: what it prints, and what it does not make."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from app.auth import LinkSigner
from app.link_table import WrongLink, open_table, signed, signed_table
from tests.test_cli import run

SECRET = "a secret of the shop's that is long enough"
ORIGIN = "https://account.shop.example"
SET = {"DOORSTEP_LINK_SECRETS": SECRET, "DOORSTEP_PUBLIC_URL": ORIGIN}
SIGNER = LinkSigner([SECRET], ORIGIN)


def read(url: str) -> dict[str, object]:
    """What a printed link asks for."""
    assert url.startswith(f"{ORIGIN}/do/")
    link = SIGNER.read(url.strip().rpartition("/")[2])
    assert link is not None
    return {**link.wish.document, "customer": link.wish.customer}


def table(text: str, **said: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(signed_table(SIGNER, io.StringIO(text), said))))


def test_one_link_is_printed_on_one_line(tmp_path: Path) -> None:
    ended = run(tmp_path, "links", "skip", "--customer", "101", "--subscription", "301", **SET)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("\n") == 1
    assert read(ended.stdout) == {"what": "skip", "customer": 101, "subscription": 301}


def test_the_demo_makes_itself_a_secret_that_lasts_and_nobody_else_reads(tmp_path: Path) -> None:
    for _ in range(2):
        assert run(tmp_path, "links", "skip", "--customer", "101").returncode == 0
    file = tmp_path / "var" / "link-secret"
    assert file.stat().st_mode & 0o077 == 0
    assert len(file.read_text()) >= 43


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (["cancel", "--customer", "101"], SET, "what: "),
        (["skip"], SET, "customer: Field required"),
        (["--csv", "missing.csv"], SET, "missing.csv cannot be read"),
        (
            ["skip", "--customer", "101"],
            {"RECHARGE_API_TOKEN": "sk_test"},
            "DOORSTEP_LINK_SECRETS: must be set",
        ),
        (
            ["skip", "--customer", "101"],
            {"DOORSTEP_LINK_SECRETS": "short"},
            "DOORSTEP_LINK_SECRETS: ",
        ),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence_with_exit_2(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], sentence: str
) -> None:
    ended = run(tmp_path, "links", *arguments, **environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_each_line_of_a_table_gets_its_link_and_keeps_what_it_had() -> None:
    lines = table(
        'name,customer,what,variant,days\n"Doe, ""J""",101,skip,,\n=x,102,add,77,2\n', weeks=""
    )
    assert [line["name"] for line in lines] == ['Doe, "J"', "=x"]
    assert [read(line["url"]) for line in lines] == [
        {"what": "skip", "customer": 101},
        {"what": "add", "customer": 102, "variant": "77"},
    ]
    first, second = (line["expires_at"] for line in lines)
    assert first > second


def test_what_all_lines_share_is_said_once() -> None:
    lines = table("customer,weeks\n101,\n102,3\n", what="move", weeks="2")
    assert [read(line["url"])["weeks"] for line in lines] == [2, 3]


def test_a_table_of_a_spreadsheet_is_read_and_one_goes_out(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes("\ufeffcustomer,Ort\r\n101,Köln\r\n".encode())
    ended = run(tmp_path, "links", "skip", "--csv", "in.csv", **SET, PYTHONUTF8="1")
    assert ended.returncode == 0, ended.stderr
    head, line = ended.stdout.splitlines()
    assert head == "customer,Ort,url,expires_at"
    assert line.startswith("101,Köln,https://")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Line 1 must name columns"),
        ("name,mail\nx,y\n", "Line 1 must name columns"),
        ("customer,url\n1,2\n", "Line 1: the column url is added here"),
        ("customer,what\n101,skip\n102,cancel\n", "Line 3: what: "),
        ("customer,what\n101,skip\nx,skip\n", "Line 3: customer: "),
        ("customer,what\n101\n", "Line 2 has another number of values"),
        ("customer,what\n101,skip,more\n", "Line 2 has another number of values"),
        ('customer,what\n101,"skip\n', "no table"),
    ],
)
def test_a_table_with_a_wrong_line_makes_no_link_at_all(text: str, words: str) -> None:
    with pytest.raises(WrongLink, match=words):
        table(text)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"customer,what\n\xff,skip\n")
    with (
        open_table(str(tmp_path / "x.csv")) as opened,
        pytest.raises(WrongLink, match="in UTF-8"),
    ):
        signed_table(SIGNER, opened, {})


def test_spaces_around_a_value_are_none_of_it() -> None:
    assert read(signed(SIGNER, {"what": " skip ", "customer": "101\t"}).url)["customer"] == 101

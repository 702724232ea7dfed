"""The merchant's file: what it may say, and one sentence with the line for whatever it may not."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.retention import (
    Incentive,
    RetentionFile,
    RetentionFileError,
    Span,
    load_retention_file,
)
from app.retention.plan_file import FileReason
from app.retention.yaml_file import MOST_BYTES

EXAMPLE = Path(__file__).parents[2] / "docs" / "retention-example.yaml"


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str | bytes], RetentionFile]:
    def load(content: str | bytes) -> RetentionFile:
        path = tmp_path / "retention.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_retention_file(path)

    return load


def test_the_example_says_everything() -> None:
    file = load_retention_file(EXAMPLE)
    assert file.model_dump().keys() - file.model_fields_set == set()
    assert file.reason == "optional"
    assert file.hold_out == Decimal("0.1")
    assert file.delays == (Span(1, "week"), Span(2, "week"), Span(1, "month"))
    assert file.discounts is not None
    assert (file.discounts.times, file.discounts.within) == (1, 365)
    assert file.listed is not None
    assert {each.incentive for each in file.listed} == {*Incentive, None}
    [discount] = [each for each in file.listed if each.incentive is Incentive.DISCOUNT]
    assert discount.discount_code == "STAY20"
    later = file.listed[1]
    assert later.said("de-AT") == "Ich brauche es später"
    assert later.said("fr") == later.for_merchant == "I need it later"
    assert later.answer("de") == "Verschieben Sie die nächste Lieferung. Ihr Preis bleibt."
    assert file.memberships is not None
    assert file.memberships.listed is not None
    assert [each.key for each in file.memberships.listed] == ["too-little-use", "trouble"]


@pytest.mark.parametrize("content", ["", "\n# nothing yet\n", "---\n", "~", "reasons:\ndelays:\n"])
def test_a_file_that_says_nothing_leaves_all_as_it_is(
    load: Callable[[str | bytes], RetentionFile], content: str
) -> None:
    assert load(content) == RetentionFile()


def test_values_in_their_other_forms(load: Callable[[str | bytes], RetentionFile]) -> None:
    file = load("\ufeffhold_out: 0\npauses: [90 days]\ndiscounts: {within: 2 weeks}\nreasons: []\n")
    assert file.hold_out == 0
    assert file.pauses == (Span(90, "day"),)
    assert file.discounts is not None
    assert (file.discounts.times, file.discounts.within) == (None, 14)
    assert file.listed == ()
    assert load("hold_out: 12.5 %").hold_out == Decimal("0.125")


def test_languages_are_written_in_any_case_and_no_is_one(
    load: Callable[[str | bytes], RetentionFile],
) -> None:
    file = load("reasons:\n  - key: a1\n    text: {pt-br: Caro, no: Dyrt, en: Dear}\n")
    assert file.listed is not None
    assert file.listed[0].text == {"pt-BR": "Caro", "no": "Dyrt", "en": "Dear"}
    assert file.listed[0].said("pt-BR") == "Caro"


def test_a_text_of_several_lines_is_a_text(load: Callable[[str | bytes], RetentionFile]) -> None:
    file = load("reasons:\n  - key: a\n    text: Dear\n    words: >\n      One\n      two.\n")
    assert file.listed is not None
    assert file.listed[0].words == {"": "One two."}


REASON = "reasons:\n  - key: dear\n    text: Too dear\n"
KEYS = (
    "reason, minimum_orders, reasons, hold_out, delays, pauses, discounts, contact, delivery_days, "
    "memberships"
)
LENGTHS = "must be lengths of up to a year, such as 2 weeks or 1 month"
LIST_OF_LENGTHS = "must be a list of up to 12 lengths"
TEXT = "must be a text of up to 300 signs, in quotes if a number"
LANGUAGES = "must be a text, or one text for each language, in quotes if a number"
OFFERS = "skip, delay, pause, swap, discount, rhythm, gift, address, contact"
KEY = "must be up to 40 of a to z, 0 to 9 and -, in quotes if a number"
NO_ALIAS = "anchors and aliases (& and *) cannot be used here"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        # Keys
        ("hold-out: 10%", 1, "there is no hold-out; did you mean hold_out?"),
        ("reason: optional\n\nReasons: []", 3, "there is no Reasons; did you mean reasons?"),
        ("colour: red", 1, f"there is no colour; what there is: {KEYS}"),
        ("discounts:\n  time: 1", 2, "there is no time; did you mean times?"),
        (
            "memberships:\n  hold_out: 1%",
            2,
            "there is no hold_out; what there is: reason, minimum_orders, reasons",
        ),
        (REASON + "    incentive: skip", 4, None),
        (REASON + "    ofer: skip", 4, "there is no ofer; did you mean offer?"),
        ("reason: optional\nreason: required", 2, "reason stands twice"),
        (REASON + "    text: Dear", 4, "text stands twice"),
        ('"": 1', 1, f'there is no ""; what there is: {KEYS}'),
        ("? [a]\n: b", 1, "a key must be a word"),
        # Values
        ("reason: maybe", 1, "reason must be one of optional, required"),
        ("reason: true", 1, "reason must be one of optional, required"),
        ("hold_out: 60%", 1, "hold_out must be a percentage from 0% to 50%, such as 10%"),
        ("hold_out: 10", 1, "hold_out must be a percentage from 0% to 50%, such as 10%"),
        ("hold_out: 0.1", 1, "hold_out must be a percentage from 0% to 50%, such as 10%"),
        ("hold_out: -5%", 1, "hold_out must be a percentage from 0% to 50%, such as 10%"),
        ("minimum_orders: -1", 1, "minimum_orders must be a whole number from 0 to 100"),
        ("minimum_orders: yes", 1, "minimum_orders must be a whole number from 0 to 100"),
        ("minimum_orders: true", 1, "minimum_orders must be a whole number from 0 to 100"),
        ("minimum_orders: 3.5", 1, "minimum_orders must be a whole number from 0 to 100"),
        ('minimum_orders: "3"', 1, "minimum_orders must be a whole number from 0 to 100"),
        ("delivery_days: 91", 1, "delivery_days must be a whole number from 0 to 90"),
        ("delays: 1 week", 1, f"delays {LIST_OF_LENGTHS}"),
        ("delays:\n  - 1 week\n  - 1 fortnight", 3, f"delays {LENGTHS}"),
        ("delays:\n  - 0 days", 2, f"delays {LENGTHS}"),
        ("pauses: [13 months]", 1, f"pauses {LENGTHS}"),
        ("pauses: []", 1, "pauses must be at least one length, and each once"),
        ("pauses: [1 week, 1 weeks]", 1, "pauses must be at least one length, and each once"),
        (f"pauses: [{', '.join(f'{n} days' for n in range(1, 14))}]", 1, None),
        ("discounts: 1", 1, "discounts must have keys with values: times, within"),
        ("discounts:\n  times: many", 2, "times must be a whole number from 0 to 100"),
        (
            "discounts:\n  times: 1\n  within: 1 month",
            3,
            "within must be a time of up to ten years in days or weeks, such as 365 days",
        ),
        ("contact: hello", 1, "contact must be an e-mail address"),
        ("contact: Shop <a@b.example>", 1, "contact must be an e-mail address"),
        ("memberships: []", 1, None),
        # Reasons
        ("reasons: skip", 1, "reasons must be a list of up to 30 reasons"),
        ("reasons:\n  dear: skip", 2, "reasons must be a list of up to 30 reasons"),
        (
            "reasons:\n  - dear",
            2,
            "reasons must have keys with values: key, text, words, offer, discount_code",
        ),
        ("reasons:\n  - text: Dear", 2, "key is missing"),
        ("reasons:\n  - key: a\n    offer: skip\n  - key: b\n    text: B", 2, "text is missing"),
        ("reasons:\n  - key: Too Dear\n    text: Dear", 2, f"key {KEY}"),
        ("reasons:\n  - key: 12\n    text: Dear", 2, f"key {KEY}"),
        (f"reasons:\n  - text: Dear\n    key: {'a' * 41}", 3, f"key {KEY}"),
        (
            "reasons:\n  - key: done\n    text: Dear",
            2,
            "key must not be done, which stands in addresses of our own",
        ),
        (
            "reasons:\n  - key: confirm\n    text: Dear",
            2,
            "key must not be confirm, which stands in addresses of our own",
        ),
        (
            REASON + "  - text: Dear again\n    key: dear",
            5,
            "key must differ: there are two reasons dear",
        ),
        ("reasons:\n  - key: a\n    text: 5", 3, f"text {LANGUAGES}"),
        ("reasons:\n  - key: a\n    text:", 3, f"text {LANGUAGES}"),
        ("reasons:\n  - key: a\n    text: {}", 3, f"text {LANGUAGES}"),
        ('reasons:\n  - key: a\n    text: " "', 3, f"text {TEXT}"),
        (f"reasons:\n  - key: a\n    text: {'a' * 301}", 3, f"text {TEXT}"),
        ("reasons:\n  - key: a\n    text:\n      en: A\n      de: 5", 5, f"text in de {TEXT}"),
        (
            "reasons:\n  - key: a\n    text:\n      en: A\n      klingon: B",
            5,
            "klingon is not a language such as en or pt-BR",
        ),
        (REASON + "    offer: free", 4, f"offer must be one of {OFFERS}"),
        (REASON + "    offer: [skip]", 4, f"offer must be one of {OFFERS}"),
        (REASON + "    offer: discount", 4, "offer discount needs a discount_code beside it"),
        (
            REASON + "    discount_code: STAY",
            4,
            "discount_code must stand beside offer: discount only",
        ),
        (
            REASON + "    discount_code: 20\n    offer: discount",
            4,
            "discount_code must be a text of up to 100 signs, in quotes if a number",
        ),
        (
            "memberships:\n  reasons:\n  - key: a\n    text: A\n    offer: skip",
            5,
            "offer must be contact: memberships have no other",
        ),
        # YAML
        ("- a\n- b", 1, "the file must have keys with values, such as reason: optional"),
        ("reason", 1, "the file must have keys with values, such as reason: optional"),
        ("reason: optional\n\tdelays: []", 2, None),
        ("reason: a: b", 1, "this is not YAML: mapping values are not allowed here"),
        ("reason: 'optional", 1, None),
        ("reasons: [a\n\n", 3, None),
        ("delays: &a [1 week]\npauses: *a", 1, NO_ALIAS),
        ("delays: [1 week]\npauses: *a", 2, NO_ALIAS),
        ("reason: !!str optional", 1, "tags (!) cannot be used here"),
        ("reason: optional\n---\nreason: required", 2, None),
        ("reason: optional\ncontact: \x07", 2, "this holds a sign that YAML does not allow"),
        ('reason: optional\ncontact: "\\a"', 2, "this holds a sign that cannot be shown"),
        ('reason: "\\ud800"', 1, "this holds a sign that cannot be shown"),
        (
            'reason: optional\ncontact: "\\U0011FFFF"',
            2,
            "this is not YAML: a number is too large",
        ),
        (b"reason: optional\ncontact: \xff\n", 2, "this is not UTF-8 text"),
        ("[" * 1000, 1, "this goes too deep"),
        # The first of several
        ("minimum_orders: a\ncontact: a\nreason: maybe", 1, None),
        ("contact: a\nhold_out: 99%\nreason: maybe", 1, "contact must be an e-mail address"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(
    load: Callable[[str | bytes], RetentionFile],
    tmp_path: Path,
    content: str | bytes,
    line: int,
    reason: str | None,
) -> None:
    with pytest.raises(RetentionFileError) as caught:
        load(content)
    assert caught.value.line == line, str(caught.value)
    place = f"{tmp_path / 'retention.yaml'}, line {line}: "
    if reason is None:
        assert str(caught.value).startswith(place)
    else:
        assert str(caught.value) == f"{place}{reason}."


def test_a_file_that_is_too_long_or_not_there_has_no_line(
    load: Callable[[str | bytes], RetentionFile], tmp_path: Path
) -> None:
    with pytest.raises(RetentionFileError, match=r"must not be longer than 64 kB\.$"):
        load("#" * (MOST_BYTES + 1))
    assert load("#" * MOST_BYTES) == RetentionFile()
    with pytest.raises(RetentionFileError, match=r"yaml: this is not YAML: a number is too large"):
        load(f"%YAML 1.{'1' * 5000}\n---\n")
    with pytest.raises(RetentionFileError, match=r"none\.yaml: cannot be read \(FileNotFound"):
        load_retention_file(tmp_path / "none.yaml")
    with pytest.raises(RetentionFileError, match=r"cannot be read \(IsADirectoryError\)\.$"):
        load_retention_file(tmp_path)


_words = st.sampled_from(
    [
        *sorted(RetentionFile.model_fields.keys() | FileReason.model_fields.keys()),
        "times",
        "within",
        "confirm",
        "de",
        "xx",
        "10%",
        "1 week",
        "1",
        "null",
        "true",
        "<<",
        "é",
    ]
)
_signs = st.sampled_from(
    [
        *"#'\"{}[]|> \n\t\u2028\x85",
        "&a",
        "*a",
        "!t",
        "? ",
        "- ",
        ": ",
        "\n  ",
        "\n    ",
        "%YAML 1.1",
        "---",
        "...",
        "\\U0011FFFF",
    ]
)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | _words,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_words | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.text(max_size=60)
    | st.lists(_words | _signs | st.text(max_size=3), max_size=14).map("".join)
    | _values.map(json.dumps)
)
def test_no_text_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    said = ""
    try:
        load_retention_file(path)
    except RetentionFileError as error:
        said = str(error)
    assert not said or (said.endswith(".") and "\n" not in said)

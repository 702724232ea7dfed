"""Postal addresses: which parts they have by country, and what is wrong with one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.i18n import (
    PARTS,
    UNSEEN,
    Texts,
    countries,
    parsed_phone,
    postal_form,
    same_province,
    wrong_parts,
)
from tests.postal import COUNTRIES, NAMES, WORDS, Parts, addresses, broken

MAINE: Parts = {
    "first_name": "Mara", "last_name": "Lindqvist", "address1": "18 Lantern Row",
    "city": "Portland", "province": "Maine", "zip": "04101", "country_code": "US",
}  # fmt: skip
SHIBUYA = MAINE | {"country_code": "JP", "province": "東京都", "zip": "150-0001", "city": "渋谷区"}


@pytest.mark.parametrize("part", [name for name in PARTS if name != "country_code"])
@pytest.mark.parametrize("sign", ["\r\n", "\n", "\t", "\x1b", "\u202e", "\u2066", "\u2028"])
def test_signs_that_nobody_sees_are_refused(part: str, sign: str) -> None:
    """They would end a line of a label or mail, or turn what follows around."""
    text = MAINE.get(part) or "Harbor"
    wrong = wrong_parts(MAINE | {part: f"{text[:2]}{sign}{text[2:]}"})
    assert wrong == {part: UNSEEN}


@pytest.mark.parametrize("name", ["کتاب\u200cخانه", "O\u2019Neil", "\u200fדוד\u200e 5", "José"])
def test_signs_that_scripts_need_are_kept(name: str) -> None:
    assert wrong_parts(MAINE | {"last_name": name}) == {}


def rows(country: str) -> list[list[str]]:
    return [[part.name for part in row] for row in postal_form(country).rows]


def labels(country: str) -> dict[str, str]:
    return {name: str(part.label) for name, part in postal_form(country).parts.items()}


@pytest.mark.parametrize("country", COUNTRIES)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_addresses_of_every_country_pass(country: str, data: st.DataObject) -> None:
    assert wrong_parts(data.draw(addresses(country))) == {}


@pytest.mark.parametrize("country", COUNTRIES)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_what_is_broken_is_refused_at_its_part(country: str, data: st.DataObject) -> None:
    for each in data.draw(broken(country)):
        assert set(wrong_parts(each.address)) == {each.part}, each


@given(
    before=st.fixed_dictionaries(dict.fromkeys(PARTS, st.one_of(st.none(), WORDS))),
    part=st.sampled_from([name for name in PARTS if name != "country_code"]),
    text=NAMES,
)
def test_what_was_not_changed_is_not_held_against_anybody(
    before: dict[str, str | None], part: str, text: str
) -> None:
    assert wrong_parts(before, before=before) == {}
    assert wrong_parts(before, among=("DE",), before=before) == {}
    changed = {part, "zip"} if part == "province" else {part}
    assert set(wrong_parts(before | {part: text}, before=before)) <= changed


def test_an_address_that_moves_is_looked_at_as_a_whole() -> None:
    old = MAINE | {"province": "Somewhere", "zip": "1"}
    assert wrong_parts(old, before=old) == {}
    assert set(wrong_parts(old | {"country_code": "CA"}, before=old)) == {"province", "zip"}


def test_parts_stand_in_the_order_of_their_country() -> None:
    names = ["first_name", "last_name"]
    assert rows("US") == [
        names, ["company"], ["address1"], ["address2"], ["city", "province", "zip"], ["phone"]
    ]  # fmt: skip
    assert rows("DE")[4] == ["zip", "city"]
    assert rows("GB")[4:6] == [["city"], ["zip"]]
    assert rows("JP") == [
        names[::-1], ["company"], ["zip"], ["province", "city"], ["address1"], ["address2"],
        ["phone"],
    ]  # fmt: skip
    assert "zip" not in postal_form("HK").parts
    assert "province" not in postal_form("FR").parts
    assert rows("")[4] == ["city", "province", "zip"]


def test_parts_are_called_as_in_their_country() -> None:
    assert (labels("US")["province"], labels("US")["zip"]) == ("State", "ZIP code")
    assert (labels("JP")["province"], labels("JP")["zip"]) == ("Prefecture", "Postcode")
    assert (labels("IE")["province"], labels("IE")["zip"]) == ("County", "Eircode")
    assert labels("IN")["zip"] == "PIN code"
    assert labels("AE")["province"] == "Emirate"
    assert (labels("AU")["city"], labels("GB")["city"]) == ("Suburb", "Town or city")


def test_each_part_names_what_a_browser_fills_in() -> None:
    tokens = {name: part.autocomplete for name, part in postal_form("US").parts.items()}
    assert tokens == {
        "first_name": "given-name", "last_name": "family-name", "company": "organization",
        "address1": "address-line1", "address2": "address-line2", "city": "address-level2",
        "province": "address-level1", "zip": "postal-code", "phone": "tel",
    }  # fmt: skip


def test_provinces_are_kept_by_name_and_read_in_the_readers_language() -> None:
    assert ("California", "California") in postal_form("US").parts["province"].choices
    assert ("東京都", "Tokyo") in postal_form("JP", "de").parts["province"].choices
    assert ("東京都", "東京都") in postal_form("JP", "ja").parts["province"].choices
    canada = postal_form("CA", "fr").parts["province"].choices
    assert ("British Columbia", "Colombie-Britannique") in canada
    assert [label for _, label in canada][:2] == ["Alberta", "Colombie-Britannique"]


def test_provinces_that_the_shop_names_are_kept_as_it_names_them() -> None:
    among = {
        "JP": (("Tōkyō", "JP-13"),),
        "NZ": (("Otago", "OTA"),),
        "US": (("Washington DC", "DC"),),
    }
    assert postal_form("JP", "ja", among=among).parts["province"].choices == (("Tōkyō", "東京都"),)
    assert postal_form("NZ", among=among).parts["province"].choices == (("Otago", "Otago"),)
    capital = MAINE | {"province": "Washington DC", "zip": "20001"}
    assert wrong_parts(capital, among=among) == {}
    otago = MAINE | {"country_code": "NZ", "province": "Otago", "zip": "9016"}
    assert wrong_parts(otago, among=among) == {}
    assert set(wrong_parts(otago | {"province": "Utago"}, among=among)) == {"province"}


@pytest.mark.parametrize(
    ("country", "province"),
    [
        ("US", "ME"), ("US", "maine"), ("US", "US-ME"), ("US", "Armed Forces Europe"),
        ("JP", "Tokyo"), ("JP", "Tōkyō"), ("JP", "東京"), ("JP", "13"), ("KR", "Seoul"),
        ("KR", "서울"), ("CN", "Beijing"), ("CN", "安徽"), ("IE", "Dublin"), ("EG", "Cairo"),
        ("CA", "Québec"), ("CA", "quebec"), ("MX", "Jalisco"), ("ES", "Barcelona"), ("IT", "RM"),
        ("IN", "Andaman and Nicobar"), ("UA", "Kyiv"), ("AE", "دبي"), ("HK", "九龍"),
    ],
)  # fmt: skip
def test_a_province_is_known_however_it_is_spelled(country: str, province: str) -> None:
    address = MAINE | {"country_code": country, "province": province, "zip": ""}
    assert "province" not in wrong_parts(address)


def test_two_spellings_of_one_province() -> None:
    assert same_province("JP", "東京都", "Tōkyō")
    assert not same_province("JP", "東京都", "京都府")
    assert same_province("NZ", "Otago", " otago")


@pytest.mark.parametrize(
    ("country", "postcode"),
    [
        ("GB", "sw1a1aa"), ("NL", "1234ab"), ("CA", "h3z-2y7"), ("BR", "40301110"),
        ("CH", "CH-8001"), ("LV", "LV-1073"), ("SE", "114 55"), ("JP", "〒150-0001"),
        ("JP", "１５０−０００１"), ("AX", "AX-22150"),
    ],
)  # fmt: skip
def test_a_postcode_is_known_however_it_is_spaced(country: str, postcode: str) -> None:
    address = MAINE | {"country_code": country, "province": "", "zip": postcode}
    assert "zip" not in wrong_parts(address)


def test_what_is_said_of_a_postcode() -> None:
    say = Texts("en").render
    assert say(wrong_parts(MAINE | {"zip": "0410"})["zip"]) == (
        "Please check the ZIP code. It looks like 95014."
    )
    assert "another place" in say(wrong_parts(MAINE | {"zip": "90210"})["zip"])
    assert say(wrong_parts(MAINE | {"zip": ""})["zip"]) == "Please give the ZIP code."


def test_only_the_countries_that_the_shop_sends_to() -> None:
    assert wrong_parts(MAINE, among={"US", "CA"}) == {}
    assert set(wrong_parts(MAINE, among={"CA"})) == {"country_code"}
    assert wrong_parts(MAINE | {"country_code": "us"}, among={"US"}) == {}


def test_countries_by_name_in_the_order_of_the_language() -> None:
    assert countries("de", ("US", "DE", "AT")) == (
        ("DE", "Deutschland"), ("AT", "Österreich"), ("US", "Vereinigte Staaten"),
    )  # fmt: skip
    assert [code for code, _ in countries("sv")][-3:] == ["AX", "AT", "TL"]
    assert [code for code, _ in countries("da")][-3:] == ["GQ", "AT", "AX"]
    everywhere = dict(countries("en"))
    assert set(everywhere) == set(COUNTRIES)
    assert len(countries("ar")) == len(everywhere)


@pytest.mark.parametrize(
    ("text", "country", "kept"),
    [
        ("(207) 555-0101", "US", "+12075550101"),
        ("+49 30 123456", "US", "+4930123456"),
        ("٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567"),
        ("207-555-0101 ext. 12", "US", "+1 207-555-0101 ext. 12"),
        ("+49 30 123456", "", "+4930123456"),
        ("030 123456", "", None),
        ("12", "US", None),
        ("call me", "US", None),
        ("1" * 1000, "US", None),
    ],
)
def test_phone_numbers(text: str, country: str, kept: str | None) -> None:
    assert parsed_phone(text, country) == kept


@given(
    text=st.text(max_size=80), country=st.one_of(st.sampled_from(COUNTRIES), st.text(max_size=3))
)
def test_no_text_breaks_the_reading(text: str, country: str) -> None:
    kept = parsed_phone(text, country)
    assert kept is None or parsed_phone(kept, country) == kept
    wrong_parts(dict.fromkeys(PARTS, text) | {"country_code": country})
    postal_form(country, "en")

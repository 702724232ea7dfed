"""Phone numbers, as people of a country write them."""

from __future__ import annotations

from typing import Final

import phonenumbers

_LONGEST: Final = 60
"""Characters; what is longer is no number, and not worth reading."""


def parsed_phone(text: str, country_code: str) -> str | None:
    """A phone number as it is kept: ``+12075550101``; None where the text is none.

    `country_code` is where it is dialled from: a number of another country starts with "+". Only
    the length is looked at, since ranges of numbers open all the time. An extension stays, and then
    the number is written with spaces: ``+1 207-555-0101 ext. 12``.
    """
    if len(text) > _LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, country_code.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    kind = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, kind.INTERNATIONAL if number.extension else kind.E164)

"""What the parts of an address are called, and what is said where one is missing or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.i18n.message import Message, say


@dataclass(frozen=True)
class PartWords:
    """The words for one part of an address.

    label:   above its field
    missing: at its field, where it has to be there
    wrong:   at its field, where what is there cannot be right
    """

    label: Message
    missing: Message
    wrong: Message


_UNLIKELY: Final = say("Please check this.")

WORDS: Final[Mapping[str, PartWords]] = {
    "first_name": PartWords(
        say("First name"), say("Please give the first name."), say("Please check the first name.")
    ),
    "last_name": PartWords(
        say("Last name"), say("Please give the last name."), say("Please check the last name.")
    ),
    "company": PartWords(
        say("Company"), say("Please give the company."), say("Please check the company.")
    ),
    "address1": PartWords(
        say("Street and number"),
        say("Please give the street and the number."),
        say("Please check the street and the number."),
    ),
    "address2": PartWords(
        say("Apartment, floor"), say("Please give the apartment or floor."), _UNLIKELY
    ),
    "phone": PartWords(
        say("Phone"),
        say("Please give a phone number."),
        say(
            "This does not look like a phone number. "
            "Please check it. A number from another country starts with +."
        ),
    ),
    "country_code": PartWords(
        say("Country"), say("Please choose a country."), say("Please choose a country.")
    ),
}
"""The parts that have the same name everywhere."""

CITIES: Final[Mapping[str, PartWords]] = {
    "city": PartWords(say("City"), say("Please give the city."), say("Please check the city.")),
    "district": PartWords(
        say("District"), say("Please give the district."), say("Please check the district.")
    ),
    "post_town": PartWords(
        say("Town or city"),
        say("Please give the town or city."),
        say("Please check the town or city."),
    ),
    "suburb": PartWords(
        say("Suburb"), say("Please give the suburb."), say("Please check the suburb.")
    ),
}
"""By what a country calls its cities in addresses."""

PROVINCES: Final[Mapping[str, PartWords]] = {
    "area": PartWords(say("Area"), say("Please give the area."), say("Please check the area.")),
    "county": PartWords(
        say("County"), say("Please give the county."), say("Please check the county.")
    ),
    "department": PartWords(
        say("Department"), say("Please give the department."), say("Please check the department.")
    ),
    "district": PartWords(
        say("District"), say("Please give the district."), say("Please check the district.")
    ),
    "do_si": PartWords(
        say("Province or city"),
        say("Please give the province or city."),
        say("Please check the province or city."),
    ),
    "emirate": PartWords(
        say("Emirate"), say("Please give the emirate."), say("Please check the emirate.")
    ),
    "island": PartWords(
        say("Island"), say("Please give the island."), say("Please check the island.")
    ),
    "oblast": PartWords(
        say("Region"), say("Please give the region."), say("Please check the region.")
    ),
    "parish": PartWords(
        say("Parish"), say("Please give the parish."), say("Please check the parish.")
    ),
    "prefecture": PartWords(
        say("Prefecture"), say("Please give the prefecture."), say("Please check the prefecture.")
    ),
    "province": PartWords(
        say("Province"), say("Please give the province."), say("Please check the province.")
    ),
    "state": PartWords(say("State"), say("Please give the state."), say("Please check the state.")),
}
"""By what a country calls its first level of regions."""

POSTCODES: Final[Mapping[str, PartWords]] = {
    "eircode": PartWords(
        say("Eircode"), say("Please give the Eircode."), say("Please check the Eircode.")
    ),
    "pin": PartWords(
        say("PIN code"), say("Please give the PIN code."), say("Please check the PIN code.")
    ),
    "postal": PartWords(
        say("Postcode"), say("Please give the postcode."), say("Please check the postcode.")
    ),
    "zip": PartWords(
        say("ZIP code"), say("Please give the ZIP code."), say("Please check the ZIP code.")
    ),
}
"""By what a country calls its postcodes."""


def words_of(
    name: str, *, province: str = "province", city: str = "city", postcode: str = "postal"
) -> PartWords:
    """The words for a part, by what the country calls it."""
    if name == "province":
        return PROVINCES.get(province, PROVINCES["province"])
    if name == "city":
        return CITIES.get(city, CITIES["city"])
    if name == "zip":
        return POSTCODES.get(postcode, POSTCODES["postal"])
    return WORDS[name]


def looks_like(words: PartWords, example: str) -> Message:
    """What is said at a postcode that is not written as the country's are."""
    if not example:
        return words.wrong
    return say("{please} It looks like {example}.", please=words.wrong, example=example)


NOT_SENT_TO: Final = say("The shop does not send to this country. Please choose another one.")
ELSEWHERE: Final = say("This code belongs to another place. Please check the code and the place.")
UNSEEN: Final = say("Please leave out line breaks and other signs that cannot be seen.")
NOT_TAKEN: Final = say("The shop did not accept this. Please check it.")


def too_long(most: int) -> Message:
    """What is said at a part that is longer than a parcel's label can show."""
    return say("This is too long. Please use at most {most} characters.", most=most)

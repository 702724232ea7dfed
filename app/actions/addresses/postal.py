"""A postal address as an action's input: its parts, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.actions.errors import WrongParts
from app.i18n import NOT_TAKEN, PARTS, Countries, Message, address_lines, wrong_parts
from app.recharge import Address, PostalAddress
from app.recharge.addresses import AddressChanges

Part = Annotated[str, Field(max_length=4096, pattern=r"^[^\x00]*$")]
"""One part, exactly as it was written. How long it may be is told by `wrong_parts`."""


class PostalInput(BaseModel):
    """The parts of an address, named as Recharge names them; "" for one that is not there.

    Nothing is rewritten, no part and no script: what was written is what is kept. `country_code` is
    ISO 3166-1 alpha-2. What has to be there depends on the country: see `checked`.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    first_name: Part = ""
    last_name: Part = ""
    company: Part = ""
    address1: Part = ""
    address2: Part = ""
    city: Part = ""
    province: Part = ""
    zip: Part = ""
    country_code: Part = ""
    phone: Part = ""

    @classmethod
    def of(cls, address: Address | PostalAddress | Mapping[str, Any]) -> Self:
        """The parts of an address that is kept."""
        values = address if isinstance(address, Mapping) else address.model_dump(include=set(PARTS))
        return cls(**{name: values.get(name) or "" for name in PARTS})

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def lines(self) -> list[str]:
        """The address without the name, in the order of its country."""
        return address_lines(
            self.country_code,
            company=self.company,
            street=(self.address1, self.address2),
            city=self.city,
            province=self.province,
            postcode=self.zip,
        )

    @property
    def line(self) -> str:
        """The address in one line, without the name."""
        return ", ".join(self.lines)

    def parts(self) -> dict[str, str]:
        """All parts by name."""
        return {name: getattr(self, name) for name in PARTS}

    def checked(self, countries: Countries | None, *, before: PostalInput | None = None) -> None:
        """The address is fine.

        countries: those that the shop sends to (`Shop.shipping_countries`); None for all
        before:    the address as it is kept: what is unchanged in it is not held against anybody

        Raises:
            WrongParts: it is not; `parts` says what, at which part.
        """
        old = before.parts() if before is not None else None
        wrong = wrong_parts(self.parts(), among=countries, before=old)
        if wrong:
            raise WrongParts(", ".join(sorted(wrong)), parts=wrong)

    def document(self) -> AddressChanges:
        """As Recharge takes it: all parts, None for those that are not there and need not be."""
        return AddressChanges(
            first_name=self.first_name,
            last_name=self.last_name,
            company=self.company or None,
            address1=self.address1,
            address2=self.address2 or None,
            city=self.city,
            province=self.province or None,
            zip=self.zip or None,
            country_code=self.country_code,
            phone=self.phone or None,
        )


def refused_parts(action: BaseModel, fields: Mapping[str, object]) -> dict[str, Message]:
    """What Recharge says of the parts of the address that an action carries, for the customer.

    Its own words are for developers, so each part gets what we would say of it, or that the shop
    did not accept it.

    fields: `RechargeError.fields`, such as ``billing_address.zip``
    """
    address = next((one for _, one in action if isinstance(one, PostalInput)), None)
    if address is None:
        return {}
    names = [_part_named(field) for field in fields]
    wrong = wrong_parts(address.parts())
    return {name: wrong.get(name, NOT_TAKEN) for name in names if name in address.parts()}


def _part_named(field: str) -> str:
    """The part that a field of Recharge is about, wherever the address stands in what was sent."""
    name = next((each for each in reversed(field.split(".")) if not each.isdigit()), "")
    return "country_code" if name == "country" else name

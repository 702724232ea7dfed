"""What a merchant's program says when it asks for links of the Theme Engine's form."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOST_AT_ONCE = 1_000


class PortalLinkWanted(BaseModel):
    """One link into the portal, for a mail of the shop's.

    customer_hash: as Recharge gives it: the customer's id, then 16 hexadecimal digits
    place:         where it leads, as the Theme Engine writes it: "subscriptions/301"; the overview
                   where nothing is said
    hours:         how long it works
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    customer_hash: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}[0-9a-f]{16}$")]
    place: Annotated[str, Field(max_length=200, pattern=r"^[a-z0-9_/]*$")] = ""
    hours: Annotated[int, Field(ge=1, le=12)] = 12

    @property
    def customer_id(self) -> int:
        """Whose it is, by the hash."""
        return int(self.customer_hash[:-16])


class PortalLinksWanted(BaseModel):
    """Many of them."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    links: Annotated[tuple[PortalLinkWanted, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]

"""What one link in a merchant's mail asks for: one thing of one customer's.

A wish names things by ids that last: a subscription, an address. Its delivery is "the next one"
unless a date is named, so that a mail written days before still means the right one: see
`app.actions.quick.meant`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from app.actions.onetimes.changes import MOST_PIECES, VariantId

_ID: Final = re.compile(r"[1-9]\d{0,18}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOST_WEEKS: Final = 12
LIVES: Final = 7
"""Days that a link works where nothing else is said: about as long as a mail is looked for."""
LONGEST: Final = 60
"""Days that a link can be made to work for."""

MOST_LINKS: Final = 1_000
"""At once."""


class What(StrEnum):
    """What a quick link does."""

    SKIP = "skip"
    MOVE = "move"
    ADD = "add"
    ORDER_NOW = "order-now"
    REACTIVATE = "reactivate"
    UPDATE_CARD = "update-card"


def _number(value: object) -> object:
    """A number as it is, or as a file or a program writes it: digits and nothing else."""
    if isinstance(value, str) and _ID.fullmatch(value):
        return int(value)
    return value


def _text(value: object) -> object:
    """An id of the shop system's, which programs write as a number too."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _day(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _what(value: object) -> object:
    return What(value) if isinstance(value, str) and value in set(What) else value


_Id = Annotated[int, BeforeValidator(_number), Field(ge=1, lt=10**19)]
_Variant = Annotated[VariantId, BeforeValidator(_text)]

_DELIVERY: Final = frozenset({"subscription", "address", "date"})
_TAKES: Final[Mapping[What, frozenset[str]]] = {
    What.SKIP: _DELIVERY,
    What.MOVE: _DELIVERY | {"weeks"},
    What.ADD: _DELIVERY | {"variant", "quantity"},
    What.ORDER_NOW: _DELIVERY,
    What.REACTIVATE: frozenset({"subscription"}),
    What.UPDATE_CARD: frozenset(),
}
"""The fields that each takes, beside whose it is."""
_NEEDS: Final[Mapping[What, str]] = {What.ADD: "variant", What.REACTIVATE: "subscription"}


class Wish(BaseModel):
    """What a link asks for.

    customer:     whose it is, by Recharge's id
    subscription: the one that is meant, with its next delivery
    address:      all that comes to one address next. Without both it is the customer's next
                  delivery, wherever it goes.
    date:         the day of the delivery, where only that one is meant; `YYYY-MM-DD`
    weeks:        by how many it is moved; 1 where it is left out
    variant:      the shop system's id of the variant to be added
    quantity:     how many of it; 1 where it is left out
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    what: Annotated[What, BeforeValidator(_what)]
    customer: _Id
    subscription: _Id | None = None
    address: _Id | None = None
    date: Annotated[datetime.date, BeforeValidator(_day)] | None = None
    weeks: Annotated[int, BeforeValidator(_number), Field(ge=1, le=MOST_WEEKS)] | None = None
    variant: _Variant | None = None
    quantity: Annotated[int, BeforeValidator(_number), Field(ge=1, le=MOST_PIECES)] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        given = set(self.model_fields_set) - {"what", "customer", "days"}
        given = {name for name in given if getattr(self, name) is not None}
        strange = sorted(given - _TAKES[self.what])
        if strange:
            raise ValueError(f"{self.what} takes no {strange[0]}")
        needed = _NEEDS.get(self.what)
        if needed and needed not in given:
            raise ValueError(f"{self.what} needs a {needed}")
        if {"subscription", "address"} <= given:
            raise ValueError("a subscription or an address, not both")
        if "date" in given and not given & {"subscription", "address"}:
            raise ValueError("a date needs a subscription or an address")
        return self

    @property
    def document(self) -> dict[str, Any]:
        """What is said, without whose it is and without what is left out: what a link carries."""
        return self.model_dump(mode="json", exclude_none=True, exclude={"customer", "days"})


class WishedLink(Wish):
    """A wish, as a program or a file asks for its link.

    days: how long the link works
    """

    days: Annotated[int, BeforeValidator(_number), Field(ge=1, le=LONGEST)] = LIVES

    @property
    def wish(self) -> Wish:
        """Without how long the link works."""
        return Wish.model_validate({**self.document, "customer": self.customer})


class LinksWanted(BaseModel):
    """Several links that are asked for at once: the body of ``POST /api/links``."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    links: Annotated[list[WishedLink], Field(min_length=1, max_length=MOST_LINKS)]


def problem_of(error: ValidationError) -> str:
    """What is wrong with a wish, in one line for whoever makes links: "weeks: …"."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    words = first["msg"].removeprefix("Value error, ")
    return f"{place}: {words}" if place else words

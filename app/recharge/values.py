"""The kinds of value that Recharge's records are made of.

Dates come in four shapes (with offset, without, with microseconds, date only); money comes as text
and sometimes as a number; lists of allowed words grow. A record that holds something unknown is
still read; what is known has its exact type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from app.recharge.errors import InvalidArgument

_ID: Final = re.compile(r"[1-9]\d{0,18}", re.ASCII)
_EXTERNAL_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}", re.ASCII)
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?", re.ASCII)

ZERO: Final = Decimal("0.00")

_FEW: Final = 5
"""Wrong fields that are named; one bad record is told by its first."""

MOST_MONEY: Final = Decimal(10) ** 12
"""Amounts from here on are mistakes; below it, sums and products stay exact."""


def valid_id(value: object) -> int:
    """The id itself, when it is one: a whole number with 1 to 19 digits.

    Text is refused even when it holds digits: an id that came as text was not checked on its way,
    and a path built from text can lead to another customer's record.

    Raises:
        InvalidArgument: anything else.
    """
    if type(value) is int and _ID.fullmatch(str(value)):
        return value
    raise InvalidArgument(f"an id must be a whole number above 0, not {_kind(value)}")


def valid_ids(values: Sequence[object], most: int = 250) -> list[int]:
    """At least one id and at most so many: an empty list might be taken for all there is.

    Raises:
        InvalidArgument: none, too many, or one that is no id.
    """
    if not 1 <= len(values) <= most:
        raise InvalidArgument(f"give 1 to {most} ids, not {len(values)}")
    return [valid_id(value) for value in values]


def valid_external_id(value: object) -> str:
    """The shop system's id of a product, when it can stand in a path: letters, digits, - and _.

    Raises:
        InvalidArgument: anything else.
    """
    if isinstance(value, str) and _EXTERNAL_ID.fullmatch(value):
        return value
    raise InvalidArgument(f"an external id must be a short plain text, not {_kind(value)}")


def _kind(value: object) -> str:
    """What a refused value is, without showing it: it may be anything."""
    if type(value) is int:
        return "a number below 1" if value < 1 else "a number with more than 19 digits"
    return f"a value of type {type(value).__name__}"


class OpenEnum(StrEnum):
    """Words that the API knows today. A new word becomes a member of its own::

    ChargeStatus("queued") is ChargeStatus.QUEUED
    ChargeStatus("brand_new") == "brand_new"         # and is written back as it came
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    # Python before 3.11.4 copies and pickles a member by its name among the listed ones, where a
    # word of tomorrow is not.
    def __reduce_ex__(self, _: object) -> tuple[type[Self], tuple[str]]:
        return type(self), (str(self.value),)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    @property
    def is_known(self) -> bool:
        """Whether this word is one of those that Doorstep knows."""
        return self._name_ in type(self).__members__


def _to_day(value: object) -> object:
    if type(value) is date:
        return value
    if isinstance(value, str) and (match := _DAY.fullmatch(value)):
        return date.fromisoformat(match.group(1))
    raise ValueError("not a date")


def _to_moment(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    if isinstance(value, str):
        # The store's own record has been seen with the dates of mail headers:
        # "Thu, 23 Mar 2023 16:34:57 GMT".
        return parsedate_to_datetime(value)
    raise ValueError("not a moment")


def _to_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Day = Annotated[date, BeforeValidator(_to_day)]
"""A plain date, in the shop's zone. Of a text with a time the date counts as it stands."""

Moment = Annotated[datetime, BeforeValidator(_to_moment), AfterValidator(_to_utc)]
"""An aware moment in UTC. A text without an offset is UTC; a date alone is its midnight."""


def _sensible(value: Decimal) -> Decimal:
    if not abs(value) < MOST_MONEY:
        raise ValueError("not an amount")
    return value


Amount = Annotated[Decimal, AfterValidator(_sensible)]
"""An amount of money, or a rate, from text or number, with the digits it came with."""


def _or_none(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except ValidationError:
        return None


OR_NONE = WrapValidator(_or_none)
"""For what is only shown: where it cannot be read it is not known, and the record stands."""

MaybeAmount = Annotated[Amount | None, OR_NONE]
MaybeMoment = Annotated[Moment | None, OR_NONE]
MaybeNumber = Annotated[int | None, OR_NONE]
MaybeText = Annotated[str | None, OR_NONE]


class Record(BaseModel):
    """Base of all records: fixed once read, keeping fields that Doorstep does not know.

    A field sent as null counts as missing where the field has a default of its own: the API sends
    null for whatever does not apply to a shop's platform.
    """

    model_config = ConfigDict(
        frozen=True, extra="allow", coerce_numbers_to_str=True, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or None not in data.values():
            return data
        filled = _filled(cls)
        return {
            name: value for name, value in data.items() if value is not None or name not in filled
        }


def wrong_fields(error: ValidationError) -> list[str]:
    """The first few fields that cannot be read, and why, without what stands in them."""
    wrong = error.errors(include_input=False, include_url=False, include_context=False)
    return [".".join(map(str, each["loc"])) + f" ({each['type']})" for each in wrong[:_FEW]]


def id_of(data: object) -> int | None:
    """The id of a record that cannot be read as a whole; None where that is unreadable too."""
    try:
        return valid_id(data.get("id")) if isinstance(data, Mapping) else None
    except InvalidArgument:
        return None


@cache
def _filled(model: type[BaseModel]) -> frozenset[str]:
    """Names of the fields that have a default other than None."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if not field.is_required() and field.get_default(call_default_factory=True) is not None
    )


class ExternalId(Record):
    """A record's id in the shop system (`ecommerce`), a text even where it holds digits."""

    ecommerce: str | None = None

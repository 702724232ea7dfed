"""What bodies may carry: one checker per field, and the order of keys in answers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from app.sandbox.dates import parse_day, parse_moment
from app.sandbox.errors import Document, Invalid

Check = Callable[[Any], Any]

# What a column of the database can hold.
_LARGEST = 2**63 - 1
_ID = re.compile(r"[1-9]\d{0,18}")
# Ids of Recharge's own objects come right after `id`; those of outside systems do not.
_RELATED = frozenset({
    "address_id", "api_client_id", "bundle_variant_id", "charge_id", "credit_account_id",
    "customer_id", "membership_program_id", "order_id", "owner_id", "payment_method_id",
    "purchase_item_id", "store_id",
    "subscription_id",
})  # fmt: skip


def ordered(value: Any) -> Any:
    """The same value with keys as the API writes them: id, related ids, the rest by alphabet."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in _order(tuple(value))}
    if isinstance(value, list | tuple):
        return [ordered(each) for each in value]
    return value


@lru_cache(maxsize=4096)
def _order(keys: tuple[str, ...]) -> list[str]:
    return sorted(keys, key=_place)


def _place(key: str) -> tuple[int, str]:
    return (0 if key == "id" else 1 if key in _RELATED else 2, key)


class Wrong(ValueError):
    """A field's value does not fit. `detail` is a text, or a map for nested objects."""

    def __init__(self, detail: str | Mapping[str, Any]) -> None:
        super().__init__(str(detail))
        self.detail = detail


def identifier(value: Any) -> int:
    """An id of ours, as a number or as its digits."""
    if isinstance(value, bool) or not _ID.fullmatch(str(value)) or int(value) > _LARGEST:
        raise Wrong("Not a valid integer.")
    return int(value)


def text(least: int = 0, most: int = 4096) -> Check:
    """A text within bounds of length."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong("Not a valid string.")
        if len(value) < least:
            raise Wrong(f"Shorter than minimum length {least}.")
        if len(value) > most:
            raise Wrong(f"Longer than maximum length {most}.")
        return value

    return check


def one_of(*allowed: str) -> Check:
    """One of some words, whatever their case."""

    def check(value: Any) -> str:
        found = next((each for each in allowed if each.lower() == str(value).lower()), None)
        if found is None:
            raise Wrong(f"Must be one of: {', '.join(allowed)}.")
        return found

    return check


def number(least: int, most: int | None = None) -> Check:
    """A whole number within bounds; digits in a text will do."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(value)):
            raise Wrong("Not a valid integer.")
        if int(value) < least:
            raise Wrong(f"Must be greater than or equal to {least}.")
        if most is not None and int(value) > most:
            raise Wrong(f"Must be less than or equal to {most}.")
        return int(value)

    return check


def seconds(most: float) -> Check:
    """A time in seconds from 0 to `most`, also in fractions."""

    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Wrong("Not a valid number.")
        if not 0 <= value <= most:
            raise Wrong(f"Must be between 0 and {most:g}.")
        return float(value)

    return check


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Wrong("Not a valid boolean.")
    return value


def money(value: Any) -> str:
    """An amount, as text or number, written with two decimals."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise Wrong("Not a valid number.") from error
    if isinstance(value, bool) or not amount.is_finite() or not 0 <= amount < 10**9:
        raise Wrong("Not a valid number.")
    return f"{amount:.2f}"


def day(value: Any) -> str:
    """A date; the time of a moment is dropped."""
    found = parse_day(value)
    if found is None:
        raise Wrong("Not a valid date.")
    return found.isoformat()


def moment(value: Any) -> str:
    """An ISO 8601 moment."""
    if parse_moment(value) is None:
        raise Wrong("Not a valid datetime.")
    return str(value)


def external(value: Any) -> Document:
    """`{"ecommerce": "123"}`, the id of an outside system."""
    inner = value.get("ecommerce") if isinstance(value, dict) else None
    if not isinstance(inner, str) or not inner:
        raise Wrong({"ecommerce": ["Not a valid string."]})
    return {"ecommerce": inner}


def anything(value: Any) -> Any:
    """Whatever JSON the caller sent."""
    return value


def mapping(value: Any) -> Document:
    """A JSON object."""
    if not isinstance(value, dict):
        raise Wrong("Invalid input type.")
    return value


def list_of(check: Check, least: int = 0, most: int = 250) -> Check:
    """A list whose every member passes."""

    def run(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Wrong("Not a valid list.")
        if not least <= len(value) <= most:
            raise Wrong(f"Length must be between {least} and {most}.")
        return [check(each) for each in value]

    return run


def properties(value: Any) -> list[Document]:
    """A list of `{name, value}`."""
    if not isinstance(value, list):
        raise Wrong("Not a valid list.")
    for each in value:
        if not isinstance(each, dict) or not isinstance(each.get("name"), str):
            raise Wrong("Each needs a name and a value.")
    return [{"name": each["name"], "value": each.get("value")} for each in value]


@dataclass(frozen=True)
class Field:
    """How one field of a body is checked."""

    check: Check
    is_required: bool = False
    may_be_null: bool = False


def required(check: Check) -> Field:
    """A field which must be there and must not be null."""
    return Field(check, is_required=True)


def nullable(check: Check) -> Field:
    """A field which may be null or absent."""
    return Field(check, may_be_null=True)


Fields = Mapping[str, Field | Check]


def nested(fields: Fields) -> Check:
    """An object with fields of its own; its errors nest under the field's name."""

    def check(value: Any) -> Document:
        if not isinstance(value, dict):
            raise Wrong("Invalid input type.")
        found, errors = _read(value, fields)
        if errors:
            raise Wrong(errors)
        return found

    return check


def read(body: Mapping[str, Any], fields: Fields) -> Document:
    """The checked body.

    A field that the route does not know is refused, so that a misspelt name shows; whether the
    real API does so everywhere is not confirmed.

    Raises:
        Invalid: with every field that is wrong.
    """
    found, errors = _read(body, fields)
    if errors:
        raise Invalid.many(errors)
    return found


def _read(body: Mapping[str, Any], fields: Fields) -> tuple[Document, Document]:
    found: Document = {}
    errors: Document = {}
    for name in body:
        if name not in fields:
            errors[name] = ["Unknown field."]
    for name, rule in fields.items():
        field = rule if isinstance(rule, Field) else Field(rule)
        if name not in body:
            if field.is_required:
                errors[name] = ["Missing data for required field."]
        elif body[name] is None:
            if not field.may_be_null:
                errors[name] = ["Field may not be null."]
            found[name] = None
        else:
            try:
                found[name] = field.check(body[name])
            except Wrong as wrong:
                detail = wrong.detail
                errors[name] = [detail] if isinstance(detail, str) else dict(detail)
    return found, errors


def optional(fields: Fields, names: Sequence[str] | None = None) -> dict[str, Field]:
    """The same fields, none of them required: what an update takes."""
    return {
        name: Field(rule.check, may_be_null=rule.may_be_null)
        if isinstance(rule, Field)
        else Field(rule)
        for name, rule in fields.items()
        if names is None or name in names
    }

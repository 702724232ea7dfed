"""The merchant's file with what customers who want to leave are asked and offered.

It is YAML; docs/retention.md has all of it. `load_retention_file` refuses a wrong value with the
file, the line, the key, and what it must be.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from app.retention.plan import FOR_MEMBERSHIPS, FlowKind, Incentive, Plan, Reason
from app.retention.plan_values import (
    Code,
    Days,
    Email,
    Key,
    Offer,
    Share,
    Spans,
    Text,
    Words,
    list_of,
    one_of,
    whole,
)
from app.retention.yaml_file import At, Lined, RetentionFileError, Wrong, one_line, read_yaml


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class FileReason(_Part):
    """One reason to leave, as the file has it: see `app.retention.Reason`."""

    key: Key
    text: Text
    words: Words | None = None
    offer: Offer | None = None
    discount_code: Code | None = None

    @model_validator(mode="after")
    def _has_its_code(self) -> FileReason:
        is_discount = self.offer == Incentive.DISCOUNT
        if is_discount and self.discount_code is None:
            raise _wrong("discount needs a discount_code beside it", "offer")
        if not is_discount and self.discount_code is not None:
            raise _wrong("must stand beside offer: discount only", "discount_code")
        return self

    @property
    def reason(self) -> Reason:
        """The same, ready for a plan."""
        return Reason(
            key=self.key,
            text=self.text,
            words=self.words or {},
            incentive=Incentive(self.offer) if self.offer else None,
            discount_code=self.discount_code,
        )


class _Asked(_Part):
    """What both kinds of end have. None everywhere leaves it to Recharge."""

    reason: Annotated[Literal["optional", "required"], one_of("optional", "required")] | None = None
    minimum_orders: Annotated[int, whole(100)] | None = None
    reasons: Annotated[tuple[FileReason, ...], list_of("reasons", 30)] | None = None

    @property
    def listed(self) -> tuple[Reason, ...] | None:
        """The reasons, ready for a plan."""
        return None if self.reasons is None else tuple(each.reason for each in self.reasons)

    @field_validator("reasons")
    @classmethod
    def _keys_differ(cls, reasons: tuple[FileReason, ...] | None) -> tuple[FileReason, ...] | None:
        seen: set[str] = set()
        for number, reason in enumerate(reasons or ()):
            if reason.key in seen:
                raise _wrong(f"must differ: there are two reasons {reason.key}", number, "key")
            seen.add(reason.key)
        return reasons


class Memberships(_Asked):
    """What those are asked who leave a membership."""

    @field_validator("reasons")
    @classmethod
    def _offers_fit(cls, reasons: tuple[FileReason, ...] | None) -> tuple[FileReason, ...] | None:
        for number, reason in enumerate(reasons or ()):
            if reason.offer is not None and reason.offer not in FOR_MEMBERSHIPS:
                words = ", ".join(sorted(FOR_MEMBERSHIPS))
                raise _wrong(f"must be {words}: memberships have no other", number, "offer")
        return reasons


class DiscountLimit(_Part):
    """How many discounts a customer can take up, within how many days."""

    times: Annotated[int, whole(100)] | None = None
    within: Days | None = None


class RetentionFile(_Asked):
    """What the file says; None where it leaves something to Recharge or to the defaults."""

    hold_out: Share | None = None
    delays: Spans | None = None
    pauses: Spans | None = None
    discounts: DiscountLimit | None = None
    contact: Email | None = None
    delivery_days: Annotated[int, whole(90)] | None = None
    memberships: Memberships | None = None

    def over(self, plan: Plan, flow: FlowKind) -> Plan:
        """A plan with what the file says in place of what it said before."""
        discounts = self.discounts or DiscountLimit()
        asked: _Asked = self if flow == "subscription" else self.memberships or Memberships()
        said: dict[str, Any] = {
            "reasons": asked.listed,
            "is_reason_needed": None if asked.reason is None else asked.reason == "required",
            "minimum_orders": asked.minimum_orders,
            "delays": self.delays,
            "pauses": self.pauses,
            "hold_out": self.hold_out,
            "discount_times": discounts.times,
            "discount_days": discounts.within,
            "contact": self.contact,
            "delivery_days": self.delivery_days,
        }
        return replace(plan, **{name: value for name, value in said.items() if value is not None})


_PARTS: Final[dict[str, type[_Part]]] = {
    "": RetentionFile,
    "discounts": DiscountLimit,
    "memberships": Memberships,
    "reasons": FileReason,
}
"""What stands under a key."""


def load_retention_file(path: Path) -> RetentionFile:
    """The merchant's file.

    Raises:
        RetentionFileError: it cannot be used; the text is one sentence with the file, the line, the
            key and what it must be.
    """
    try:
        found = read_yaml(path)
        return _checked(found)
    except Wrong as error:
        raise RetentionFileError(path, error.line, error.reason) from error


def _checked(found: Lined) -> RetentionFile:
    if found.value is None:
        return RetentionFile()
    if not isinstance(found.value, dict):
        raise Wrong(found.line(()), "the file must have keys with values, such as reason: optional")
    try:
        return RetentionFile.model_validate(found.value)
    except ValidationError as error:
        wrong = [_told(found, each) for each in error.errors(include_url=False)]
    # The first that a reader of the file comes to. Outside of the block above, so that no other
    # stands behind it.
    raise min(wrong, key=lambda each: each.line or 0)


def _told(found: Lined, error: ErrorDetails) -> Wrong:
    """What is wrong with a value, in words for whoever wrote the file."""
    at: At = tuple(error["loc"])
    is_key = at[-1:] == ("[key]",)
    at = (*(at[:-1] if is_key else at), *error.get("ctx", {}).get("at", ()))
    names = [name for name in at if isinstance(name, str)]
    name = one_line(names[-1])
    if is_key:
        return Wrong(found.keys.get(at, found.line(at)), f"{name} {_reason(error)}")
    if error["type"] == "missing":
        return Wrong(found.line(at), f"{name} is missing")
    if error["type"] == "extra_forbidden":
        known = list(_PARTS[names[-2] if len(names) > 1 else ""].model_fields)
        near = get_close_matches(name.lower().replace("-", "_"), known, 1)
        advice = f"did you mean {near[0]}?" if near else f"what there is: {', '.join(known)}"
        return Wrong(found.keys.get(at, found.line(at)), f"there is no {name}; {advice}")
    if error["type"] in ("model_type", "model_attributes_type", "dict_type") and name in _PARTS:
        known = list(_PARTS[name].model_fields)
        return Wrong(found.line(at), f"{name} must have keys with values: {', '.join(known)}")
    if len(names) > 1 and names[-2] in ("text", "words"):
        name = f"{names[-2]} in {name}" if names[-1] else names[-2]
    return Wrong(found.line(at), f"{name} {_reason(error)}")


def _reason(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Value error, ")


def _wrong(reason: str, *at: str | int) -> PydanticCustomError:
    """What is wrong further down than where it is noticed."""
    return PydanticCustomError("wrong", "{reason}", {"reason": reason, "at": at})

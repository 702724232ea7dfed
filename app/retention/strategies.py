"""The plan as Recharge has it: the shop's retention strategies, and the settings of the Theme
Engine whose names begin with ``cancellation_``. Where it has none, defaults of ours."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, Literal

from app.i18n import say
from app.mirror import Shop
from app.recharge import CancellationFlow, RetentionStrategy
from app.retention.plan import FOR_MEMBERSHIPS, FlowKind, Incentive, Plan, Reason, Span

DEFAULT_REASONS: Final[tuple[Reason, ...]] = (
    Reason("too-much", say("I have too much of it"), incentive=Incentive.DELAY),
    Reason("too-expensive", say("It is too expensive"), incentive=Incentive.RHYTHM),
    Reason("not-liked", say("I do not like it"), incentive=Incentive.SWAP),
    Reason("away", say("I am away for a while"), incentive=Incentive.PAUSE),
    Reason("moving", say("I am moving"), incentive=Incentive.ADDRESS),
    Reason("elsewhere", say("I buy it somewhere else")),
    Reason("other", say("Another reason"), incentive=Incentive.CONTACT),
)
"""For a shop that has named none. A discount is not among the offers: it needs the shop's code."""

DEFAULT_MEMBERSHIP_REASONS: Final[tuple[Reason, ...]] = (
    Reason("too-little-use", say("I do not use it enough")),
    Reason("too-expensive", say("It is too expensive")),
    Reason("other", say("Another reason"), incentive=Incentive.CONTACT),
)
"""The same for memberships."""

_INCENTIVES: Final[Mapping[str, Incentive]] = {
    "delay_subscription": Incentive.DELAY,
    "discount": Incentive.DISCOUNT,
    "skip_charge": Incentive.SKIP,
    "swap_product": Incentive.SWAP,
}
_UNITS: Final[Mapping[str, tuple[Literal["day", "week", "month"], int]]] = {
    "day": ("day", 365),
    "week": ("week", 52),
    "month": ("month", 12),
}
"""Of each unit, how many make a year: nothing rests longer than that."""

_LONGEST: Final = 10_000
"""Signs of the list of durations that are looked at."""


def plan_in_recharge(shop: Shop, flow: FlowKind) -> Plan:
    """What Recharge says about those who leave a subscription, or a membership."""
    settings = _group(shop.settings, "subscription")
    # The one list of durations that Recharge keeps: for a rest, and for a delay too.
    durations = durations_of(settings)
    if flow == "membership":
        terms = _group(shop.settings, "membership")
        is_optional = terms.get("membership_cancellation_reason_optional")
        minimum = terms.get("allow_membership_cancellation_after")
        defaults = DEFAULT_MEMBERSHIP_REASONS
    else:
        is_optional = settings.get("cancellation_reason_optional")
        minimum = settings.get("cancellation_minimum_order_count")
        defaults = _defaults(settings)
    return Plan(
        reasons=tuple(_reasons(shop.strategies, flow)) or defaults,
        is_reason_needed=is_optional is not None and not is_optional,
        minimum_orders=max(0, minimum) if isinstance(minimum, int) else 0,
        delays=durations or Plan.delays,
        pauses=durations or Plan.pauses,
        contact=_address(settings.get("cancellation_email_contact")) or shop.email,
    )


def durations_of(settings: Mapping[str, Any]) -> tuple[Span, ...]:
    """The durations that the shop offers for a rest; none where it offers none, or they cannot be
    read. They come as JSON in a text, sometimes with single quotes, and with numbers such as
    1.33320003."""
    if not settings.get("cancellation_enable_pause_options"):
        return ()
    found = _read(settings.get("cancellation_enable_pause_options_values"))
    options = found.get("duration_options")
    if not found.get("enabled", True) or not isinstance(options, list):
        return ()
    spans = filter(None, map(_span, options))
    return tuple(dict.fromkeys(spans))


def _defaults(settings: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Ours, without a rest where the shop has switched that off for those who leave."""
    if settings.get("cancellation_enable_pause_options", True):
        return DEFAULT_REASONS
    return tuple(
        replace(each, incentive=Incentive.SKIP) if each.incentive is Incentive.PAUSE else each
        for each in DEFAULT_REASONS
    )


def _reasons(strategies: tuple[RetentionStrategy, ...], flow: FlowKind) -> Iterator[Reason]:
    for strategy in strategies:
        text = (strategy.reason or strategy.cancellation_reason or "").strip()
        if (strategy.cancellation_flow_type or CancellationFlow.SUBSCRIPTION) != flow or not text:
            continue
        words = strategy.prevention_text.strip()
        code = (strategy.discount_code or "").strip() or None
        incentive = _INCENTIVES.get(strategy.incentive_type or "")
        if incentive is Incentive.DISCOUNT and code is None:
            incentive = None
        if flow == "membership" and incentive not in FOR_MEMBERSHIPS:
            incentive = None
        yield Reason(
            key=str(strategy.id),
            text={"": text},
            words={"": words} if words else {},
            incentive=incentive,
            discount_code=code if incentive is Incentive.DISCOUNT else None,
        )


def _group(settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = settings.get(name)
    return found if isinstance(found, Mapping) else {}


def _address(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return text if "@" in text and not any(sign.isspace() for sign in text) else ""


def _read(value: object) -> Mapping[str, Any]:
    if isinstance(value, str) and len(value) <= _LONGEST:
        for text in (value, value.replace("'", '"')):
            try:
                value = json.loads(text)
                break
            except (ValueError, RecursionError):
                continue
    return value if isinstance(value, Mapping) else {}


def _span(option: object) -> Span | None:
    if not isinstance(option, Mapping):
        return None
    known = _UNITS.get(str(option.get("unit")).lower().removesuffix("s"))
    try:
        number = float(option.get("frequency") or 0)
    except (TypeError, ValueError, OverflowError):
        return None
    if known is None or not math.isfinite(number):
        return None
    unit, most = known
    count = round(number)
    return Span(count, unit) if 1 <= count <= most else None

"""The merchant's plan, put together from what the file says and what Recharge says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.mirror import Shop
from app.retention.plan import FlowKind, Incentive, Plan
from app.retention.plan_file import RetentionFile
from app.retention.strategies import plan_in_recharge


@dataclass(frozen=True)
class _Made:
    """A plan, and what it was made of."""

    shop: Shop
    file: RetentionFile | None
    plan: Plan


_made: Final[dict[FlowKind, _Made]] = {}
"""The newest plan of each kind: every look at a customer asks for it, while the shop is read a few
times an hour."""


def plan_of(shop: Shop, file: RetentionFile | None, flow: FlowKind = "subscription") -> Plan:
    """The merchant's plan for those who leave a subscription, or a membership.

    It comes from the file named in ``DOORSTEP_RETENTION``; what that leaves out, from Recharge;
    what neither says, from the defaults of `Plan`.
    """
    made = _made.get(flow)
    if made is None or made.shop is not shop or made.file is not file:
        made = _made[flow] = _Made(shop, file, _planned(shop, file, flow))
    return made.plan


def _planned(shop: Shop, file: RetentionFile | None, flow: FlowKind) -> Plan:
    plan = plan_in_recharge(shop, flow)
    if file is not None:
        plan = file.over(plan, flow)
    reasons = plan.reasons
    if not plan.contact:
        reasons = tuple(
            replace(reason, incentive=None) if reason.incentive is Incentive.CONTACT else reason
            for reason in reasons
        )
    # Nobody can give a reason where there is none to choose.
    return replace(plan, reasons=reasons, is_reason_needed=plan.is_reason_needed and bool(reasons))

"""Leaving, and what may be offered to a customer who wants to: the law's rules by region, the
merchant's plan, and an honest record of how each wish to leave ended.

::

    rules = rules_for(snapshot, subscription)       # what the law lets stand in the way
    plan = plan_of(shop, file)                      # reasons and offers, in the merchant's order
    flow = await flows.open(Subject("subscription", 301), customer_id=101, region=rules.region)
    await flows.decide(flow.id, Decision.CANCELLED, activity_id=outcome.activity_id)

Nothing here writes to Recharge, and nothing here knows a page.
"""

from app.retention.flow import Decision, Flow, Group, Subject
from app.retention.flows import Flows
from app.retention.follow_up import FollowUp
from app.retention.history import Choice, History
from app.retention.looked_at import LookedAt
from app.retention.plan import FOR_MEMBERSHIPS, FlowKind, Incentive, Plan, Reason, Span
from app.retention.plan_file import RetentionFile, load_retention_file
from app.retention.planning import plan_of
from app.retention.presses import Press
from app.retention.regions import STRICTEST, TABLE, Labels, Rules, rules_for, rules_of, strictest
from app.retention.strategies import DEFAULT_MEMBERSHIP_REASONS, DEFAULT_REASONS
from app.retention.ways_out import CANCEL_PATH, WITHDRAW_PATH, WayOut, ways_out
from app.retention.withdrawal import withdrawal_ends
from app.retention.yaml_file import RetentionFileError

__all__ = [
    "CANCEL_PATH",
    "DEFAULT_MEMBERSHIP_REASONS",
    "DEFAULT_REASONS",
    "FOR_MEMBERSHIPS",
    "STRICTEST",
    "TABLE",
    "WITHDRAW_PATH",
    "Choice",
    "Decision",
    "Flow",
    "FlowKind",
    "Flows",
    "FollowUp",
    "Group",
    "History",
    "Incentive",
    "Labels",
    "LookedAt",
    "Plan",
    "Press",
    "Reason",
    "RetentionFile",
    "RetentionFileError",
    "Rules",
    "Span",
    "Subject",
    "WayOut",
    "load_retention_file",
    "plan_of",
    "rules_for",
    "rules_of",
    "strictest",
    "ways_out",
    "withdrawal_ends",
]

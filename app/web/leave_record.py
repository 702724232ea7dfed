"""Those who leave without signing in, in the record of all who leave."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from app.actions import Services, Situation
from app.recharge import SubscriptionStatus
from app.retention import Decision, Reason, Subject, rules_for
from app.web.leave_choice import Row

_log = structlog.get_logger(__name__)


class LeaveRecord:
    """Keeps a flow for each subscription that somebody leaves by mail.

    It serves the merchant's figures. So where it fails that is logged, and nobody is kept from
    leaving by it.
    """

    def __init__(self, services: Services, decision: Decision) -> None:
        self._services = services
        self._decision = decision

    async def begin(
        self, customer_id: int, situation: Situation, rows: Sequence[Row], reason: Reason | None
    ) -> None:
        """The button was pressed."""
        flows = self._services.flows
        try:
            for row in rows:
                flow = await flows.open(
                    Subject("subscription", row.subscription.id),
                    customer_id=customer_id,
                    region=rules_for(situation.snapshot, row.subscription).region,
                    plan=situation.plan,
                    door="mail",
                )
                await flows.give_reason(flow.id, reason, "")
                await flows.press(flow.id)
        except Exception:
            _log.exception("the beginning of an end was not recorded", customer_id=customer_id)

    async def decide(self, customer_id: int, activity_id: str) -> None:
        """What has ended by an activity has ended. Any number of times."""
        try:
            await self._decide(customer_id, activity_id)
        except Exception:
            _log.exception("an end was not recorded", customer_id=customer_id)

    async def _decide(self, customer_id: int, activity_id: str) -> None:
        services = self._services
        claim = await services.journal.find(customer_id, activity_id)
        if claim is None or claim.action is None:
            return
        one = getattr(claim.action, "subscription_id", None)
        ids: frozenset[int] = getattr(claim.action, "ids", frozenset({one} if one else ()))
        snapshot = await services.mirror.customer(customer_id).snapshot()
        for id in ids:
            found = snapshot.subscription(id)
            if found is not None and found.status != SubscriptionStatus.CANCELLED:
                continue
            subject = Subject("subscription", id)
            flow = await services.flows.latest(subject, customer_id=customer_id)
            if flow is not None and flow.door == "mail" and flow.decision is None:
                await services.flows.decide(flow.id, self._decision, activity_id=activity_id)

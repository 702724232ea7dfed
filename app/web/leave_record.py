"""Those who leave without signing in, in the record of all who leave."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from app.actions import Services, Situation
from app.retention import Reason, rules_for
from app.web.leave_choice import Row

_log = structlog.get_logger(__name__)


class LeaveRecord:
    """Keeps a flow for each subscription and membership that somebody leaves by mail. It is decided
    with the record of what came of it: see `app.actions.flow_rows`.

    It serves the merchant's figures. So where it fails that is logged, and nobody is kept from
    leaving by it.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    async def begin(
        self, customer_id: int, situation: Situation, rows: Sequence[Row], reason: Reason | None
    ) -> None:
        """The button was pressed."""
        flows = self._services.flows
        try:
            for row in rows:
                is_membership = row.subject.kind == "membership"
                flow = await flows.open(
                    row.subject,
                    customer_id=customer_id,
                    region=rules_for(situation.snapshot, row.record).region,
                    plan=situation.membership_plan if is_membership else situation.plan,
                    door="mail",
                )
                await flows.give_reason(flow.id, reason, "")
                await flows.press(flow.id)
        except Exception:
            _log.exception("the beginning of an end was not recorded", customer_id=customer_id)

"""The record of flows for somebody who only looks: it can be read, and nothing is added to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from app.retention.flow import Flow, Subject, group_of
from app.retention.flows import OPEN_FOR, Flows
from app.retention.plan import Plan


class LookedAt(Flows):
    """As `Flows`, for the shop's people who look as a customer: what they press is no wish of the
    customer's, and must not stand among the figures."""

    def __init__(self, flows: Flows) -> None:
        super().__init__(flows._database, flows._clock, flows._shop)

    async def open(
        self,
        subject: Subject,
        *,
        customer_id: int,
        region: str,
        plan: Plan,
        door: Literal["portal", "mail"] = "portal",
        may_offer: bool = True,
    ) -> Flow:
        """The customer's open flow, or one that is kept nowhere."""
        known, now = await self.latest(subject, customer_id=customer_id), self._clock()
        if known is not None and known.decision is None and now - known.started_at < OPEN_FOR:
            return replace(known, door=door)
        return Flow(
            id="",
            customer_id=customer_id,
            subject=subject,
            door=door,
            region=region,
            group=group_of(self._shop, customer_id, plan.hold_out),
            started_at=now,
            may_offer=may_offer,
        )

    async def take_discount(self, customer_id: int, flow_id: str, plan: Plan) -> bool:
        """None is taken."""
        return False

    async def give_back_discount(self, flow_id: str) -> None:
        """None was taken."""

    async def _change(self, flow_id: str, *, or_saved: bool = False, **values: Any) -> None:
        """Nothing is changed."""

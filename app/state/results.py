"""Results that become known after the page has moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import Acting, Activity, Result, find_activity, late_result, unsettled
from app.state.holding import while_done
from app.state.notice import checking, result_of

if TYPE_CHECKING:
    from app.state.portal import Portal


class Results:
    """The changes of one customer whose results are awaited, by this page or an earlier one."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._awaited: set[str] = set()

    def await_result(self, activity_id: str | None) -> None:
        """Tell of this as soon as it is known."""
        if activity_id is not None:
            self._awaited.add(activity_id)

    def awaits(self, activity_id: str) -> bool:
        """Whether the result of this is not known yet."""
        return activity_id in self._awaited

    async def look(self) -> None:
        """A change of an earlier page whose result is not known yet, or was known too late."""
        services, principal = self._portal.services, self._portal.principal
        if principal.acting is not Acting.SELF:
            return  # it is for the customer, and told once
        late = await late_result(services, principal)
        if late is not None and late.id not in services.told:
            await self._tell(late)
        for activity in await unsettled(services, principal):
            self._portal.tell_unknown(checking(activity))
        await self._portal.cards.tell_news()

    async def follow(self) -> list[str]:
        """Tell of what has become known, and give its activities."""
        known: list[str] = []
        for activity_id in list(self._awaited):
            services, principal = self._portal.services, self._portal.principal
            activity = await find_activity(services, principal, activity_id)
            if activity is None or activity.result in (Result.RUNNING, Result.UNKNOWN):
                continue
            self._awaited.discard(activity_id)
            known.append(activity_id)
            await self._tell(activity)
        return known

    async def _tell(self, activity: Activity) -> None:
        portal = self._portal
        portal.services.told.add(activity.id)
        holds = None
        if activity.result is Result.DONE:
            claim = await portal.services.journal.find(portal.principal.customer_id, activity.id)
            holds = while_done(portal, claim.action if claim else None)
        portal.tell(result_of(activity), holds)

"""Everything one signed-in customer sees in one open page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import structlog

from app.actions import (
    ActionError,
    Activity,
    Outcome,
    Principal,
    Result,
    Services,
    Situation,
    find_activity,
    late_result,
    undo,
    unsettled,
)
from app.i18n import Texts
from app.mirror import Delivery, MirrorError, Snapshot
from app.recharge import RechargeError
from app.state.base import State
from app.state.delivery import DeliveryState, new_key
from app.state.notice import Notice, checking, not_found, notice_of, result_of
from app.state.schedule import ScheduleState
from app.state.subscription import SubscriptionState
from app.state.turns import keep_time

_log = structlog.get_logger(__name__)

REFRESHED = ("customer", "addresses", "payment_methods", "subscriptions", "onetimes", "charges")
"""What `reload` reads from Recharge."""


class Portal(State):
    """The open page of one customer.

    ::

        portal = Portal(services, principal, texts)
        await portal.open()          # status "ready", or "failed" with `failure`
        …
        portal.close()

    status:        "loading", then "ready" or "failed". Only "ready" has records: in the other two
                   nothing is known, and an empty list would be a lie.
    failure:       what happened, when the status is "failed": offer `reload`
    next_delivery: the first delivery that is coming; None when none is planned
    notice:        what just happened, until it is dismissed
    """

    def __init__(self, services: Services, principal: Principal, texts: Texts) -> None:
        super().__init__()
        self.services = services
        self.principal = principal
        self.texts = texts
        self.status: Literal["loading", "ready", "failed"] = "loading"
        self.failure: Notice | None = None
        self.snapshot: Snapshot | None = None
        self.schedule = ScheduleState(self)
        self.subscriptions: list[SubscriptionState] = []
        self.next_delivery: DeliveryState | None = None
        self.notice: Notice | None = None
        self._mine = services.mirror.customer(principal.customer_id)
        self._undoable: tuple[DeliveryState, Delivery] | None = None
        self._unsettled: set[str] = set()
        self._reading = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None
        self._refused: tuple[DeliveryState, str] | None = None
        self._time: asyncio.Task[None] | None = None
        self._has_news = False
        self._leave: Callable[[], None] | None = None

    @property
    def records(self) -> Snapshot:
        """The customer's records.

        Raises:
            RuntimeError: the status is not "ready": look at it first.
        """
        if self.snapshot is None:
            raise RuntimeError("the portal has no records yet")
        return self.snapshot

    @property
    def situation(self) -> Situation:
        """The records, and the rules of this moment."""
        return self.services.situation(self.records)

    @property
    def age(self) -> timedelta | None:
        """How long ago the records were read from Recharge; None before the first time."""
        if self.snapshot is None:
            return None
        return max(self.services.clock() - self.snapshot.loaded_at, timedelta(0))

    async def open(self) -> None:
        """Load the records, and follow what changes them here and elsewhere."""
        if self._leave is None:
            changes = self.services.mirror.changes
            self._leave = changes.subscribe(self.principal.customer_id, self._on_news)
        await self._load()
        if self.status == "ready":
            await self._look_for_unsettled()

    async def reload(self) -> None:
        """The customer asks for the newest: read from Recharge again."""
        if self.is_busy:
            return
        self.is_busy = True
        if self.snapshot is None:
            self.status = "loading"
        self.changed.emit()
        try:
            if self.snapshot is None:
                await self._load()
            else:
                await self._mine.refresh(*REFRESHED)
                await self.read_again()
        except (RechargeError, MirrorError) as error:
            self.tell(notice_of(error))
        finally:
            self.is_busy = False
            self.changed.emit()

    def close(self) -> None:
        """The page is gone: follow nothing any more."""
        if self._leave is not None:
            self._leave()
            self._leave = None
        for task in (self._following, self._time):
            if task is not None:
                task.cancel()
        self.schedule.close()
        for subscription in self.subscriptions:
            subscription.close()
        super().close()

    def tell(self, notice: Notice) -> None:
        """Show a notice in place of the last one."""
        self.notice = notice
        self._undoable = self._refused = None
        self.changed.emit()

    def tell_done(self, outcome: Outcome, state: DeliveryState, before: Delivery) -> None:
        """Show what was done, and offer to undo it."""
        self.tell(
            Notice(
                "warning" if outcome.differences else "success",
                outcome.notice,
                undo_until=outcome.undo_until,
                activity_id=outcome.activity_id,
            )
        )
        self._undoable = (state, before)

    def tell_refused(self, notice: Notice, state: DeliveryState) -> None:
        """Show why a delivery could not be changed, until the delivery is another."""
        self.tell(notice)
        self._refused = (state, state.delivery.revision)

    def tell_unknown(self, notice: Notice) -> None:
        """Show that a result is not known yet, and follow it until it is."""
        if notice.activity_id is not None:
            self._unsettled.add(notice.activity_id)
        self.tell(notice)

    def dismiss(self) -> None:
        """The customer has read the notice."""
        self.notice = self._undoable = self._refused = None
        self.changed.emit()

    async def undo(self) -> None:
        """Take back what the notice tells of. Shown at once where the delivery is on screen."""
        notice = self.notice
        if self.is_busy or notice is None or notice.activity_id is None or not notice.undo_until:
            return
        activity_id, key = notice.activity_id, new_key()
        self.is_busy = True
        self.changed.emit()
        try:
            if self._undoable is not None:
                state, before = self._undoable
                await state.pend(
                    before, lambda: undo(self.services, self.principal, activity_id, key=key)
                )
            else:
                outcome = await undo(self.services, self.principal, activity_id, key=key)
                self.tell(Notice("success", outcome.notice))
                await self.read_again()
        except ActionError as error:
            self.tell(notice_of(error))
        finally:
            self.is_busy = False
            self.changed.emit()

    def rearrange(self) -> None:
        """Find the next delivery again: the one that was next may have been skipped."""
        self.next_delivery = next((d for d in self.schedule.deliveries if d.is_coming), None)
        self.changed.emit()

    def turn(self) -> None:
        """Another day has begun, or a cut-off has passed: the same records mean something else."""
        if self.snapshot is not None:
            self._take(self.snapshot)

    async def read_again(self) -> None:
        """Take up the mirror's records. When they cannot be read, what is shown stays."""
        async with self._reading:
            try:
                snapshot = await self._mine.snapshot()
            except (RechargeError, MirrorError) as error:
                _log.warning("records could not be read again", error=str(error))
                return
            await self._follow_unsettled()
            self._take(snapshot)

    async def _load(self) -> None:
        try:
            snapshot = await self._mine.snapshot()
        except RechargeError as error:
            self._fail(notice_of(error))
        except MirrorError as error:
            _log.warning("records could not be loaded", error=str(error))
            self._fail(not_found())
        else:
            self._take(snapshot)

    def _fail(self, failure: Notice) -> None:
        self.status = "failed"
        self.failure = failure
        self.changed.emit()

    def _take(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.status = "ready"
        self.failure = None
        known = {state.key: state for state in self.subscriptions}
        self.subscriptions = []
        for subscription in snapshot.subscriptions:
            state = known.pop(subscription.id, None) or SubscriptionState(self, subscription)
            state.update(subscription)
            self.subscriptions.append(state)
        for gone in known.values():
            gone.close()
        self.schedule.update()
        if self._refused is not None:
            refused, revision = self._refused
            if refused.delivery.revision != revision:
                self.notice = self._refused = None
        if self._time is None and self._leave is not None:
            self._time = asyncio.create_task(keep_time(self), name="time of a page")
        self.rearrange()

    def _on_news(self) -> None:
        """The mirror has changed; one task takes it up, however often it changes meanwhile."""
        self._has_news = True
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while self._has_news:
            self._has_news = False
            if self.status == "ready":
                await self.read_again()

    async def _look_for_unsettled(self) -> None:
        """A change of an earlier page whose result is not known yet, or was known too late."""
        late = await late_result(self.services, self.principal)
        if late is not None and late.id not in self.services.told:
            self._tell_late(late)
        for activity in await unsettled(self.services, self.principal):
            self.tell_unknown(checking(activity))

    def _tell_late(self, activity: Activity) -> None:
        self.services.told.add(activity.id)
        self.tell(result_of(activity))

    async def _follow_unsettled(self) -> None:
        for activity_id in list(self._unsettled):
            activity = await find_activity(self.services, self.principal, activity_id)
            if activity is None or activity.result in (Result.RUNNING, Result.UNKNOWN):
                continue
            self._unsettled.discard(activity_id)
            for state in self.schedule.deliveries:
                if state.unsettled == activity_id:
                    state.settle()
            self._tell_late(activity)

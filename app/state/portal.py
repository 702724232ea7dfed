"""Everything one signed-in customer sees in one open page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal

import structlog

from app.actions import (
    Action,
    ActionError,
    NothingKnown,
    NotPossible,
    Outcome,
    Principal,
    Services,
    Situation,
    Stale,
    perform,
    undo,
    way_back,
)
from app.i18n import Message, Texts
from app.mirror import MirrorError, Snapshot
from app.recharge import RechargeError
from app.state.activity import ActivitiesState
from app.state.base import State
from app.state.cards import CardsState
from app.state.credit import CreditState
from app.state.deeds import Deeds
from app.state.delivery import DeliveryState, comes
from app.state.fresh import REFRESHED
from app.state.history import HistoryState
from app.state.holding import Holds, while_done, while_refused
from app.state.membership import MembershipState, updated
from app.state.news import News
from app.state.notice import Notice, done, not_found, notice_of
from app.state.order import OpenOrders
from app.state.own_record import read_own_record
from app.state.pauses import Pauses
from app.state.payments import PaymentsState
from app.state.rest import with_steps
from app.state.results import Results
from app.state.schedule import ScheduleState
from app.state.step_up import StepUpState
from app.state.subscription import SubscriptionState
from app.state.turns import keep_time
from app.state.update_mails import UpdateMails
from app.state.wishes import NOTHING, Wishes, new_key

_log = structlog.get_logger(__name__)


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
        self.schedule, self.activities = ScheduleState(self), ActivitiesState(self)
        self.subscriptions: list[SubscriptionState] = []
        self.memberships: list[MembershipState] = []
        self.next_delivery: DeliveryState | None = None
        self.notice: Notice | None = None
        self.orders, self.history = OpenOrders(self), HistoryState(self)
        self.credit, self.payments = CreditState(self), PaymentsState(self)
        self._mine = services.mirror.customer(principal.customer_id)
        self.unconfirmed = self.checked = NOTHING
        """What on screen is shown as wished, and what may be otherwise than it is shown."""
        self._actual: Snapshot | None = None
        self._wishes = Wishes()
        self._results = Results(self)
        self.pauses, self.step_up = Pauses(self), StepUpState(self)
        self.mails, self.cards, self.deeds = UpdateMails(self), CardsState(self), Deeds()
        self._reading, self._news = asyncio.Lock(), News(self)
        self._holds: Holds | None = None
        self._time: asyncio.Task[None] | None = None

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
    def confirmed(self) -> Snapshot:
        """The records as they were read last, without what the customer has only asked for."""
        return self._actual or self.records

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
        self._news.follow()
        await self._load()
        if self.status == "ready":
            await self._results.look()

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
        self._news.close()
        if self._time is not None:
            self._time.cancel()
        for part in (self.schedule, self.orders, self.history, self.credit, self.step_up):
            part.close()
        for state in (self.activities, *self.subscriptions, *self.memberships):
            state.close()
        super().close()

    def can(self, action: Action) -> bool:
        """Whether to offer this: the merchant does, with all its steps, and it is possible now."""
        try:
            action.check_offered(self.situation)
            action.check(self.situation)
        except ActionError:
            return False
        return True

    def is_offered(self, action: type[Action]) -> bool:
        """Whether the merchant offers this."""
        return action.is_offered(self.records.shop)

    def reason_against(self, action: Action) -> Message | None:
        """Why this cannot be done now; None when it can, and where the merchant offers no such
        thing: then there is nothing to explain."""
        if not self.is_offered(type(action)):
            return None
        try:
            action.check(self.situation)
        except ActionError as error:
            return error.notice
        return None

    async def do(
        self, action: Action, *, key: str | None = None, revision: str | None = None
    ) -> Outcome | None:
        """Do this. It is shown at once, and what came of it as a notice; None when it failed.

        `key` and `revision` are those of the question that was asked; without a question, what is
        on screen is what the customer decided by.
        """
        key = key or new_key()
        seen = revision or action.revision(self.situation)
        return await self._make(
            action,
            lambda: perform(self.services, self.principal, action, key=key, revision=seen),
        )

    async def undo(self) -> None:
        """Take back what the notice tells of."""
        if (notice := self.notice) and notice.activity_id is not None and notice.undo_until:
            await self.take_back(notice.activity_id)

    async def take_back(self, activity_id: str) -> None:
        """Take an activity back, by its inverse action. Shown at once."""
        if self.is_busy:
            return
        key = new_key()
        self.is_busy = True
        self.changed.emit()
        try:
            action = await way_back(self.services, self.principal, activity_id)
            await self._make(
                action, lambda: undo(self.services, self.principal, activity_id, key=key)
            )
        finally:
            self.is_busy = False
            self.changed.emit()

    async def _make(
        self, action: Action | None, write: Callable[[], Awaitable[Outcome]]
    ) -> Outcome | None:
        """Show a wish at once, write it, and show what came of it."""
        if action is not None and not await self.step_up.is_cleared(action):
            return None
        wish = self._wishes.add(action) if action else None
        self._show()
        outcome, notice, is_refusal = None, None, False
        try:
            outcome = await write()
        except NothingKnown as error:
            notice = notice_of(error)
            if wish is not None and self._actual is not None:
                wish.is_unknown(error.activity_id, self.services.situation(self._actual))
        except ActionError as error:
            notice = notice_of(error)
            is_refusal = isinstance(error, NotPossible | Stale)
        finally:
            await self.read_again()
            if wish is not None and wish.activity_id is None:
                self._wishes.drop(wish)
            self._show()
        if outcome is not None:
            self.deeds.tell(action)
            self.tell(await with_steps(self, action, done(outcome)), while_done(self, action))
        elif notice is not None and notice.tone == "info":
            self.tell_unknown(notice)
        elif notice is not None:
            told = await with_steps(self, action, notice)
            self.tell(told, while_refused(self, action) if action and is_refusal else None)
        return outcome

    def tell(self, notice: Notice, holds: Holds | None = None) -> None:
        """Show a notice in place of the last one, for as long as it `holds`."""
        self.notice, self._holds = notice, holds
        self.changed.emit()

    def tell_unknown(self, notice: Notice) -> None:
        """Show that a result is not known yet, and follow it until it is."""
        self._results.await_result(notice.activity_id)
        self.tell(notice)

    def awaits(self, activity_id: str) -> bool:
        """Whether the result of this change is not known yet, and is being found out."""
        return self._results.awaits(activity_id)

    def dismiss(self) -> None:
        """The customer has read the notice."""
        self.notice = self._holds = None
        self.changed.emit()

    def rearrange(self) -> None:
        """Find the next delivery again: the one that was next may have been skipped."""
        self.next_delivery = next(map(self.schedule.of, filter(comes, self.schedule.planned)), None)
        self.changed.emit()

    def turn(self) -> None:
        """Another day has begun, or a cut-off has passed: the same records mean something else."""
        if self._actual is not None:
            self._take(self._actual)

    async def read_again(self) -> None:
        """Take up the mirror's records. When they cannot be read, what is shown stays."""
        async with self._reading:
            try:
                snapshot = await self._mine.snapshot()
            except (RechargeError, MirrorError) as error:
                _log.warning("records could not be read again", error=str(error))
                return
            for activity_id in await self._results.follow():
                self._wishes.settle(activity_id)
            await read_own_record(self, snapshot)
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
            await read_own_record(self, snapshot)
            self._take(snapshot)

    def _fail(self, failure: Notice) -> None:
        self.status = "failed"
        self.failure = failure
        self.changed.emit()

    def _take(self, snapshot: Snapshot) -> None:
        """What was read from the mirror."""
        self._actual = snapshot
        self.status = "ready"
        self.failure = None
        if self._time is None and self._news.is_followed:
            self._time = asyncio.create_task(keep_time(self), name="time of a page")
        # A wish is shown until its answer is known: a part of its result must not look like all.
        if self.snapshot is None or not self._wishes.is_any_shown:
            self._show()

    def _show(self) -> None:
        """Show the records as the customer wishes them, and mark what is not confirmed."""
        if self._actual is None:
            return
        actual = self.services.situation(self._actual)
        self.snapshot = snapshot = self._wishes.shown(actual)
        self.unconfirmed = self._wishes.unconfirmed(actual, self.situation)
        self.checked = self._wishes.checked()
        known = {state.key: state for state in self.subscriptions}
        self.subscriptions = []
        for subscription in snapshot.subscriptions:
            state = known.pop(subscription.id, None) or SubscriptionState(self, subscription)
            state.update(subscription)
            self.subscriptions.append(state)
        for gone in known.values():
            gone.close()
        self.memberships = updated(self, self.memberships)
        self.schedule.update()
        if self._holds is not None and not self._holds():
            self.notice = self._holds = None
        self.rearrange()

"""One delivery on the timeline, and what the customer may do with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from app.actions import (
    Action,
    ActionError,
    NothingKnown,
    NotPossible,
    Outcome,
    Preview,
    PutBackDelivery,
    SkipDelivery,
    Stale,
    perform,
    preview,
)
from app.i18n import Message
from app.mirror import Delivery, DeliveryStatus
from app.recharge import Address, PaymentMethod
from app.state.base import State
from app.state.notice import Notice, notice_of

if TYPE_CHECKING:
    from app.state.portal import Portal


class DeliveryState(State):
    """One delivery. It stays the same object while the delivery is skipped and put back.

    preview: what skipping would change, after `ask_skip`: show it in the confirmation
    failure: why the last `ask_skip` gave no preview
    """

    def __init__(self, portal: Portal, delivery: Delivery) -> None:
        super().__init__()
        self._portal = portal
        self._actual = delivery
        self._is_late = portal.situation.is_too_late(delivery.date)
        self._wished: Delivery | None = None
        self._asked: tuple[SkipDelivery, str] | None = None
        self.preview: Preview | None = None
        self.failure: Notice | None = None
        self.unsettled: str | None = None
        """The activity whose result is not known yet."""

    @property
    def delivery(self) -> Delivery:
        """As it is shown: at once as the customer wished it, then as Recharge has it."""
        return self._wished or self._actual

    @property
    def key(self) -> str:
        """A stable name for the delivery as it is shown."""
        return self.delivery.key

    @property
    def is_pending(self) -> bool:
        """Shown as wished and not confirmed yet, or not known to be changed or not."""
        return self._wished is not None or self.unsettled is not None

    @property
    def is_skipped(self) -> bool:
        return self.delivery.status == DeliveryStatus.SKIPPED

    @property
    def is_coming(self) -> bool:
        """Whether it will come, as far as is known: not skipped, and not given up."""
        delivery = self.delivery
        is_given_up = delivery.status is DeliveryStatus.FAILED and delivery.retry_date is None
        return not self.is_skipped and not is_given_up

    @property
    def change_until(self) -> datetime:
        """The last minute for changes, in the shop's zone."""
        return self._portal.situation.change_until(self.delivery.date)

    @property
    def can_skip(self) -> bool:
        """Whether to offer "Skip"."""
        return not self.is_skipped and self._can(SkipDelivery)

    @property
    def can_put_back(self) -> bool:
        """Whether to offer "Put back"."""
        return self.is_skipped and self._can(PutBackDelivery)

    @property
    def reason(self) -> Message | None:
        """Why the delivery cannot be skipped (or put back), or None when it can.

        None also where the merchant offers no such thing: then there is nothing to explain.
        """
        action = self._put_back() if self.is_skipped else self._skip(None)
        if self.is_pending or not self._is_offered(type(action)):
            return None
        try:
            action.check(self._portal.situation)
        except ActionError as error:
            return error.notice
        return None

    @property
    def address(self) -> Address | None:
        return self._portal.records.address(self.delivery.address_id)

    @property
    def payment_method(self) -> PaymentMethod | None:
        """The card that will be charged."""
        if self.delivery.payment_method_id is None:
            return None
        return self._portal.records.payment_method(self.delivery.payment_method_id)

    async def ask_skip(self, purchase_item_ids: tuple[int, ...] | None = None) -> None:
        """Find out what skipping would change, and put it into `preview`. Nothing is written.

        `purchase_item_ids` are the items to skip; None is all of them.
        """
        if self.is_busy:
            return
        action = self._skip(purchase_item_ids)
        self.cancel_question()
        try:
            self.preview = await preview(self._portal.services, self._portal.principal, action)
            self._asked = (action, new_key())
        except ActionError as error:
            self.failure = notice_of(error)
        self.changed.emit()

    def cancel_question(self) -> None:
        """The customer closed the confirmation."""
        self.preview = self.failure = self._asked = None

    async def skip(self) -> None:
        """Skip what was asked for, or all of the delivery. Shown at once.

        The result comes as the portal's notice. A second press meanwhile does nothing.
        """
        if self.is_busy or (self.is_skipped and self._asked is None):
            return  # with a question open the customer is told that it is skipped already
        action, key = self._asked or (self._skip(None), new_key())
        revision = self.preview.revision if self.preview else None
        wished = self._actual
        if action.purchase_item_ids is None:
            wished = replace(wished, status=DeliveryStatus.SKIPPED)
        await self._perform(action, key, revision, wished)

    async def put_back(self) -> None:
        """Take the skip back. Shown at once; the result comes as the portal's notice."""
        if self.is_busy or not self.is_skipped:
            return
        wished = replace(self._actual, status=DeliveryStatus.PROJECTED)
        await self._perform(self._put_back(), new_key(), None, wished)

    def update(self, delivery: Delivery) -> None:
        """The delivery as it was read last, at this moment."""
        is_late = self._portal.situation.is_too_late(delivery.date)
        if delivery != self._actual or is_late != self._is_late:
            self._actual = delivery
            self._is_late = is_late
            self.changed.emit()

    def settle(self) -> None:
        """The wish is granted or refused: show what is true."""
        self._wished = self.unsettled = None

    async def pend(self, wished: Delivery, write: Callable[[], Awaitable[Outcome]]) -> None:
        """Show a wish at once, write it, and show what came of it."""
        before = self._actual
        self.is_busy = True
        self._wished = wished
        self._portal.rearrange()
        self.changed.emit()
        try:
            outcome = await write()
        except NothingKnown as error:
            # Shown as it was read last: what may not be so must not look done.
            self._wished = None
            self.unsettled = error.activity_id
            self._portal.tell_unknown(notice_of(error))
        except (NotPossible, Stale) as error:
            self.settle()
            await self._portal.read_again()  # what is shown then is what was refused
            self._portal.tell_refused(notice_of(error), self)
        except ActionError as error:
            self.settle()
            self._portal.tell(notice_of(error))
        except Exception:
            self.settle()
            raise
        else:
            self.settle()
            self._portal.tell_done(outcome, self, before)
        finally:
            self.is_busy = False
            self.cancel_question()
            await self._portal.read_again()
            self.changed.emit()

    async def _perform(
        self, action: Action, key: str, revision: str | None, wished: Delivery
    ) -> None:
        portal = self._portal
        seen = revision or action.revision(portal.situation)
        await self.pend(
            wished,
            lambda: perform(portal.services, portal.principal, action, key=key, revision=seen),
        )

    def _skip(self, purchase_item_ids: tuple[int, ...] | None) -> SkipDelivery:
        return SkipDelivery(
            address_id=self._actual.address_id,
            date=self._actual.date,
            purchase_item_ids=purchase_item_ids,
        )

    def _put_back(self) -> PutBackDelivery:
        return PutBackDelivery(address_id=self._actual.address_id, date=self._actual.date)

    def _can(self, action: type[Action]) -> bool:
        return not self.is_pending and self._is_offered(action) and self.reason is None

    def _is_offered(self, action: type[Action]) -> bool:
        return action.is_offered(self._portal.records.shop)


def new_key() -> str:
    """An idempotency key: one for each question the customer is asked."""
    return uuid4().hex

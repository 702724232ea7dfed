"""Withdraw from the contract of a subscription, in its first days.

This is another thing than ending it: it undoes the contract from its beginning, so the shop gives
back what was paid, and no rule of the shop's stands in the way. Articles 9 to 14 of Directive
2011/83/EU, and article 11a that Directive (EU) 2023/2673 puts into it.
"""

from __future__ import annotations

import datetime
from datetime import timedelta
from typing import ClassVar, Final, Literal, Self

from app.actions.base import Upstream
from app.actions.comparison import DatesPromise, rest
from app.actions.effect import Effect
from app.actions.ending import texts, told, withdrawal_texts
from app.actions.ending.beside import comes_beside, memberships_beside
from app.actions.ending.cancel import CancelSubscription
from app.actions.ending.gone import has_ended
from app.actions.ending.receipts import ARRIVES, about, active_beside
from app.actions.errors import InvalidInput, NotPossible
from app.actions.products.texts import name_of
from app.actions.receipts import Receipt, ReceiptKind
from app.actions.situation import Situation
from app.i18n import Message
from app.mirror import Snapshot
from app.recharge import Subscription, SubscriptionStatus
from app.retention import Decision, Subject, rules_for, withdrawal_ends

WITHDRAWN_REASON: Final[Literal["Withdrawal within 14 days"]] = "Withdrawal within 14 days"
"""What the merchant reads in Recharge: it is this that says that money has to be given back."""

GIVEN_BACK_WITHIN: Final = timedelta(days=14)
"""From the day of the withdrawal: articles 13 (1) and 14 (1)."""

ASKED_WITHIN: Final = timedelta(days=2)
"""How long before the press it can have been asked for: a link works for 24 hours, and these touch
three days where one of them has 23."""


class WithdrawFromSubscription(CancelSubscription):
    """Withdraw from a subscription: ``POST /subscriptions/{id}/cancel``, with the reason that names
    it, and a receipt that the shop gets a copy of.

    No switch, minimum of orders or cut-off refuses it: only the end of the days for it does. One
    that was cancelled before can be withdrawn from all the same: there is nothing left to write
    then, and the receipt is the declaration.

    asked_on: the day that counts, in the shop's zone; None is that of the press. Given only by what
              knows it from a record of its own, such as a mailed link that was asked for then.
    """

    name = "withdraw from subscription"
    switch: ClassVar[str | None] = None

    reason: Literal["Withdrawal within 14 days"] = WITHDRAWN_REASON
    asked_on: datetime.date | None = None

    @property
    def ends(self) -> tuple[Subject, Decision]:
        return Subject("subscription", self.subscription_id), Decision.WITHDRAWN

    def check_offered(self, situation: Situation) -> None:
        """It is the customer's right, and not the merchant's to offer.

        Raises:
            InvalidInput: nobody can have asked for it on that day.
        """
        first = situation.today - ASKED_WITHIN
        if self.asked_on is not None and not first <= self.asked_on <= situation.today:
            raise InvalidInput(f"{self.name}: asked on {self.asked_on}")

    def check(self, situation: Situation) -> None:
        self._ending(situation)

    def foreseen(self, situation: Situation) -> Snapshot:
        if not _is_running(self._ending(situation)):
            return situation.snapshot
        return super().foreseen(situation)

    def effect(self, situation: Situation) -> Effect:
        found = self._ending(situation)
        name = name_of(found)
        after = self.after(situation)
        by = situation.today + GIVEN_BACK_WITHIN
        is_running = _is_running(found)
        others = list(active_beside(situation, found).values())
        return Effect(
            question=withdrawal_texts.question(name),
            confirm=self.press(situation),
            done=withdrawal_texts.done(name),
            changes=(
                *((texts.ended(name),) if is_running else ()),
                withdrawal_texts.paid_back(by),
                withdrawal_texts.sent_back(by),
                *told.still_coming(situation, found),
                *(rest(situation, after, {found.id}) if is_running else ()),
                *told.lost_discounts(situation, after),
            ),
            stays=(texts.others_go_on(others),) if others else (),
            promises=(DatesPromise.of(after, found.id),) if is_running else (),
        )

    def spelled_out(self, situation: Situation) -> Self:
        # What was declared in time stays so, however late the shop answers.
        return self.model_copy(update={"asked_on": self.asked_on or situation.today})

    def press(self, situation: Situation) -> Message:
        return withdrawal_texts.confirm(name_of(self._ending(situation)))

    async def run(self, upstream: Upstream) -> None:
        if _is_running(self._ending(upstream.situation)):
            await super().run(upstream)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.subscription(self.subscription_id)
        if found is None:
            return await has_ended(
                upstream.client.subscriptions.get(self.subscription_id),
                lambda one: not _is_running(one),
            )
        return not _is_running(found)

    def inverse(self, before: Situation) -> None:
        return None  # it has been declared, and the shop has been told

    def while_unknown(self) -> Message:
        return withdrawal_texts.asked_to_withdraw()

    def if_not_done(self) -> Message:
        return withdrawal_texts.not_ended()

    def receipt(self, before: Situation, effect: Effect) -> Receipt:
        found = self._ending(before)
        name = name_of(found)
        return Receipt(
            kind=ReceiptKind.WITHDRAWN,
            about=about(found),
            title=withdrawal_texts.receipt_title(name),
            if_open=withdrawal_texts.not_withdrawn(name),
            changes=tuple(
                change.text for change in effect.changes if change.name not in {*ARRIVES, "rest"}
            ),
            arrives=tuple(change.text for change in effect.changes if change.name in ARRIVES),
            comes=comes_beside(before, found.address_id) or None,
            goes_on={**active_beside(before, found), **memberships_beside(before)} or None,
            copy_to_shop=True,
        )

    def _ending(self, situation: Situation) -> Subscription:
        """The subscription, when it can be withdrawn from.

        Raises:
            NotPossible: it goes to another address now, was withdrawn from already, or the days for
                it are over.
        """
        found = situation.snapshot.subscription(self.subscription_id)
        if found is None or found.address_id != self.address_id:
            raise NotPossible(notice=texts.gone())
        name = name_of(found)
        at = situation.withdrawn.get(found.id)
        if not _is_running(found) and _is_withdrawn(found, at):
            on = at.astimezone(situation.now.tzinfo).date() if at else None
            raise NotPossible(notice=withdrawal_texts.withdrawn_already(name, on))
        last = last_day_to_withdraw(situation, found)
        if last is None:
            raise NotPossible(notice=withdrawal_texts.no_right(name))
        if (self.asked_on or situation.today) > last:
            raise NotPossible(notice=withdrawal_texts.was_until(name, last))
        return found


def last_day_to_withdraw(situation: Situation, found: Subscription) -> datetime.date | None:
    """The last day on which a subscription can be withdrawn from, in the shop's zone; None where
    there is no such right."""
    rules = rules_for(situation.snapshot, found)
    return withdrawal_ends(rules, found, situation.plan, situation.snapshot)


def _is_withdrawn(found: Subscription, at: datetime.datetime | None) -> bool:
    """Whether one that is over was withdrawn from.

    at: when it was, as our record has it: taken up since and ended anew, it can be once more
    """
    if found.cancellation_reason == WITHDRAWN_REASON:
        return True
    return at is not None and (found.cancelled_at is None or found.cancelled_at <= at)


def _is_running(found: Subscription) -> bool:
    return found.status not in (SubscriptionStatus.CANCELLED, SubscriptionStatus.EXPIRED)

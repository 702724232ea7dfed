"""Cancel a membership, and take a cancelled one up again.

What Recharge makes of both is a guess: see `app.recharge.memberships`. So an effect promises what
is foreseen, and what comes out otherwise is told.
"""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Final, Self

from pydantic import Field

from app.actions.at_address import Id
from app.actions.base import Action, Upstream
from app.actions.effect import Effect, Shown
from app.actions.ending import membership_texts as texts
from app.actions.ending.beside import comes_beside
from app.actions.ending.cancel import UNTOLD_REASON
from app.actions.ending.closed import may_close
from app.actions.ending.gone import has_ended
from app.actions.ending.membership_rules import (
    MembershipPromise,
    next_payment,
    page_of,
    paid_until,
    payments_left,
    payments_under_way,
    with_membership,
)
from app.actions.ending.texts import end_refused, start_refused
from app.actions.errors import NotPossible, SwitchedOff, UnknownObject
from app.actions.receipts import NOTHING_ARRIVES, Link, Receipt, ReceiptKind
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Snapshot
from app.recharge import Membership, MembershipStatus
from app.retention import Decision, Subject

_ARRIVES: Final = frozenset({"under way", "benefits"})
"""Changes that tell what still comes of one that has ended, by name."""


class MembershipAction(Action):
    """What all changes of a membership share."""

    membership_id: Id

    @property
    def object(self) -> str:
        return f"membership {self.membership_id}"

    def check_owner(self, situation: Situation) -> None:
        if situation.snapshot.membership(self.membership_id) is None:
            raise UnknownObject(self.object)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.membership(self.membership_id)
        return texts.facts(situation.snapshot, found) if found else ()

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("charges", "memberships")

    def found(self, situation: Situation) -> Membership:
        """The membership.

        Raises:
            NotPossible: it is gone.
        """
        found = situation.snapshot.membership(self.membership_id)
        if found is None:
            raise NotPossible(notice=texts.gone())
        return found


class CancelMembership(MembershipAction):
    """End a membership: ``POST /memberships/{id}/cancel``. It is charged no more, and its benefits
    stay to the end of what is paid. The merchant's switch holds where the law of the customer's
    place lets it.

    reason:  in the customer's words, for the merchant; empty where none was given
    at_once: its benefits end now. Only so that taking up one that had ended can be undone.
    is_undo: no minimum of payments holds. Only so that starting again can be taken back.
    """

    name = "cancel membership"
    switch: ClassVar[str | None] = "membership_allow_membership_cancellation_in_customer_portal"
    is_shown_at_once = False
    is_done_when_read = True

    reason: Annotated[str, Field(max_length=255)] = ""
    comments: Annotated[str, Field(max_length=1024)] = ""
    at_once: bool = False
    is_undo: bool = False

    @property
    def ends(self) -> tuple[Subject, Decision]:
        return Subject("membership", self.membership_id), Decision.CANCELLED

    def holds(self, situation: Situation) -> bool:
        found = situation.snapshot.membership(self.membership_id)
        return found is None or found.is_cancelled

    def check_offered(self, situation: Situation) -> None:
        found = situation.snapshot.membership(self.membership_id)
        if not self.is_offered(situation.snapshot.shop) and may_close(situation, found):
            contact = situation.membership_plan.contact or situation.snapshot.shop.email
            raise SwitchedOff(
                f"{self.name}: {self.switch}", notice=texts.ended_by_the_shop(contact)
            )

    def check(self, situation: Situation) -> None:
        self._ending(situation)

    def foreseen(self, situation: Situation) -> Snapshot:
        found = self._ending(situation)
        until = situation.today if self.at_once else paid_until(found)
        is_over = until is not None and until <= situation.today
        return with_membership(
            situation.snapshot,
            found,
            status=MembershipStatus.INACTIVE if is_over else MembershipStatus.ACTIVE,
            cancelled_at=situation.now,
            cancellation_reason=self.reason or UNTOLD_REASON,
            cancellation_reason_comments=self.comments or None,
            expires_at=until,
            has_queued_charges=False,
            next_charge_scheduled_at=None,
            purchase_item_status="cancelled",
        )

    def effect(self, situation: Situation) -> Effect:
        found = self._ending(situation)
        snapshot = situation.snapshot
        name, until = texts.name_of(snapshot, found), paid_until(found)
        is_over = self.at_once or (until is not None and until <= situation.today)
        benefits = texts.benefits_of(snapshot, found)
        paying = payments_under_way(snapshot, found)
        day = found.next_charge_scheduled_at
        return Effect(
            question=say("Cancel your membership {name}?", name=name),
            confirm=say("Cancel {name}", name=name),
            done=say("Your membership {name} is cancelled.", name=name),
            changes=(
                texts.not_charged(
                    name, texts.price_of(snapshot, found), None if day in paying else day
                ),
                *map(texts.payment_under_way, paying),
                texts.benefits_end(until, benefits, at_once=is_over),
            ),
            stays=self._stays(situation),
            promises=(MembershipPromise(found.id, None, None if is_over else until),),
        )

    async def run(self, upstream: Upstream) -> None:
        found = self._ending(upstream.situation)
        answer = await upstream.client.memberships.cancel(
            self.membership_id,
            cancellation_reason=self.reason or UNTOLD_REASON,
            cancellation_reason_comments=self.comments or None,
            cancel_immediately=self.at_once,
            expires_at=None if self.at_once else paid_until(found),
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.membership(self.membership_id)
        if found is None:
            return await has_ended(
                upstream.client.memberships.get(self.membership_id), lambda one: one.is_cancelled
            )
        return found.is_cancelled

    def while_unknown(self) -> Message:
        return texts.asked_to_cancel()

    def if_not_done(self) -> Message:
        return texts.not_cancelled()

    def if_refused(self) -> Message:
        return end_refused()

    def receipt(self, before: Situation, effect: Effect) -> Receipt:
        found = self.found(before)
        name = texts.name_of(before.snapshot, found)
        arrives = [change.text for change in effect.changes if change.name in _ARRIVES]
        comes = comes_beside(before, found.address_id)
        if not arrives and not comes:
            arrives = [NOTHING_ARRIVES]
        return Receipt(
            kind=ReceiptKind.CANCELLED,
            about=self.object,
            title=say("Your membership {name} is cancelled", name=name),
            if_open=say("Your membership {name} is not cancelled", name=name),
            changes=tuple(change.text for change in effect.changes if change.name not in _ARRIVES),
            arrives=tuple(arrives),
            comes=comes or None,
            stays=effect.stays,
            links=(Link(say("Start {name} again", name=name), page_of(self.membership_id)),),
        )

    def inverse(self, before: Situation) -> ReactivateMembership | None:
        found = before.snapshot.membership(self.membership_id)
        if found is None or found.next_charge_scheduled_at is None:
            return None  # it had no date, and would get one
        return ReactivateMembership(membership_id=self.membership_id)

    def _ending(self, situation: Situation) -> Membership:
        """The membership, when it can be ended.

        Raises:
            NotPossible: it is cancelled already, or the merchant may still hold the customer.
        """
        found = self.found(situation)
        name = texts.name_of(situation.snapshot, found)
        if found.is_cancelled:
            raise NotPossible(notice=texts.cancelled_already(name))
        if not self.is_undo and (left := payments_left(situation, found)):
            plan = situation.membership_plan
            contact = plan.contact or situation.snapshot.shop.email
            raise NotPossible(notice=texts.too_few(name, plan.minimum_orders, left, contact))
        return found

    def _stays(self, situation: Situation) -> tuple[Message, ...]:
        is_any = any(one.status == "active" for one in situation.snapshot.subscriptions)
        going = (texts.subscriptions_go_on(),) if is_any else ()
        return (*going, texts.can_be_taken_up())


class ReactivateMembership(MembershipAction):
    """Take a cancelled membership up again: ``POST /memberships/{id}/activate``.

    Recharge names the day of the next payment itself: by guess the one on which what is paid ends,
    and where that has passed, tomorrow.
    """

    name = "reactivate membership"

    def check(self, situation: Situation) -> None:
        self._cancelled(situation)

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        found = situation.snapshot.membership(self.membership_id)
        if found is None:
            return ()
        facts = [one for one in super().shown(situation) if one.name != "until"]
        day = next_payment(situation, found)
        told = say("It would now be paid first on {date}.", date=day)
        return (*facts, Shown("day", day.isoformat(), told))

    def foreseen(self, situation: Situation) -> Snapshot:
        found = self._cancelled(situation)
        day = next_payment(situation, found)
        return with_membership(
            situation.snapshot,
            found,
            status=MembershipStatus.ACTIVE,
            cancelled_at=None,
            cancellation_reason=None,
            cancellation_reason_comments=None,
            expires_at=day,
            has_queued_charges=True,
            next_charge_scheduled_at=day,
            purchase_item_status="active",
        )

    def effect(self, situation: Situation) -> Effect:
        found = self._cancelled(situation)
        snapshot = situation.snapshot
        name, day = texts.name_of(snapshot, found), next_payment(situation, found)
        price, rhythm = texts.price_of(snapshot, found), texts.paid_every(found)
        address = snapshot.address(found.address_id)
        has_no_card = address is not None and address.payment_method_id is None
        return Effect(
            question=say("Start {name} again?", name=name),
            confirm=say("Start again, pay on {date}", date=day),
            done=say("{name} is active again, and is paid next on {date}.", name=name, date=day),
            changes=(
                texts.charged_again(price, day, rhythm),
                texts.benefits_back(
                    texts.benefits_of(snapshot, found),
                    is_whole=found.status == MembershipStatus.ACTIVE,
                ),
                *([texts.no_card()] if has_no_card else ()),
            ),
            amount=price,
            promises=(MembershipPromise(found.id, day, day),),
        )

    async def run(self, upstream: Upstream) -> None:
        self._cancelled(upstream.situation)
        upstream.answers.append(await upstream.client.memberships.activate(self.membership_id))

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.membership(self.membership_id)
        return found is not None and not found.is_cancelled

    def if_refused(self) -> Message:
        return start_refused()

    def receipt(self, before: Situation, effect: Effect) -> Receipt:
        name = texts.name_of(before.snapshot, self.found(before))
        return Receipt(
            kind=ReceiptKind.ACTIVE,
            about=self.object,
            title=say("Your membership {name} is active again", name=name),
            if_open=say("Your membership {name} is not active", name=name),
            changes=tuple(change.text for change in effect.changes),
            stays=effect.stays,
            links=(Link(say("To your membership {name}", name=name), page_of(self.membership_id)),),
        )

    def inverse(self, before: Situation) -> CancelMembership | None:
        found = before.snapshot.membership(self.membership_id)
        if found is None:
            return None
        return CancelMembership(
            membership_id=self.membership_id,
            reason=(found.cancellation_reason or "")[:255],
            comments=(found.cancellation_reason_comments or "")[:1024],
            at_once=found.status == MembershipStatus.INACTIVE,
            is_undo=True,
        )

    def possible_until(self, situation: Situation) -> datetime.datetime | None:
        """It stays possible; but put back, as undo does, only until what is paid ends."""
        found = situation.snapshot.membership(self.membership_id)
        until = paid_until(found) if found else None
        if until is None or until <= situation.today:
            return None
        end = datetime.datetime.combine(until, datetime.time.min, tzinfo=situation.now.tzinfo)
        return end - datetime.timedelta.resolution

    def _cancelled(self, situation: Situation) -> Membership:
        """The membership, when it is cancelled.

        Raises:
            NotPossible: it is active.
        """
        found = self.found(situation)
        if not found.is_cancelled:
            name = texts.name_of(situation.snapshot, found)
            raise NotPossible(notice=texts.active_already(name))
        return found

"""A payment method that only its processor can change, and the mail that leads there."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from app.actions import (
    LINK_HOLDS,
    AskedMail,
    SendUpdateMail,
    card_seen,
    is_hosted,
)
from app.mirror import MirrorError
from app.recharge import PaymentMethod, RechargeError
from app.state.base import State
from app.state.notice import notice_of

if TYPE_CHECKING:
    from app.state.portal import Portal

Stage = Literal["none", "asked", "unclear", "changed"]


class HostedUpdateState(State):
    """How it stands with the mail by which one payment method is changed.

    stage: "none" while no mail is waited for; "asked" while one is; "unclear" where the shop never
           said whether it sends one; "changed" once the payment method is another one than when
           the mail was asked for
    """

    def __init__(self, portal: Portal, payment_method_id: int) -> None:
        super().__init__()
        self.portal = portal
        self.payment_method_id = payment_method_id
        self._turn: asyncio.TimerHandle | None = None
        self._unsubscribe = portal.changed.subscribe(self._take)
        self._take()

    @property
    def method(self) -> PaymentMethod | None:
        """The payment method; None where it is not in the account any more."""
        return self.portal.records.payment_method(self.payment_method_id)

    @property
    def is_shown(self) -> bool:
        """Whether the payment method is one of those, and the merchant lets customers change it."""
        method = self.method
        return method is not None and is_hosted(method) and self.portal.is_offered(SendUpdateMail)

    @property
    def email(self) -> str:
        """Where a mail goes; empty where no address is known."""
        return self.portal.records.customer.email or ""

    @property
    def shop(self) -> str:
        """The name of the shop, from which the mail comes."""
        return self.portal.records.shop.name

    @property
    def contact(self) -> str:
        """Where the shop can be written to; empty where that is not known."""
        return self.portal.records.shop.email

    @property
    def stage(self) -> Stage:
        """How it stands."""
        mail, method = self._mail, self.method
        if mail is None or method is None or self._now > mail.at + LINK_HOLDS:
            return "none"
        if mail.card and mail.card != card_seen(method):
            return "changed"
        return "asked" if mail.is_known else "unclear"

    @property
    def asked_at(self) -> datetime | None:
        """When the newest mail was asked for, in the shop's zone."""
        mail = self._mail
        return mail.at.astimezone(self._now.tzinfo) if mail else None

    @property
    def again_at(self) -> datetime | None:
        """The moment from which another mail can be asked for; None where that is now."""
        mail = self._mail
        if mail is None or self._now >= mail.again_at:
            return None
        return mail.again_at.astimezone(self._now.tzinfo)

    @property
    def can_ask(self) -> bool:
        """Whether a mail can be asked for now."""
        mail = self._mail
        is_open = mail is not None and mail.is_open
        return bool(self.email) and self.again_at is None and not is_open

    async def look(self) -> None:
        """Read from Recharge whether the payment method is another one now."""
        if self.is_busy:
            return
        self.is_busy = True
        self.changed.emit()
        portal = self.portal
        try:
            mine = portal.services.mirror.customer(portal.principal.customer_id)
            await mine.refresh("payment_methods")
            await portal.read_again()
        except (RechargeError, MirrorError) as error:
            portal.tell(notice_of(error))
        finally:
            self.is_busy = False
            self.changed.emit()

    def close(self) -> None:
        self._unsubscribe()
        if self._turn is not None:
            self._turn.cancel()
        super().close()

    @property
    def _mail(self) -> AskedMail | None:
        return self.portal.mails.of(self.payment_method_id)

    @property
    def _now(self) -> datetime:
        return self.portal.situation.now

    def _take(self) -> None:
        """The page has changed. When another mail can be asked for, it changes again."""
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        again_at = self.again_at if self.portal.snapshot is not None else None
        if again_at is not None:
            left = (again_at - self._now).total_seconds()
            self._turn = asyncio.get_running_loop().call_later(left, self._take)
        self.changed.emit()

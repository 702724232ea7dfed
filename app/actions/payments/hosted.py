"""A mail by which a customer changes a card that only its processor can change.

Shopify Payments, and PayPal through it, take a new card on a page of their own and nowhere else.
What can be done from here is to have the customer mailed the way there:
``POST /customers/{id}/notifications`` with ``shopify_update_payment_information``. Recharge tells
of no mail whether it went out, so what is known of it stands in our own record: see `mails_asked`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from sqlalchemy import func, select

from app.actions.at_address import Id
from app.actions.base import Upstream
from app.actions.claim import OPEN, Result
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.payments import texts
from app.actions.payments.base import PaymentMethodAction
from app.actions.payments.names import card_named
from app.actions.situation import Situation
from app.actions.tables import activities
from app.database import Database
from app.i18n import Message, say, say_many
from app.mirror import Snapshot
from app.recharge import NotificationTemplate, PaymentMethod, PaymentType

RESEND_AFTER: Final = timedelta(minutes=5)
"""How long after one mail the next can be asked for: a mail takes a while, and each new one makes
the link in the last one useless."""
LINK_HOLDS: Final = timedelta(hours=48)
"""How long a mail is waited for at all: by then its link has ended."""

_ONLY_ITSELF: Final = frozenset({"shopify_payments", "shopify_app_subscription_billing"})
_ONLY_ELSEWHERE: Final = frozenset({
    PaymentType.PAYPAL, PaymentType.PAYPAL_EXPRESS, PaymentType.SHOP_PAY,
})  # fmt: skip


def is_hosted(method: PaymentMethod) -> bool:
    """Whether a payment method is changed on a page of its processor's alone."""
    return method.processor_name in _ONLY_ITSELF or method.payment_type in _ONLY_ELSEWHERE


def card_seen(method: PaymentMethod) -> str:
    """What is known of a payment method, in short: after its mail, it tells a change."""
    known = method.payment_details
    parts = (method.payment_type, known.brand, known.last4, known.exp_month, known.exp_year)
    return " ".join(map(str, (*parts, method.status)))


@dataclass(frozen=True, slots=True)
class AskedMail:
    """The newest mail that was asked for to change a payment method.

    at:       when
    is_known: whether Recharge has answered that it sends it; without an answer, it may have
    is_open:  whether that is still being found out
    card:     what the payment method was then: see `card_seen`
    """

    at: datetime
    is_known: bool = True
    is_open: bool = False
    card: str = ""

    @property
    def again_at(self) -> datetime:
        """The moment from which the next can be asked for."""
        return self.at + RESEND_AFTER


class SendUpdateMail(PaymentMethodAction):
    """Have the customer mailed the link by which a payment method is changed at its processor.

    ``POST /customers/{id}/notifications``. Nothing in the account changes until the customer has
    followed the link. A mail cannot be taken back.

    address_id: an address that it pays for, written down when the wish is spelled out
    """

    name = "mail to update payment method"
    is_safe_to_repeat = False
    is_shown_at_once = False

    address_id: Id | None = None

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        method = situation.snapshot.payment_method(self.payment_method_id)
        email = situation.snapshot.customer.email or ""
        if method is None:
            return (Shown("card", "gone", texts.gone()),)
        return (
            Shown("card", card_seen(method), say("It is {card} now.", card=card_named(method))),
            Shown("email", email, say("Your e-mail address is {email} now.", email=email)),
        )

    def foreseen(self, situation: Situation) -> Snapshot:
        self._method(situation)
        return situation.snapshot

    def effect(self, situation: Situation) -> Effect:
        card = card_named(self._method(situation))
        email = situation.snapshot.customer.email or ""
        return Effect(
            question=say("Send yourself a link to change {card}?", card=card),
            confirm=say("Send the link"),
            done=say(
                "A mail with the link is on its way to {email}. It can take a few minutes.",
                email=email,
            ),
            changes=(
                Change("mail", say("We ask for a mail to {email}, with a link.", email=email)),
                Change(
                    "where",
                    say(
                        "The link opens the page of the payment service. Only there can you "
                        "enter a new card; we never see its number."
                    ),
                ),
            ),
            stays=(
                say("Until you have done that, everything stays as it is."),
                say("Your deliveries and their dates do not change."),
            ),
        )

    def spelled_out(self, situation: Situation) -> Self:
        method = self._method(situation)
        paid = (
            one.id for one in situation.snapshot.addresses if one.payment_method_id == method.id
        )
        return self.model_copy(update={"address_id": next(paid, None)})

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("payment_methods",)

    async def run(self, upstream: Upstream) -> None:
        method = self.method(upstream.situation)
        about = {"payment_method_id": method.id}
        if self.address_id is not None:
            about["address_id"] = self.address_id
        await upstream.client.notifications.send(
            method.customer_id,
            NotificationTemplate.SHOPIFY_UPDATE_PAYMENT_INFORMATION,
            **about,
        )
        # The answer holds nothing. What the mail is about stands for it: it is as it was.
        upstream.answers.append(method)

    async def is_done(self, upstream: Upstream) -> bool:
        return bool(upstream.answers)

    def while_unknown(self) -> Message:
        return say(
            "The shop has not answered, so we do not know if the mail was sent. Please look into "
            "your mailbox in a few minutes. Nothing else was changed."
        )

    def if_not_done(self) -> Message:
        return say(
            "The shop did not say if it has sent the mail. If none has come, please ask for it "
            "again. Nothing else was changed."
        )

    def if_refused(self) -> Message:
        return say(
            "The shop cannot send a mail for this payment method, so none was sent and nothing "
            "was changed. Please add another card, or write to the shop."
        )

    def _method(self, situation: Situation) -> PaymentMethod:
        """What the mail is about.

        Raises:
            NotPossible: none can be sent for it now.
        """
        method = self.method(situation)
        if not is_hosted(method):
            notice = say("This card is not changed by a mail, so none was sent. Add a new card.")
            raise NotPossible(notice=notice)
        if not situation.snapshot.customer.email:
            notice = say(
                "We know no e-mail address of yours, so no mail was sent. Please write to the shop."
            )
            raise NotPossible(notice=notice)
        asked = situation.mails.get(method.id)
        if asked is not None and situation.now < asked + RESEND_AFTER:
            raise NotPossible(notice=_too_soon(asked + RESEND_AFTER - situation.now))
        return method


async def mails_asked(database: Database, customer_id: int) -> dict[int, AskedMail]:
    """The newest mail that was asked for of each payment method, by its id. One that was refused
    counts for nothing."""
    newest = (
        select(func.min(activities.c.at).label("at"), func.max(activities.c.row_id).label("last"))
        .where(
            activities.c.customer_id == customer_id,
            activities.c.action == SendUpdateMail.name,
        )
        .group_by(activities.c.activity_id)
        .subquery()
    )
    query = (
        select(newest.c.at, activities.c.input, activities.c.result, activities.c.before)
        .join(newest, newest.c.last == activities.c.row_id)
        .where(activities.c.result != Result.REFUSED)
        .order_by(newest.c.last)
    )
    found: dict[int, AskedMail] = {}
    async with database.read() as connection:
        for row in await connection.execute(query):
            found[int(row.input["payment_method_id"])] = AskedMail(
                at=row.at,
                is_known=row.result == Result.DONE,
                is_open=row.result in OPEN,
                card=(row.before or {}).get("card", ""),
            )
    return found


def _too_soon(left: timedelta) -> Message:
    return say_many(
        "A mail was asked for only a moment ago, so no other was sent. If it has not come, ask for "
        "it again in {count} minute.",
        "A mail was asked for only a moment ago, so no other was sent. If it has not come, ask for "
        "it again in {count} minutes.",
        max(1, math.ceil(left / timedelta(minutes=1))),
    )

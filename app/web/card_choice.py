"""What a new card is to pay for: what can be chosen, and what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.actions import Principal, Services, Situation
from app.actions.addresses.texts import place
from app.actions.payments import add_texts
from app.actions.payments.hosted import is_hosted
from app.actions.payments.names import card_named
from app.actions.payments.standing import standing_of
from app.actions.write import current
from app.i18n import Message, Money, say
from app.mirror import DeliveryStatus
from app.recharge import Address, Charge, ChargeStatus

_DEFAULT = "default"
_RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Place:
    """One address that the card may pay for.

    detail: what pays there now, and what comes next
    """

    id: int
    name: Message
    detail: Message
    is_ticked: bool

    @property
    def field(self) -> str:
        """The name of its box."""
        return f"address-{self.id}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The page on which it is chosen.

    has_default: whether there is a method already that is the default: where not, this one will be
    failed:      what the payments that have failed come to, where they may be tried again; None
                 where there are none
    failed_text: the box for that
    elsewhere:   what to do in a shop that takes no new cards here
    """

    places: tuple[Place, ...]
    has_default: bool
    failed_text: Message | None
    elsewhere: Message
    make_default: bool = False
    retry_charges: bool = False
    default_field: str = _DEFAULT
    retry_field: str = _RETRY

    @property
    def address_ids(self) -> tuple[int, ...]:
        """What is ticked."""
        return tuple(one.id for one in self.places if one.is_ticked)

    def chosen(self, fields: Mapping[str, str]) -> Choice:
        """The same page as the customer has filled it in. What is not on it cannot be chosen."""
        return replace(
            self,
            places=tuple(replace(one, is_ticked=one.field in fields) for one in self.places),
            make_default=self.has_default and _DEFAULT in fields,
            retry_charges=self.failed_text is not None and _RETRY in fields,
        )


async def choice_of(services: Services, principal: Principal, wanted: Sequence[str]) -> Choice:
    """What this customer can choose.

    wanted: the addresses that the customer came from, as they stand in the page's own address. With
            none, those are ticked that need another card; or the only one

    Raises:
        ActionError: the customer's records cannot be read.
    """
    situation = await current(services, principal.customer_id)
    snapshot = situation.snapshot
    known = {str(one.id) for one in snapshot.addresses}
    ticked = {int(id) for id in wanted if id in known}
    if not ticked:
        ticked = {one.id for one in snapshot.addresses if _needs_another(situation, one)}
    if not ticked and len(snapshot.addresses) == 1:
        ticked = {snapshot.addresses[0].id}
    failed = tuple(one for one in snapshot.charges if one.status == ChargeStatus.ERROR)
    may_retry = failed and snapshot.shop.allows("retry_failed_payment")
    return Choice(
        places=tuple(
            Place(one.id, place(one), _detail(situation, one), one.id in ticked)
            for one in snapshot.addresses
        ),
        has_default=any(one.default for one in snapshot.payment_methods),
        failed_text=_failed(situation, failed) if may_retry else None,
        elsewhere=_elsewhere(situation),
    )


def _needs_another(situation: Situation, address: Address) -> bool:
    """Whether what pays there is missing or in trouble, or a payment there has failed."""
    snapshot = situation.snapshot
    method = snapshot.payment_method(address.payment_method_id)
    has_goods = any(
        one.address_id == address.id and one.status == "active" for one in snapshot.subscriptions
    )
    has_failed = any(
        one.address_id == address.id and one.status == ChargeStatus.ERROR
        for one in snapshot.charges
    )
    if method is None:
        return has_goods
    return has_failed or (has_goods and standing_of(situation, method).is_trouble)


def _detail(situation: Situation, address: Address) -> Message:
    method = situation.snapshot.payment_method(address.payment_method_id)
    due = (DeliveryStatus.QUEUED, DeliveryStatus.PROJECTED)
    coming = (
        one.date
        for one in situation.deliveries
        if one.address_id == address.id and one.status in due
    )
    day = next(coming, None)
    if method is None:
        if day is None:
            return say("Nothing pays there now, and nothing is planned.")
        return say("Nothing pays there now. Next delivery: {date}.", date=day)
    card = card_named(method)
    if day is None:
        return say("Now: {card}. Nothing is planned.", card=card)
    return say("Now: {card}. Next delivery: {date}.", card=card, date=day)


def _failed(situation: Situation, failed: Sequence[Charge]) -> Message:
    amount: Money | None = add_texts.owed(situation, failed)
    days = sorted({one.scheduled_at for one in failed if one.scheduled_at is not None})
    if amount is None:
        return say("Try the payments of {days} that failed again at once, with it", days=[*days])
    return say(
        "Try the payment of {days} that failed again at once, with it: {amount}",
        days=[*days],
        amount=amount,
    )


def _elsewhere(situation: Situation) -> Message:
    """What to do where no card can be added here: what the shop's own processor offers."""
    if any(is_hosted(one) for one in situation.snapshot.payment_methods):
        return say(
            "The shop takes new cards only on the page of its payment service. Open the card that "
            "you want to change, and ask there for the link: it comes by e-mail. Nothing was "
            "changed."
        )
    return say(
        "The shop takes no new cards here, so nothing was changed. Please write to the shop: it "
        "can send you a way to enter one."
    )

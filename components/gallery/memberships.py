"""Examples of memberships, and of the question before one is taken up again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.actions import Change, Effect, Preview
from app.i18n import say
from app.recharge import Membership
from app.state import ReactivateMembershipQuestion
from components.gallery.example import Example
from components.gallery.made_up import MadeUpMembership, made_up_question
from components.gallery.samples import DAY, usd
from components.membership_card import MembershipCard
from components.membership_dialog import ReactivateMembershipDialog

_BENEFITS = ("Free shipping", "5 % off everything", "First pick of new roasts")
_MONTH = timedelta(days=30)


def membership(**values: Any) -> Membership:
    """A membership, in Recharge's own form."""
    document = {
        "id": 941,
        "address_id": 201,
        "customer_id": 101,
        "charge_interval_frequency": "1",
        "charge_interval_unit": "month",
        "expires_at": DAY.isoformat(),
        "next_charge_scheduled_at": DAY.isoformat(),
        "price": "5.00",
        "product_title": "Northbound Circle",
        "status": "active",
        "variant_title": "Monthly",
    }
    return Membership.model_validate(document | values)


def _card(case: str, make: Callable[[], MadeUpMembership], language: str = "en") -> Example:
    return Example(MembershipCard, case, lambda texts: MembershipCard.show(make(), texts), language)


def _one(record: Membership | None = None, **values: Any) -> MadeUpMembership:
    return MadeUpMembership(record or membership(), **{"benefits": _BENEFITS, **values})


def _question(**values: Any) -> ReactivateMembershipQuestion:
    return made_up_question(ReactivateMembershipQuestion, membership=_one(), **values)


_AGAIN = Preview(
    Effect(
        question=say("Start {name} again?", name="Northbound Circle"),
        confirm=say("Start again, pay on {date}", date=DAY),
        done=say("Done."),
        changes=(
            Change(
                "payments",
                say(
                    "You are charged {cost} on {date}, and then {rhythm}.",
                    cost=usd("5.00"),
                    date=DAY,
                    rhythm=say("every month"),
                ),
            ),
            Change("benefits", say("Its benefits go on without a break.")),
        ),
    ),
    "1",
)

EXAMPLES: tuple[Example, ...] = (
    _card("active", _one),
    _card("yearly", lambda: _one(membership(charge_interval_unit="year", price="48.00"))),
    _card("saving", lambda: _one(is_pending=True)),
    _card("cancelled, paid for a while", lambda: _one(status="ending", offers=("reactivate",))),
    _card(
        "ended",
        lambda: _one(
            membership(expires_at=(DAY - _MONTH).isoformat()),
            status="ended",
            offers=("reactivate",),
        ),
    ),
    _card(
        "nothing known but its name",
        lambda: _one(
            membership(price=None, expires_at=None, next_charge_scheduled_at=None),
            status="unknown",
            benefits=(),
        ),
    ),
    _card(
        "words of the law",
        lambda: _one(country="DE"),
    ),
    _card(
        "long names",
        lambda: _one(
            membership(product_title="The Northbound Circle of Early Risers and Late Brewers"),
            benefits=(*_BENEFITS, "An invitation to the harbour roastery on the first of May"),
        ),
    ),
    _card(
        "right to left",
        lambda: _one(membership(product_title="دائرة القهوة"), benefits=("شحن مجاني",)),
        "ar",
    ),
    Example(
        ReactivateMembershipDialog,
        "effect",
        lambda texts: ReactivateMembershipDialog.show(_question(preview=_AGAIN), texts),
    ),
    Example(
        ReactivateMembershipDialog,
        "being worked out",
        lambda texts: ReactivateMembershipDialog.show(_question(is_asking=True), texts),
    ),
)

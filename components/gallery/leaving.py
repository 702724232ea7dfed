"""Examples of the way out, at each step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.actions import (
    Change,
    Effect,
    IssuedReceipt,
    Preview,
    Receipt,
    ReceiptKind,
    ReceiptState,
)
from app.i18n import Texts, say
from app.retention import Incentive, Plan, Reason, rules_of
from app.state import (
    Contact,
    EndQuestion,
    Notice,
    Other,
    ReactivateQuestion,
    SkipQuestion,
    StayDiscountQuestion,
)
from components.cancel_flow import CancelFlow
from components.end_form import EndForm
from components.gallery.example import Example
from components.gallery.made_up import (
    SHOP_ZONE,
    MadeUpDelivery,
    MadeUpRetention,
    MadeUpSubscription,
    effect_of_skipping,
    made_up_question,
)
from components.gallery.samples import (
    ARABIC,
    COFFEE,
    DAY,
    HONEY,
    LONG,
    OATS,
    PICTURES,
    delivery,
    subscription,
    usd,
)
from components.offer_forms import StayDiscountDialog

_REASONS = (
    Reason("951", {"": "I have more than I can use"}, incentive=Incentive.SKIP),
    Reason(
        "952",
        {"": "It costs too much"},
        {"": "Stay with us and take 20 % off your next three deliveries."},
        Incentive.DISCOUNT,
        "STAY20",
    ),
    Reason("953", {"": "I want to try something else"}, incentive=Incentive.SWAP),
    Reason(
        "954",
        {"": "It arrived late or damaged"},
        {"": "We are sorry. Write to us, and we make it good."},
        Incentive.CONTACT,
    ),
    Reason("955", {"": "Another reason"}),
)
_PLAN = Plan(reasons=_REASONS, contact="hello@northbound.example.com")
_OTHERS = (Other(OATS.title, "/subscriptions/302"), Other(HONEY.title, "/subscriptions/303"))


_ENDED = Preview(
    Effect(
        question=say("Cancel your subscription to {name}?", name=COFFEE.title),
        confirm=say("Cancel {name}", name=COFFEE.title),
        done=say("Done."),
        changes=(
            Change(
                "dates",
                say(
                    "{name} does not come any more, and you are not charged for it any more.",
                    name=COFFEE.title,
                ),
            ),
            Change(
                "rest",
                say(
                    "You still get {items} on {date}, for {cost}.",
                    items=[OATS.title],
                    date=DAY,
                    cost=usd("19.50"),
                ),
                before=usd("43.90"),
                after=usd("19.50"),
            ),
        ),
        stays=(
            say("Your other subscriptions go on: {names}.", names=[OATS.title, HONEY.title]),
            say("You can start it again here at any time."),
        ),
    ),
    "1",
)

_OFFERED = Preview(effect_of_skipping(delivery()), "1")
_REDUCED = Preview(
    Effect(
        question=say("Use the code {code}?", code="STAY20"),
        confirm=say("Use {code}", code="STAY20"),
        done=say("Done."),
        changes=(
            Change(
                "total",
                say(
                    "Your deliveries cost less: {code} takes off {value}.",
                    code="STAY20",
                    value="20 %",
                ),
                before=usd("24.40"),
                after=usd("19.52"),
            ),
        ),
        stays=(say("All dates stay as they are."),),
    ),
    "1",
)
_BEGUN = Preview(
    Effect(
        question=say("Start {name} again?", name=COFFEE.title),
        confirm=say("Start again on {date}", date=DAY),
        done=say("Done."),
        changes=(
            Change(
                "dates",
                say("The next delivery is on {date}, for {cost}.", date=DAY, cost=usd("24.40")),
            ),
        ),
        stays=(say("It comes {rhythm}, as before.", rhythm="every 2 weeks"),),
    ),
    "1",
)
_RECEIPT = IssuedReceipt(
    number="C-7K2M-94QX",
    moment=datetime(2026, 6, 27, 14, 5, tzinfo=SHOP_ZONE),
    state=ReceiptState.SENT,
    content=Receipt(
        kind=ReceiptKind.CANCELLED,
        about="subscription 301",
        title=say("Your subscription to {name} is cancelled", name=COFFEE.title),
        if_open=say("Your subscription to {name} is not cancelled", name=COFFEE.title),
        arrives=(
            say(
                "The payment for {date} is under way, so that delivery may still come.",
                date=DAY - timedelta(days=14),
            ),
        ),
    ),
    to="m…@example.com",
)


def _subscription(title: str = COFFEE.title) -> MadeUpSubscription:
    return MadeUpSubscription(
        subscription(title=title), picture=PICTURES + "coffee-house.svg", next_date=DAY
    )


def _ending(title: str = COFFEE.title, *, others: bool = False, **values: Any) -> EndQuestion:
    beside = [_subscription(OATS.title), _subscription(HONEY.title)] if others else []
    given = {"preview": _ENDED} | values
    return made_up_question(
        EndQuestion,
        subscription=_subscription(title),
        is_all=False,
        others=beside,
        retention=None,
        **given,
    )


def _retention(title: str = COFFEE.title, **values: Any) -> MadeUpRetention:
    ending = values.pop("ending", None) or _ending(title)
    return MadeUpRetention(ending, **({"plan": _PLAN} | values))


def _flow(case: str, language: str = "en", **values: Any) -> Example:
    return Example(
        CancelFlow,
        case,
        lambda texts: CancelFlow.show(_retention(**values), texts),
        language,
    )


def _form(case: str, language: str = "en", **values: Any) -> Example:
    return Example(
        EndForm,
        case,
        lambda texts: EndForm.show(_retention(**values), texts),
        language,
    )


def _stay(case: str, **values: Any) -> Example:
    def draw(texts: Texts) -> StayDiscountDialog:
        question = made_up_question(StayDiscountQuestion, code="STAY20", **values)
        return StayDiscountDialog.show(question, texts, is_inline=True)

    return Example(StayDiscountDialog, case, draw)


def _skip() -> SkipQuestion:
    planned = MadeUpDelivery(delivery())
    return made_up_question(SkipQuestion, date=planned.delivery.date, preview=_OFFERED)


EXAMPLES: tuple[Example, ...] = (
    _flow("reason"),
    _flow("reason, long names", title=LONG.title, ending=_ending(LONG.title, others=True)),
    _flow("reason, right to left", "ar", title=ARABIC.title, ending=_ending(ARABIC.title)),
    _flow(
        "reason, one is needed",
        plan=Plan(reasons=_REASONS, is_reason_needed=True),
        missing=say("Please choose a reason first. Nothing was changed."),
    ),
    _flow("offer", step="offer", reason=_REASONS[0], offer=_skip()),
    _flow(
        "offer of a discount",
        step="offer",
        reason=_REASONS[1],
        offer=made_up_question(StayDiscountQuestion, code="STAY20", preview=_REDUCED),
    ),
    _flow(
        "offer to write",
        step="offer",
        reason=_REASONS[3],
        offer=Contact("hello@northbound.example.com"),
    ),
    _flow("confirm", step="confirm", ending=_ending(others=True)),
    _flow(
        "confirm, the offer was used before",
        step="confirm",
        reason=_REASONS[1],
        refusal=Notice(
            "info",
            say(
                "You have used this offer already. It is there once in {count} days, so nothing "
                "was changed. Everything else is still open to you.",
                count=365,
            ),
        ),
    ),
    _flow("confirm, in the words of the law", step="confirm", rules=rules_of("DE")),
    _flow(
        "confirm, in the words of the law, read in its language",
        "de",
        step="confirm",
        rules=rules_of("DE"),
    ),
    _flow("confirm, where the shop ends it itself", step="confirm", is_closed=True),
    _flow("confirm, being cancelled", step="confirm", is_busy=True),
    _flow("confirm, not known yet", step="confirm", is_checked=True),
    _flow(
        "done",
        step="done",
        receipt=_RECEIPT,
        others=_OTHERS,
        reactivation=made_up_question(
            ReactivateQuestion, subscription=_subscription(), date=DAY, preview=_BEGUN
        ),
    ),
    _flow("done, cancelled elsewhere", step="done"),
    _form("what ends"),
    _form("one or all", ending=_ending(others=True)),
    _form("loading", ending=_ending(preview=None, is_asking=True)),
    _form(
        "error",
        ending=_ending(
            preview=None,
            failure=Notice(
                "error", say("The shop could not be asked. Nothing was changed."), can_retry=True
            ),
        ),
    ),
    _stay("loading", is_asking=True),
    _stay("effect", preview=_REDUCED),
)

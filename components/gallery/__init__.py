"""Every component in every state, drawn from made-up states. Docs and tests both open it.

::

    for example in EXAMPLES:
        example.draw(Texts(example.language))
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.actions import Pause, Preview
from app.i18n import say
from app.mirror import DeliveryStatus
from app.state import Notice, SkipQuestion
from components.feedback import Empty, EmptyState, ErrorState, Failure, NoticeBar, Skeleton
from components.gallery.account import EXAMPLES as ACCOUNT
from components.gallery.addresses import EXAMPLES as ADDRESSES
from components.gallery.cards import EXAMPLES as CARDS
from components.gallery.dates import EXAMPLES as DATES
from components.gallery.details import EXAMPLES as DETAILS
from components.gallery.example import Example
from components.gallery.extras import EXAMPLES as EXTRAS
from components.gallery.fields import EXAMPLES as FIELDS
from components.gallery.history import EXAMPLES as HISTORY
from components.gallery.hosted import EXAMPLES as HOSTED
from components.gallery.leaving import EXAMPLES as LEAVING
from components.gallery.looks import EXAMPLES as LOOKS
from components.gallery.made_up import (
    MadeUpDelivery,
    MadeUpPortal,
    MadeUpSchedule,
    MadeUpSubscription,
    effect_of_skipping,
    made_up_question,
)
from components.gallery.memberships import EXAMPLES as MEMBERSHIPS
from components.gallery.orders import EXAMPLES as ORDERS
from components.gallery.payments import EXAMPLES as PAYMENTS
from components.gallery.places import EXAMPLES as PLACES
from components.gallery.products import EXAMPLES as PRODUCTS
from components.gallery.purchases import EXAMPLES as PURCHASES
from components.gallery.record import EXAMPLES as RECORD
from components.gallery.samples import (
    ARABIC,
    BEIRUT,
    COFFEE,
    DAY,
    HOME,
    LONG,
    PAYPAL,
    PICTURES,
    VISA,
    delivery,
    failed_delivery,
    item,
    subscription,
    subscriptions,
    unpriced_delivery,
    year,
)
from components.gallery.several import EXAMPLES as SEVERAL
from components.gallery.step_up import EXAMPLES as STEP_UP
from components.next_delivery import NextDelivery
from components.schedule_timeline import ScheduleTimeline, TimelineEntry
from components.skip_dialog import SkipDialog
from components.subscription_card import SubscriptionCard

__all__ = [
    "EXAMPLES",
    "Example",
    "MadeUpDelivery",
    "MadeUpPortal",
    "MadeUpSchedule",
    "MadeUpSubscription",
    "customer_with_many",
    "effect_of_skipping",
]


def customer_with_many(**values: Any) -> MadeUpPortal:
    """The open page of a customer with a full year ahead."""
    return MadeUpPortal(deliveries=year(), subscriptions=subscriptions(), **values)


def _next(case: str, make: Callable[[], MadeUpDelivery], language: str = "en") -> Example:
    return Example(NextDelivery, case, lambda texts: NextDelivery.show(make(), texts), language)


def _home(planned: Any, **values: Any) -> MadeUpDelivery:
    return MadeUpDelivery(planned, **{"address": HOME, "payment_method": VISA, **values})


def _entry(case: str, make: Callable[[], MadeUpDelivery], language: str = "en") -> Example:
    return Example(TimelineEntry, case, lambda texts: TimelineEntry.show(make(), texts), language)


def _card(case: str, make: Callable[[], MadeUpSubscription], language: str = "en") -> Example:
    return Example(
        SubscriptionCard, case, lambda texts: SubscriptionCard.show(make(), texts), language
    )


def _subscription(**values: Any) -> MadeUpSubscription:
    given: dict[str, Any] = {
        "next_date": DAY,
        "picture": PICTURES + "coffee-house.svg",
        "address": HOME,
        "payment_method": VISA,
    }
    record = values.pop("record", None) or subscription()
    return MadeUpSubscription(record, **{**given, **values})


def _skip_dialog(case: str, **values: Any) -> Example:
    day = delivery().date
    return Example(
        SkipDialog,
        case,
        lambda texts: SkipDialog.show(made_up_question(SkipQuestion, date=day, **values), texts),
    )


def _notice(case: str, notice: Notice | None) -> Example:
    return Example(
        NoticeBar, case, lambda texts: NoticeBar.show(MadeUpPortal(notice=notice), texts)
    )


_TOO_LATE = say("It is too late to change this delivery: it is being prepared.")
_PREPAID = item(
    307, "Harbour House Blend", "500 g", "19.50", picture="coffee-house.svg", is_prepaid=True
)

EXAMPLES: tuple[Example, ...] = (
    _next("due", lambda: _home(delivery())),
    _next("estimate", lambda: _home(delivery(is_estimate=True, status=DeliveryStatus.PROJECTED))),
    _next("too late to change", lambda: _home(delivery(), reason=_TOO_LATE)),
    _next("past due", lambda: _home(failed_delivery())),
    _next("past due for good", lambda: _home(failed_delivery(will_retry=False))),
    _next("busy", lambda: _home(delivery(), is_pending=True)),
    _next("payment under way", lambda: _home(delivery(status=DeliveryStatus.PENDING))),
    _next("state not known", lambda: _home(delivery(status=DeliveryStatus.UNKNOWN))),
    _next("price not known", lambda: _home(unpriced_delivery())),
    _next("prepaid", lambda: _home(delivery(_PREPAID), payment_method=PAYPAL)),
    _next("no card", lambda: _home(delivery(), payment_method=None)),
    _next("long names", lambda: _home(delivery(LONG, COFFEE))),
    _next("right to left", lambda: _home(delivery(ARABIC), address=BEIRUT), "ar"),
    Example(
        ScheduleTimeline,
        "a year",
        lambda texts: ScheduleTimeline.show(MadeUpSchedule(year(), has_more=True), texts),
    ),
    Example(
        ScheduleTimeline,
        "the first three",
        lambda texts: ScheduleTimeline.show(MadeUpSchedule(year()), texts, most=3),
    ),
    Example(
        ScheduleTimeline,
        "right to left",
        lambda texts: ScheduleTimeline.show(MadeUpSchedule(year()[:4]), texts),
        "ar",
    ),
    Example(
        ScheduleTimeline,
        "empty",
        lambda texts: ScheduleTimeline.show(MadeUpSchedule([]), texts),
    ),
    _entry("due", lambda: _home(delivery())),
    _entry("skipped", lambda: _home(delivery(status=DeliveryStatus.SKIPPED))),
    _entry("busy", lambda: _home(delivery(status=DeliveryStatus.SKIPPED), is_pending=True)),
    _entry("past due", lambda: _home(failed_delivery())),
    _entry("estimate", lambda: _home(delivery(is_estimate=True))),
    _entry("state not known", lambda: _home(delivery(status=DeliveryStatus.UNKNOWN))),
    _entry("price not known", lambda: _home(unpriced_delivery())),
    _entry("long names", lambda: _home(delivery(LONG, COFFEE))),
    _card("active", _subscription),
    _card("paused", lambda: _subscription(status="paused", next_date=None)),
    _card("paused until a date", lambda: _subscription(status="paused", pause=Pause(DAY))),
    _card("cancelled", lambda: _subscription(status="cancelled", next_date=None)),
    _card(
        "status not known",
        lambda: _subscription(
            status="unknown", next_date=None, record=subscription(status="hibernating")
        ),
    ),
    _card(
        "price and rhythm not known",
        lambda: _subscription(record=subscription(price=None, every=None, unit=None)),
    ),
    _card(
        "prepaid",
        lambda: _subscription(
            record=subscription(is_prepaid=True, every=1, unit="month", charged_every=3)
        ),
    ),
    _card("several of one", lambda: _subscription(record=subscription(quantity=3, unit="month"))),
    _card("no picture", lambda: _subscription(picture=None)),
    _card(
        "long names",
        lambda: _subscription(record=subscription(title=LONG.title, variant=LONG.variant_title)),
    ),
    _card(
        "right to left",
        lambda: _subscription(
            record=subscription(title=ARABIC.title, variant=ARABIC.variant_title), address=BEIRUT
        ),
        "ar",
    ),
    _skip_dialog("loading", is_asking=True),
    _skip_dialog(
        "error",
        failure=Notice(
            "error", say("The shop could not be asked. Nothing was changed."), can_retry=True
        ),
    ),
    _skip_dialog("effect", preview=Preview(effect_of_skipping(delivery()), "1")),
    _notice("nothing to say", None),
    _notice(
        "done",
        Notice(
            "success",
            say("Your delivery of {date} is skipped.", date=DAY),
            undo_until=datetime.now(UTC) + timedelta(minutes=10),
            activity_id="1",
        ),
    ),
    _notice(
        "not known",
        Notice(
            "warning",
            say("The shop has not answered, so we do not know yet if your change was made."),
        ),
    ),
    _notice("error", Notice("error", say("The shop could not make this change."))),
    Example(
        EmptyState,
        "with a way on",
        lambda texts: EmptyState.show(
            Empty(
                say("You have no active subscription"),
                say("What you subscribe to in the shop will be here."),
                path="/",
                link=say("To the overview"),
            ),
            texts,
        ),
    ),
    Example(
        ErrorState,
        "with another try",
        lambda texts: ErrorState.show(
            Failure(
                say("We cannot show your deliveries right now"),
                say("The shop's system does not answer. Nothing was changed."),
                retry=lambda: None,
            ),
            texts,
        ),
    ),
    Example(Skeleton, "loading", lambda texts: Skeleton.show(2, texts)),
    *ACCOUNT,
    *ADDRESSES,
    *PAYMENTS,
    *PLACES,
    *DATES,
    *RECORD,
    *FIELDS,
    *DETAILS,
    *EXTRAS,
    *MEMBERSHIPS,
    *ORDERS,
    *PRODUCTS,
    *PURCHASES,
    *SEVERAL,
    *STEP_UP,
    *LOOKS,
    *LEAVING,
    *HOSTED,
    *CARDS,
    *HISTORY,
)

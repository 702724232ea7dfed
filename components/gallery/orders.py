"""Examples of the questions before something is paid, given away or taken up again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from app.actions import Change, Effect, PostalInput, Preview
from app.i18n import Message, say
from app.retention import rules_of
from app.state import (
    DelayPrepaidQuestion,
    GiftQuestion,
    Notice,
    OrderNowQuestion,
    PostalDraft,
    ReactivateQuestion,
    WithdrawQuestion,
)
from components.action_dialog import ActionDialog
from components.gallery.example import Example
from components.gallery.made_up import MadeUpSubscription, made_up_question
from components.gallery.samples import (
    ARABIC,
    COFFEE,
    DAY,
    LONG,
    OATS,
    PICTURES,
    subscription,
    usd,
)
from components.gift_dialog import GiftDialog
from components.order_now_dialog import OrderNowDialog
from components.prepaid_dialog import DelayPrepaidDialog
from components.reactivate_dialog import ReactivateDialog
from components.withdraw_dialog import WithdrawDialog

_WEEK = timedelta(days=7)
_REFUSED = Notice("error", say("The shop could not be asked. Nothing was changed."), can_retry=True)
_CARD = say("There is no card for this delivery, so it cannot be paid now.")


def _lines(*days: Any) -> list[Message]:
    return [say("{date}: {cost}", date=day, cost=usd("24.40")) for day in days]


def _preview(question: Message, confirm: Message, *changes: Change, stays: Any = ()) -> Preview:
    return Preview(Effect(question, confirm, say("Done."), changes, tuple(stays)), "1")


_ORDERED = _preview(
    say("Order now instead of on {date}?", date=DAY),
    say("Pay {amount} now", amount=usd("43.90")),
    Change(
        "charge",
        say("You pay {amount} now, with {card}.", amount=usd("43.90"), card="Visa ending in 4242"),
    ),
    Change(
        "items",
        say(
            "{items} will be sent to {address} now, not on {date}.",
            items=[COFFEE.title, OATS.title],
            address="12 Harbour Lane, Portland",
            date=DAY,
        ),
    ),
    Change(
        "dates",
        say(
            "The next delivery is on {date} instead of {before}, for {cost}.",
            date=DAY + 2 * _WEEK,
            before=DAY,
            cost=usd("24.40"),
        ),
        before=_lines(DAY, DAY + 2 * _WEEK),
        after=_lines(DAY + 2 * _WEEK, DAY + 4 * _WEEK),
    ),
    Change("final", say("This cannot be undone here: once it is paid, only the shop can stop it.")),
    stays=(say("All later deliveries keep their dates."),),
)

_GERMAN = rules_of("DE")
_UNDONE = _preview(
    say("Withdraw from your contract for {name}?", name=COFFEE.title),
    say("Withdraw from {name}", name=COFFEE.title),
    Change(
        "paid back",
        say(
            "The shop has to give back what you have paid for it, ordinary delivery included, by "
            "{date}. It may wait until it has the goods back, or proof that you sent them.",
            date=DAY,
        ),
    ),
)
_BEGUN = _preview(
    say("Start {name} again?", name=COFFEE.title),
    say("Start again on {date}", date=DAY),
    Change(
        "dates",
        say("The next delivery is on {date}, for {cost}.", date=DAY, cost=usd("24.40")),
        after=_lines(DAY),
    ),
    stays=(say("It comes {rhythm}, as before.", rhythm="every 2 weeks"),),
)

_GIVEN = _preview(
    say("Give your delivery of {date} to {name}?", date=DAY, name="Edith Weber"),
    say("Send it to {name}", name="Edith Weber"),
    Change(
        "gift",
        say(
            "{items} will be sent to {name}, {address}, once.",
            items=[COFFEE.title],
            name="Edith Weber",
            address="7 Mill Lane, Burlington, VT 05401",
        ),
    ),
    Change("items", say("You will not get {items} this time.", items=[COFFEE.title])),
    Change("final", say("This cannot be undone here. Please write to the shop.")),
    stays=(say("All later deliveries keep their dates."),),
)

_LATER = _preview(
    say("Move your delivery of {date}?", date=DAY),
    say("Move it to {date}", date=DAY + 4 * _WEEK),
    Change(
        "dates",
        say(
            "{items} will come on {date} instead of {before}.",
            items=[COFFEE.title],
            date=DAY + 4 * _WEEK,
            before=DAY,
        ),
        before=[DAY, DAY + 4 * _WEEK],
        after=[DAY + 4 * _WEEK, DAY + 8 * _WEEK],
    ),
    stays=(say("You have paid for it, and pay nothing more."),),
)


def _example(
    dialog: type[ActionDialog[Any]], kind: Any, case: str, language: str = "en", **values: Any
) -> Example:
    def draw(texts: Any) -> Any:
        return cast(Any, dialog).show(made_up_question(kind, **values), texts)

    return Example(dialog, case, draw, language)


def _cases(
    dialog: type[ActionDialog[Any]], kind: Any, preview: Preview, **values: Any
) -> tuple[Example, ...]:
    """A dialog that waits, that failed, and that says what changes."""
    return (
        _example(dialog, kind, "loading", is_asking=True, **values),
        _example(dialog, kind, "error", failure=_REFUSED, **values),
        _example(dialog, kind, "effect", preview=preview, **values),
    )


def _about(title: str = COFFEE.title) -> MadeUpSubscription:
    return MadeUpSubscription(
        subscription(title=title), picture=PICTURES + "coffee-house.svg", next_date=DAY
    )


_ORDER: dict[str, Any] = {"date": DAY, "items": (COFFEE, OATS), "is_retry": False}
_EDITH = PostalInput(
    first_name="Edith",
    last_name="Weber",
    address1="7 Mill Lane",
    city="Burlington",
    province="Vermont",
    zip="05401",
    country_code="US",
)


def _gift(case: str, address: PostalInput | None = None, **values: Any) -> Example:
    def draw(texts: Any) -> Any:
        draft = PostalDraft(
            language=texts.language, before=address, country_code="US", usage="other"
        )
        email = "edith@example.com" if address else ""
        given = {"date": DAY, "draft": draft, "email": email, "is_email_left": False, **values}
        return GiftDialog.show(made_up_question(GiftQuestion, **given), texts)

    return Example(GiftDialog, case, draw)


EXAMPLES: tuple[Example, ...] = (
    *_cases(OrderNowDialog, OrderNowQuestion, _ORDERED, **_ORDER),
    _example(
        OrderNowDialog,
        OrderNowQuestion,
        "the payment has failed",
        **(_ORDER | {"is_retry": True, "failure": Notice("warning", _CARD)}),
    ),
    _example(
        OrderNowDialog,
        OrderNowQuestion,
        "long names",
        **(_ORDER | {"items": (LONG, COFFEE), "preview": _ORDERED}),
    ),
    _example(
        OrderNowDialog,
        OrderNowQuestion,
        "right to left",
        "ar",
        **(_ORDER | {"items": (ARABIC,), "preview": _ORDERED}),
    ),
    *_cases(ReactivateDialog, ReactivateQuestion, _BEGUN, subscription=_about()),
    *_cases(WithdrawDialog, WithdrawQuestion, _UNDONE, subscription=_about(), rules=_GERMAN),
    _gift("nobody yet"),
    _gift("loading", _EDITH, is_asking=True),
    _gift("error", _EDITH, failure=_REFUSED),
    _gift("effect", _EDITH, preview=_GIVEN),
    *_cases(DelayPrepaidDialog, DelayPrepaidQuestion, _LATER, date=DAY),
)

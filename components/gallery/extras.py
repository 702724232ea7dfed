"""Examples of the questions on one-time products and discount codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.actions import Change, Effect, Preview
from app.i18n import Message, say
from app.mirror import Delivery, Offering
from app.recharge import Onetime, Product, Variant
from app.state import (
    AddOnetimeQuestion,
    ChangeOnetimeQuestion,
    DiscountQuestion,
    Notice,
    RemoveDiscountQuestion,
    RemoveOnetimeQuestion,
)
from components.discount_dialog import DiscountDialog, RemoveDiscountDialog
from components.gallery.example import Example
from components.gallery.made_up import MadeUpDelivery, made_up_question
from components.gallery.samples import DAY, LONG, PICTURES, delivery, usd
from components.onetime_dialog import AddOnetimeDialog, ChangeOnetimeDialog, RemoveOnetimeDialog


def _offering(
    id: str, title: str, variant: str | None, price: str, picture: str | None
) -> Offering:
    return Offering(
        product=Product(external_product_id=id, title=title),
        variant=Variant(external_variant_id=id + "1", title=variant or ""),
        title=title,
        variant_title=variant,
        price=usd(price),
        picture=PICTURES + picture if picture else None,
    )


OFFERINGS = (
    _offering("90", "Heather Honey", "340 g jar", "12.00", "honey.svg"),
    _offering("91", "Night Ferry Espresso", "250 g", "11.50", "coffee-espresso.svg"),
    _offering("92", "Rolled Oats", None, "6.25", "oats.svg"),
    _offering("93", LONG.title, LONG.variant_title, "1234567.89", None),
)


class MadeUpAdd(AddOnetimeQuestion):
    """What the words find is given."""

    listed: tuple[Offering, ...] = OFFERINGS
    is_read = True
    unlisted = False

    @property
    def offerings(self) -> tuple[Offering, ...]:
        return self.listed

    @property
    def has_more(self) -> bool:
        return self.most == len(self.listed)

    @property
    def is_unlisted(self) -> bool:
        return self.unlisted

    @property
    def is_being_read(self) -> bool:
        return not self.is_read

    @property
    def chosen(self) -> Offering | None:
        wanted = (o for o in self.listed if o.variant.external_variant_id == self.variant_id)
        return next(wanted, None)

    @property
    def today(self) -> date:
        return DAY - timedelta(days=6)

    @property
    def first(self) -> date:
        return self.today + timedelta(days=2)

    @property
    def last(self) -> date:
        return self.today + timedelta(days=365)


class MadeUpChange(ChangeOnetimeQuestion):
    """The deliveries to choose from are given."""

    @property
    def deliveries(self) -> list[Delivery]:
        return [delivery(), delivery(days=14), delivery(days=28, is_estimate=True)]

    def picture(self, onetime: Onetime) -> str:
        return PICTURES + "honey.svg"


class MadeUpRemove(RemoveOnetimeQuestion):
    """Without a shop behind it."""

    def picture(self, onetime: Onetime) -> str:
        return PICTURES + "honey.svg"


class MadeUpCode(DiscountQuestion):
    """Whether it can be for one delivery is given."""

    for_one = True

    @property
    def can_be_for_one(self) -> bool:
        return self.for_one

    @property
    def street(self) -> str:
        return "48 Harbour Street"

    async def check(self) -> None:
        return None


def _onetime(id: int, title: str, variant: str | None, quantity: int = 1) -> Onetime:
    return Onetime(
        id=id,
        address_id=201,
        customer_id=101,
        next_charge_scheduled_at=DAY,
        product_title=title,
        variant_title=variant,
        quantity=quantity,
        price=Decimal("12.00"),
    )


HONEY = _onetime(401, "Heather Honey", "340 g jar")
OATS = _onetime(402, "Rolled Oats", None, 2)


def _total(before: str, after: str) -> Change:
    text = say(
        "Your delivery of {date} costs {cost} instead of {before}.",
        date=DAY,
        cost=usd(after),
        before=usd(before),
    )
    return Change("total", text, before=usd(before), after=usd(after))


def _seen(
    question: Message, confirm: Message, changes: tuple[Change, ...], *stays: Message
) -> Preview:
    return Preview(Effect(question, confirm, confirm, changes, stays), revision="")


def _adding() -> Preview:
    items = say("Heather Honey (340 g jar)")
    text = say("{items} comes with your delivery of {date}.", items=[items], date=DAY)
    return _seen(
        say("Add something to your delivery of {date}?", date=DAY),
        say("Add to {date}", date=DAY),
        (Change("items", text), _total("48.90", "60.90")),
        say("It comes once. Your subscriptions stay as they are."),
    )


def _add(case: str, language: str = "en", **values: Any) -> Example:
    given: dict[str, Any] = {
        "words": "",
        "variant_id": None,
        "plan_id": None,
        "quantity": 1,
        "address_id": 201,
        "date": DAY,
        "is_alone": False,
        "most": 5,
    }

    def question() -> MadeUpAdd:
        return made_up_question(MadeUpAdd, **{**given, **values})

    return Example(
        AddOnetimeDialog, case, lambda texts: AddOnetimeDialog.show(question(), texts), language
    )


def _change(case: str, **values: Any) -> Example:
    given: dict[str, Any] = {
        "onetimes": (HONEY,),
        "onetime_id": 401,
        "quantity": 1,
        "date": DAY,
        "delivery": MadeUpDelivery(delivery()),
    }
    make: Callable[[], MadeUpChange] = lambda: made_up_question(  # noqa: E731
        MadeUpChange, **{**given, **values}
    )
    return Example(ChangeOnetimeDialog, case, lambda texts: ChangeOnetimeDialog.show(make(), texts))


def _remove(case: str, **values: Any) -> Example:
    given: dict[str, Any] = {"onetimes": (HONEY,), "onetime_id": 401}
    return Example(
        RemoveOnetimeDialog,
        case,
        lambda texts: RemoveOnetimeDialog.show(
            made_up_question(MadeUpRemove, **{**given, **values}), texts
        ),
    )


def _code(case: str, language: str = "en", **values: Any) -> Example:
    given: dict[str, Any] = {
        "code": "",
        "scope": "one",
        "date": DAY,
        "terms": None,
        "address_id": 201,
    }
    return Example(
        DiscountDialog,
        case,
        lambda texts: DiscountDialog.show(
            made_up_question(MadeUpCode, **{**given, **values}), texts
        ),
        language,
    )


def _off(case: str, preview: Preview | None) -> Example:
    return Example(
        RemoveDiscountDialog,
        case,
        lambda texts: RemoveDiscountDialog.show(
            made_up_question(
                RemoveDiscountQuestion,
                preview=preview,
                date=DAY,
                address_id=201,
                is_asking=preview is None,
            ),
            texts,
        ),
    )


_MORE = _seen(
    say("Change {title}?", title="Heather Honey"),
    say("Make it {quantity}", quantity=3),
    (
        Change(
            "quantity",
            say(
                "You will get {quantity} of {title} instead of {before}.",
                quantity=3,
                title="Heather Honey",
                before=1,
            ),
        ),
        _total("48.90", "72.90"),
    ),
    say("It comes once. Your subscriptions stay as they are."),
)
_LESS = _seen(
    say("Take {items} out of your delivery of {date}?", items=["Heather Honey"], date=DAY),
    say("Take it out of {date}", date=DAY),
    (
        Change(
            "items", say("You will not get {items} on {date}.", items=["Heather Honey"], date=DAY)
        ),
        _total("60.90", "48.90"),
    ),
    say("You will still get {items} on {date}.", items=["Harbour House Blend"], date=DAY),
    say("Your subscriptions stay as they are."),
)
_TENTH = _seen(
    say("Use {code} for your delivery of {date}?", code="NEIGHBOR10", date=DAY),
    say("Use {code}, save {amount}", code="NEIGHBOR10", amount=usd("4.40")),
    (
        Change(
            "discount",
            say("{code} takes {amount} off.", code="NEIGHBOR10", amount=usd("4.40")),
        ),
        _total("48.90", "44.50"),
        Change(
            "condition",
            say(
                "If anything else about your deliveries changes before {date}, the shop drops "
                "{code}, and you can enter it again.",
                code="NEIGHBOR10",
                date=DAY,
            ),
        ),
    ),
    say("All later deliveries keep their prices."),
)
_OTHER = replace(
    _TENTH,
    effect=replace(
        _TENTH.effect,
        question=say("Use {code} instead of {old}?", code="NEIGHBOR10", old="STAY20"),
        confirm=say("Use {code} instead", code="NEIGHBOR10"),
        changes=(
            Change("lost", say("{code} on this delivery is lost.", code="STAY20")),
            *_TENTH.effect.changes,
        ),
    ),
)
_WITHOUT = _seen(
    say("Remove {code} from your delivery of {date}?", code="NEIGHBOR10", date=DAY),
    say("Remove {code}", code="NEIGHBOR10"),
    (_total("44.50", "48.90"),),
    say("All later deliveries keep their prices."),
)
_WRONG = Notice(
    "error",
    say(
        "The code {code} does not work here. Nothing was changed. Please check how it is written.",
        code="NEIGHBOUR",
    ),
)

EXAMPLES: tuple[Example, ...] = (
    _add("nothing chosen"),
    _add("chosen", variant_id="901", most=4, preview=_adding()),
    _add("nothing found", words="umbrella", listed=()),
    _add("products being read", listed=(), is_read=False),
    _add("not listed", unlisted=True),
    _add("on a day of its own", variant_id="901", is_alone=True, preview=_adding()),
    _add("right to left", "ar", variant_id="901", preview=_adding()),
    _change("as it is"),
    _change("more of it", quantity=3, preview=_MORE),
    _change("one of two", onetimes=(HONEY, OATS), quantity=3, preview=_MORE),
    _remove("the only one", preview=_LESS),
    _remove("one of two", onetimes=(HONEY, OATS), preview=_LESS),
    _code("nothing written"),
    _code("a code that works", code="NEIGHBOR10", preview=_TENTH),
    _code("in place of another", code="NEIGHBOR10", preview=_OTHER),
    _code("a code that does not work", code="NEIGHBOUR", failure=_WRONG),
    _code("being looked up", code="NEIGHBOR10", is_asking=True),
    _code("for all only", scope="all", for_one=False),
    _code("right to left", "ar", code="NEIGHBOR10", preview=_TENTH),
    _off("one delivery", _WITHOUT),
    _off("asking", None),
)

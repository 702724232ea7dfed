"""What skipping a delivery changes, and putting it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.actions.deliveries.texts import about, following, named
from app.actions.effect import Change, Effect, Promise
from app.actions.situation import Situation
from app.i18n import Message, Money, Value, say
from app.mirror import Delivery, DeliveryItem

MOST_OTHERS = 3
"""How many other deliveries are named."""


def skip_effect(
    situation: Situation,
    delivery: Delivery,
    items: Sequence[DeliveryItem],
    promises: tuple[Promise, ...],
) -> Effect:
    """The effect of skipping `items` of a delivery."""
    ids = frozenset(item.purchase_item_id for item in items if item.purchase_item_id)
    rest = [item for item in delivery.items if item.purchase_item_id not in ids]
    onetimes = [item for item in rest if item.kind == "onetime"]
    is_whole = len(onetimes) == len(rest)
    after = following(situation, delivery.address_id, delivery.date, ids)
    day = delivery.date
    amount = _amount(delivery, items, is_whole)
    changes = [_not_charged(delivery, amount, is_whole)] if _is_charge(amount) else []
    changes.append(
        Change(
            "items",
            say("You will not get {items} this time.", items=named(items)),
            before=named(items),
        )
    )
    if is_whole and onetimes:
        changes.append(_moved_along(onetimes, after))
    if is_whole:
        changes.append(_next(situation, delivery, after, onetimes))
    elif after:
        changes.append(
            Change(
                "next",
                say("{items} will come again on {date}.", items=named(items), date=after.date),
                before=day,
                after=after.date,
            )
        )
    stays = [
        *([] if is_whole else [_rest(delivery, rest)]),
        say("All later deliveries keep their dates."),
        *_others(situation, delivery, after),
    ]
    question = say("Skip your delivery of {date}?", date=day)
    if len(situation.snapshot.addresses) > 1:
        street = _street(situation, delivery)
        question = say("Skip your delivery of {date} to {address}?", date=day, address=street)
    confirm = say("Skip {date}", date=day)
    done = say("Your delivery of {date} is skipped.", date=day)
    if not is_whole:
        question = say("Skip {items} on {date}?", items=named(items), date=day)
        confirm = say("Skip {items}", items=named(items))
        done = say("{items} will not come on {date}. The rest will.", items=named(items), date=day)
    return Effect(question, confirm, done, tuple(changes), tuple(stays), amount, promises)


def put_back_effect(
    situation: Situation,
    delivery: Delivery,
    items: Sequence[DeliveryItem],
) -> Effect:
    """The effect of putting `items` of a skipped delivery back."""
    day = delivery.date
    is_whole = len(items) == len(delivery.items)
    amount = _amount(delivery, items, is_whole)
    joined = situation.delivery(delivery.address_id, day, skipped=False)
    changes = [
        Change(
            "items",
            say("You will get {items}.", items=named(items)),
            after=named(items),
        )
    ]
    if _is_charge(amount):
        changes.append(_charged(day, amount, is_estimate=not is_whole))
    if joined:
        changes.append(
            Change("joined", say("It comes together with {items}.", items=named(joined.items)))
        )
    coming = situation.coming(day)
    if coming and coming[0].date > day:
        changes.append(
            Change(
                "next",
                say("It is your next delivery again."),
                before=coming[0].date,
                after=day,
            )
        )
    return Effect(
        question=say("Put your delivery of {date} back?", date=day),
        confirm=say("Put {date} back", date=day),
        done=say("Your delivery of {date} is planned again.", date=day),
        changes=tuple(changes),
        stays=(say("All later deliveries keep their dates."),),
        amount=amount,
    )


def _amount(delivery: Delivery, items: Sequence[DeliveryItem], is_whole: bool) -> Money | None:
    """What the items of a delivery cost; None where a part of it is not known."""
    if is_whole:
        return delivery.total if delivery.is_total_known else None
    return _sum(items, delivery.total.currency)


def _is_charge(amount: Money | None) -> bool:
    return amount is None or bool(amount.amount)


def _charged(day: date, amount: Money | None, *, is_estimate: bool) -> Change:
    if amount is None:
        return Change("charge", say("You will be charged on {date}.", date=day))
    text = say(
        "You will be charged {amount} on {date}.", amount=about(amount, is_estimate), date=day
    )
    return Change("charge", text, before=Money(Decimal(0), amount.currency), after=amount)


def _not_charged(delivery: Delivery, amount: Money | None, is_whole: bool) -> Change:
    day = delivery.date
    if amount is None:
        text = say("You will not be charged on {date}.", date=day)
        return Change(
            "charge", text if is_whole else say("You will be charged less on {date}.", date=day)
        )
    if not is_whole:
        text = say("You will be charged about {amount} less on {date}.", amount=amount, date=day)
        return Change("charge", text, before=delivery.total, after=delivery.total - amount)
    text = say(
        "You will not be charged {amount} on {date}.",
        amount=about(amount, delivery.is_estimate),
        date=day,
    )
    return Change("charge", text, before=amount, after=Money(Decimal(0), amount.currency))


def _moved_along(onetimes: Sequence[DeliveryItem], after: Delivery | None) -> Change:
    if after is None:
        return Change(
            "onetimes", say("{items} will wait for your next delivery.", items=named(onetimes))
        )
    text = say(
        "{items} will come on {date} instead.",
        items=named(onetimes),
        date=after.date,
    )
    return Change("onetimes", text, after=after.date)


def _next(
    situation: Situation,
    delivery: Delivery,
    after: Delivery | None,
    onetimes: Sequence[DeliveryItem],
) -> Change:
    """The delivery that comes after the skipped one."""
    day = delivery.date
    if after is None:
        return Change("next", say("No delivery is planned after it."), before=day)
    is_first = not any(
        each.key != delivery.key and each.date < after.date for each in situation.coming(day)
    )
    more = _sum(onetimes, after.total.currency)
    if more is None or not after.is_total_known:
        text = say("The next delivery with these items is on {date}.", date=after.date)
        if is_first:
            text = say("Your next delivery is on {date}.", date=after.date)
        return Change("next", text, before=day, after=after.date)
    cost = about(after.total + more, after.is_estimate or bool(onetimes))
    text = say(
        "The next delivery with these items is on {date}, for {total}.",
        date=after.date,
        total=cost,
    )
    if is_first:
        text = say("Your next delivery is on {date}, for {total}.", date=after.date, total=cost)
    return Change("next", text, before=day, after=after.date)


def _rest(delivery: Delivery, rest: Sequence[DeliveryItem]) -> Message:
    return say("You will still get {items} on {date}.", items=named(rest), date=delivery.date)


def _others(situation: Situation, delivery: Delivery, after: Delivery | None) -> list[Message]:
    """Deliveries near the skipped one which come all the same."""
    until = after.date if after else delivery.date
    others = [
        each
        for each in situation.coming(delivery.date)
        if each.key != delivery.key and each is not after and each.date <= until
    ]
    if not others:
        return []
    several = len(situation.snapshot.addresses) > 1
    values: list[Value] = [
        say("{date} ({address})", date=each.date, address=_street(situation, each))
        if several
        else each.date
        for each in others[:MOST_OTHERS]
    ]
    if len(others) > MOST_OTHERS:
        values.append(say("{count} more", count=len(others) - MOST_OTHERS))
    return [say("Your other deliveries still come: {dates}.", dates=values)]


def _street(situation: Situation, delivery: Delivery) -> str:
    address = situation.snapshot.address(delivery.address_id)
    return address.address1 if address else ""


def _sum(items: Sequence[DeliveryItem], currency: str) -> Money | None:
    if not all(item.is_total_known for item in items):
        return None
    return sum((item.total for item in items), Money(Decimal(0), currency))

"""What a discount code changes, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.actions.comparison import SHOWN, cost, due, line, lost_discounts
from app.actions.discounts.promises import CodePromise, TotalPromise
from app.actions.discounts.terms import Terms
from app.actions.effect import Change, Effect, Promise
from app.actions.errors import NotPossible
from app.actions.situation import Situation
from app.i18n import Message, Money, Value, say
from app.mirror import Delivery
from app.recharge import Address, Charge


def refuse_useless(terms: Terms, charge: Charge, situation: Situation) -> None:
    """A code that would take nothing off is not used up for nothing.

    Raises:
        NotPossible: with what is missing.
    """
    if terms.off(charge) != 0:
        return
    goods, currency = terms.fitting(charge), _currency(charge, situation)
    if terms.minimum is not None and goods and goods < terms.minimum:
        text = say(
            "{code} is for deliveries from {minimum}, and this one has {goods} that count. "
            "Nothing was changed.",
            code=terms.code,
            minimum=Money(terms.minimum, currency),
            goods=Money(goods, currency),
        )
        raise NotPossible(notice=text)
    text = say("{code} takes nothing off this delivery. Nothing was changed.", code=terms.code)
    raise NotPossible(notice=text)


def applied(before: Situation, after: Situation, charge: Charge, terms: Terms) -> Effect:
    """The effect of a code for one delivery."""
    day, code = charge.scheduled_at or before.today, terms.code
    off = _off(charge, terms, before)
    changes = [_taken_off(code, off), *_total(before, after, charge, day, is_known=off is not None)]
    changes.append(_until_changed(code, day))
    return Effect(
        question=say("Use {code} for your delivery of {date}?", code=code, date=day),
        confirm=say("Use {code}, save {amount}", code=code, amount=off)
        if off
        else say("Use {code}", code=code),
        done=_done(after, charge, day, code, is_known=off is not None),
        changes=tuple(changes),
        stays=(say("All later deliveries keep their prices."),),
        amount=off,
        promises=_promises(after, charge, day, code, is_known=off is not None),
    )


def replaced(
    before: Situation,
    after: Situation,
    charge: Charge,
    terms: Terms,
    old: str,
    *,
    is_for_all: bool,
) -> Effect:
    """The effect of a code in place of another one."""
    day, code = charge.scheduled_at or before.today, terms.code
    off = _off(charge, terms, before)
    lost = say("{code} on this delivery is lost.", code=old)
    stays = [say("All later deliveries keep their prices.")]
    if is_for_all:
        lost = say(
            "{code} ends for all your deliveries to this address: the shop takes one discount at "
            "a time.",
            code=old,
        )
        stays = []
    return Effect(
        question=say("Use {code} instead of {old}?", code=code, old=old),
        confirm=say("Use {code} instead", code=code),
        done=_done(after, charge, day, code, is_known=off is not None),
        changes=(
            Change("lost", lost),
            _taken_off(code, off),
            *_total(before, after, charge, day, is_known=off is not None),
            _until_changed(code, day),
        ),
        stays=tuple(stays),
        amount=off,
    )


def removed(before: Situation, after: Situation, charge: Charge) -> Effect:
    """The effect of taking a code off one delivery."""
    day = charge.scheduled_at or before.today
    code = next((one.code for one in charge.discounts if one.code), "")
    return Effect(
        question=say("Remove {code} from your delivery of {date}?", code=code, date=day),
        confirm=say("Remove {code}", code=code),
        done=say(
            "{code} is removed. Your delivery of {date} now costs {cost}.",
            code=code,
            date=day,
            cost=_cost_of(after, charge.address_id, day),
        ),
        changes=tuple(_total(before, after, charge, day, is_known=True)),
        stays=(say("All later deliveries keep their prices."),),
        amount=Money(charge.total_discounts, _currency(charge, before)),
        promises=(TotalPromise.of(after, charge.address_id, day),),
    )


def applied_to_all(before: Situation, after: Situation, address: Address, terms: Terms) -> Effect:
    """The effect of a code for all deliveries to an address."""
    code = terms.code
    old = [one.code for one in address.discounts if one.code]
    changes = [Change("discount", _gives(before, terms))]
    if terms.value is not None:
        changes += _totals(before, after, address.id)
    changes += [
        Change("lost", say("{code} ends: the shop takes one discount at a time.", code=each))
        for each in old
    ]
    changes += _lost(before, after, {*old, code})
    question = say(
        "Use {code} for all your deliveries to {address}?", code=code, address=address.address1
    )
    confirm = say("Use {code} for all", code=code)
    if old:
        confirm = say("Use {code} instead of {old}", code=code, old=old)
    return Effect(
        question=question,
        confirm=confirm,
        done=say(
            "{code} now lowers all your deliveries to {address}.",
            code=code,
            address=address.address1,
        ),
        changes=tuple(changes),
        stays=(say("It stays until you end it, the shop ends it, or it is used up."),),
        promises=_first_promise(after, address.id) if terms.value is not None else (),
    )


def removed_from_all(before: Situation, after: Situation, address: Address) -> Effect:
    """The effect of ending the discount on all deliveries to an address."""
    old: list[Value] = [one.code for one in address.discounts if one.code]
    ends = say(
        "{code} ends for all your deliveries to {address}.", code=old, address=address.address1
    )
    return Effect(
        question=say(
            "Remove {code} from all your deliveries to {address}?",
            code=old,
            address=address.address1,
        ),
        confirm=say("Remove {code}", code=old),
        done=ends,
        changes=(
            Change("lost", ends),
            *_totals(before, after, address.id),
            *_lost(before, after, {str(each) for each in old}),
        ),
        stays=(say("All deliveries keep their dates."),),
        promises=_first_promise(after, address.id),
    )


def _promises(
    after: Situation, charge: Charge, day: date, code: str, *, is_known: bool
) -> tuple[Promise, ...]:
    total = TotalPromise.of(after, charge.address_id, day)
    # Taxes follow the price by rules of the shop.
    is_exact = is_known and (not charge.total_tax or charge.taxes_included)
    return (CodePromise(charge.address_id, day, code), *([total] if is_exact else ()))


def _first_promise(after: Situation, address_id: int) -> tuple[Promise, ...]:
    first = next((each for each in due(after) if each.address_id == address_id), None)
    return (TotalPromise.of(after, address_id, first.date),) if first else ()


def _off(charge: Charge, terms: Terms, situation: Situation) -> Money | None:
    off = terms.off(charge)
    return None if off is None else Money(off, _currency(charge, situation))


def _taken_off(code: str, off: Money | None) -> Change:
    if off is None:
        text = say("How much {code} takes off is known once it is applied.", code=code)
        return Change("discount", text)
    return Change("discount", say("{code} takes {amount} off.", code=code, amount=off))


def _until_changed(code: str, day: date) -> Change:
    text = say(
        "If anything else about your deliveries changes before {date}, the shop drops {code}, and "
        "you can enter it again.",
        code=code,
        date=day,
    )
    return Change("condition", text)


def _gives(situation: Situation, terms: Terms) -> Message:
    """What a code takes off every delivery."""
    code, value = terms.code, terms.value
    currency = situation.snapshot.shop.currency
    if value is None:
        return say("How much {code} takes off is known once it is applied.", code=code)
    gives: Value = Money(value, currency)
    if terms.value_type != "fixed_amount":
        gives = say("{number}%", number=_plain(value))
    if terms.value_type == "shipping":
        text = say(
            "{code} takes {amount} off the shipping of every delivery.", code=code, amount=gives
        )
    elif terms.item_kind == "subscription":
        text = say(
            "{code} takes {amount} off the subscriptions in every delivery.",
            code=code,
            amount=gives,
        )
    elif terms.item_kind == "onetime" or terms.product_ids:
        text = say(
            "{code} takes {amount} off some products in every delivery.", code=code, amount=gives
        )
    else:
        text = say("{code} takes {amount} off every delivery.", code=code, amount=gives)
    if terms.minimum is None:
        return text
    minimum = Money(terms.minimum, currency)
    return say("{text} It is for deliveries from {minimum}.", text=text, minimum=minimum)


def _plain(value: Decimal) -> Value:
    """15 rather than 15.00, and 12.5 rather than 12.50."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def _total(
    before: Situation, after: Situation, charge: Charge, day: date, *, is_known: bool
) -> list[Change]:
    """What the delivery costs with the change."""
    old = before.delivery(charge.address_id, day, skipped=False)
    new = after.delivery(charge.address_id, day, skipped=False)
    if old is None or new is None or not is_known or old.total == new.total:
        return []
    text = say(
        "Your delivery of {date} costs {cost} instead of {before}.",
        date=day,
        cost=cost(new),
        before=cost(old),
    )
    return [Change("total", text, before=cost(old), after=cost(new))]


def _totals(before: Situation, after: Situation, address_id: int) -> list[Change]:
    """What the next deliveries to an address cost, side by side."""
    old, new = _coming(before, address_id), _coming(after, address_id)
    if not old or not new or [each.total for each in old] == [each.total for each in new]:
        return []
    text = say(
        "Your next delivery on {date} costs {cost} instead of {before}.",
        date=new[0].date,
        cost=cost(new[0]),
        before=cost(old[0]),
    )
    if old[0].total == new[0].total:
        text = say("Later deliveries change their prices.")
    return [Change("total", text, before=_lines(old), after=_lines(new))]


def _coming(situation: Situation, address_id: int) -> list[Delivery]:
    return [each for each in due(situation) if each.address_id == address_id][:SHOWN]


def _lines(deliveries: Sequence[Delivery]) -> list[Message]:
    return [line(each) for each in deliveries]


def _lost(before: Situation, after: Situation, told: set[str]) -> list[Change]:
    """Codes on single deliveries that go too."""
    return [
        change
        for change in lost_discounts(before, after)
        if str(change.text.values.get("code")) not in told
    ]


def _done(after: Situation, charge: Charge, day: date, code: str, *, is_known: bool) -> Message:
    if not is_known:
        return say("{code} is on your delivery of {date}.", code=code, date=day)
    return say(
        "{code} is on your delivery of {date}, which now costs {cost}.",
        code=code,
        date=day,
        cost=_cost_of(after, charge.address_id, day),
    )


def _cost_of(situation: Situation, address_id: int, day: date) -> Message:
    delivery = situation.delivery(address_id, day, skipped=False)
    return cost(delivery) if delivery else say("price not known yet")


def _currency(charge: Charge, situation: Situation) -> str:
    return charge.currency or situation.snapshot.shop.currency

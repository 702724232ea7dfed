"""What a quick link may ask for, and what that means on the day on which it is pressed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.actions import (
    AddOnetime,
    DelayDelivery,
    DelaySubscription,
    NotPossible,
    OrderNow,
    ReactivateSubscription,
    Services,
    SkipDelivery,
    perform,
)
from app.actions.quick.discreet import discreet, speaks_of
from app.actions.quick.meant import action_of, skipped_before
from app.actions.quick.wishes import LinksWanted, Wish, WishedLink, problem_of
from app.i18n import say
from app.mirror import Delivery
from tests.actions.shop import Shop, press, signed_in

MARA, JONAS = 101, 102


def wish(what: str, customer: int = MARA, **values: Any) -> Wish:
    return Wish.model_validate({"what": what, "customer": customer, **values})


async def next_of(shop: Shop, services: Services, customer: int = MARA) -> Delivery:
    return await shop.next_delivery(services, signed_in(customer))


# What may be asked for.


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"what": "cancel"}, "what: "),
        ({"what": "skip", "customer": "x"}, "customer: "),
        ({"what": "skip", "customer": "1_0"}, "customer: "),
        ({"what": "skip", "customer": " 7"}, "customer: "),
        ({"what": "skip", "customer": 1.0}, "customer: "),
        ({"what": "skip", "customer": True}, "customer: "),
        ({"what": "skip", "customer": 0}, "customer: "),
        ({"what": "skip", "weeks": 1}, "skip takes no weeks"),
        ({"what": "move", "weeks": 13}, "weeks: "),
        ({"what": "move", "variant": "1"}, "move takes no variant"),
        ({"what": "add"}, "add needs a variant"),
        ({"what": "add", "variant": "a b"}, "variant: "),
        ({"what": "add", "variant": "1", "quantity": 100}, "quantity: "),
        ({"what": "reactivate"}, "reactivate needs a subscription"),
        ({"what": "reactivate", "subscription": 1, "address": 2}, "reactivate takes no address"),
        ({"what": "skip", "subscription": 1, "address": 2}, "not both"),
        ({"what": "skip", "date": "2026-12-01"}, "a date needs a subscription or an address"),
        ({"what": "skip", "address": 2, "date": "1.12.2026"}, "date: "),
        ({"what": "skip", "address": 2, "date": "2026-02-30"}, "date: "),
        ({"what": "update-card", "subscription": 1}, "update-card takes no subscription"),
        ({"what": "skip", "days": 61}, "days: "),
        ({"what": "skip", "days": 0}, "days: "),
        ({"what": "skip", "email": "x"}, "email: "),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        WishedLink.model_validate({"customer": MARA, **given})
    told = problem_of(caught.value)
    assert words in told
    assert "\n" not in told


def test_a_program_and_a_table_may_write_numbers_as_they_do() -> None:
    one = WishedLink.model_validate(
        {"what": "add", "customer": "101", "address": 201, "variant": 7, "quantity": "2"}
    )
    assert (one.customer, one.address, one.variant, one.quantity, one.days) == (101, 201, "7", 2, 7)
    many = LinksWanted.model_validate_json('{"links": [{"what": "skip", "customer": 101}]}')
    assert many.links[0].wish == wish("skip")


@pytest.mark.parametrize("links", [[], [{"what": "skip", "customer": 1}] * 1001])
def test_as_many_at_once_as_a_request_holds(links: list[object]) -> None:
    with pytest.raises(ValidationError):
        LinksWanted.model_validate({"links": links})


def test_what_a_link_carries_gives_the_wish_again() -> None:
    one = wish("skip", address=201, date="2026-12-01")
    assert one.document == {"what": "skip", "address": 201, "date": "2026-12-01"}
    assert Wish.model_validate({**one.document, "customer": "101"}) == one


# What it means.


async def test_the_next_delivery_is_that_of_the_day_of_the_press(
    shop: Shop, services: Services
) -> None:
    first = await next_of(shop, services)
    asked = wish("skip")
    now = await shop.situation(services, MARA)
    assert action_of(asked, now) == SkipDelivery(address_id=first.address_id, date=first.date)
    assert skipped_before(asked, now) == ()

    await perform(services, signed_in(MARA), action_of(asked, now), key=press())
    now = await shop.situation(services, MARA)
    later = action_of(asked, now)
    assert isinstance(later, SkipDelivery)
    assert later.date > first.date
    assert [one.date for one in skipped_before(asked, now)] == [first.date]


async def test_a_subscription_is_meant_alone_and_wherever_it_goes(
    shop: Shop, services: Services
) -> None:
    first = await next_of(shop, services)
    id = next(item.purchase_item_id for item in first.items if item.purchase_item_id)
    now = await shop.situation(services, MARA)
    skip = action_of(wish("skip", subscription=id), now)
    assert skip == SkipDelivery(
        address_id=first.address_id, date=first.date, purchase_item_ids=(id,)
    )
    move = action_of(wish("move", subscription=id, weeks=3), now)
    assert move == DelaySubscription(
        address_id=first.address_id, subscription_id=id, count=3, unit="week"
    )
    dated = action_of(wish("move", subscription=id, date=first.date.isoformat()), now)
    assert isinstance(dated, DelaySubscription)
    assert dated.from_date == first.date


async def test_an_address_means_all_that_comes_there(shop: Shop, services: Services) -> None:
    now = await shop.situation(services, MARA)
    for address in now.snapshot.addresses:
        action = action_of(wish("move", address=address.id), now)
        assert isinstance(action, DelayDelivery)
        assert (action.address_id, action.count, action.unit) == (address.id, 1, "week")
        first = min(one.date for one in now.coming(now.today) if one.address_id == address.id)
        assert action.date == first


async def test_a_product_goes_with_the_first_delivery_that_still_takes_it(
    shop: Shop, services: Services
) -> None:
    first = await next_of(shop, services)
    now = await shop.situation(services, MARA)
    asked = wish("add", variant="1", address=first.address_id)
    action = action_of(asked, now)
    assert isinstance(action, AddOnetime)
    assert (action.date, action.quantity) == (first.date, 1)

    await shop.advance(now.changes_end(first.date) - now.now + timedelta(minutes=1))
    now = await shop.situation(services, MARA)
    later = action_of(asked, now)
    assert isinstance(later, AddOnetime)
    assert later.date > first.date
    strict = action_of(wish("skip", address=first.address_id), now)
    assert isinstance(strict, SkipDelivery)
    assert strict.date == first.date, "no other delivery is skipped in its place"


async def test_an_order_is_the_charge_of_that_delivery(shop: Shop, services: Services) -> None:
    first = await next_of(shop, services, JONAS)
    now = await shop.situation(services, JONAS)
    assert first.charge_id is not None
    id = next(item.purchase_item_id for item in first.items)
    for asked in (wish("order-now", JONAS), wish("order-now", JONAS, subscription=id)):
        action = action_of(asked, now)
        assert action == OrderNow(address_id=first.address_id, charge_id=first.charge_id)


async def test_what_has_no_charge_yet_cannot_be_ordered(shop: Shop, services: Services) -> None:
    first = await next_of(shop, services, JONAS)
    now = await shop.situation(services, JONAS)
    later = next(one for one in now.deliveries if one.date > first.date)
    asked = wish("order-now", JONAS, address=later.address_id, date=later.date.isoformat())
    with pytest.raises(NotPossible, match="has not prepared"):
        action_of(asked, now)


@pytest.mark.parametrize("what", ["skip", "move", "order-now"])
async def test_where_nothing_comes_that_is_told(shop: Shop, services: Services, what: str) -> None:
    now = await shop.situation(services, 112)
    with pytest.raises(NotPossible, match="No delivery is planned"):
        action_of(wish(what, 112), now)


async def test_what_has_ended_starts_where_it_went(shop: Shop, services: Services) -> None:
    now = await shop.situation(services, 105)
    ended = now.snapshot.subscriptions[0]
    assert action_of(wish("reactivate", 105, subscription=ended.id), now) == (
        ReactivateSubscription(address_id=ended.address_id, subscription_id=ended.id)
    )


# What may be said of it.


async def test_a_discreet_situation_holds_one_address_and_no_person(
    shop: Shop, services: Services
) -> None:
    now = await shop.situation(services, 106)
    address_id = now.snapshot.addresses[0].id
    shown = discreet(now, address_id, "your address")
    assert [one.id for one in shown.snapshot.addresses] == [address_id]
    assert shown.snapshot.addresses[0].address1 == "your address"
    assert {one.address_id for one in shown.snapshot.subscriptions} == {address_id}
    assert {one.address_id for one in shown.snapshot.charges} == {address_id}
    assert shown.snapshot.customer.email == ""
    days = {one.date for one in now.deliveries if one.address_id == address_id}
    assert {one.date for one in shown.deliveries} == days


async def test_a_sentence_that_names_the_address_or_the_card_is_found_out(
    shop: Shop, services: Services
) -> None:
    now = await shop.situation(services, MARA)
    street = now.snapshot.addresses[0].address1
    card = now.snapshot.payment_methods[0].payment_details.last4 or ""
    assert speaks_of(say("It goes to {street} now.", street=street.upper()), now)
    assert speaks_of(say("Paid with {card}.", card=say("Visa {digits}", digits=card)), now)
    assert not speaks_of(say("Your delivery of {day} is skipped.", day=date(2026, 12, 1)), now)

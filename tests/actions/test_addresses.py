"""Addresses: what is refused and why, and what customers are told before anything is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.actions import (
    Action,
    AddAddress,
    ChangeNote,
    DeleteAddress,
    EditAddress,
    Effect,
    MergeAddresses,
    MoveToNewAddress,
    NotPossible,
    PartlyDone,
    PostalInput,
    SendElsewhereOnce,
    Services,
    SwitchedOff,
    UnknownObject,
    WrongParts,
    perform,
    preview,
    resume_saga,
    undo,
)
from app.actions.addresses.uses import uses
from app.actions.foresight import NEW_ID
from app.i18n import Texts
from tests.actions.cases.addresses import (
    HARBOR,
    MARA,
    NEXT,
    PRIYA,
    empty_address,
    read,
    something_once,
)
from tests.actions.shop import Shop, press, signed_in

ENGLISH = Texts("en-GB")


def told(effect: Effect, name: str) -> list[str]:
    """What is said of one kind of change."""
    return [ENGLISH.render(one.text) for one in effect.changes if one.name.split()[0] == name]


def stays(effect: Effect) -> list[str]:
    return [ENGLISH.render(one) for one in effect.stays]


async def effect(services: Services, action: Action) -> Effect:
    return (await preview(services, MARA, action)).effect


async def test_an_address_in_use_is_kept_and_it_is_said_by_what(
    shop: Shop, services: Services
) -> None:
    with pytest.raises(NotPossible) as kept:
        await perform(services, MARA, DeleteAddress(address_id=201), key=press())

    said = ENGLISH.render(kept.value.notice)
    assert said.startswith("18 Lantern Row, Portland is still needed, so it cannot be deleted yet.")
    assert "Harbor Blend (12 oz / Filter) goes there." in said
    assert said.endswith("more.")  # and not a list of all
    assert await shop.executed() == {}


async def test_what_else_keeps_an_address(shop: Shop, services: Services) -> None:
    id = await empty_address(shop)
    await something_once(shop, id, NEXT)
    await read(shop, services, MARA)
    situation = await shop.situation(services, 101)

    assert [one.kind for one in uses(situation, id)] == ["onetime"]
    assert "prepaid" in [one.kind for one in uses(await shop.situation(services, 103), 204)]


async def test_an_address_that_is_there_is_not_added_again(shop: Shop, services: Services) -> None:
    await empty_address(shop)
    await read(shop, services, MARA)
    await shop.forget_counters()

    with pytest.raises(NotPossible, match="You have this address already"):
        await perform(services, MARA, AddAddress(postal=HARBOR), key=press())

    assert await shop.executed() == {}


@pytest.mark.parametrize(
    ("part", "text"), [("zip", "1011"), ("address1", ""), ("province", "Bavaria"), ("phone", "12")]
)
async def test_a_wrong_part_stands_at_its_field_and_nothing_is_sent(
    part: str, text: str, shop: Shop, services: Services
) -> None:
    postal = HARBOR.model_copy(update={part: text})

    for action in (
        AddAddress(postal=postal),
        EditAddress(address_id=201, postal=postal),
        MoveToNewAddress(address_id=201, subscription_id=302, postal=postal),
        SendElsewhereOnce(address_id=201, date=NEXT, postal=postal),
    ):
        with pytest.raises(WrongParts) as wrong:
            await perform(services, MARA, action, key=press())
        assert part in wrong.value.parts
    assert await shop.executed() == {}


async def test_another_customers_card_pays_for_nothing(services: Services) -> None:
    with pytest.raises(UnknownObject):
        await perform(services, MARA, AddAddress(postal=HARBOR, payment_method_id=603), key=press())


async def test_nothing_is_sent_to_an_address_that_is_not_made(
    shop: Shop, services: Services
) -> None:
    """The id that stands for it is no way round the question whose address it is."""
    for action in (
        DeleteAddress(address_id=NEW_ID),
        MergeAddresses(to_address_id=NEW_ID, from_address_ids=(201,)),
        SendElsewhereOnce(address_id=201, date=NEXT, to_address_id=NEW_ID),
        EditAddress(address_id=NEW_ID, postal=HARBOR),
    ):
        with pytest.raises(NotPossible):
            await perform(services, MARA, action, key=press())
    assert await shop.executed() == {}


async def test_it_is_said_which_deliveries_change_and_which_do_not(services: Services) -> None:
    everything = await effect(services, EditAddress(address_id=201, postal=HARBOR))
    subscription = await effect(
        services, MoveToNewAddress(address_id=201, subscription_id=302, postal=HARBOR)
    )
    delivery = await effect(services, SendElsewhereOnce(address_id=201, date=NEXT, postal=HARBOR))

    assert told(everything, "deliveries")[0].startswith("Your deliveries of Wed 2 Dec,")
    assert told(everything, "deliveries")[0].endswith(
        "all later ones go to 8 Harbor Road, Portland."
    )
    assert "402 Ropewalk Lane, Portland" in stays(everything)[0]
    assert told(subscription, "deliveries")[0].endswith("go to 8 Harbor Road, Portland.")
    assert stays(subscription)[0].endswith("still go to 18 Lantern Row, Portland.")
    assert told(delivery, "deliveries") == []
    assert "Wed 2 Dec," not in stays(delivery)[0]
    assert stays(delivery)[0].endswith("still go to 18 Lantern Row, Portland.")


async def test_a_discount_that_stays_behind_is_told(services: Services) -> None:
    for action in (
        MoveToNewAddress(address_id=201, subscription_id=302, postal=HARBOR),
        SendElsewhereOnce(address_id=201, date=NEXT, postal=HARBOR),
        MergeAddresses(to_address_id=202, from_address_ids=(201,)),
    ):
        assert any(
            "does not go along" in one for one in told(await effect(services, action), "discount")
        )


async def test_what_is_being_made_ready_keeps_its_address(shop: Shop, services: Services) -> None:
    now = await shop.situation(services, 101)
    too_late = replace(now, change_until_days=30)

    for action in (
        EditAddress(address_id=201, postal=HARBOR),
        SendElsewhereOnce(address_id=201, date=NEXT, postal=HARBOR),
        MoveToNewAddress(address_id=201, subscription_id=302, postal=HARBOR),
        MergeAddresses(to_address_id=202, from_address_ids=(201,)),
    ):
        assert action.effect(now).changes
        with pytest.raises(NotPossible, match="could be changed until"):
            action.effect(too_late)


async def test_what_was_paid_for_goes_along_and_what_was_sent_elsewhere_does_not(
    shop: Shop, services: Services
) -> None:
    orders = [one async for one in shop.client.orders.list(customer_id=103, status="queued")]
    assert len(orders) > 1
    await shop.client.orders.update(
        orders[0].id, shipping_address={"address1": "99 Somebody Else's Street"}
    )
    await read(shop, services, PRIYA)
    address = (await shop.situation(services, 103)).snapshot.addresses[0]
    postal = PostalInput.of(address).model_copy(update={"address2": "Second floor"})

    done = await perform(
        services, PRIYA, EditAddress(address_id=address.id, postal=postal), key=press()
    )

    assert done.differences == ()
    after = {
        one.id: one.shipping_address
        async for one in shop.client.orders.list(customer_id=103, status="queued")
    }
    assert [getattr(after[one.id], "address2", None) for one in orders[1:]] == ["Second floor"] * (
        len(orders) - 1
    )
    assert getattr(after[orders[0].id], "address1", "") == "99 Somebody Else's Street"
    await undo(services, PRIYA, done.activity_id, key=press())


async def test_addresses_of_two_currencies_stay_two(shop: Shop, services: Services) -> None:
    made = await shop.client.addresses.create(
        customer_id=101, presentment_currency="EUR", **HARBOR.document()
    )
    await read(shop, services, MARA)
    await shop.forget_counters()

    with pytest.raises(NotPossible, match="different currencies"):
        await preview(
            services, MARA, MergeAddresses(to_address_id=201, from_address_ids=(202, made.id))
        )
    assert await shop.executed() == {}


async def test_nothing_moves_to_where_nothing_pays(shop: Shop, services: Services) -> None:
    made = await shop.client.addresses.create(customer_id=101, **HARBOR.document())
    await read(shop, services, MARA)

    for action in (
        MergeAddresses(to_address_id=made.id, from_address_ids=(201,)),
        SendElsewhereOnce(address_id=201, date=NEXT, to_address_id=made.id),
    ):
        with pytest.raises(NotPossible, match="There is no card for 8 Harbor Road"):
            await perform(services, MARA, action, key=press())


async def test_more_than_ten_are_not_merged_at_once() -> None:
    with pytest.raises(ValueError, match="at most 10"):
        MergeAddresses(to_address_id=201, from_address_ids=tuple(range(300, 311)))


async def test_an_address_that_something_needs_is_kept_when_it_is_merged(
    shop: Shop, services: Services
) -> None:
    """What the customer has paid for in advance has an order of its own, which does not move."""
    made = await shop.client.addresses.create(customer_id=103, **HARBOR.document())
    await shop.client.addresses.update(made.id, payment_method_id=604)
    await read(shop, services, PRIYA)
    action = MergeAddresses(to_address_id=made.id, from_address_ids=(204,))

    seen = (await preview(services, PRIYA, action)).effect

    assert told(seen, "removed") == []
    assert "is kept. A delivery that you have paid for comes there" in told(seen, "kept")[0]


async def test_the_rest_of_a_delivery_elsewhere_is_tried_with_the_address_that_was_made(
    shop: Shop, services: Services
) -> None:
    await read(shop, services, MARA)
    await shop.forget_counters()
    await shop.fault("POST", "/onetimes", "422", times=9)
    with pytest.raises(PartlyDone) as partly:
        await perform(
            services, MARA, SendElsewhereOnce(address_id=201, date=NEXT, postal=HARBOR), key=press()
        )
    await shop.no_faults()

    await resume_saga(services, MARA, partly.value.activity_id or "", key=press())

    counted = await shop.executed()
    assert (counted["POST /addresses"], counted["POST /onetimes"]) == (1, 3)
    listed = [one async for one in shop.client.addresses.list(customer_id=101)]
    made = next(one.id for one in listed if one.address1 == HARBOR.address1)
    once = [one async for one in shop.client.onetimes.list(address_id=made)]
    assert {one.next_charge_scheduled_at for one in once} == {NEXT}
    assert len(once) == 4  # three subscriptions, and what came once anyway


async def test_the_switch_for_skipping_counts_for_a_delivery_elsewhere(
    shop: Shop, services: Services
) -> None:
    await shop.switch(skip_scheduled_order=False)

    with pytest.raises(SwitchedOff):
        await preview(services, MARA, SendElsewhereOnce(address_id=201, date=NEXT, postal=HARBOR))


async def test_a_note_keeps_what_only_the_shop_may_write(shop: Shop, services: Services) -> None:
    attributes = [{"name": "_source", "value": "web"}, {"name": "Floor", "value": "2"}]
    await shop.client.addresses.update(201, commit=True, order_attributes=attributes)
    await read(shop, services, MARA)

    text = "Bitte zweimal klingeln — ベルを二回 🔔\nDanke"
    await perform(services, MARA, ChangeNote(address_id=201, note=text), key=press())

    found = await shop.client.addresses.get(201)
    assert found.order_note == text
    assert [one.model_dump(mode="json") for one in found.order_attributes] == attributes
    queued = [one async for one in shop.client.charges.list(address_id=201, status="queued")]
    assert {one.note for one in queued} == {text}


async def test_jonas_sees_none_of_it(services: Services) -> None:
    for action in (
        EditAddress(address_id=201, postal=HARBOR),
        MergeAddresses(to_address_id=203, from_address_ids=(201,)),
        SendElsewhereOnce(address_id=203, date=date(2026, 11, 29), to_address_id=201),
    ):
        with pytest.raises(UnknownObject):
            await preview(services, signed_in(102), action)

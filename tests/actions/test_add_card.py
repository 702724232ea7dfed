"""A card comes into the account once, whatever happens on the way."""

from __future__ import annotations

import asyncio

import pytest

from app.actions import (
    NothingKnown,
    NotPossible,
    PartlyDone,
    Result,
    Services,
    Stale,
    SwitchedOff,
    UnknownObject,
    UpstreamRefused,
    activities,
    undo,
)
from app.actions.payments.adding import MOST_A_DAY, AddingCards
from app.actions.steps import SENT_FOR, StepStatus
from app.payments import CardRefused, CardSetup, NotFinished, SetupState
from tests.actions.adding import (
    CREATE,
    MARA,
    UPDATE,
    added,
    confirmed,
    pays,
    typed,
    with_cards,
)
from tests.actions.shop import Shop, press, signed_in

THEO = signed_in(104)
"""His payment has failed."""


@pytest.fixture
def services(shop: Shop) -> Services:
    return with_cards(shop)


async def known(services: Services) -> Result:
    """The result of the newest activity, once it is known."""
    newest = (await activities(services, MARA))[0]
    while newest.result in (Result.RUNNING, Result.UNKNOWN):
        await asyncio.sleep(0)
        newest = (await activities(services, MARA))[0]
    return newest.result


async def now(services: Services, setup: CardSetup) -> CardSetup:
    found = await services.card_setups.find(setup.customer_id, setup.id)
    assert found is not None
    return found


async def test_a_card_comes_and_pays_for_what_was_chosen(shop: Shop, services: Services) -> None:
    setup = await confirmed(shop, services, 201, 202)
    before = await pays(shop)

    outcome = await AddingCards(services).put(MARA, setup)

    assert outcome is not None
    assert outcome.is_confirmed
    assert outcome.differences == ()
    assert outcome.notice.text.startswith("{card} is in your account now, and pays for")
    [card] = await added(shop)
    assert card.payment_details.last4 == "4242"
    assert card.billing_address is not None
    assert await pays(shop) == {**before, 201: card.id, 202: card.id}
    assert await shop.executed() == {CREATE: 1, UPDATE: 2}
    assert (await now(services, setup)).state is SetupState.DONE


async def test_undo_gives_the_addresses_back_and_takes_the_card_away(
    shop: Shop, services: Services
) -> None:
    before = await shop.upstream(101)
    outcome = await AddingCards(services).put(
        MARA, await confirmed(shop, services, 201, 202, make_default=True)
    )
    assert outcome is not None

    await undo(services, MARA, outcome.activity_id, key=press())

    assert await added(shop) == []
    assert await shop.upstream(101) == before


async def test_a_card_for_nothing_yet(shop: Shop, services: Services) -> None:
    before = await pays(shop)

    await AddingCards(services).put(MARA, await confirmed(shop, services))

    assert len(await added(shop)) == 1
    assert await pays(shop) == before


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("4000000000000002", "card_declined"),
        ("4000000000009995", "insufficient_funds"),
        ("4000000000000069", "expired_card"),
    ],
)
async def test_a_card_that_is_refused_changes_nothing(
    number: str, reason: str, shop: Shop, services: Services
) -> None:
    setup = await typed(shop, services, 201, number=number)

    with pytest.raises(CardRefused) as refused:
        await AddingCards(services).look(setup)

    assert str(refused.value) == reason
    assert "nothing was changed" in refused.value.notice.text
    assert (await now(services, setup)).state is SetupState.STARTED
    assert await shop.executed() == {}


async def test_a_question_of_the_bank_that_is_left_open_is_no_card(
    shop: Shop, services: Services
) -> None:
    setup = await typed(shop, services, 201, number="4000002500003155")

    with pytest.raises(NotFinished):
        await AddingCards(services).look(setup)

    [open_one] = await AddingCards(services).open_ones(MARA)
    assert open_one.kind == "started"


async def test_two_hands_at_once_add_one_card(shop: Shop, services: Services) -> None:
    setup = await confirmed(shop, services, 201)
    other = with_cards(shop)

    await asyncio.gather(
        *(AddingCards(one).put(MARA, setup) for one in (services, services, other)),
        return_exceptions=True,
    )

    assert len(await added(shop)) == 1
    assert (await shop.executed())[CREATE] == 1


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "500"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/payment_methods"), ("PUT", "/addresses/*")]
)
async def test_an_answer_that_is_lost_adds_no_second_card(
    kind: str, method: str, path: str, shop: Shop, services: Services
) -> None:
    setup = await confirmed(shop, services, 201)
    await shop.fault(method, path, kind)
    cards = AddingCards(services)

    try:
        await cards.put(MARA, setup)
    except NothingKnown:
        result = await known(services)
        assert result in (Result.DONE, Result.NOT_DONE)
    standing = await cards.standing(MARA, await now(services, setup))
    if standing.kind == "confirmed":  # it was not made, and may be tried once more
        assert standing.text is not None
        await cards.put(MARA, standing.setup)

    [card] = await added(shop)
    assert (await pays(shop))[201] == card.id
    assert (await shop.executed())[CREATE] == 1


async def test_an_address_that_is_refused_keeps_the_card_and_can_be_tried_again(
    shop: Shop, services: Services
) -> None:
    setup = await confirmed(shop, services, 201, 202)
    before = await pays(shop)
    await shop.fault("PUT", "/addresses/201", "422")

    with pytest.raises(PartlyDone):
        await AddingCards(services).put(MARA, setup)

    [card] = await added(shop)
    assert await pays(shop) == {**before, 202: card.id}
    standing = await AddingCards(services).standing(MARA, await now(services, setup))
    assert standing.kind == "done"
    assert standing.activity is not None
    assert [step.status for step in standing.activity.steps] == [
        StepStatus.DONE, StepStatus.REFUSED, StepStatus.DONE,
    ]  # fmt: skip


async def test_a_card_that_the_shop_refuses_is_kept_for_another_try(
    shop: Shop, services: Services
) -> None:
    setup = await confirmed(shop, services, 201)
    await shop.fault("POST", "/payment_methods", "422")
    cards = AddingCards(services)

    with pytest.raises(UpstreamRefused):
        await cards.put(MARA, setup)

    standing = await cards.standing(MARA, await now(services, setup))
    assert standing.kind == "confirmed"
    assert standing.setup.key != setup.key
    await cards.put(MARA, standing.setup)
    assert len(await added(shop)) == 1


async def test_what_has_changed_since_is_asked_again(shop: Shop, services: Services) -> None:
    setup = await confirmed(shop, services, 201)
    paying = await pays(shop)
    other = next(id for id in paying.values() if id not in (None, paying[201]))
    await shop.client.addresses.update(201, commit=True, payment_method_id=other)
    await shop.mirror.customer(101).refresh()

    with pytest.raises(Stale):
        await AddingCards(services).put(MARA, setup)

    assert await added(shop) == []
    standing = await AddingCards(services).standing(MARA, await now(services, setup))
    assert standing.kind == "confirmed"


async def test_failed_payments_are_tried_again_only_where_that_was_ticked(
    shop: Shop, services: Services
) -> None:
    [address] = await pays(shop, 104)
    [failed] = [one async for one in shop.client.charges.list(customer_id=104, status="error")]
    cards = AddingCards(services)

    await cards.put(THEO, await confirmed(shop, services, address, who=THEO))
    still = await shop.client.charges.get(failed.id)
    await cards.put(
        THEO,
        await confirmed(
            shop, services, address, who=THEO, number="5555555555554444", retry_charges=True
        ),
    )

    assert still.status == "error"
    assert (await shop.client.charges.get(failed.id)).status == "success"
    assert (await pays(shop, 104))[address] == max(one.id for one in await added(shop, 104))


async def test_a_retry_needs_the_card_to_pay_where_it_failed(
    shop: Shop, services: Services
) -> None:
    with pytest.raises(NotPossible) as refused:
        await AddingCards(services).begin(THEO, (), retry_charges=True)

    assert "Choose that as well" in refused.value.notice.text


async def test_nobody_elses_address_and_no_shop_that_forbids_it(
    shop: Shop, services: Services
) -> None:
    cards = AddingCards(services)
    with pytest.raises(UnknownObject):
        await cards.begin(MARA, (next(iter(await pays(shop, 102))),))
    await shop.switch(view_recharge_payment_methods=False)
    with pytest.raises(SwitchedOff):
        await cards.begin(MARA, (201,))


async def test_a_shop_without_a_form_says_so(shop: Shop) -> None:
    with pytest.raises(NotPossible) as refused:
        await AddingCards(shop.services()).begin(MARA, (201,))

    assert "does not take new cards here" in refused.value.notice.text


async def test_who_tries_out_cards_comes_to_an_end(shop: Shop, services: Services) -> None:
    cards = AddingCards(services)
    for _ in range(MOST_A_DAY):
        await cards.begin(MARA, ())

    with pytest.raises(NotPossible):
        await cards.begin(MARA, ())


async def test_nor_do_many_presses_at_once_open_more(shop: Shop, services: Services) -> None:
    cards = AddingCards(services)
    tries = [cards.begin(MARA, ()) for _ in range(MOST_A_DAY * 2)]
    came = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(one, NotPossible) for one in came) >= MOST_A_DAY
    assert len(await services.card_setups.open(MARA.customer_id)) <= MOST_A_DAY


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_service_that_stops_at_a_step_leaves_nothing_double(
    number: int, moment: str, shop: Shop
) -> None:
    first = with_cards(shop)
    setup = await confirmed(shop, first, 201, 202)
    mark, done = first.journal.steps.mark, first.journal.steps.done

    async def stop_before(
        places: list[tuple[str, int]], status: StepStatus, **more: object
    ) -> None:
        await mark(places, status, **more)  # type: ignore[arg-type]
        if status is StepStatus.SENT and places[0][1] == number:
            raise asyncio.CancelledError

    async def stop_after(places: list[tuple[str, int]], *more: object, **most: object) -> None:
        if places[0][1] == number:
            raise asyncio.CancelledError
        await done(places, *more, **most)  # type: ignore[arg-type]

    steps = first.journal.steps
    if moment == "before":
        steps.mark = stop_before  # type: ignore[method-assign,assignment]
    else:
        steps.done = stop_after  # type: ignore[method-assign,assignment]
    with pytest.raises(asyncio.CancelledError):
        await AddingCards(first).put(MARA, setup)
    await shop.advance(SENT_FOR)

    again = with_cards(shop)
    cards = AddingCards(again)
    assert (await cards.standing(MARA, await now(again, setup))).kind == "adding"
    await again.start()
    result = await known(again)
    standing = await cards.standing(MARA, await now(again, setup))
    if (number, moment) == (0, "before"):  # it was never sent, which nobody could know
        assert result is Result.NOT_DONE
        assert standing.kind == "confirmed"
        await cards.put(MARA, standing.setup)
    else:
        assert result is Result.DONE
        assert standing.kind == "done"

    [card] = await added(shop)
    assert set((await pays(shop)).values()) >= {card.id}
    assert {(await pays(shop))[id] for id in (201, 202)} == {card.id}
    assert (await shop.executed())[CREATE] == 1

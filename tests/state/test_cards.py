"""What a customer is told of cards that they have begun to add."""

from __future__ import annotations

import pytest

from app.actions import Services
from app.actions.payments.adding import AddingCards
from tests.actions.adding import MARA, confirmed, typed, with_cards
from tests.actions.shop import Shop
from tests.state.page import English, opened

ASKS_BANK = "4000002500003155"


@pytest.fixture
def services(shop: Shop) -> Services:
    return with_cards(shop)


async def test_of_forms_that_were_only_opened_the_last_one_is_told(
    shop: Shop, services: Services
) -> None:
    for _ in range(2):
        last = await typed(shop, services, 201, number=ASKS_BANK)
    portal = await opened(services, MARA)
    await portal.cards.read()

    [told] = portal.cards.open
    assert told.key == last.id
    assert "nothing was changed" in English.render(told.text)
    portal.close()


async def test_a_form_is_not_told_once_a_later_one_has_brought_a_card(
    shop: Shop, services: Services
) -> None:
    await typed(shop, services, 201, number=ASKS_BANK)
    portal = await opened(services, MARA)
    await portal.cards.read()
    assert len(portal.cards.open) == 1

    setup = await confirmed(shop, services, 201)
    await portal.cards.read()
    assert [one.key for one in portal.cards.open] == [setup.id], "that of the confirmed card"
    await AddingCards(services).put(MARA, setup)
    await portal.cards.read()
    assert not portal.cards.open
    portal.close()

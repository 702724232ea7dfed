"""Questions about addresses: what is offered, and what an answer comes to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.actions import (
    DeleteAddress,
    EditAddress,
    MergeAddresses,
    MoveToNewAddress,
    SendElsewhereOnce,
    Services,
)
from app.state import (
    AddAddressQuestion,
    AddressesState,
    AddressQuestion,
    DeleteAddressQuestion,
    EditAddressQuestion,
    ElsewhereQuestion,
    MergeQuestion,
    NoteQuestion,
    Portal,
    can_merge,
    can_move_to_address,
    can_send_elsewhere,
)
from tests.actions.cases.addresses import HARBOR
from tests.actions.shop import Shop
from tests.state.page import JONAS, MARA, first, opened


@pytest.fixture
async def portal(services: Services) -> AsyncIterator[Portal]:
    """Mara's page: five subscriptions at home, three at her studio."""
    portal = await opened(services, MARA)
    yield portal
    portal.close()


def subscription(portal: Portal, id: int) -> AddressQuestion:
    return AddressQuestion(next(one for one in portal.subscriptions if one.key == id))


async def written(question: AddressQuestion | EditAddressQuestion | ElsewhereQuestion) -> None:
    """The address is complete."""
    await question.draft.choose(**HARBOR.parts())


async def test_the_scope_of_a_new_address_decides_what_is_done(portal: Portal) -> None:
    question = subscription(portal, 302)
    await question.go_to("new")
    await written(question)
    assert [one.scope for one in question.scopes] == ["subscription", "all", "delivery"]
    assert isinstance(question.action, MoveToNewAddress)

    await question.choose(scope="all")
    assert isinstance(question.action, EditAddress)
    await question.choose(scope="delivery")
    assert isinstance(question.action, SendElsewhereOnce)
    assert question.preview is not None


async def test_the_scope_of_an_address_that_is_there(portal: Portal) -> None:
    question = subscription(portal, 302)
    await question.choose(scope="all")

    action = question.action
    assert isinstance(action, MergeAddresses)
    assert (action.to_address_id, action.is_removed) == (202, False)
    await question.choose(scope="delivery")
    assert isinstance(question.action, SendElsewhereOnce)
    assert question.action.to_address_id == 202


async def test_only_what_makes_a_difference_is_offered(services: Services) -> None:
    """Jonas has one subscription and one address."""
    portal = await opened(services, JONAS)
    one = portal.subscriptions[0]
    assert can_move_to_address(one)
    question = AddressQuestion(one)

    assert question.is_new
    assert [one.scope for one in question.scopes] == ["all", "delivery"]
    assert question.chosen == "all"
    await written(question)
    assert isinstance(question.action, EditAddress)
    portal.close()


async def test_nothing_is_marked_before_a_field_was_left(portal: Portal) -> None:
    question = AddAddressQuestion(portal)
    await question.ask()
    assert question.draft.wrong == {}
    assert question.preview is None

    await question.draft.choose(zip="1")

    assert set(question.draft.wrong) == {"zip"}


async def test_editing_offers_each_subscription_and_the_next_delivery(portal: Portal) -> None:
    states = AddressesState(portal)
    home = states.of(201)
    assert home is not None
    question = EditAddressQuestion(home)
    keys = [key for key, _ in question.scopes]
    assert keys[0] == "all"
    assert keys[-1] == "delivery"
    assert {301, 302, 303} < set(keys)

    await written(question)
    assert isinstance(question.action, EditAddress)
    await question.choose(scope=302)
    assert isinstance(question.action, MoveToNewAddress)
    states.close()


async def test_one_delivery_may_go_elsewhere(portal: Portal) -> None:
    delivery = first(portal)
    assert can_send_elsewhere(delivery)
    question = ElsewhereQuestion(delivery)

    await question.ask()

    assert isinstance(question.action, SendElsewhereOnce)
    assert question.preview is not None


async def test_deleting_offers_to_move_what_is_there(portal: Portal, shop: Shop) -> None:
    states = AddressesState(portal)
    studio = states.of(202)
    assert studio is not None
    question = DeleteAddressQuestion(studio)
    await question.ask()
    assert isinstance(question.action, DeleteAddress)
    assert question.failure is not None
    assert question.preview is None

    await question.choose(to_address_id=201)
    assert isinstance(question.action, MergeAddresses)
    await question.confirm()

    assert [one.key for one in states.addresses] == [201]
    assert [one.id async for one in shop.client.addresses.list(customer_id=101)] == [201]
    states.close()


async def test_merging_starts_from_where_most_goes(portal: Portal, services: Services) -> None:
    assert can_merge(portal)
    question = MergeQuestion(portal)

    assert (question.to_address_id, question.chosen) == (201, (202,))
    await question.choose(to_address_id=202)
    assert question.chosen == ()
    assert question.action is None

    jonas = await opened(services, JONAS)
    assert not can_merge(jonas)
    jonas.close()


async def test_a_note_that_is_not_changed_is_not_sent(portal: Portal) -> None:
    states = AddressesState(portal)
    home = states.of(201)
    assert home is not None
    question = NoteQuestion(home)
    assert question.action is None

    await question.choose(note="Ring twice.")

    assert question.preview is not None
    await question.confirm()
    assert home.note == "Ring twice."
    states.close()


async def test_what_is_wished_is_shown_at_once_and_the_object_stays(portal: Portal) -> None:
    states = AddressesState(portal)
    home = states.of(201)
    assert home is not None
    seen: list[bool] = []
    home.changed.subscribe(lambda: seen.append(home.is_pending))

    await portal.do(EditAddress(address_id=201, postal=HARBOR))

    assert seen[0] is True
    assert states.of(201) is home
    assert home.address.address1 == HARBOR.address1
    assert not home.is_pending
    states.close()

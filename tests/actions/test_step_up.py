"""What a sign-in is not enough for. ASVS 5.0, 7.5.1 and 7.5.3; see docs/actions.md."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.actions import (
    STEP_UP,
    Action,
    ChangeEmail,
    ChangePhone,
    EditAddress,
    GiveCard,
    Level,
    MakeDefault,
    NeedsStepUp,
    OrderNow,
    PostalInput,
    Principal,
    RemoveCard,
    ReplaceCard,
    Services,
    SkipDelivery,
    TakeBack,
    needs_step_up,
    perform,
    preview,
    undo,
)
from app.actions.base import _below
from app.actions.listed import Listed
from tests.actions.cases.payments import AT_HOME, HERS, SECOND
from tests.actions.shop import Shop, press, signed_in

BY_LINK, BY_CODE = signed_in(101), signed_in(101, Level.CODE)

FRESH_CODE = {
    "add card",
    "add payment method",
    "change email",
    "edit billing address",
    "give card",
    "give card to several",
    "make default",
    "remove card",
    "replace card",
}
"""However well the customer has signed in."""

SURE = {
    "add address",
    "change delivery note",
    "change name",
    "change phone",
    "delete address",
    "edit address",
    "merge addresses",
    "move all to address",
    "move several to address",
    "move to address",
    "move to new address",
    "one-time product to address",
    "send elsewhere once",
    "skip and gift",
    "use backup payment",
    "use credit",
}
"""Where who has come by a link that may have been forwarded gives a code."""


def kinds() -> list[type[Action]]:
    """Every action of ours."""
    found = {kind for kind in _below(Action) if kind.__module__.startswith("app.")}  # type: ignore[type-abstract]
    return [kind for kind in found if "name" in vars(kind)]


def test_what_needs_what() -> None:
    """A new action stands in one of the lists, or in neither, because somebody has decided so."""
    assert {kind.name for kind in kinds() if kind.needs_code} == FRESH_CODE
    assert {kind.name for kind in kinds() if kind.level is Level.CODE} == SURE


def test_nobody_is_kept_from_leaving_or_from_skipping() -> None:
    free = [kind for kind in kinds() if kind.name.startswith(("cancel", "withdraw", "skip del"))]
    assert len(free) >= 6
    for kind in free:
        assert (kind.needs_code, kind.level) == (False, Level.LINK), kind.name


@pytest.fixture
async def mara(shop: Shop, services: Services) -> Services:
    """Nobody has given a code."""
    shop.unproven.add(BY_CODE.session)
    await shop.situation(services, 101)
    await shop.forget_counters()
    return services


def of_mara() -> list[Action]:
    new = PostalInput(
        first_name="Mara", last_name="Ek", address1="Elm 9", city="Salem", province="Oregon",
        zip="97301", country_code="US",
    )  # fmt: skip
    return [
        MakeDefault(payment_method_id=SECOND),
        GiveCard(address_id=AT_HOME, payment_method_id=SECOND),
        RemoveCard(payment_method_id=SECOND),
        ReplaceCard(payment_method_id=HERS, by_id=SECOND, address_ids=(AT_HOME,)),
        TakeBack(listed=(Listed.of(GiveCard(address_id=AT_HOME, payment_method_id=SECOND)),)),
        ChangeEmail(customer_id=101, email="mara.new@example.org"),
        ChangePhone(customer_id=101, phone="+1 503 555 0199", country_code="US"),
        EditAddress(address_id=AT_HOME, postal=new),
    ]


@pytest.mark.parametrize("action", of_mara(), ids=lambda one: one.name)
async def test_without_a_code_it_is_looked_at_and_not_done(
    shop: Shop, mara: Services, action: Action
) -> None:
    with pytest.raises(NeedsStepUp) as refused:
        await perform(mara, BY_LINK, action, key=press())
    assert refused.value.what == STEP_UP
    assert refused.value.changed == "no"
    assert await shop.executed() == {}
    situation = await shop.situation(mara, 101)
    assert await needs_step_up(mara, BY_LINK, action, situation)


async def test_a_sign_in_alone_is_never_a_fresh_code(shop: Shop, mara: Services) -> None:
    action = MakeDefault(payment_method_id=SECOND)
    assert (await preview(mara, BY_CODE, action)).effect, "what it comes to can be looked at"
    with pytest.raises(NeedsStepUp):
        await perform(mara, BY_CODE, action, key=press())
    assert await shop.executed() == {}


async def test_a_refused_press_is_good_after_the_code(shop: Shop, mara: Services) -> None:
    action, key = MakeDefault(payment_method_id=SECOND), press()
    seen = await preview(mara, BY_LINK, action)
    with pytest.raises(NeedsStepUp):
        await perform(mara, BY_LINK, action, key=key, revision=seen.revision)
    shop.unproven.clear()
    assert not await needs_step_up(mara, BY_LINK, action, await shop.situation(mara, 101))
    await perform(mara, BY_LINK, action, key=key, revision=seen.revision)
    assert await shop.executed() == {"PUT /payment_methods/{id}": 1}


async def test_a_sign_in_by_code_is_enough_for_an_address(shop: Shop, mara: Services) -> None:
    action = ChangePhone(customer_id=101, phone="+1 503 555 0199", country_code="US")
    await perform(mara, BY_CODE, action, key=press())
    assert await shop.executed() == {"PUT /customers/{id}": 1}


async def test_the_way_back_needs_a_code_as_the_way_there(shop: Shop, mara: Services) -> None:
    shop.unproven.clear()
    done = await perform(mara, BY_CODE, MakeDefault(payment_method_id=SECOND), key=press())
    shop.unproven.add(BY_CODE.session)  # more than ten minutes later
    await shop.forget_counters()
    with pytest.raises(NeedsStepUp):
        await undo(mara, BY_CODE, done.activity_id, key=press())
    assert await shop.executed() == {}


async def test_another_proof_is_none_of_this(shop: Shop, services: Services) -> None:
    """The code to a new mailbox shows that it is read, and not whose account this is."""

    async def only_the_new_mailbox(_: Principal, what: str) -> bool:
        return what != STEP_UP

    services.is_proven = only_the_new_mailbox
    action = ChangeEmail(customer_id=101, email="mara.new@example.org")
    with pytest.raises(NeedsStepUp) as refused:
        await perform(services, BY_CODE, action, key=press())
    assert refused.value.what == STEP_UP

    async def only_the_old_one(_: Principal, what: str) -> bool:
        return what == STEP_UP

    services.is_proven = only_the_old_one
    with pytest.raises(NeedsStepUp) as refused:
        await perform(services, BY_CODE, action, key=press())
    assert refused.value.what == action.proof
    assert await shop.executed() == {}


async def test_order_now_takes_a_code_where_the_merchant_wants_one(
    shop: Shop, mara: Services
) -> None:
    situation = await shop.situation(mara, 101)
    delivery = await shop.next_delivery(mara, BY_CODE)
    assert delivery.charge_id is not None
    action = OrderNow(address_id=delivery.address_id, charge_id=delivery.charge_id)
    assert not action.needs_step_up(situation, Level.LINK)
    mara.settings = shop.settings.model_copy(update={"code_for_order_now": True})
    assert action.needs_step_up(await shop.situation(mara, 101), Level.CODE)
    with pytest.raises(NeedsStepUp):
        await perform(mara, BY_CODE, action, key=press())
    assert await shop.executed() == {}


async def test_who_came_by_a_link_skips_without_a_code(shop: Shop, mara: Services) -> None:
    delivery = await shop.next_delivery(mara, BY_LINK)
    assert delivery.date is not None
    action = SkipDelivery(address_id=delivery.address_id, date=delivery.date)
    assert not action.needs_step_up(await shop.situation(mara, 101), Level.LINK)
    await perform(mara, replace(BY_LINK, method="theme token"), action, key=press())
    assert sum((await shop.executed()).values()) == 1

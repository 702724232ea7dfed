"""Payment methods as their cards show them, and the payments that a customer is warned of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.actions import GiveCard, Services, Standing, card_named
from app.i18n import Message
from app.state import (
    BillingQuestion,
    GiveCardQuestion,
    PaymentMethodState,
    PaymentTrouble,
    Portal,
    RemoveCardQuestion,
    can_edit_billing,
    can_give_card,
    can_make_default,
)
from tests.actions.cases.payments import AT_HOME, AT_STUDIO, HERS, SECOND, more
from tests.actions.shop import TODAY, Shop, signed_in
from tests.state.page import English, opened, text

MARA, TOM, HANNAH, NOBODY = (signed_in(id) for id in (101, 104, 108, 112))


def card(portal: Portal, id: int) -> PaymentMethodState:
    found = portal.payments.of(id)
    assert found is not None
    return found


def said(message: Message | None) -> str | None:
    return None if message is None else English.render(message)


async def becomes(shop: Shop, portal: Portal, id: int, **details: Any) -> None:
    """The processor tells something else of a card."""
    table = "payment_methods"
    document = shop.sandbox.shop.store.get(table, id)
    assert document is not None
    status = details.pop("status", document["status"])
    known = document["payment_details"] | details
    shop.sandbox.shop.save(table, {**document, "status": status, "payment_details": known})
    await portal.reload()


def only(portal: Portal) -> PaymentTrouble:
    (found,) = portal.payments.troubles
    return found


async def test_the_default_comes_first_with_what_each_pays_for(
    shop: Shop, services: Services
) -> None:
    portal = await opened(services, MARA)
    first, second = portal.payments.methods
    assert (first.key, second.key) == (HERS, SECOND)
    assert (first.is_default, second.is_default) == (True, False)
    assert said(first.status_text) == "Ready to pay"
    assert first.explanation is None
    (use,) = first.uses
    assert said(use.place) == "18 Lantern Row, Portland"
    assert said(use.text) == "Next on Wed 2 Dec, US$77.24"
    assert portal.payments.troubles == ()
    portal.close()


async def test_a_card_that_pays_elsewhere_is_the_same_object_still(
    shop: Shop, services: Services
) -> None:
    portal = await opened(services, MARA)
    first, second = portal.payments.methods
    await portal.do(GiveCard(address_id=AT_HOME, payment_method_id=SECOND))
    assert portal.payments.of(SECOND) is second
    assert first.uses == ()
    assert {use.address.id for use in second.uses} == {AT_HOME, AT_STUDIO}
    assert not second.is_pending
    portal.close()


async def test_a_failed_payment_with_all_that_there_is_to_know(
    shop: Shop, services: Services
) -> None:
    portal = await opened(services, TOM)
    trouble = only(portal)
    assert trouble.kind == "failed"
    assert said(trouble.title) == "The payment for your delivery of Fri 20 Nov failed"
    assert said(trouble.reason) == "The bank declined the card."
    assert said(trouble.next) == "The shop tries again on Wed 25 Nov, with Visa ending in 0002."
    assert said(trouble.otherwise) == (
        "Nothing is sent until it is paid. If it keeps failing, the shop may end the subscription."
    )
    assert trouble.update_path == "/payment-methods/add"
    delivery = portal.payments.delivery(trouble)
    assert delivery is not None
    assert delivery.troubles == (trouble,)
    assert all(one.concerns(trouble) for one in portal.subscriptions)
    mine = card(portal, 605)
    assert mine.standing is Standing.EXPIRED
    assert mine.uses[0].failed == TODAY - timedelta(days=3)
    portal.close()


async def test_a_new_card_for_a_failed_payment_leaves_nothing_to_do(
    shop: Shop, services: Services
) -> None:
    id = await more(shop, 104)
    portal = await opened(services, TOM)
    await portal.do(GiveCard(address_id=205, payment_method_id=id))
    trouble = only(portal)
    assert said(trouble.reason) == (
        "Your new card is known, and the payment will be tried with it."
    )
    assert said(trouble.next) == "The shop tries again on Tue 24 Nov, with Visa ending in 4444."
    assert trouble.otherwise is None
    assert not trouble.update
    portal.close()


async def test_a_payment_that_nobody_tries_again_is_told_for_a_while(
    shop: Shop, services: Services
) -> None:
    portal = await opened(services, TOM)
    (failed,) = shop.sandbox.shop.find("charges", status="error")
    given_up = {
        **failed,
        "retry_date": None,
        "error_type": "CLOSED_MAX_RETRIES_REACHED",
    }
    shop.sandbox.shop.save("charges", given_up)
    await portal.reload()
    trouble = portal.payments.troubles[0]
    assert said(trouble.next) == "The shop does not try this payment again by itself."
    day = (TODAY - timedelta(days=91)).isoformat()
    shop.sandbox.shop.save("charges", {**given_up, "scheduled_at": day})
    await portal.reload()
    assert all(one.kind != "failed" for one in portal.payments.troubles)
    portal.close()


async def test_a_card_that_expires_before_the_next_delivery(shop: Shop, services: Services) -> None:
    portal = await opened(services, MARA)
    await becomes(shop, portal, HERS, exp_month=11, exp_year=2026)
    trouble = only(portal)
    assert trouble.kind == "expires"
    assert said(trouble.title) == "Visa ending in 4242 expires before your next delivery"
    assert said(trouble.reason) == "It is valid until Mon 30 Nov."
    assert said(trouble.next) == "The next payment with it is due on Wed 2 Dec."
    assert said(trouble.otherwise) == (
        "If nothing is done, that payment will fail, and the delivery is not sent."
    )
    assert said(card(portal, HERS).status_text) == "Expires too early"
    assert portal.next_delivery is not None
    assert portal.next_delivery.troubles == (trouble,)
    concerned = {
        one.subscription.address_id for one in portal.subscriptions if one.concerns(trouble)
    }
    assert concerned == {AT_HOME}
    portal.close()


@pytest.mark.parametrize(
    ("values", "kind", "reason"),
    [
        ({"exp_month": 10, "exp_year": 2026}, "expired", None),
        ({"status": "invalid"}, "invalid", "The payment service says that it cannot be charged."),
        ({"status": "empty"}, "invalid", "The payment service has no details of it any more."),
    ],
)
async def test_a_card_that_cannot_pay(
    shop: Shop, services: Services, values: dict[str, Any], kind: str, reason: str | None
) -> None:
    portal = await opened(services, MARA)
    await becomes(shop, portal, HERS, **values)
    trouble = only(portal)
    assert trouble.kind == kind
    assert said(trouble.reason) == reason
    assert card(portal, HERS).explanation is not None
    portal.close()


async def test_an_address_that_nothing_pays_for(shop: Shop, services: Services) -> None:
    portal = await opened(services, MARA)
    address = shop.sandbox.shop.read("addresses", AT_STUDIO)
    shop.sandbox.shop.save("addresses", {**address, "payment_method_id": None})
    await portal.reload()
    trouble = only(portal)
    assert (trouble.kind, trouble.method, trouble.address_id) == ("missing", None, AT_STUDIO)
    assert said(trouble.title) == "Nothing pays for your deliveries to 402 Ropewalk Lane, Portland"
    portal.close()


async def test_what_the_merchant_keeps_to_herself_is_told_without_buttons(
    shop: Shop, services: Services
) -> None:
    await shop.switch(view_recharge_payment_methods=False)
    portal = await opened(services, TOM)
    trouble = only(portal)
    assert (trouble.update, trouble.fix) == (False, None)
    assert said(trouble.advice) == "Please write to the shop."
    portal.close()


async def test_another_page_of_the_processor_is_where_its_card_is_updated(
    shop: Shop, services: Services
) -> None:
    portal = await opened(services, HANNAH)
    await becomes(shop, portal, 610, exp_month=1, exp_year=2026)
    trouble = only(portal)
    assert trouble.update_path == "/payment-methods/610"
    shown = card(portal, 610)
    assert shown.is_read_only
    assert shown.is_hosted
    assert not can_edit_billing(shown)
    assert not can_make_default(shown)
    portal.close()


async def test_nothing_is_known_of_an_account_without_anything(
    shop: Shop, services: Services
) -> None:
    portal = await opened(services, NOBODY)
    assert portal.payments.methods == []
    assert portal.payments.troubles == ()
    assert portal.payments.of(HERS) is None
    portal.close()


async def test_what_a_card_should_pay_for(shop: Shop, services: Services) -> None:
    portal = await opened(services, MARA)
    first = card(portal, HERS)
    assert can_give_card(first)
    question = GiveCardQuestion(first)
    assert question.address_ids == (AT_STUDIO,)
    await question.ask()
    assert question.preview is not None
    await question.choose(address_ids=())
    assert question.preview is None
    await question.choose(address_ids=(AT_STUDIO, 999))
    await question.confirm()
    assert "402 Ropewalk Lane" in text(portal.notice)
    assert len(first.uses) == 2
    assert not can_give_card(first)
    portal.close()


async def test_a_card_that_still_pays_is_removed_once_another_takes_its_place(
    shop: Shop, services: Services
) -> None:
    portal = await opened(services, MARA)
    question = RemoveCardQuestion(card(portal, SECOND))
    await question.ask()
    assert (question.preview, question.failure) == (None, None)
    assert [one.id for one in question.used_at] == [AT_STUDIO]
    assert [one.id for one in question.others] == [HERS]
    await question.choose(by_id=HERS)
    assert question.failure is None
    await question.confirm()
    assert text(portal.notice) == (
        "Mastercard ending in 4444 is removed, and Visa ending in 4242 pays in its place."
    )
    assert portal.payments.of(SECOND) is None
    assert [use.address.id for use in card(portal, HERS).uses] == [AT_HOME, AT_STUDIO]
    portal.close()


async def test_the_only_card_is_not_removed_while_it_pays(shop: Shop, services: Services) -> None:
    portal = await opened(services, TOM)
    question = RemoveCardQuestion(card(portal, 605))
    await question.ask()
    assert question.failure is not None
    assert "still pays for deliveries to 1160 Kiln Street" in English.render(
        question.failure.message
    )
    portal.close()


async def test_the_shop_says_what_is_wrong_with_a_billing_address(
    shop: Shop, services: Services
) -> None:
    portal = await opened(services, MARA)
    question = BillingQuestion(card(portal, HERS))
    await question.ask()
    assert question.preview is None
    assert question.failure is None
    await question.draft.choose(address1="Kollwitzstraße 1", city="Berlin", country_code="DE")
    await question.draft.choose(zip="1040")
    assert set(question.draft.wrong) == {"zip"}
    await question.draft.choose(zip="10405")
    await question.confirm()
    assert text(portal.notice) == "The billing address of Visa ending in 4242 is changed."
    assert card(portal, HERS).billing.zip == "10405"
    await portal.undo()
    assert card(portal, HERS).billing.zip == "04101"
    portal.close()


async def test_a_refused_removal_leaves_the_card(shop: Shop, services: Services) -> None:
    id = await more(shop, 101)
    portal = await opened(services, MARA)
    question = RemoveCardQuestion(card(portal, id))
    await question.ask()
    await shop.fault("DELETE", "/payment_methods/*", "422")
    await question.confirm()
    assert "does not let this payment method be removed" in text(portal.notice)
    assert said(card_named(card(portal, id).method)) == "Visa ending in 4444"
    portal.close()

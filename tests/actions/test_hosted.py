"""The mail by which a payment method is changed at its processor: who can ask for it, how often,
what is known of it, and that its link really changes the card."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from app.actions import (
    InProgress,
    NothingKnown,
    NotPossible,
    SendUpdateMail,
    Services,
    UpstreamRefused,
    card_seen,
    is_hosted,
    mails_asked,
    perform,
    preview,
)
from app.actions.payments.hosted import RESEND_AFTER
from app.i18n import Texts
from app.recharge import PaymentMethod
from tests.actions.shop import Shop, press, signed_in

HANNAH, MARA = signed_in(108), signed_in(101)
HERS = 610
ROUTE = "POST /customers/{id}/notifications"
ENGLISH = Texts("en")


def method(**values: object) -> PaymentMethod:
    document = {"id": 601, "customer_id": 101, "processor_name": "stripe"}
    return PaymentMethod.model_validate(document | values)


async def ask(services: Services) -> None:
    await perform(services, HANNAH, SendUpdateMail(payment_method_id=HERS), key=press())


async def mails(shop: Shop) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (await shop.controls.get("/inbox")).json()["mails"]
    return found


async def page_of(shop: Shop, mail: dict[str, str]) -> str:
    """Where the link in a mail leads, on the sandbox that is in this process."""
    found = re.search(r"/hosted/\S+", mail["text"])
    assert found
    return "http://sandbox" + found.group()


async def followed(shop: Shop, link: str, card: str) -> httpx.Response:
    """The customer opens the link and chooses a card there."""
    transport = httpx.ASGITransport(app=shop.sandbox.app)
    async with httpx.AsyncClient(transport=transport) as browser:
        opened = await browser.get(link)
        if opened.is_error:
            return opened
        return await browser.post(link, data={"chosen": card})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, False),
        ({"processor_name": "braintree"}, False),
        ({"processor_name": "shopify_payments"}, True),
        ({"processor_name": "shopify_app_subscription_billing"}, True),
        ({"payment_type": "PAYPAL"}, True),
        ({"payment_type": "SHOP_PAY"}, True),
        ({"payment_type": "APPLE_PAY"}, False),
        ({"processor_name": None, "payment_type": None}, False),
    ],
)
def test_which_are_changed_elsewhere(values: dict[str, object], expected: bool) -> None:
    assert is_hosted(method(**values)) is expected


async def test_the_mail_is_about_the_method_and_an_address_it_pays_for(
    shop: Shop, services: Services
) -> None:
    action = SendUpdateMail(payment_method_id=HERS)
    told = await preview(services, HANNAH, action)
    assert next(ENGLISH.render(each.text) for each in told.effect.changes) == (
        "We ask for a mail to hannah.kim@example.com, with a link."
    )
    spelled_out = action.spelled_out(await shop.situation(services, 108))
    assert spelled_out.address_id == 211

    await ask(services)

    (mail,) = await mails(shop)
    assert mail["to"] == "hannah.kim@example.com"
    assert "/hosted/payment-methods/610-" in mail["text"]
    asked = (await mails_asked(shop.database, 108))[HERS]
    assert (asked.is_known, asked.is_open) == (True, False)


async def test_its_link_changes_the_card_once(shop: Shop, services: Services) -> None:
    await ask(services)
    link = await page_of(shop, (await mails(shop))[0])

    refused = await followed(shop, link, "declined")
    assert refused.status_code == 402
    assert "declined this card" in refused.text
    done = await followed(shop, link, "mastercard")
    assert done.status_code == 200
    assert (await followed(shop, link, "amex")).status_code == 404, "a link works once"

    await shop.mirror.customer(108).refresh("payment_methods")
    changed = (await shop.situation(services, 108)).snapshot.payment_method(HERS)
    assert changed is not None
    assert changed.payment_details.last4 == "4444"
    asked = (await mails_asked(shop.database, 108))[HERS]
    assert asked.card != card_seen(changed), "what it was when the mail was asked for"


async def test_another_mail_only_after_a_while_and_it_ends_the_first_link(
    shop: Shop, services: Services
) -> None:
    await ask(services)
    with pytest.raises(NotPossible) as refused:
        await ask(services)
    assert "ask for it again in 5 minutes" in ENGLISH.render(refused.value.notice)

    later = shop.services()  # another process: what was asked for stands in the database
    await shop.advance(RESEND_AFTER - timedelta(seconds=30))
    with pytest.raises(NotPossible) as refused:
        await ask(later)
    assert "again in 1 minute." in ENGLISH.render(refused.value.notice)
    assert (await shop.executed())[ROUTE] == 1

    await shop.advance(timedelta(seconds=31))
    await ask(later)

    second, first = await mails(shop)
    assert (await followed(shop, await page_of(shop, first), "visa")).status_code == 404
    assert (await followed(shop, await page_of(shop, second), "visa")).status_code == 200


async def test_a_link_ends_after_two_days(shop: Shop, services: Services) -> None:
    await ask(services)
    link = await page_of(shop, (await mails(shop))[0])
    await shop.advance(timedelta(hours=49))
    assert (await followed(shop, link, "visa")).status_code == 404


async def test_a_card_that_is_not_kept_there_gets_no_mail(shop: Shop, services: Services) -> None:
    with pytest.raises(NotPossible):
        await perform(services, MARA, SendUpdateMail(payment_method_id=601), key=press())
    assert await shop.executed() == {}


async def test_without_an_answer_nobody_knows_and_it_is_not_sent_again(
    shop: Shop, services: Services
) -> None:
    await shop.situation(services, 108)
    await shop.fault("POST", "/customers/*/notifications", "cut_after")
    with pytest.raises(NothingKnown) as unknown:
        await ask(services)
    assert "do not know if the mail was sent" in ENGLISH.render(unknown.value.notice)

    assert (await shop.executed())[ROUTE] == 1
    asked = (await mails_asked(shop.database, 108))[HERS]
    assert not asked.is_known
    with pytest.raises((NotPossible, InProgress)):  # it may have been sent: the wait holds as well
        await ask(shop.services())


async def test_a_refusal_says_what_to_do_and_starts_no_wait(shop: Shop, services: Services) -> None:
    await shop.situation(services, 108)
    await shop.fault("POST", "/customers/*/notifications", "422")
    with pytest.raises(UpstreamRefused) as refused:
        await ask(services)
    assert "Please add another card, or write to the shop." in ENGLISH.render(refused.value.notice)
    assert await mails_asked(shop.database, 108) == {}

    await ask(services)
    assert len(await mails(shop)) == 1

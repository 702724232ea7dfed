"""Stripe's maker, against localstripe: whose customer, which attempt, and that what came of it is
read on the server. No key stands in an error or a log."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import stripe
from pydantic import SecretStr

from app.i18n import Texts
from app.payments import (
    ByProcessor,
    CardRefused,
    CardSetup,
    FormPage,
    FormUnavailable,
    NotFinished,
    Person,
    SetupState,
)
from app.payments.hosted import HostedForm
from app.payments.stripe import SCRIPT, SOURCES, StripeForm, why_keys_do_not_work
from tests.servers import free_port
from tests.stripe_stand import PUBLIC_KEY, SECRET_KEY, LocalStripe, running_stripe

pytestmark = pytest.mark.filterwarnings(
    # Stripe's library hands its bodies to httpx in a way that httpx wants to be rid of.
    "ignore:Use 'content=<...>' to upload raw bytes:DeprecationWarning"
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BACK = "https://account.shop.example/payment-methods/add/x/done"
MARA = Person(
    101,
    email="mara.lindqvist@example.com",
    name="Mara Lindqvist",
    billing={
        "first_name": "Mara",
        "last_name": "Lindqvist",
        "address1": "12 Harbor Lane",
        "city": "Portland",
        "province": "Maine",
        "zip": "04101",
        "country_code": "US",
    },
)
ENGLISH = Texts("en")


@pytest.fixture(scope="module")
def stripe_there() -> Iterator[LocalStripe]:
    with running_stripe() as found:
        yield found


@pytest.fixture
def local(stripe_there: LocalStripe) -> LocalStripe:
    stripe_there.api.delete("/_config/data").raise_for_status()
    return stripe_there


@pytest.fixture
async def form(local: LocalStripe) -> AsyncIterator[StripeForm]:
    found = StripeForm(PUBLIC_KEY, SECRET_KEY, local.address)
    yield found
    await found.aclose()


def begun(key: str = "0" * 32) -> CardSetup:
    return CardSetup(
        id="x" * 43,
        customer_id=101,
        maker="stripe",
        state=SetupState.STARTED,
        key=key,
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )


async def opened(
    form: StripeForm, person: Person = MARA, key: str = "0" * 32
) -> tuple[CardSetup, FormPage]:
    """A setup whose form was shown once."""
    page = await form.start(begun(key), person, BACK)
    setup = replace(begun(key), reference=page.reference, customer_token=page.customer_token)
    return setup, page


async def test_the_form_gets_a_public_key_a_client_secret_and_the_address_on_file(
    form: StripeForm, local: LocalStripe
) -> None:
    setup, page = await opened(form)
    assert page.values["public_key"] == PUBLIC_KEY
    assert page.values["client_secret"].startswith(f"{setup.reference}_secret_")
    assert page.values["back"] == BACK
    assert SECRET_KEY.get_secret_value() not in json.dumps(dict(page.values))
    assert json.loads(page.values["billing"]) == {
        "name": "Mara Lindqvist",
        "email": "mara.lindqvist@example.com",
        "address": {
            "line1": "12 Harbor Lane",
            "line2": "",
            "city": "Portland",
            "state": "Maine",
            "postal_code": "04101",
            "country": "US",
        },
    }
    intent = local.get(f"/v1/setup_intents/{setup.reference}")
    assert intent["customer"] == setup.customer_token
    assert (intent["usage"], intent["payment_method_types"]) == ("off_session", ["card"])
    assert intent["metadata"] == {"recharge_customer_id": "101"}
    customer = local.get(f"/v1/customers/{setup.customer_token}")
    assert customer["email"] == MARA.email
    assert customer["metadata"] == {"recharge_customer_id": "101"}


async def test_without_an_address_on_file_stripe_asks_for_it(form: StripeForm) -> None:
    _, page = await opened(form, replace(MARA, billing={"zip": "04101"}))
    assert "address" not in json.loads(page.values["billing"])
    assert page.values["country_code"] == ""


async def test_showing_the_form_again_takes_up_the_same_attempt(
    form: StripeForm, local: LocalStripe
) -> None:
    setup, page = await opened(form)
    again = await form.start(setup, MARA, BACK)
    assert (again.reference, again.customer_token) == (page.reference, page.customer_token)
    assert len(local.get("/v1/setup_intents")["data"]) == 1


async def test_an_attempt_that_has_ended_is_followed_by_another(
    form: StripeForm, local: LocalStripe
) -> None:
    setup, _ = await opened(form)
    local.post(f"/v1/setup_intents/{setup.reference}/cancel").raise_for_status()
    again = await form.start(setup, MARA, BACK)
    assert again.reference != setup.reference
    assert again.customer_token == setup.customer_token


async def test_a_second_card_is_kept_for_the_same_customer(
    form: StripeForm, local: LocalStripe
) -> None:
    first, _ = await opened(form)
    second, _ = await opened(form, key="1" * 32)
    assert second.customer_token == first.customer_token
    assert second.reference != first.reference


async def test_the_customer_that_recharge_knows_goes_before(
    form: StripeForm, local: LocalStripe
) -> None:
    old = local.post("/v1/customers", email="old@example.com").json()["id"]
    setup, _ = await opened(form, replace(MARA, known_token=old))
    assert setup.customer_token == old


@pytest.mark.parametrize("token", ["cus_of_another_account", "northbound101", "tok_visa"])
async def test_a_token_of_another_account_is_passed_over(
    form: StripeForm, local: LocalStripe, token: str
) -> None:
    setup, _ = await opened(form, replace(MARA, known_token=token))
    assert setup.customer_token != token
    assert local.get(f"/v1/customers/{setup.customer_token}")["email"] == MARA.email


async def test_an_address_that_another_account_had_leads_to_nobody(
    form: StripeForm, local: LocalStripe
) -> None:
    """The same e-mail address, with the number of another customer of the shop."""
    other = local.post(
        "/v1/customers", email=MARA.email, metadata={"recharge_customer_id": "999"}
    ).json()["id"]
    setup, _ = await opened(form)
    assert setup.customer_token != other


async def test_a_confirmed_card_is_read_with_what_may_be_known_of_it(
    form: StripeForm, local: LocalStripe
) -> None:
    setup, _ = await opened(form)
    local.confirm(setup.reference, "4242424242424242").raise_for_status()
    tokens = await form.confirmed(setup)
    assert tokens.processor_name == "stripe"
    assert tokens.customer_token == setup.customer_token
    assert tokens.payment_method_token.startswith("pm_")
    assert (tokens.payment_type, tokens.brand, tokens.last4) == ("CREDIT_CARD", "visa", "4242")
    assert (tokens.exp_month, tokens.exp_year) == (12, 2034)
    assert tokens.payment_method_token not in repr(tokens)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("4000000000000002", "Your bank did not accept this card"),
        ("4000000000009995", "not enough money on the account"),
        ("4000000000000069", "This card has expired"),
        ("4000000000000127", "the security code of the card is not right"),
    ],
)
async def test_a_refused_card_says_why_and_another_may_follow(
    form: StripeForm, local: LocalStripe, number: str, words: str
) -> None:
    setup, _ = await opened(form)
    local.confirm(setup.reference, number)
    with pytest.raises(CardRefused) as refused:
        await form.confirmed(setup)
    assert words in ENGLISH.render(refused.value.notice)
    assert "nothing was changed" in ENGLISH.render(refused.value.notice)

    local.confirm(setup.reference, "4242424242424242").raise_for_status()
    assert (await form.confirmed(setup)).last4 == "4242"


async def test_a_form_that_was_not_sent_or_whose_question_is_open_is_not_finished(
    form: StripeForm, local: LocalStripe
) -> None:
    setup, page = await opened(form)
    with pytest.raises(NotFinished):
        await form.confirmed(setup)
    local.confirm(setup.reference, "4000002500003155").raise_for_status()  # the bank asks
    with pytest.raises(NotFinished):
        await form.confirmed(setup)
    local.post(
        f"/v1/setup_intents/{setup.reference}/cancel", client_secret=page.values["client_secret"]
    ).raise_for_status()
    with pytest.raises(CardRefused) as refused:
        await form.confirmed(setup)
    assert "did not confirm the card" in ENGLISH.render(refused.value.notice)


async def test_an_attempt_of_another_customer_is_not_believed(
    form: StripeForm, local: LocalStripe
) -> None:
    """Whatever a browser brings: the attempt is the one that the setup names, and its customer is
    looked at too."""
    other, _ = await opened(form, replace(MARA, customer_id=102, email="jonas@example.com"))
    local.confirm(other.reference, "4242424242424242").raise_for_status()
    mine, _ = await opened(form, key="1" * 32)
    with pytest.raises(FormUnavailable):
        await form.confirmed(replace(mine, reference=other.reference))
    with pytest.raises(FormUnavailable):
        await form.confirmed(replace(other, customer_token=""))


async def test_when_stripe_cannot_be_asked_no_key_is_told(
    local: LocalStripe, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    for key, address in ((SECRET_KEY, away), (SecretStr("rk_test_secret"), local.address)):
        form = StripeForm(PUBLIC_KEY, key, address, repeats=0)
        with pytest.raises(FormUnavailable) as unavailable:
            await form.start(begun(), MARA, BACK)
        await form.aclose()
        told = f"{unavailable.value!r} {unavailable.value.__cause__} {vars(form)}"
        told += "".join(capsys.readouterr()) + caplog.text
        assert key.get_secret_value() not in told
        assert "does not answer" in ENGLISH.render(unavailable.value.notice)


async def test_no_detail_of_the_log_holds_a_key_or_a_customer(
    form: StripeForm, local: LocalStripe, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        setup, page = await opened(form)
        local.confirm(setup.reference, "4000000000009995")
        with pytest.raises(CardRefused):
            await form.confirmed(setup)
    secrets = (SECRET_KEY.get_secret_value(), page.values["client_secret"], "mara", "4000000000")
    assert [one for one in secrets if one in caplog.text] == []


async def test_stripe_js_is_of_the_version_that_the_library_speaks() -> None:
    """Their names are the same. A newer library needs a look at Stripe's changes to both."""
    release = stripe.api_version.partition(".")[2]
    assert f"https://js.stripe.com/{release}/stripe.js" == SCRIPT
    assert SCRIPT.startswith(SOURCES["script-src"][0] + "/")


async def test_no_copy_of_stripe_js_is_in_the_product() -> None:
    """It is loaded from Stripe alone, which keeps card numbers out of the shop's reach."""
    product = Path(__file__).parent.parent.parent / "app"
    scripts = [*product.rglob("*.js"), *product.rglob("*.html")]
    assert scripts
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert "window.Stripe =" not in text
        assert "createPaymentMethod" not in text


async def test_keys_that_stripe_does_not_take_are_told(local: LocalStripe) -> None:
    async def wrong(secret: str, address: str = local.address) -> str:
        return await why_keys_do_not_work(PUBLIC_KEY, SecretStr(secret), address)

    assert await wrong("rk_test_no") == "Stripe does not accept the secret key."
    away = f"http://127.0.0.1:{free_port()}"
    assert await wrong("sk_test_x", away) == "Stripe cannot be asked (APIConnectionError)."
    # localstripe lets no public key read an attempt: so does Stripe, where it is of another account
    assert await wrong("sk_test_x") == (
        "The public key is not of the account that the secret key is of."
    )
    assert [one["status"] for one in local.get("/v1/setup_intents")["data"]] == ["canceled"]


async def test_where_the_processor_takes_cards_elsewhere_the_customer_is_told() -> None:
    form = HostedForm()
    assert not form.takes_new
    start = await form.start(begun(), MARA, BACK)
    assert isinstance(start, ByProcessor)
    assert "Send me the link" in ENGLISH.render(start.text)
    with pytest.raises(NotFinished):
        await form.confirmed(begun())

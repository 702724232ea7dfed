"""The payment service's own page, to which a mailed link leads."""

from __future__ import annotations

import re

import httpx
import pytest

from app.sandbox import Sandbox
from app.sandbox.inbox import page as inbox_page
from tests.sandbox.small import Api

ASK = {"type": "email", "template_type": "shopify_update_payment_information"}


def keep_elsewhere(sandbox: Sandbox, **values: object) -> None:
    """From now on the card of customer 101 is kept by Shopify Payments."""
    method = sandbox.shop.read("payment_methods", 601)
    sandbox.shop.save("payment_methods", {**method, "processor_name": "shopify_payments", **values})


async def ask(api: Api, **variables: int) -> None:
    body = {**ASK, "template_vars": variables}
    assert await api.call("POST", "/customers/101/notifications", body) == (200, {})


def browser(sandbox: Sandbox) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=sandbox.app)
    return httpx.AsyncClient(transport=transport, base_url="http://sandbox")


async def link(sandbox: Sandbox) -> str:
    async with browser(sandbox) as client:
        mails = (await client.get("/_sandbox/inbox")).json()["mails"]
    found = re.search(r"/hosted/\S+", mails[0]["text"])
    assert found
    return found.group()


@pytest.mark.parametrize("variables", [{"payment_method_id": 601}, {"address_id": 201}])
async def test_the_method_is_named_itself_or_by_its_address(
    api: Api, sandbox: Sandbox, variables: dict[str, int]
) -> None:
    keep_elsewhere(sandbox)
    await ask(api, **variables)
    assert "/hosted/payment-methods/601-" in await link(sandbox)


@pytest.mark.parametrize(
    "variables", [{}, {"payment_method_id": 999}, {"payment_method_id": 601}, {"address_id": 999}]
)
async def test_what_is_not_there_or_not_kept_elsewhere_is_refused(
    api: Api, variables: dict[str, int]
) -> None:
    body = {**ASK, "template_vars": variables}
    assert "template_vars" in await api.refused("POST", "/customers/101/notifications", body)


async def test_a_chosen_card_takes_the_place_and_its_charges_know(
    api: Api, sandbox: Sandbox
) -> None:
    keep_elsewhere(sandbox, status="invalid", status_reason="expired")
    await ask(api, payment_method_id=601)
    path = await link(sandbox)
    async with browser(sandbox) as client:
        form = await client.get(path)
        assert form.status_code == 200
        assert "default-src 'none'" in form.headers["content-security-policy"]
        assert (await client.post(path, data={})).status_code == 400
        assert (await client.post(path, data={"chosen": "declined"})).status_code == 402
        assert (await client.post(path, data={"chosen": "visa"})).status_code == 200
        assert (await client.post(path, data={"chosen": "amex"})).status_code == 404
    method = (await api.get("/payment_methods/601"))["payment_method"]
    assert (method["status"], method["status_reason"]) == ("valid", None)
    assert method["payment_details"]["last4"] == "4242"
    assert method["processor_name"] == "shopify_payments"


@pytest.mark.parametrize(
    "path", ["/hosted/payment-methods/601-" + "0" * 32, "/hosted/payment-methods/999-" + "0" * 32]
)
async def test_a_link_that_is_none_opens_nothing(sandbox: Sandbox, path: str) -> None:
    keep_elsewhere(sandbox)
    async with browser(sandbox) as client:
        assert (await client.get(path)).status_code == 404
        assert (await client.put(path)).status_code == 405


async def test_the_inbox_leads_to_where_the_sandbox_is(api: Api, sandbox: Sandbox) -> None:
    keep_elsewhere(sandbox)
    await ask(api, payment_method_id=601)
    shown = inbox_page(sandbox.shop, "/sandbox")
    assert '<a href="/sandbox/hosted/payment-methods/601-' in shown
    assert "sandbox://" not in shown

"""The sandbox's processor: its form, its test cards, and the tokens that come of them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.sandbox import Sandbox
from app.sandbox.cards import TEST_CARDS

BACK = "http://localhost:8080/payment-methods/add/one/done"
TYPED = {"number": "4242424242424242", "expiry": "12/34", "code": "123", "holder": "Mara"}


class Processor:
    """A service's way to the processor, and a browser's way to its form."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.interface = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=sandbox.app),
            base_url="http://sandbox",
            headers={"Authorization": f"Bearer {sandbox.token}"},
        )
        self.browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=sandbox.card_form), base_url="http://form"
        )

    async def begin(self, **more: str) -> dict[str, Any]:
        body = {"back": BACK, "shown_in": "http://localhost:8080", **more}
        answer = await self.interface.post("/_processor/attempts", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def read(self, id: str) -> dict[str, Any]:
        return dict((await self.interface.get(f"/_processor/attempts/{id}")).json())

    async def send(self, id: str, **typed: str) -> httpx.Response:
        return await self.browser.post(f"/cards/{id}", data={**TYPED, **typed})

    async def add(self, attempt: dict[str, Any], token: str) -> httpx.Response:
        return await self.interface.post(
            "/payment_methods",
            headers={
                "X-Recharge-Access-Token": self.sandbox.token,
                "X-Recharge-Version": "2021-11",
            },
            json={
                "customer_id": 101,
                "payment_type": "CREDIT_CARD",
                "processor_name": "stripe",
                "processor_customer_token": attempt["customer"],
                "processor_payment_method_token": token,
            },
        )


@pytest.fixture
async def processor() -> AsyncIterator[Processor]:
    sandbox = Sandbox()
    found = Processor(sandbox)
    yield found
    await found.interface.aclose()
    await found.browser.aclose()
    await sandbox.close()


async def test_a_good_card_gives_a_token_that_the_shop_takes(processor: Processor) -> None:
    attempt = await processor.begin(customer="cus_northbound101")
    answer = await processor.send(attempt["id"])

    assert (answer.status_code, answer.headers["location"]) == (303, BACK)
    found = await processor.read(attempt["id"])
    assert found["status"] == "succeeded"
    made = await processor.add(attempt, found["payment_method"]["id"])
    details = made.json()["payment_method"]["payment_details"]
    assert (details["brand"], details["last4"], details["exp_year"]) == ("visa", "4242", 2034)


@pytest.mark.parametrize("card", [one for one in TEST_CARDS if one.is_refused], ids=str)
async def test_a_refused_card_gives_none(card: Any, processor: Processor) -> None:
    attempt = await processor.begin()
    await processor.send(attempt["id"], number=card.number)

    found = await processor.read(attempt["id"])
    assert (found["error"], found["payment_method"]) == (card.ends, None)


@pytest.mark.parametrize(
    ("says", "status"), [("yes", "succeeded"), ("no", "requires_payment_method")]
)
async def test_the_bank_asks_first(says: str, status: str, processor: Processor) -> None:
    attempt = await processor.begin()
    asked = await processor.send(attempt["id"], number="4000002500003155")
    assert asked.headers["location"] == f"/cards/{attempt['id']}/bank"
    assert (await processor.read(attempt["id"]))["status"] == "requires_action"

    for _ in range(2):  # a second press changes nothing
        answer = await processor.browser.post(asked.headers["location"], data={"answer": says})
        assert answer.headers["location"] == BACK
    assert (await processor.read(attempt["id"]))["status"] == status


async def test_a_token_is_good_for_its_own_customer_alone(processor: Processor) -> None:
    attempt = await processor.begin()
    await processor.send(attempt["id"])
    token = (await processor.read(attempt["id"]))["payment_method"]["id"]

    other = await processor.add({"customer": "cus_northbound101"}, token)
    made_up = await processor.add(attempt, "pm_sandbox_0123")

    assert (other.status_code, made_up.status_code) == (422, 422)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("number", "4242424242424241", "not a card number"),
        ("number", "4111111111111111", "Only the test cards"),
        ("number", "", "Type the number"),
        ("expiry", "13/34", "Type the month"),
        ("expiry", "1/20", "has expired"),
        ("code", "12", "three or four digits"),
        ("holder", " ", "Type the name"),
    ],
)
async def test_what_is_wrong_stands_at_its_field(
    field: str, value: str, said: str, processor: Processor
) -> None:
    attempt = await processor.begin()
    answer = await processor.send(attempt["id"], **{field: value})

    assert answer.status_code == 422
    assert said in answer.text
    marked = re.findall(r'<input id="(\w+)"[^>]* aria-invalid="true"', answer.text)
    assert marked == [field]
    assert TYPED["number"] not in answer.text
    assert (await processor.read(attempt["id"]))["payment_method"] is None


async def test_no_number_and_no_code_is_kept(processor: Processor) -> None:
    attempt = await processor.begin()
    await processor.send(attempt["id"], code="9713")

    [(kept,)] = processor.sandbox.shop.store.run("SELECT document FROM card_attempts")
    assert "4242" in kept
    assert TYPED["number"] not in kept
    assert TYPED["number"][:12] not in kept
    assert "9713" not in kept


async def test_the_form_stands_on_its_own_origin_alone(processor: Processor) -> None:
    attempt = await processor.begin()
    there = await processor.browser.get(f"/cards/{attempt['id']}")
    here = await processor.interface.get(f"/cards/{attempt['id']}")

    assert there.status_code == 200
    policy = there.headers["content-security-policy"]
    assert "frame-ancestors http://localhost:8080" in policy
    assert "default-src 'none'" in policy
    assert here.status_code in (401, 404)


async def test_served_alone_it_has_both(processor: Processor) -> None:
    attempt = await processor.begin()
    transport = httpx.ASGITransport(app=processor.sandbox.alone)
    async with httpx.AsyncClient(transport=transport, base_url="http://alone") as alone:
        assert "Card number" in (await alone.get(f"/cards/{attempt['id']}")).text
        assert (await alone.get("/customers/101")).status_code == 401


async def test_who_has_no_token_is_told_nothing(processor: Processor) -> None:
    attempt = await processor.begin()
    answer = await processor.interface.get(
        f"/_processor/attempts/{attempt['id']}", headers={"Authorization": "Bearer other"}
    )
    assert answer.status_code == 401
    unknown = await processor.browser.get("/cards/seti_sandbox_nobody")
    assert unknown.status_code == 404

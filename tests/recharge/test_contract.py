"""The client against the look-alike, which was written from the same facts by other hands.

Where the two disagree about a name, one of them is wrong, and it shows here.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import httpx
import pytest
import uvicorn

from app.recharge import (
    CollectionProduct,
    CreditSummary,
    DeliverySchedule,
    LocalBudget,
    NoAnswer,
    NotFound,
    Notifications,
    RechargeClient,
    Record,
    ShippingCountry,
    ShopSettings,
)
from app.recharge.resource import Resource
from app.sandbox import Sandbox
from tests.recharge.upstream import Pauses, Unthrottled
from tests.recharge.walkthrough import walk

NOT_SENT: Final = {
    "CreditSummary.max_redemption_limit_set": "a new field for stores with several currencies",
    "RetentionStrategy.cancellation_reason": "seen in the Theme Engine's objects only",
    "RetentionStrategy.discount": "seen in the Theme Engine's objects only",
}
"""Fields that the models know and the look-alike does not send, with the reason."""

NOT_KNOWN: Final = {
    "CollectionProduct.created_at": "of no use, and in no list of the API's fields",
    "CollectionProduct.id": "of no use, and in no list of the API's fields",
    "CollectionProduct.updated_at": "of no use, and in no list of the API's fields",
    "PortalSettings.custom_code": "the merchant's own HTML, which is never shown here",
    "Product.created_at": "in no list of the API's fields",
    "Product.handle": "in no list of the API's fields",
    "Product.product_type": "in no list of the API's fields",
    "Product.updated_at": "in no list of the API's fields",
}
"""Fields that the look-alike sends and the models do not know, with the reason."""

NOT_SEEN: Final = {
    "TaxLine": "the demo shop charges no taxes",
    "UtmParams": "the demo shop runs no campaigns",
}
"""Models of which no answer held one, with the reason; test_models.py has samples of them."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    await sandbox.close()


def client_of(
    sandbox: Sandbox, transport: httpx.AsyncBaseTransport | None = None
) -> RechargeClient:
    return RechargeClient(
        sandbox.token,
        base_url="http://recharge.test",
        transport=transport or httpx.ASGITransport(app=sandbox.app),
        budget=Unthrottled(size=1000, rate=1000),
        sleep=Pauses(),
    )


class Recorder(httpx.ASGITransport):
    """Carries calls to the look-alike and keeps the answers of version 2021-11."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(app=sandbox.app)
        self.bodies: list[dict[str, Any]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        content = await response.aread()
        if content and request.headers["x-recharge-version"] == "2021-11":
            self.bodies.append(json.loads(content))
        return response


def nouns(client: RechargeClient) -> dict[str, Any]:
    return {
        name: noun
        for name, noun in vars(client).items()
        if isinstance(noun, Resource | Notifications)
    }


def methods(noun: Any) -> list[str]:
    return [
        name
        for name, method in inspect.getmembers(type(noun), inspect.isfunction)
        if not name.startswith("_")
    ]


def watch(client: RechargeClient) -> set[str]:
    """The methods that are called from now on: ``{"charges.skip", …}``."""
    called: set[str] = set()

    def watched(label: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            called.add(label)
            return method(*args, **kwargs)

        return call

    for name, noun in nouns(client).items():
        for method in methods(noun):
            setattr(noun, method, watched(f"{name}.{method}", getattr(noun, method)))
    return called


def models(client: RechargeClient) -> dict[str, type[Record]]:
    """What stands under each key of an answer."""
    found: dict[str, type[Record]] = {
        "collection_products": CollectionProduct,
        "credit_summary": CreditSummary,
        "shipping_countries": ShippingCountry,
        "shop_settings": ShopSettings,
    }
    for noun in nouns(client).values():
        if isinstance(noun, Resource):
            found |= {noun._singular: noun._model, noun._plural: noun._model}
    return found


def compare(record: Record, raw: dict[str, Any], sent: dict[type[Record], set[str]]) -> None:
    """Notes which fields came for each model, in the record and all that is in it."""
    sent[type(record)] |= raw.keys()
    for name, value in record:
        parts = value if isinstance(value, tuple) else (value,)
        given = raw.get(name)
        raws = given if isinstance(given, list) else [given]
        for part, piece in zip(parts, raws, strict=False):
            if isinstance(part, Record) and isinstance(piece, dict):
                compare(part, piece, sent)


async def test_every_method_works_and_both_sides_know_the_same_fields(sandbox: Sandbox) -> None:
    recorder = Recorder(sandbox)
    client = client_of(sandbox, recorder)
    called = watch(client)
    await walk(client)

    every = {f"{name}.{method}" for name, noun in nouns(client).items() for method in methods(noun)}
    assert every - called == set()

    sent: dict[type[Record], set[str]] = defaultdict(set)
    known = models(client)
    for body in recorder.bodies:
        if "deliveries" in body:
            compare(DeliverySchedule.model_validate(body), body, sent)
            continue
        for key, value in body.items():
            for raw in value if isinstance(value, list) else [value]:
                if key in known:
                    compare(known[key].model_validate(raw), raw, sent)
    not_known = {
        f"{model.__name__}.{field}"
        for model, fields in sent.items()
        for field in fields - model.model_fields.keys()
    }
    not_sent = {
        f"{model.__name__}.{field}"
        for model, fields in sent.items()
        for field in model.model_fields.keys() - fields
    }
    assert not_known == NOT_KNOWN.keys()
    assert not_sent == NOT_SENT.keys()
    unseen = {model.__name__ for model in every_model() - sent.keys()}
    assert unseen == NOT_SEEN.keys()


def every_model(model: type[Record] = Record) -> set[type[Record]]:
    return {
        found
        for each in model.__subclasses__()
        if each.__module__.startswith("app.recharge")
        for found in {each} | every_model(each)
    }


async def test_the_same_code_passes_over_a_real_connection(sandbox: Sandbox) -> None:
    async with (
        serving(sandbox.app) as base_url,
        RechargeClient(
            sandbox.token, base_url=base_url, budget=LocalBudget(size=1000, rate=1000)
        ) as client,
    ):
        await walk(client)


class serving:
    """Serves an application on a free loopback port."""

    def __init__(self, application: Any) -> None:
        config = uvicorn.Config(application, log_config=None, lifespan="off", ws="none")
        self._server = uvicorn.Server(config)

    async def __aenter__(self) -> str:
        # Only with its protocol named does asyncio switch off the delay of small packets, which
        # would cost 40 ms a call.
        listener = socket.socket(proto=socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        return f"http://127.0.0.1:{listener.getsockname()[1]}/api"

    async def __aexit__(self, *error: object) -> None:
        self._server.should_exit = True
        await self._task


async def plan(sandbox: Sandbox, **fault: Any) -> None:
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://recharge.test") as controls:
        (await controls.post("/_sandbox/faults", json=fault)).raise_for_status()


@pytest.mark.parametrize(("kind", "executed"), [("cut_before", 0), ("cut_after", 1)])
async def test_a_cut_leaves_the_outcome_open_and_is_not_tried_again(
    sandbox: Sandbox, kind: str, executed: int
) -> None:
    client = client_of(sandbox)
    charge = await client.charges.list(customer_id=102, status="queued").first()
    assert charge is not None
    await plan(sandbox, method="POST", path="/charges/*/process", kind=kind)
    with pytest.raises(NoAnswer) as caught:
        await client.charges.process(charge.id)
    assert caught.value.executed == "unknown"
    assert sandbox.counters.requests["POST /charges/{id}/process"] == 1
    assert sandbox.counters.executed["POST /charges/{id}/process"] == executed


@pytest.mark.parametrize("kind", ["429", "409"])
async def test_a_skip_that_was_not_executed_is_tried_again(sandbox: Sandbox, kind: str) -> None:
    client = client_of(sandbox)
    charge = await client.charges.list(customer_id=102, status="queued").first()
    assert charge is not None
    items = [item.purchase_item_id for item in charge.line_items if item.purchase_item_id]
    await plan(sandbox, method="POST", path="/charges/*/skip", kind=kind)
    assert (await client.charges.skip(charge.id, purchase_item_ids=items)).status == "skipped"
    assert sandbox.counters.requests["POST /charges/{id}/skip"] == 2
    assert sandbox.counters.executed["POST /charges/{id}/skip"] == 1


async def test_an_unknown_record_is_not_found(sandbox: Sandbox) -> None:
    with pytest.raises(NotFound):
        await client_of(sandbox).subscriptions.get(999_999)

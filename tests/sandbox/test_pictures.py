"""Pictures are reached wherever the sandbox is served now, whatever it was served as before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.sandbox import Sandbox
from tests.sandbox.small import Api
from tests.sandbox.test_webhooks import Listener, flush, listener, register

__all__ = ["listener"]

PATHS = (
    "/products", "/products/7001", "/charges", "/orders", "/store",
    "/customers/101/delivery_schedule",
)  # fmt: skip


def addresses(body: Any) -> list[str]:
    """Every address of a picture in an answer."""
    if isinstance(body, dict):
        return [found for each in body.values() for found in addresses(each)]
    if isinstance(body, list):
        return [found for each in body for found in addresses(each)]
    return [body] if isinstance(body, str) and body.endswith(".svg") else []


@pytest.mark.parametrize("later", ["http://localhost:9001/", "/sandbox", ""])
async def test_a_kept_shop_shows_its_pictures_where_it_is_served_now(
    tmp_path: Path, later: str
) -> None:
    path = str(tmp_path / "sandbox.db")
    await Sandbox(path, public_url="http://localhost:9000/x").close()
    sandbox = Sandbox(path, public_url=later)
    api = Api(sandbox)
    async with api.client:
        for each in PATHS:
            shown = addresses(await api.get(each))
            assert shown, each
            start = f"{later.rstrip('/')}/pictures/"
            assert {url for url in shown if not url.startswith(start)} == set(), each
        assert (await api.get("/store"))["store"]["customer_portal_base_url"] == later.rstrip("/")
        charge = (await api.get("/charges", status="queued", address_id=201, limit=1))["charges"][0]
        skipped = await api.post(f"/charges/{charge['id']}/skip")
        assert addresses(skipped)
        assert {url for url in addresses(skipped) if not url.startswith(start)} == set()
    await sandbox.close()


async def test_what_a_client_writes_back_moves_with_the_sandbox(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.db")
    first = Sandbox(path, public_url="http://localhost:9000")
    api = Api(first)
    images = (await api.get("/products/7001"))["product"]["images"]
    outside = {"original": "https://cdn.example.com/a.svg"}
    await api.put("/products/7001", {"images": [*images, outside]})
    await first.close()
    second = Sandbox(path, public_url="/sandbox")
    kept = (await Api(second).get("/products/7001"))["product"]["images"]
    assert kept[0]["small"] == images[0]["small"].replace("http://localhost:9000", "/sandbox")
    assert kept[1] == outside
    await second.close()


async def test_webhooks_show_the_same_addresses(listener: Listener) -> None:
    sandbox = Sandbox(public_url="/sandbox")
    api = Api(sandbox)
    await register(api, listener, "charge/updated")
    charge = (await api.get("/charges", status="queued", address_id=201, limit=1))["charges"][0]
    await api.post(f"/charges/{charge['id']}/skip")
    await flush(api)
    [(_, body), *_] = listener.arrived
    assert addresses(json.loads(body))
    assert {url for url in addresses(json.loads(body)) if not url.startswith("/sandbox/pic")} == (
        set()
    )
    await sandbox.close()


async def test_two_sandboxes_of_one_day_do_not_share_an_address() -> None:
    for url in ("http://localhost:1/a", "http://localhost:2/b"):
        sandbox = Sandbox(public_url=url)
        logo = (await Api(sandbox).get("/store"))["store"]["checkout_logo_url"]
        assert logo == f"{url}/pictures/northbound.svg"
        await sandbox.close()

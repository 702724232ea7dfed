"""What a call must carry before anything is done."""

from __future__ import annotations

import httpx
import pytest

from app.sandbox import Sandbox
from tests.sandbox.small import Api


async def test_a_wrong_or_missing_token_is_refused(sandbox: Sandbox) -> None:
    async with Api(sandbox, **{"X-Recharge-Access-Token": "sk_other"}).client as client:
        assert (await client.get("/store")).status_code == 401


async def test_an_unknown_version_is_refused(sandbox: Sandbox) -> None:
    async with Api(sandbox, **{"X-Recharge-Version": "2020-05"}).client as client:
        assert (await client.get("/store")).status_code == 426


async def test_the_older_version_serves_the_token_and_little_else(sandbox: Sandbox) -> None:
    old = Api(sandbox, **{"X-Recharge-Version": "2021-01"})
    async with old.client:
        found = await old.get("/token_information")
        assert "read_customers" in found["token_information"]["scopes"]
        assert found["token_information"]["client"]["contact_email"] == "shop@example.com"
        assert (await old.call("GET", "/customers"))[0] == 426


async def test_without_a_version_the_store_s_own_applies(sandbox: Sandbox) -> None:
    headers = {"X-Recharge-Access-Token": "sk_sandbox"}
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        assert (await client.get("/store", headers=headers)).status_code == 200


@pytest.mark.parametrize("body", [b"[1]", b"not json", b'"text"', b"12"])
async def test_a_body_that_is_no_object_is_refused(api: Api, body: bytes) -> None:
    answer = await api.client.post("/customers", content=body)
    assert answer.status_code == 415
    assert isinstance(answer.json()["errors"], str)


async def test_a_missing_scope_is_refused(api: Api, sandbox: Sandbox) -> None:
    await api.client.put("/_sandbox/settings", json={"scopes": ["read_orders", "store_info"]})
    assert (await api.call("GET", "/charges"))[0] == 200
    assert (await api.call("GET", "/customers"))[0] == 403
    status, body = await api.call("POST", "/charges/501/process")
    assert (status, body) == (403, {"errors": "Missing scope: write_payments"})


async def test_unknown_routes_ids_and_methods(api: Api) -> None:
    assert await api.call("GET", "/nowhere") == (404, {"error": "endpoint not found"})
    assert await api.call("GET", "/customers/999") == (404, {"errors": "Not Found"})
    assert await api.call("GET", "/customers/abc") == (404, {"errors": "Not Found"})
    assert (await api.client.request("PATCH", "/customers/101")).status_code == 405
    # A subscription is not skipped or paused by a route of its own in this version.
    for route in ("pause", "skip", "unskip", "swap", "delay"):
        assert (await api.call("POST", f"/subscriptions/301/{route}"))[0] == 404


async def test_everything_is_served_under_api_too(api: Api) -> None:
    plain = await api.get("/customers/101")
    # The storefront client adds the shop's address to every call.
    assert await api.get("/api/customers/101", shop_url="sandbox.myshopify.com") == plain
    assert await api.get("/api/customers", shop_url="x") == await api.get("/customers")


async def test_keys_come_in_the_api_s_order(api: Api) -> None:
    body = (await api.client.get("/subscriptions/301")).json()["subscription"]
    names = list(body)
    assert names[:3] == ["id", "address_id", "customer_id"]
    assert names[3:] == sorted(names[3:])


async def test_successes_have_the_documented_status(api: Api) -> None:
    fresh = {"email": "new@example.com", "first_name": "New", "last_name": "One"}
    status, body = await api.call("POST", "/customers", fresh)
    assert status == 201
    id = body["customer"]["id"]
    assert (await api.call("PUT", f"/customers/{id}", {"first_name": "Newer"}))[0] == 200
    assert await api.call("DELETE", f"/customers/{id}") == (204, None)
    assert (await api.call("GET", f"/customers/{id}"))[0] == 404
    assert (await api.call("POST", "/subscriptions/301/activate"))[0] == 422


@pytest.mark.parametrize(
    "path",
    [
        "/customers/101",
        "/customers?limit=1",
        "/api/store",
        "/customers/999",
        "/nowhere",
        "/charges/1/skip",
        "/pictures/northbound.svg",
        "/pictures/nothing.svg",
        "/_sandbox/settings",
        "/_sandbox/nowhere",
    ],
)
async def test_head_is_get_without_a_body(api: Api, path: str) -> None:
    shown, head = await api.client.get(path), await api.client.head(path)
    assert head.status_code == shown.status_code
    assert head.headers == shown.headers
    assert shown.content
    assert head.content == b""


async def test_head_of_the_inbox_for_people(api: Api) -> None:
    head = await api.client.head("/_sandbox/inbox", headers={"Accept": "text/html"})
    assert head.headers["content-type"].startswith("text/html")
    assert int(head.headers["content-length"]) > 0
    assert head.content == b""


async def test_a_wrong_method_is_told_what_there_is(api: Api) -> None:
    answer = await api.client.delete("/store")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("id", [2**63 - 1, 2**63, 9_999_999_999_999_999_999])
async def test_ids_beyond_all_that_exist_are_unknown(api: Api, id: int) -> None:
    assert (await api.call("GET", f"/customers/{id}"))[0] == 404
    status, body = await api.call("GET", "/charges", customer_id=id)
    if id < 2**63:
        assert (status, body["charges"]) == (200, [])
    else:
        assert (status, body) == (422, {"errors": {"customer_id": ["Not a valid integer."]}})

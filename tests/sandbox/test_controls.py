"""The controls: reset, inbox, settings; and the shop that is there from the start."""

from __future__ import annotations

import httpx

from app.sandbox import Sandbox
from tests.sandbox.small import Api

LINK = "http://localhost:8080/sign-in/abc?next=%2Fschedule"


async def test_reset_gives_a_shop_as_new(api: Api, sandbox: Sandbox) -> None:
    await api.client.put("/_sandbox/clock", json={"advance_days": 400})
    await api.client.put("/_sandbox/settings", json={"bucket": True, "scopes": []})
    await api.client.post("/_sandbox/faults", json={"path": "/**", "kind": "500", "times": 9})
    mail = {"to": "a@example.com", "subject": "Hello"}
    await api.client.post("/_sandbox/inbox", json=mail)
    answer = await api.client.post("/_sandbox/reset", json={"seed": False})
    assert answer.status_code == 200
    assert sandbox.today.isoformat() == "2026-03-10"
    assert (await api.get("/customers"))["customers"] == []
    assert (await api.get("/store"))["store"]["name"] == "Sandbox"
    assert (await api.client.get("/_sandbox/inbox")).json() == {"mails": []}
    requests = (await api.client.get("/_sandbox/counters")).json()["requests"]
    assert requests == {"GET /customers": 1, "GET /store": 1}


async def test_the_seeded_shop_comes_back_after_a_reset() -> None:
    sandbox = Sandbox()
    api = Api(sandbox)
    async with api.client:
        before = await api.get("/customers", limit=250)
        charges = await api.get("/charges", status="queued", limit=250)
        assert len(before["customers"]) == 12
        assert all(each["scheduled_at"] >= sandbox.today.isoformat() for each in charges["charges"])
        await api.client.put("/_sandbox/clock", json={"advance_days": 45})
        await api.client.post("/_sandbox/reset", json={})
        after = await api.get("/customers", limit=250)
        assert [each["id"] for each in after["customers"]] == [
            each["id"] for each in before["customers"]
        ]
        again = await api.get("/charges", status="queued", limit=250)
        assert [each["id"] for each in again["charges"]] == [
            each["id"] for each in charges["charges"]
        ]
    await sandbox.close()


async def test_every_seeded_record_answers_with_all_modern_fields() -> None:
    sandbox = Sandbox()
    api = Api(sandbox)
    async with api.client:
        for plural, names in {
            "customers": {"hash", "tax_exempt", "subscriptions_active_count", "phone"},
            "subscriptions": {"is_prepaid", "is_skippable", "presentment_currency", "plan_id"},
            "charges": {"has_uncommitted_changes", "orders_count", "currency", "retry_date"},
            "orders": {"is_prepaid", "total_weight_grams", "external_order_name"},
            "payment_methods": {"include", "status", "default", "processor_customer_token"},
            "addresses": {"discounts", "is_gift", "shipping_lines_override"},
        }.items():
            for record in (await api.get(f"/{plural}", limit=250))[plural]:
                assert names <= set(record), (plural, record["id"])
    await sandbox.close()


async def test_counters_know_what_was_done(api: Api) -> None:
    await api.client.delete("/_sandbox/counters")
    charge = await api.charge(address_id=201)
    await api.post(f"/charges/{charge['id']}/skip")
    await api.refused("POST", f"/charges/{charge['id']}/skip")
    assert (await api.client.get("/_sandbox/counters")).json() == {
        "requests": {"GET /charges": 1, "POST /charges/{id}/skip": 2},
        "executed": {"POST /charges/{id}/skip": 1},
        "throttled": 0,
    }


async def test_the_inbox_for_people_escapes_all_and_links_the_links(api: Api) -> None:
    mail = {
        "to": '"<b>@example.com',
        "subject": "<script>alert(1)</script>",
        "text": f"<img src=a> Follow {LINK}.\njavascript:alert(1) <img src=x onerror=alert(1)>",
        "html": "<script>alert(2)</script>",
    }
    assert (await api.client.post("/_sandbox/inbox", json=mail)).status_code == 201
    page = await api.client.get("/_sandbox/inbox", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert f'<a href="{LINK}"' in page.text
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert 'href="javascript' not in page.text
    shown = (await api.client.get("/_sandbox/inbox")).json()["mails"]
    assert shown[0]["subject"] == mail["subject"]
    assert (await api.client.delete("/_sandbox/inbox")).status_code == 204
    assert (await api.client.get("/_sandbox/inbox")).json() == {"mails": []}
    assert (await api.client.post("/_sandbox/inbox", json={"to": "x"})).status_code == 422


async def test_a_notification_lands_in_the_inbox(api: Api) -> None:
    body = {"type": "email", "template_type": "upcoming_charge", "template_vars": {}}
    assert await api.call("POST", "/customers/101/notifications", body) == (200, {})
    [mail] = (await api.client.get("/_sandbox/inbox")).json()["mails"]
    assert mail["to"] == "mara@example.com"


async def test_unknown_controls_and_settings(api: Api) -> None:
    assert (await api.client.get("/_sandbox/nowhere")).status_code == 404
    wrong = await api.client.put("/_sandbox/settings", json={"buckets": True})
    assert wrong.json() == {"errors": {"buckets": ["Unknown field."]}}


async def test_pictures_are_drawn_for_everybody(sandbox: Sandbox) -> None:
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        picture = await client.get("/pictures/northbound.svg")
        assert picture.headers["content-type"] == "image/svg+xml"
        assert picture.text.startswith("<svg")
        assert (await client.get("/pictures/nothing-of-this-name.svg")).status_code == 404
        assert (await client.get("/pictures/../server.svg")).status_code != 200


async def test_a_sandbox_mounted_somewhere_answers_the_same(sandbox: Sandbox) -> None:
    from starlette.applications import Starlette
    from starlette.routing import Mount

    outer = Starlette(routes=[Mount("/sandbox", app=sandbox.app)])
    transport = httpx.ASGITransport(app=outer)
    headers = {"X-Recharge-Access-Token": "sk_sandbox", "X-Recharge-Version": "2021-11"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://api", headers=headers
    ) as client:
        assert (await client.get("/sandbox/api/customers/101")).json()["customer"]["id"] == 101
        assert (await client.get("/sandbox/_sandbox/clock")).status_code == 200
        assert (await client.get("/sandbox/pictures/northbound.svg")).status_code == 200

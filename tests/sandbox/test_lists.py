"""Lists: envelopes, cursors, filters, sort orders and `include`."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from app.sandbox import Sandbox
from tests.sandbox.small import Api


@pytest.fixture
def many(sandbox: Sandbox) -> None:
    people = [
        {
            "id": 1000 + number,
            "email": f"person{number}@example.com",
            "first_name": "Person",
            "last_name": str(number),
            "created_at": f"2026-01-{number:02d}T08:00:00+00:00",
        }
        for number in range(1, 13)
    ]
    sandbox.plant(("customers", each) for each in people)


def ids(body: Any) -> list[int]:
    return [each["id"] for each in body["customers"]]


@pytest.mark.usefixtures("many")
async def test_pages_follow_each_other_and_back(api: Api) -> None:
    first = await api.get("/customers", limit=5)
    assert ids(first) == [1012, 1011, 1010, 1009, 1008]
    assert first["previous_cursor"] is None
    second = await api.get("/customers", cursor=first["next_cursor"], limit=5)
    assert ids(second) == [1007, 1006, 1005, 1004, 1003]
    third = await api.get("/customers", cursor=second["next_cursor"])
    assert ids(third) == [1002, 1001, 101]
    assert third["next_cursor"] is None
    back = await api.get("/customers", cursor=third["previous_cursor"])
    assert ids(back) == ids(second)
    again = await api.get("/customers", cursor=back["previous_cursor"])
    assert ids(again) == ids(first)
    assert again["previous_cursor"] is None


@pytest.mark.usefixtures("many")
async def test_a_cursor_carries_filters_and_order(api: Api) -> None:
    first = await api.get(
        "/customers",
        created_at_min="2026-01-04",
        created_at_max="2026-01-08T08:00:00Z",
        sort_by="created_at-asc",
        limit=3,
        include="addresses",
    )
    assert ids(first) == [1004, 1005, 1006]
    second = await api.get("/customers", cursor=first["next_cursor"])
    assert ids(second) == [1007, 1008]
    assert second["customers"][0]["include"] == {"addresses": []}


@pytest.mark.usefixtures("many")
async def test_a_cursor_tolerates_nothing_but_a_limit(api: Api) -> None:
    cursor = (await api.get("/customers", limit=2))["next_cursor"]
    for name, value in (("email", "x@example.com"), ("sort_by", "id-asc"), ("include", "orders")):
        assert name in await api.refused("GET", "/customers", cursor=cursor, **{name: value})
    assert await api.refused("GET", "/customers", cursor="nonsense") == {
        "cursor": ["Invalid value"]
    }


@pytest.mark.parametrize("limit", ["0", "251", "-1", "many"])
async def test_a_limit_has_limits(api: Api, limit: str) -> None:
    assert "limit" in await api.refused("GET", "/customers", limit=limit)


async def test_dates_in_filters_are_strict(api: Api) -> None:
    assert await api.refused("GET", "/charges", updated_at_max="test") == {
        "updated_at_max": ["Invalid date: test. Must be a valid ISO-8601 datetime string"]
    }
    assert "scheduled_at" in await api.refused("GET", "/charges", scheduled_at="2026-02-30")


async def test_a_misspelt_filter_is_refused(api: Api) -> None:
    assert await api.refused("GET", "/charges", customer="101") == {"customer": ["Unknown field."]}
    assert "sort_by" in await api.refused("GET", "/charges", sort_by="price-asc")
    assert "sort_by" in await api.refused("GET", "/payment_methods", sort_by="created_at-asc")


async def test_comma_lists_may_have_blanks(api: Api) -> None:
    found = await api.get("/charges", status="queued, error", customer_id=101)
    assert len(found["charges"]) == 2
    found = await api.get("/subscriptions", ids="301, 303")
    assert [each["id"] for each in found["subscriptions"]] == [303, 301]


async def test_charges_are_found_by_item_and_date(api: Api) -> None:
    by_item = await api.get("/charges", purchase_item_id=303)
    assert [each["scheduled_at"] for each in by_item["charges"]] == ["2026-04-01"]
    by_day = await api.get("/charges", scheduled_at_min="2026-03-20", scheduled_at_max="2026-03-31")
    assert [each["scheduled_at"] for each in by_day["charges"]] == ["2026-03-20"]
    assert (await api.get("/charges", scheduled_at="2026-04-01"))["charges"] == by_item["charges"]


async def test_a_customer_is_found_by_hash_and_by_mail_in_any_case(api: Api) -> None:
    customer = (await api.get("/customers/101"))["customer"]
    assert customer["hash"].startswith("101")
    assert ids(await api.get("/customers", hash=customer["hash"])) == [101]
    assert ids(await api.get("/customers", email="MARA@example.com")) == [101]
    assert ids(await api.get("/customers", email="nobody@example.com")) == []


async def test_includes_stand_inside_each_record(api: Api) -> None:
    body = await api.get(
        "/customers/101", include="addresses,payment_methods, subscriptions,nonsense"
    )
    included = body["customer"]["include"]
    assert set(included) == {"addresses", "payment_methods", "subscriptions"}
    assert [each["id"] for each in included["subscriptions"]] == [301, 302, 303]
    listed = await api.get("/subscriptions", include="customer,address", ids="301")
    assert listed["subscriptions"][0]["include"]["customer"]["id"] == 101
    assert listed["subscriptions"][0]["include"]["address"]["id"] == 201
    method = (await api.get("/payment_methods/601"))["payment_method"]
    assert method["include"] == {}


async def test_sorting_by_date(api: Api) -> None:
    up = await api.get("/charges", sort_by="scheduled_at-asc", limit=1)
    down = await api.get("/charges", sort_by="scheduled_at-desc", limit=1)
    assert up["charges"][0]["scheduled_at"] == "2026-03-20"
    assert down["charges"][0]["scheduled_at"] == "2026-04-01"
    following = await api.get("/charges", cursor=up["next_cursor"])
    assert following["charges"] == down["charges"]


@pytest.mark.usefixtures("many")
async def test_a_cursor_of_another_noun_is_refused(api: Api) -> None:
    for plural in ("customers", "addresses", "subscriptions"):
        cursor = (await api.get(f"/{plural}", limit=1))["next_cursor"]
        assert (await api.get(f"/{plural}", cursor=cursor))[plural]
        for other in ("charges", "addresses", "customers"):
            if other != plural:
                assert await api.refused("GET", f"/{other}", cursor=cursor) == {
                    "cursor": ["Invalid value"]
                }


@pytest.mark.parametrize(
    ("path", "empty"),
    [
        (
            "/customers/101",
            {
                "announcements": [],
                "gift_purchases": [],
                "punch_card_progress": {},
                "referral_info": {"referral_url": {"slug": "", "url": ""}},
            },
        ),
        ("/subscriptions/301", {"addons": [], "customer_entitlements": [], "expires_at": None}),
    ],
)
async def test_includes_of_what_this_shop_does_not_have(
    api: Api, path: str, empty: dict[str, Any]
) -> None:
    [found] = (await api.get(path, include=",".join(empty))).values()
    assert found["include"] == empty
    plural = path.split("/")[1]
    listed = (await api.get(f"/{plural}", ids=found["id"], include=",".join(empty)))[plural]
    assert [each["include"] for each in listed] == [empty]


@pytest.mark.parametrize(
    "change",
    [
        {"starting_before_id": 2**64},
        {"starting_before_id": "x"},
        {"last_value": ["x"]},
        {"limit": 1e999},
        {"filters": "all"},
        {"resource": None},
    ],
)
async def test_a_cursor_that_was_tampered_with_is_refused(
    api: Api, change: dict[str, object]
) -> None:
    whole = (await api.get("/charges", sort_by="scheduled_at-asc", limit=1))["next_cursor"]
    told = {**json.loads(base64.urlsafe_b64decode(whole)), **change}
    cursor = base64.urlsafe_b64encode(json.dumps(told).encode()).decode()
    assert await api.refused("GET", "/charges", cursor=cursor) == {"cursor": ["Invalid value"]}

"""Skip and unskip, by the rules of the schedule."""

from __future__ import annotations

from app.sandbox import Sandbox
from tests.sandbox.small import Api, items, subscription


async def test_one_queued_charge_holds_all_that_is_due_on_a_date(api: Api) -> None:
    charge = await api.charge(address_id=201)
    assert charge["status"] == "queued"
    assert charge["scheduled_at"] == "2026-03-20"
    assert sorted(items(charge)) == [301, 302, 401]
    assert charge["total_line_items_price"] == "46.00"
    assert charge["shipping_lines"][0]["price"] == "0.00"
    assert charge["total_price"] == "46.00"


async def test_a_whole_skip_turns_the_charge_and_moves_every_item(api: Api) -> None:
    before = await api.charge(address_id=201)
    skipped = await api.post(f"/charges/{before['id']}/skip")
    assert skipped["id"] == before["id"]
    assert skipped["status"] == "skipped"
    assert sorted(items(skipped)) == [301, 302]
    # Each goes on in its own rhythm; the one-time comes along with the earlier of the two.
    assert await api.next_date(301) == "2026-04-20"
    assert await api.next_date(302) == "2026-04-03"
    assert await api.queued() == {"2026-04-03": [302, 401], "2026-04-20": [301]}


async def test_part_of_a_charge_is_skipped_into_a_charge_of_its_own(api: Api) -> None:
    before = await api.charge(address_id=201)
    skipped = await api.post(f"/charges/{before['id']}/skip", {"purchase_item_ids": [301]})
    assert skipped["id"] != before["id"]
    assert (skipped["status"], items(skipped)) == ("skipped", [301])
    assert skipped["total_line_items_price"] == "18.00"
    rest = (await api.get(f"/charges/{before['id']}"))["charge"]
    assert (rest["status"], sorted(items(rest))) == ("queued", [302, 401])
    assert await api.next_date(302) == "2026-03-20"
    assert await api.queued() == {"2026-03-20": [302, 401], "2026-04-20": [301]}


async def test_unskip_restores_exactly_what_was(api: Api) -> None:
    before = await api.charge(address_id=201)
    await api.post(f"/charges/{before['id']}/skip")
    back = await api.post(f"/charges/{before['id']}/unskip", {"purchase_item_ids": [301, 302]})
    assert back["id"] == before["id"]
    assert (back["status"], back["scheduled_at"]) == ("queued", "2026-03-20")
    assert await api.queued() == {"2026-03-20": [301, 302, 401]}
    assert [await api.next_date(id) for id in (301, 302)] == ["2026-03-20", "2026-03-20"]


async def test_unskip_joins_the_queued_charge_of_that_date(api: Api) -> None:
    before = await api.charge(address_id=201)
    skipped = await api.post(f"/charges/{before['id']}/skip", {"purchase_item_ids": [301]})
    back = await api.post(f"/charges/{skipped['id']}/unskip", {"purchase_item_ids": [301]})
    assert back["id"] == before["id"], "the answer is not the charge that was asked for"
    assert (await api.call("GET", f"/charges/{skipped['id']}"))[0] == 404
    assert await api.queued() == {"2026-03-20": [301, 302, 401]}


async def test_the_later_schedule_does_not_shift(api: Api) -> None:
    first = await api.charge(address_id=202)
    assert await api.refused("POST", f"/charges/{first['id']}/skip") == {
        "purchase_item_ids": ["Prepaid items are not skippable."]
    }
    charge = await api.charge(address_id=201)
    await api.post(f"/charges/{charge['id']}/skip", {"purchase_item_ids": [301]})
    second = await api.charge(address_id=201, scheduled_at="2026-04-20")
    await api.post(f"/charges/{second['id']}/skip", {"purchase_item_ids": [301]})
    assert await api.next_date(301) == "2026-05-20"
    # Put back in the other order: the earliest due date counts.
    skipped = {each["scheduled_at"]: each["id"] for each in await api.charges(status="skipped")}
    await api.post(f"/charges/{skipped['2026-03-20']}/unskip")
    assert await api.next_date(301) == "2026-03-20"


async def test_a_skipped_date_is_passed_over_when_the_dates_move_on(api: Api) -> None:
    ahead = await api.post(
        "/addresses/201/charges/skip", {"date": "2026-04-20", "subscription_ids": [301]}
    )
    assert (ahead["status"], ahead["scheduled_at"], items(ahead)) == (
        "skipped",
        "2026-04-20",
        [301],
    )
    assert await api.next_date(301) == "2026-03-20", "nothing else moves"
    now = await api.charge(address_id=201, status="queued")
    await api.post(f"/charges/{now['id']}/skip", {"purchase_item_ids": [301]})
    assert await api.next_date(301) == "2026-05-20"


async def test_unskip_of_a_date_ahead_leaves_the_schedule_as_it_was(api: Api) -> None:
    ahead = await api.post(
        "/subscriptions/301/charges/skip", {"date": "2026-05-20", "subscription_id": 301}
    )
    back = await api.post(f"/charges/{ahead['id']}/unskip", {"purchase_item_ids": [301]})
    assert (back["status"], back["scheduled_at"]) == ("queued", "2026-05-20")
    assert await api.charges(status="skipped") == []
    assert await api.queued() == {"2026-03-20": [301, 302, 401]}


async def test_skipping_the_next_date_by_address_is_a_skip_of_its_charge(api: Api) -> None:
    skipped = await api.post(
        "/addresses/201/charges/skip", {"date": "2026-03-20", "subscription_ids": [301, 302]}
    )
    assert skipped["status"] == "skipped"
    assert await api.queued() == {"2026-04-03": [302, 401], "2026-04-20": [301]}


async def test_what_cannot_be_skipped(api: Api, sandbox: Sandbox) -> None:
    path = "/addresses/201/charges/skip"
    assert "date" in await api.refused(
        "POST", path, {"date": "2026-04-21", "subscription_ids": [301]}
    )
    assert "date" in await api.refused(
        "POST", path, {"date": "2026-03-01", "subscription_ids": [301]}
    )
    assert "subscription_ids" in await api.refused(
        "POST", path, {"date": "2026-04-01", "subscription_ids": [303]}
    )
    assert await api.refused("POST", path, {"date": "soon"}) == {
        "date": ["Not a valid date."],
        "subscription_ids": ["Missing data for required field."],
    }
    twice = {"date": "2026-04-20", "subscription_ids": [301]}
    await api.post(path, twice)
    assert "date" in await api.refused("POST", path, twice)
    charge = await api.charge(address_id=201, status="queued")
    for body in ({"purchase_item_ids": [303]}, {"purchase_item_ids": [401]}):
        assert "purchase_item_ids" in await api.refused(
            "POST", f"/charges/{charge['id']}/skip", body
        )
    await api.post(f"/charges/{charge['id']}/skip")
    assert "status" in await api.refused("POST", f"/charges/{charge['id']}/skip")
    assert (await api.queued())["2026-05-20"] == [301]


async def test_a_skip_in_the_past_stays(api: Api, sandbox: Sandbox) -> None:
    charge = await api.charge(address_id=201)
    await api.post(f"/charges/{charge['id']}/skip")
    await api.client.put("/_sandbox/clock", json={"now": "2026-03-21T12:00:00Z"})
    assert "scheduled_at" in await api.refused("POST", f"/charges/{charge['id']}/unskip")


async def test_the_end_of_the_month_clamps_and_stays(api: Api, sandbox: Sandbox) -> None:
    sandbox.plant(
        [
            subscription(311, "2027-01-31"),
            subscription(312, "2027-01-31", order_day_of_month=31),
        ]
    )
    dates = {311: ["2027-02-28", "2027-03-28"], 312: ["2027-02-28", "2027-03-31"]}
    for id, expected in dates.items():
        found = []
        for _ in expected:
            day = await api.next_date(id)
            await api.post(f"/subscriptions/{id}/charges/skip", {"date": day})
            found.append(await api.next_date(id))
        assert found == expected


async def test_a_fixed_weekday_falls_on_or_after(api: Api, sandbox: Sandbox) -> None:
    # 2027-01-04 is a Monday; two weeks on is a Monday, and the Wednesday after it is the 20th.
    weekly = {"order_interval_unit": "week", "order_interval_frequency": 2}
    sandbox.plant(
        [
            subscription(
                313, "2027-01-04", charge_interval_frequency=2, order_day_of_week=2, **weekly
            )
        ]
    )
    await api.post("/subscriptions/313/charges/skip", {"date": "2027-01-04"})
    assert await api.next_date(313) == "2027-01-20"

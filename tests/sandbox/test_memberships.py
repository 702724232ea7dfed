"""What memberships do, as far as anybody can guess."""

from __future__ import annotations

from datetime import timedelta

from app.sandbox import Sandbox
from tests.sandbox.small import Api, Document

MEMBERSHIP: Document = {
    "id": 941,
    "address_id": 201,
    "created_at": "2026-01-24T09:00:00+00:00",
    "customer_id": 101,
    "expires_at": "2026-03-24T04:00:00+00:00",
    "membership_program_id": 921,
    "next_charge_scheduled_at": "2026-03-24",
    "price": "5.00",
    "product_title": "Circle",
    "purchase_item_id": 39_941,
}
PATH = "/memberships/941"


def planted(sandbox: Sandbox, **values: object) -> None:
    sandbox.plant([
        ("membership_programs", {"id": 921, "name": "Circle", "status": "active"}),
        ("membership_benefits", {"id": 931, "name": "Cake", "program_id": 921}),
        ("memberships", {**MEMBERSHIP, **values}),
    ])  # fmt: skip


def cancel(**values: object) -> Document:
    return {"cancel_immediately": False, "cancellation_reason": "Enough", **values}


async def shown(api: Api) -> Document:
    found: Document = (await api.get(PATH))["membership"]
    return found


async def test_a_cancelled_one_holds_to_the_end_of_what_is_paid(api: Api, sandbox: Sandbox) -> None:
    planted(sandbox)
    cancelled = await api.post(f"{PATH}/cancel", cancel(expires_at="2026-03-24"))
    assert (cancelled["status"], cancelled["purchase_item_status"]) == ("active", "cancelled")
    assert cancelled["next_charge_scheduled_at"] is None
    assert cancelled["expires_at"] == MEMBERSHIP["expires_at"]

    sandbox.clock.advance(timedelta(days=13))
    assert (await shown(api))["status"] == "active"
    sandbox.clock.advance(timedelta(days=1))
    assert (await shown(api))["status"] == "inactive"


async def test_one_can_be_cancelled_at_once(api: Api, sandbox: Sandbox) -> None:
    planted(sandbox)
    cancelled = await api.post(f"{PATH}/cancel", cancel(cancel_immediately=True))
    assert cancelled["status"] == "inactive"
    assert cancelled["expires_at"].startswith("2026-03-10T16:00")


async def test_lists_leave_cancelled_ones_out_unless_told(api: Api, sandbox: Sandbox) -> None:
    planted(sandbox)
    assert len((await api.get("/memberships", customer_id=101))["memberships"]) == 1
    await api.post(f"{PATH}/cancel", cancel())
    assert (await api.get("/memberships"))["memberships"] == []
    every = await api.get("/memberships", include_cancelled="true", membership_program_ids=921)
    assert len(every["memberships"]) == 1


async def test_what_is_activated_in_time_goes_on_as_before(api: Api, sandbox: Sandbox) -> None:
    planted(sandbox)
    before = await shown(api)
    await api.post(f"{PATH}/cancel", cancel(expires_at="2026-03-24"))
    active = await api.post(f"{PATH}/activate", {"expires_at": None})
    assert active | {"updated_at": ""} == before | {"updated_at": ""}


async def test_what_is_activated_late_is_paid_tomorrow(api: Api, sandbox: Sandbox) -> None:
    planted(
        sandbox,
        cancelled_at="2026-02-01T09:00:00+00:00",
        expires_at="2026-02-24T05:00:00+00:00",
        next_charge_scheduled_at=None,
        status="inactive",
    )
    active = await api.post(f"{PATH}/activate", {})
    assert (active["status"], active["next_charge_scheduled_at"]) == ("active", "2026-03-11")


async def test_neither_works_twice(api: Api, sandbox: Sandbox) -> None:
    planted(sandbox)
    assert "status" in await api.refused("POST", f"{PATH}/activate", {})
    await api.post(f"{PATH}/cancel", cancel())
    assert "status" in await api.refused("POST", f"{PATH}/cancel", cancel())


async def test_the_day_of_the_next_charge_begins_another_interval(
    api: Api, sandbox: Sandbox
) -> None:
    planted(sandbox)
    sandbox.clock.advance(timedelta(days=14))
    assert (await shown(api))["next_charge_scheduled_at"] == "2026-04-24"
    sandbox.clock.advance(timedelta(days=366))
    renewed = await shown(api)
    assert renewed["next_charge_scheduled_at"] == "2027-04-24"
    assert renewed["expires_at"] == "2027-04-24T04:00:00+00:00"


async def test_a_yearly_one_is_renewed_for_a_year(api: Api, sandbox: Sandbox) -> None:
    planted(sandbox, charge_interval_unit="year")
    sandbox.clock.advance(timedelta(days=14))
    assert (await shown(api))["next_charge_scheduled_at"] == "2027-03-24"


async def test_the_seeded_shop_has_them_switched_on_where_it_is_told_so_also_after_a_reset() -> (
    None
):
    sandbox = Sandbox(memberships=True)
    api = Api(sandbox)
    async with api.client:
        for _ in range(2):
            portal = (await api.get("/shop/settings"))["shop_settings"]["customer_portal"]
            assert portal["enable_membership_programs"] is True
            await api.client.post("/_sandbox/reset")
    await sandbox.close()
    plain = Sandbox()
    assert plain.shop_settings()["customer_portal"]["enable_membership_programs"] is False
    await plain.close()


async def test_a_program_brings_its_benefits_along(api: Api, sandbox: Sandbox) -> None:
    planted(sandbox)
    found = await api.get("/membership_programs/921", include="membership_benefits")
    (benefit,) = found["membership_program"]["include"]["membership_benefits"]
    assert benefit["name"] == "Cake"

"""What the sandbox asks of postal addresses, as strictly as our own check and at the same parts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.i18n import PARTS, wrong_parts
from app.sandbox import Sandbox
from app.sandbox.postal import SHIPS_TO
from tests.postal import NAMES, Parts, addresses, broken
from tests.sandbox.small import PLACE, TODAY, Api, card

# Without looking for a smaller example: each costs a dozen calls.
FEW = settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


async def answers(bodies: Iterable[Parts]) -> list[tuple[int, Any]]:
    """What a shop says to each new address."""
    sandbox = Sandbox(seed=False, today=TODAY)
    sandbox.plant([("customers", {"id": 101, "email": "mara@example.com"})])
    api = Api(sandbox)
    async with api.client:
        found = [await api.call("POST", "/addresses", {"customer_id": 101, **b}) for b in bodies]
    await sandbox.close()
    return found


def test_enough_countries_are_sent_to() -> None:
    assert len(SHIPS_TO) >= 60


@pytest.mark.parametrize("country", SHIPS_TO)
@FEW
@given(data=st.data())
def test_an_address_is_taken_or_refused_as_we_would(country: str, data: st.DataObject) -> None:
    fine = [data.draw(addresses(country))]
    wrong = data.draw(broken(country))
    for (status, body), sent in zip(asyncio.run(answers(fine)), fine, strict=True):
        assert status == 201, body
        kept = body["address"]
        assert {name: kept[name] or "" for name in PARTS} == sent
    found = asyncio.run(answers(each.address for each in wrong))
    for (status, body), each in zip(found, wrong, strict=True):
        assert status == 422, each
        assert set(body["errors"]) == {each.part} == set(wrong_parts(each.address)), each


@FEW
@given(texts=st.lists(NAMES, min_size=7, max_size=7))
def test_texts_in_any_script_are_kept_as_they_are(texts: list[str]) -> None:
    names = [name for name in PARTS if name not in ("country_code", "zip", "phone")]
    sent = dict(zip(names, texts, strict=True)) | {"country_code": "AO"}
    [(status, body)] = asyncio.run(answers([sent]))
    assert status == 201
    assert {name: body["address"][name] for name in sent} == sent


async def test_only_what_changes_is_looked_at(api: Api, sandbox: Sandbox) -> None:
    odd = {**PLACE, "id": 209, "customer_id": 101, "province": "Somewhere", "zip": "1"}
    sandbox.plant([("addresses", odd)])
    await api.put("/addresses/209", {"address2": "Left door", "zip": "1"})
    assert set(await api.refused("PUT", "/addresses/209", {"zip": "12"})) == {"zip"}
    assert set(await api.refused("PUT", "/addresses/209", {"province": "Elsewhere"})) == {
        "province",
        "zip",
    }
    moved = await api.refused("PUT", "/addresses/209", {"country_code": "CA"})
    assert set(moved) == {"province", "zip"}
    await api.put("/addresses/209", {"province": "California", "zip": "90210"})


async def test_billing_addresses_are_looked_at_too(api: Api, sandbox: Sandbox) -> None:
    sandbox.plant([card(609)])
    wrong = {"billing_address": {**PLACE, "zip": "0410"}}
    assert set(await api.refused("PUT", "/payment_methods/609", wrong)) == {"billing_address"}
    errors = await api.refused("PUT", "/payment_methods/609", wrong)
    assert set(errors["billing_address"]) == {"zip"}
    await api.put("/payment_methods/609", {"billing_address": PLACE})
    new = {
        "customer_id": 101, "payment_type": "CREDIT_CARD", "processor_name": "stripe",
        "processor_customer_token": "cus_1", "processor_payment_method_token": "pm_card_visa",
    }  # fmt: skip
    await api.post("/payment_methods", {**new, "billing_address": {"country_code": "US"}})
    one = {**new, "billing_address": {"country_code": "US", "zip": "x"}}
    assert set((await api.refused("POST", "/payment_methods", one))["billing_address"]) == {"zip"}


async def test_the_countries_that_are_sent_to(api: Api) -> None:
    await api.call("PUT", "/_sandbox/settings", {"shipping_countries": ["CA", "JP", "DE"]})
    found = (await api.get("/shop/shipping_countries"))["shipping_countries"]
    assert [each["code"] for each in found] == ["CA", "JP", "DE"]
    canada, japan, germany = found
    assert {"code": "QC", "id": 1011, "name": "Quebec"} in canada["provinces"]
    assert "Tokyo" in {each["name"] for each in japan["provinces"]}
    assert (germany["name"], germany["provinces"]) == ("Germany", [])

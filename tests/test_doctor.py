"""What the doctor says of a configuration: here of those who want to leave."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from app.doctor import Finding, examine
from app.settings import Settings
from tests.actions.conftest import pattern, shop
from tests.actions.shop import Shop

__all__ = ["pattern", "shop"]

EXAMPLE = Path(__file__).parent.parent / "docs" / "retention-example.yaml"


async def findings(shop: Shop, folder: Path, **fields: object) -> dict[str, Finding]:
    settings = Settings.model_validate(
        {"database_url": f"sqlite:///{folder}/examined.db", "public_url": "https://a.example"}
        | fields
    )
    return {each.subject: each async for each in examine(settings, shop.client)}


async def portal(shop: Shop, **switches: object) -> None:
    """Change settings of subscriptions in Recharge."""
    changes = {"customer_portal": {"subscription": switches}}
    (await shop.controls.put("/shop_settings", json=changes)).raise_for_status()


async def test_what_recharge_says_is_told(shop: Shop, tmp_path: Path) -> None:
    found = await findings(shop, tmp_path)
    assert found["Retention file"].note == "DOORSTEP_RETENTION is not set; Recharge's settings hold"
    leaving = found["Leaving a subscription"]
    assert leaving.is_well
    assert leaving.note == "6 reasons; offers: delay, discount, skip, swap"
    assert found["Discount STAY20"].is_well
    assert "Cancelling" not in found
    assert [name for name in found if name.startswith("Offer ")] == []


async def test_what_the_file_says_is_told(shop: Shop, tmp_path: Path) -> None:
    found = await findings(shop, tmp_path, retention=EXAMPLE)
    assert found["Retention file"] == Finding("Retention file")
    assert found["Leaving a subscription"].note == (
        "10 reasons; offers: address, contact, delay, discount, gift, pause, rhythm, skip, swap"
    )


async def test_a_file_that_cannot_be_used_is_told_with_its_line(shop: Shop, tmp_path: Path) -> None:
    wrong = tmp_path / "retention.yaml"
    wrong.write_text("reason: optional\nhold_out: 90%\n", encoding="utf-8")
    found = await findings(shop, tmp_path, retention=wrong)
    assert found["Retention file"].advice == (
        f"DOORSTEP_RETENTION: {wrong}, line 2: hold_out must be a percentage from 0% to 50%, "
        "such as 10%."
    )
    assert "Leaving a subscription" not in found


async def test_a_shop_without_strategies_has_reasons_of_ours(shop: Shop, tmp_path: Path) -> None:
    for strategy in await shop.client.retention_strategies.list().all():
        await shop.client.retention_strategies.delete(strategy.id)
    found = await findings(shop, tmp_path)
    assert found["Leaving a subscription"].note == (
        "7 reasons, Doorstep's own, since the shop has named none; offers: address, contact, "
        "delay, pause, rhythm, swap"
    )


@pytest.mark.parametrize(
    ("code", "is_well"), [("STAY20", True), ("NO-SUCH-CODE", False), ("SUMMERPORCH", False)]
)
async def test_a_discount_that_cannot_be_used_is_told(
    shop: Shop, tmp_path: Path, code: str, is_well: bool
) -> None:
    await shop.client.retention_strategies.update(952, discount_code=code)
    found = (await findings(shop, tmp_path))[f"Discount {code}"]
    assert found.is_well is is_well
    assert is_well or found.advice.startswith("Customers who want to leave are offered this code")


async def test_an_offer_that_is_switched_off_is_told(shop: Shop, tmp_path: Path) -> None:
    await portal(shop, skip_scheduled_order=False, change_product=False)
    found = await findings(shop, tmp_path)
    assert "skip_scheduled_order is off" in found["Offer skip"].advice
    assert "change_product is off" in found["Offer swap"].advice
    assert "Offer delay" not in found
    found = await findings(shop, tmp_path, switches={"skip_scheduled_order": True})
    assert "Offer skip" not in found


async def test_cancelling_that_is_switched_off_is_told(shop: Shop, tmp_path: Path) -> None:
    await portal(shop, cancel_subscription=False)
    found = await findings(shop, tmp_path)
    said = found["Cancelling"].advice
    assert said.startswith("cancel_subscription is off. That counts in few places only")
    assert "told to write to hello@" in said
    assert "Cancelling memberships" not in found


async def test_ending_memberships_that_is_switched_off_is_told(shop: Shop, tmp_path: Path) -> None:
    off = "membership_allow_membership_cancellation_in_customer_portal"
    switches = {"enable_membership_programs": True, off: False}
    found = await findings(shop, tmp_path, switches=switches)
    assert found["Cancelling memberships"].advice.startswith(f"{off} is off.")


async def test_keys_that_stripe_does_not_take_are_told(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Stripe" not in await findings(shop, tmp_path), "the shop has none"
    asked: list[tuple[str, str]] = []

    async def answer(public_key: str, secret_key: SecretStr, api_url: str) -> str:
        asked.append((public_key, secret_key.get_secret_value()))
        return "" if public_key == "pk_test_1" else "Stripe does not accept the secret key."

    monkeypatch.setattr("app.payments.stripe.why_keys_do_not_work", answer)
    keys = {"stripe_public_key": "pk_test_1", "stripe_secret_key": "sk_test_1"}
    assert (await findings(shop, tmp_path, **keys))["Stripe"].is_well
    keys["stripe_public_key"] = "pk_test_2"
    advice = (await findings(shop, tmp_path, **keys))["Stripe"].advice
    assert advice == (
        "Stripe does not accept the secret key. Check DOORSTEP_STRIPE_PUBLIC_KEY and "
        "DOORSTEP_STRIPE_SECRET_KEY."
    )
    assert asked == [("pk_test_1", "sk_test_1"), ("pk_test_2", "sk_test_1")]

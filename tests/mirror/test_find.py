"""Who is it that wants to sign in?"""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog

from app.mirror import Mirror
from app.mirror import mirror as module
from app.mirror.mirror import TRUSTED_FOR, UNKNOWN_FOR
from app.recharge import ExternalId, RechargeError
from tests.mirror.conftest import Upstream, Watch


async def lookups(upstream: Upstream) -> int:
    return (await upstream.requests()).get("GET /customers", 0)


async def test_an_address_is_found_in_any_case_with_one_call_and_then_with_none(
    mirror: Mirror, upstream: Upstream
) -> None:
    assert await mirror.find_customer(email="mara.lindqvist@example.com") == 101
    assert await lookups(upstream) == 1
    assert await mirror.find_customer(email=" Mara.LINDQVIST@Example.COM ") == 101
    assert await lookups(upstream) == 1
    assert sum((await upstream.requests()).values()) == 1


async def test_a_hash_is_found(mirror: Mirror, upstream: Upstream) -> None:
    hash = (await upstream.client.customers.get(102)).hash
    await upstream.forget_requests()
    assert await mirror.find_customer(hash=hash) == 102
    assert await mirror.find_customer(hash=hash) == 102
    assert await lookups(upstream) == 1
    assert await mirror.find_customer(hash=hash[:-1]) is None


async def test_an_account_in_the_shop_is_found_by_all_of_its_id(
    mirror: Mirror, upstream: Upstream
) -> None:
    assert await mirror.find_customer(external_id="9102") == 102
    assert await mirror.find_customer(external_id="9102") == 102
    assert await lookups(upstream) == 1
    for other in ("910", "91020", "102"):
        assert await mirror.find_customer(external_id=other) is None


async def test_two_customers_of_one_account_in_the_shop_are_nobody(
    mirror: Mirror, upstream: Upstream
) -> None:
    await upstream.client.customers.update(101, external_customer_id=ExternalId(ecommerce="9102"))
    with structlog.testing.capture_logs() as lines:
        assert await mirror.find_customer(external_id="9102") is None
    assert [(line["by"], line["customers"]) for line in lines if "by" in line] == [
        ("external_customer_id", 2)
    ]


async def test_what_is_known_one_way_is_not_known_another_way(mirror: Mirror) -> None:
    """An id that is nobody's account may be a hash, and the other way round."""
    hash = (await mirror.customer(102).snapshot()).customer.hash
    assert await mirror.find_customer(external_id=hash) is None
    assert await mirror.find_customer(hash=hash) == 102
    assert await mirror.find_customer(hash="9102") is None
    assert await mirror.find_customer(external_id="9102") == 102


async def test_a_customer_who_was_read_is_found_without_a_call(
    mirror: Mirror, upstream: Upstream
) -> None:
    jonas = await mirror.customer(102).snapshot()
    assert await mirror.find_customer(email=jonas.customer.email) == 102
    assert await mirror.find_customer(hash=jonas.customer.hash) == 102
    account = jonas.customer.external_customer_id.ecommerce
    assert await mirror.find_customer(external_id=account) == 102
    assert await lookups(upstream) == 0


async def test_nobody_is_remembered_for_a_minute(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    for _ in range(3):
        assert await mirror.find_customer(email="stranger@example.com") is None
    assert await lookups(upstream) == 1
    watch.forward(UNKNOWN_FOR + timedelta(seconds=1))
    assert await mirror.find_customer(email="stranger@example.com") is None
    assert await lookups(upstream) == 2


async def test_only_so_many_nobodies_are_remembered(
    mirror: Mirror, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_UNKNOWN", 2)
    for name in "abc":
        await mirror.find_customer(email=f"{name}@example.com")
    await mirror.find_customer(email="c@example.com")
    assert await lookups(upstream) == 3
    await mirror.find_customer(email="a@example.com")
    assert await lookups(upstream) == 4


@pytest.mark.parametrize("email", ["", " ", "mara", "@", "a@b@c", "mara@example.com mara", "\n@x"])
async def test_what_is_no_address_is_nobodys_without_a_call(
    mirror: Mirror, upstream: Upstream, email: str
) -> None:
    assert await mirror.find_customer(email=email) is None
    assert await mirror.find_customer(hash="../101") is None
    for account in ("", "../9102", "9102\n", "9102 ", "٩١٠٢"):
        assert await mirror.find_customer(external_id=account) is None
    assert await lookups(upstream) == 0


async def test_two_customers_with_one_address_are_nobody(mirror: Mirror) -> None:
    """Recharge keeps addresses unique; should it not, nobody is let in as somebody else."""
    for id, rows in ((101, mirror.customer(101)), (102, mirror.customer(102))):
        customer = (await rows.snapshot()).customer
        await rows.store(customer.model_copy(update={"email": "shared@example.com"}))
        assert customer.id == id
    with structlog.testing.capture_logs() as lines:
        assert await mirror.find_customer(email="shared@example.com") is None
    assert [(line["log_level"], line["customers"]) for line in lines] == [("warning", 2)]
    assert "shared@example.com" not in str(lines)


async def test_an_address_that_changed_hands_is_not_believed_for_ever(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    await mirror.customer(102).snapshot()
    await upstream.client.customers.update(102, email="jonas@elsewhere.example")
    watch.forward(TRUSTED_FOR + timedelta(minutes=1))
    assert await mirror.find_customer(email="jonas.weber@example.com") is None
    assert await mirror.find_customer(email="jonas@elsewhere.example") == 102


async def test_who_is_known_can_sign_in_while_recharge_is_down(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    await mirror.customer(102).snapshot()
    watch.forward(TRUSTED_FOR + timedelta(minutes=1))
    await upstream.fault(method="GET", path="/customers", kind="503", times=99)
    assert await mirror.find_customer(email="jonas.weber@example.com") == 102
    with pytest.raises(RechargeError):
        await mirror.find_customer(email="mara.lindqvist@example.com")
    await upstream.mend()
    assert await mirror.find_customer(email="mara.lindqvist@example.com") == 101


async def test_one_of_both_must_be_given(mirror: Mirror) -> None:
    for given in ({}, {"email": "a@example.com", "hash": "x"}, {"hash": "x", "external_id": "1"}):
        with pytest.raises(ValueError, match="one of them"):
            await mirror.find_customer(**given)

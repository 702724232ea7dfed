"""Store credit: asked for, kept with its age, and nothing where the shop tells nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text

from app.database import Database
from app.mirror import Mirror
from app.recharge import RechargeError
from tests.mirror.conftest import Upstream, Watch

SUMMARY = "GET /customers/{id}/credit_summary"
ACCOUNTS = "GET /credit_accounts"
MOVEMENTS = "GET /credit_accounts/{id}/credit_adjustments"
ALL_BUT = (
    "read_customers", "read_orders", "read_subscriptions", "read_products", "store_info",
)  # fmt: skip


async def allow(upstream: Upstream, *scopes: str) -> None:
    """The token has these rights, and those that everything needs."""
    answer = await upstream.http.put("/_sandbox/settings", json={"scopes": [*ALL_BUT, *scopes]})
    answer.raise_for_status()


async def test_it_is_read_when_it_is_asked_for(
    mirror: Mirror, upstream: Upstream, watch: Watch
) -> None:
    mine = mirror.customer(101)
    assert await mine.kept_credit() is None
    await upstream.forget_requests()
    found = await mine.read_credit()
    assert await upstream.requests() == {SUMMARY: 1, ACCOUNTS: 1, MOVEMENTS: 1}

    assert found.summary is not None
    assert found.summary.total_available_balance == Decimal("12.00")
    assert found.is_any
    assert found.credits is not None
    (credit,) = found.credits
    assert credit.account.available_balance == Decimal("12.00")
    assert credit.adjustments is not None
    assert [(one.amount, one.type) for one in credit.adjustments] == [(Decimal("8.00"), "debit")]

    await upstream.forget_requests()
    kept = await mine.kept_credit()
    assert await upstream.requests() == {}
    assert kept is not None
    assert (kept.summary, kept.credits) == (found.summary, found.credits)
    assert kept.read_at == found.read_at


async def test_it_is_of_one_customer_alone(mirror: Mirror) -> None:
    await mirror.customer(101).read_credit()
    assert await mirror.customer(102).kept_credit() is None
    found = await mirror.customer(102).read_credit()
    assert found.credits == ()
    assert not found.is_any


async def test_credits_of_others_are_left_out(
    mirror: Mirror, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That they can be listed by customer is what a client of Recharge says: not relied on."""
    everyone = await upstream.client.credit_accounts.list().page()
    assert {one.customer_id for one in everyone.records} > {101}
    resource = type(upstream.client.credit_accounts)
    listed = resource.list
    monkeypatch.setattr(resource, "list", lambda self, **_filters: listed(self, limit=250))
    found = await mirror.customer(101).read_credit()
    assert found.credits is not None
    assert {one.account.customer_id for one in found.credits} == {101}


async def test_a_shop_without_any_is_asked_once(mirror: Mirror, upstream: Upstream) -> None:
    await allow(upstream)
    await upstream.forget_requests()
    found = await mirror.customer(101).read_credit()
    assert (found.summary, found.credits, found.is_any) == (None, None, False)
    assert await upstream.requests() == {SUMMARY: 1}
    kept = await mirror.customer(101).kept_credit()
    assert kept is not None
    assert kept.summary is None


async def test_the_sum_alone_where_no_more_is_told(mirror: Mirror, upstream: Upstream) -> None:
    await allow(upstream, "read_credit_summary")
    found = await mirror.customer(101).read_credit()
    assert found.summary is not None
    assert found.credits is None


async def test_no_ledger_where_none_is_told(mirror: Mirror, upstream: Upstream) -> None:
    await allow(upstream, "read_credit_summary", "read_credit_accounts")
    found = await mirror.customer(101).read_credit()
    assert found.credits is not None
    assert [one.adjustments for one in found.credits] == [None]


async def test_what_cannot_be_asked_leaves_what_is_kept(mirror: Mirror, upstream: Upstream) -> None:
    mine = mirror.customer(101)
    found = await mine.read_credit()
    await upstream.fault(method="GET", path="/customers/*/credit_summary", kind="500", times=9)
    with pytest.raises(RechargeError):
        await mine.read_credit()
    kept = await mine.kept_credit()
    assert kept is not None
    assert kept.summary == found.summary


async def test_the_code_of_a_gift_is_not_kept(
    mirror: Mirror, upstream: Upstream, sqlite: Database
) -> None:
    page = await upstream.client.credit_accounts.list(customer_id=101).page()
    assert "redemption_code" in page.records[0].model_fields_set
    await mirror.customer(101).read_credit()
    async with sqlite.read() as connection:
        stored = (await connection.execute(text("SELECT document FROM mirror_credits"))).scalar()
    assert "redemption_code" not in str(stored)


async def test_it_is_forgotten_with_the_customer(mirror: Mirror) -> None:
    mine = mirror.customer(101)
    await mine.read_credit()
    await mine.forget()
    assert await mine.kept_credit() is None


async def test_what_another_release_has_kept_is_read_anew(mirror: Mirror, sqlite: Database) -> None:
    mine = mirror.customer(101)
    await mine.read_credit()
    async with sqlite.begin() as connection:
        await connection.execute(text("UPDATE mirror_credits SET document = '{\"old\": 1}'"))
    assert await mine.kept_credit() is None

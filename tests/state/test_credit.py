"""Store credit on the page: shown with its age, read again when it is old."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.actions import Services
from app.i18n import Money, Texts
from app.state.credit import FRESH_FOR
from tests.actions.shop import Shop, signed_in
from tests.state.page import MARA, opened, until

English = Texts("en")
SUMMARY = "GET /customers/{id}/credit_summary"


async def asked(shop: Shop) -> int:
    return (await shop.counters())["requests"].get(SUMMARY, 0)


async def test_what_there_is_and_what_became_of_it(services: Services) -> None:
    portal = await opened(services, MARA)
    state = portal.credit
    assert str(state.status) == "loading"
    await state.open()
    assert str(state.status) == "ready"
    assert state.balance == Money(Decimal("12.00"), "USD")
    assert not state.is_used_next
    assert state.accounts is not None
    (account,) = state.accounts
    assert (account.given, account.left) == (
        Money(Decimal("20.00"), "USD"),
        Money(Decimal("12.00"), "USD"),
    )
    assert account.movements is not None
    (spent,) = account.movements
    assert spent.amount == Money(Decimal("-8.00"), "USD")
    assert English.render(spent.text) == "Used for a delivery"
    portal.close()


async def test_it_is_kept_and_read_again_when_it_is_old(services: Services, shop: Shop) -> None:
    first = await opened(services, MARA)
    await first.credit.open()
    first.close()
    await shop.forget_counters()

    portal = await opened(services, MARA)
    await portal.credit.open()
    assert await asked(shop) == 0
    portal.close()

    await shop.advance(FRESH_FOR + timedelta(minutes=1))
    portal = await opened(services, MARA)
    await portal.credit.open()
    assert portal.credit.age is not None
    assert portal.credit.age > FRESH_FOR, "what is known is shown at once"
    await until(portal.credit, lambda: (portal.credit.age or FRESH_FOR) < FRESH_FOR)
    assert await asked(shop) == 1
    portal.close()


async def test_nothing_where_the_token_may_not_read_it(services: Services, shop: Shop) -> None:
    scopes = ["read_customers", "read_orders", "read_subscriptions", "read_products", "store_info"]
    (await shop.controls.put("/settings", json={"scopes": scopes})).raise_for_status()
    portal = await opened(services, MARA)
    await portal.credit.open()
    assert str(portal.credit.status) == "ready"
    assert not portal.credit.is_told
    assert portal.credit.balance is None
    assert portal.credit.accounts is None
    portal.close()


async def test_a_failure_says_so_and_keeps_what_is_known(services: Services, shop: Shop) -> None:
    portal = await opened(services, MARA)
    await shop.fault("GET", "/customers/*/credit_summary", "500", times=9)
    await portal.credit.open()
    assert str(portal.credit.status) == "failed"
    await shop.no_faults()
    await portal.credit.read()
    assert str(portal.credit.status) == "ready"
    await shop.fault("GET", "/customers/*/credit_summary", "500", times=9)
    await portal.credit.read()
    assert str(portal.credit.status) == "ready"
    assert portal.credit.failure is not None
    assert portal.credit.balance is not None
    portal.close()


async def test_expired_credit_says_so(services: Services, shop: Shop) -> None:
    await shop.advance(timedelta(days=400))
    portal = await opened(services, signed_in(101))
    await portal.credit.read()
    assert portal.credit.accounts is not None
    assert portal.credit.accounts[0].is_expired
    portal.close()

"""Which customer an account at a provider belongs to (ASVS 5.0, 10.5.2)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from app.auth import (
    OidcProblem,
)
from app.auth.oidc_accounts import KEPT_FOR
from app.database import Database
from app.recharge import RechargeError
from tests.auth.forger import CLIENT_ID, ISSUER, SUBJECT
from tests.auth.oidc_stand import PROVIDER, Stand
from tests.auth.world import EMAILS, JONAS, MARA, StandingClock


@pytest.mark.parametrize("verified", [False, None, "false", 1, "True", ["true"]])
async def test_an_address_that_is_not_verified_is_nobodys(stand: Stand, verified: Any) -> None:
    stand.forger.claims["email_verified"] = verified
    assert await stand.refused() is OidcProblem.UNVERIFIED
    assert stand.people.asked == []


@pytest.mark.parametrize("email", [None, "", 7, "mara", ["mara.lindqvist@example.com"], "a@b.c\n@"])
async def test_what_is_no_address_is_nobodys(stand: Stand, email: Any) -> None:
    stand.forger.claims["email"] = email
    assert await stand.refused() is OidcProblem.UNVERIFIED
    assert stand.people.asked == []


async def test_a_verified_address_of_no_customer_is_told_so(stand: Stand) -> None:
    stand.forger.claims["email"] = "nobody@example.com"
    assert await stand.refused() is OidcProblem.STRANGER


async def test_some_write_the_truth_as_a_text(stand: Stand) -> None:
    stand.forger.claims.update(email="Mara.Lindqvist@Example.com", email_verified="true")
    assert await stand.sign_in() == MARA


async def test_while_customers_cannot_be_looked_up_nobody_is_signed_in(stand: Stand) -> None:
    stand.people.failure = RechargeError("down")
    assert await stand.refused() is OidcProblem.LATER


async def test_what_the_token_leaves_out_is_asked_for(stand: Stand) -> None:
    stand.forger.metadata["userinfo_endpoint"] = f"{ISSUER}/userinfo"
    stand.forger.left_out = {"email_verified"}
    stand.forger.claims["email"] = EMAILS[JONAS]
    stand.forger.userinfo = {
        "sub": SUBJECT,
        "email": EMAILS[MARA],
        "email_verified": True,
    }
    # Whether an address is verified is told of one address: that beside it.
    assert await stand.sign_in() == MARA
    stand.forger.userinfo = {"sub": SUBJECT, "email_verified": True}
    assert await stand.refused() is OidcProblem.UNVERIFIED
    stand.forger.userinfo = {"sub": "somebody", "email": EMAILS[MARA], "email_verified": True}
    assert await stand.refused() is OidcProblem.UNTRUSTED
    stand.forger.answers["/userinfo"] = lambda _: httpx.Response(503)
    assert await stand.refused() is OidcProblem.UNREACHABLE


async def test_customers_may_be_found_by_their_account_in_the_shop(
    database: Database, clock: StandingClock
) -> None:
    """Two customers may share an address: the account tells which one it is."""
    stand = Stand(database, clock, harbor={**PROVIDER, "customer_claim": "https://shop/customer"})
    for value in ("7001", 7001, "gid://shopify/Customer/7001"):
        stand.forger.claims = {"https://shop/customer": value}
        assert await stand.sign_in() == MARA
    stand.forger.claims |= {"email": EMAILS[MARA], "email_verified": True}
    for wrong in ("7099", "", None, True, 7001.0, ["7001"], "gid://shopify/Order/7001", "7001 "):
        stand.forger.claims["https://shop/customer"] = wrong
        assert await stand.refused() is OidcProblem.STRANGER, "the address does not count instead"


async def test_another_account_with_the_address_is_somebody_elses(
    stand: Stand, clock: StandingClock
) -> None:
    """Addresses are given to other people in time; issuer and subject are not (10.5.2)."""
    assert await stand.sign_in() == MARA
    stand.forger.claims["sub"] = "account-2"
    assert await stand.refused() is OidcProblem.ANOTHER
    clock.move(days=100)
    del stand.forger.claims["sub"]
    assert await stand.sign_in() == MARA, "the first one goes on working"
    clock.move(seconds=KEPT_FOR.total_seconds() - 60)
    stand.forger.claims["sub"] = "account-2"
    assert await stand.refused() is OidcProblem.ANOTHER
    clock.move(seconds=120)
    assert await stand.sign_in() == MARA, "not used for half a year, it holds its place no more"


async def test_a_customer_with_a_new_address_may_use_another_account(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await stand.sign_in() == MARA
    monkeypatch.setitem(EMAILS, MARA, "mara@elsewhere.example")
    stand.forger.claims.update(sub="account-2", email="mara@elsewhere.example")
    assert await stand.sign_in() == MARA
    stand.forger.claims["sub"] = SUBJECT
    assert await stand.refused() is OidcProblem.ANOTHER


async def test_an_account_with_a_new_address_is_who_has_that_address(stand: Stand) -> None:
    assert await stand.sign_in() == MARA
    stand.forger.claims["email"] = EMAILS[JONAS]
    assert await stand.sign_in() == JONAS
    stand.forger.claims.update(sub="account-2", email=EMAILS[MARA])
    assert await stand.sign_in() == MARA


async def test_two_accounts_that_come_at_once_are_not_both_theirs(stand: Stand) -> None:
    accounts = stand.sign_ins._accounts
    about = {"issuer": ISSUER, "client_id": CLIENT_ID, "email": EMAILS[MARA]}
    results = await asyncio.gather(
        *(accounts.is_theirs(MARA, subject=f"account-{number}", **about) for number in range(4))
    )
    assert sum(results) == 1


async def test_a_sign_in_ends_the_session_that_the_browser_had(stand: Stand) -> None:
    cookie, _ = await stand.sessions.start(JONAS, method="link")
    done = await stand.finish(stand.forger.press(await stand.begin()), replacing=cookie)
    assert await stand.sessions.read(cookie) is None
    assert await stand.sessions.read(done.cookie)


async def test_a_network_may_begin_so_many(stand: Stand) -> None:
    until = [await stand.sign_ins.refused_until("203.0.113.7") for _ in range(61)]
    assert until[:60] == [None] * 60
    assert until[60] is not None
    assert await stand.sign_ins.refused_until("203.0.113.8") is None

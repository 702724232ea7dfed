"""Signing in at an identity provider: whose sign-in it is, and at which provider (OpenID Connect
Core 1.0, RFC 9700, RFC 9207; ASVS 5.0, 10.1 to 10.5).
"""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from app.auth import (
    OidcProblem,
    ProviderRefused,
    new_secret,
)
from app.auth.oidc import WORKS_FOR
from app.auth.tables import provider_accounts, provider_sign_ins
from app.database import Database
from tests.auth.forger import ISSUER, SUBJECT
from tests.auth.oidc_stand import OTHER, Stand
from tests.auth.world import EMAILS, MARA, StandingClock


async def test_who_comes_back_is_signed_in(stand: Stand) -> None:
    assert await stand.sign_in() == MARA
    assert stand.forger.asked == [
        "GET /.well-known/openid-configuration",
        "POST /token",
        "GET /keys",
    ]
    # What is known is not asked for again.
    assert await stand.sign_in() == MARA
    assert stand.forger.asked[3:] == ["POST /token"]


async def test_what_is_sent_along_with_the_person(stand: Stand) -> None:
    address = urlsplit(await stand.begin())
    query = parse_qs(address.query)
    assert address.geturl().startswith(f"{ISSUER}/authorize?")
    assert query["response_type"] == ["code"]
    assert query["redirect_uri"] == ["https://account.shop.example/sign-in/with/harbor/back"]
    assert query["scope"] == ["openid email"]
    assert query["code_challenge_method"] == ["S256"]
    assert set(query) == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce"),
        *("code_challenge", "code_challenge_method"),
    }
    again = parse_qs(urlsplit(await stand.begin()).query)
    changed = {name for name in query if query[name] != again[name]}
    assert changed == {"state", "nonce", "code_challenge"}


async def test_nothing_that_is_secret_is_kept(stand: Stand, database: Database) -> None:
    back = stand.forger.press(address := await stand.begin())
    async with database.read() as connection:
        row = (await connection.execute(provider_sign_ins.select())).one()
    asked = parse_qs(urlsplit(address).query)
    for secret in (stand.visitor, back["state"], asked["nonce"][0]):
        assert secret not in str(row)
    await stand.finish(back)
    async with database.read() as connection:
        assert (await connection.execute(provider_sign_ins.select())).all() == []
        account = (await connection.execute(provider_accounts.select())).one()
    assert SUBJECT not in str(account)
    assert EMAILS[MARA] not in str(account)


# Whose sign-in it is


async def test_an_answer_works_once(stand: Stand) -> None:
    back = stand.forger.press(await stand.begin())
    assert await stand.finish(back)
    with pytest.raises(ProviderRefused) as refused:
        await stand.finish(back)
    assert refused.value.problem is OidcProblem.STALE
    assert stand.forger.asked.count("POST /token") == 1


async def test_two_presses_at_once_are_one_sign_in(stand: Stand) -> None:
    back = stand.forger.press(await stand.begin())
    results = await asyncio.gather(stand.finish(back), stand.finish(back), return_exceptions=True)
    assert sorted(isinstance(one, ProviderRefused) for one in results) == [False, True]


async def test_an_answer_is_worth_nothing_in_another_browser(stand: Stand) -> None:
    """Else a stranger could sign a person in as the stranger (RFC 9700, 4.7)."""
    back = stand.forger.press(await stand.begin())
    with pytest.raises(ProviderRefused) as refused:
        await stand.finish(back, visitor=new_secret())
    assert refused.value.problem is OidcProblem.STALE
    assert "POST /token" not in stand.forger.asked
    assert await stand.finish(back), "and the stranger has not used it up"


async def test_a_stolen_code_is_worth_nothing_in_another_sign_in(stand: Stand) -> None:
    """PKCE: the code was given for another verifier (RFC 9700, 4.5)."""
    stolen = stand.forger.press(await stand.begin())
    stand.visitor = new_secret()
    own = stand.forger.press(await stand.begin())
    with pytest.raises(ProviderRefused) as refused:
        await stand.finish({**own, "code": stolen["code"]})
    assert refused.value.problem is OidcProblem.UNTRUSTED
    assert "invalid_grant" in str(refused.value)


async def test_one_may_take_ten_minutes_at_the_provider(stand: Stand, clock: StandingClock) -> None:
    back = stand.forger.press(await stand.begin())
    clock.move(seconds=WORKS_FOR.total_seconds() - 1)
    assert await stand.finish(back)
    back = stand.forger.press(await stand.begin())
    clock.move(seconds=WORKS_FOR.total_seconds())
    with pytest.raises(ProviderRefused) as refused:
        await stand.finish(back)
    assert refused.value.problem is OidcProblem.STALE


async def test_two_tabs_may_sign_in_side_by_side(stand: Stand) -> None:
    first = stand.forger.press(await stand.begin())
    second = stand.forger.press(await stand.begin())
    assert await stand.finish(first)
    assert await stand.finish(second)


@pytest.mark.parametrize("state", ["", "x", "..", "x" * 43, "\x00" * 43, "ä" * 43])
async def test_an_unknown_state_is_not_even_asked_about(stand: Stand, state: str) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await stand.finish({"state": state, "code": "x"})
    assert refused.value.problem is OidcProblem.STALE
    assert stand.forger.asked == []


async def test_who_says_no_is_not_signed_in(stand: Stand) -> None:
    assert await stand.refused(code=None, error="access_denied") is OidcProblem.DENIED
    assert await stand.refused(code=None, error="server_error") is OidcProblem.UNTRUSTED
    assert await stand.refused(code=None) is OidcProblem.UNTRUSTED
    assert await stand.refused(code="x" * 5000) is OidcProblem.UNTRUSTED
    # With an error beside it, a code is none.
    assert await stand.refused(error="access_denied") is OidcProblem.DENIED
    assert "POST /token" not in stand.forger.asked


# Several providers


async def test_several_providers_stand_side_by_side(both: Stand) -> None:
    assert await both.finish(both.forger.press(await both.begin()))
    assert await both.finish(both.other.press(await both.begin("other")), "other")


async def test_an_answer_of_one_provider_is_none_of_another(both: Stand) -> None:
    """Mix-up (RFC 9700, 4.4): each has a place of its own to lead back to, and says who it is."""
    back = both.forger.press(await both.begin())
    with pytest.raises(ProviderRefused) as refused:
        await both.finish(back, "other")
    assert refused.value.problem is OidcProblem.STALE
    assert both.other.asked == []


@pytest.mark.parametrize("said", [OTHER, "", f"{ISSUER}/", ISSUER.upper()])
async def test_an_answer_that_names_another_issuer_is_refused(stand: Stand, said: str) -> None:
    assert await stand.refused(iss=said) is OidcProblem.UNTRUSTED
    assert "POST /token" not in stand.forger.asked, "the code has gone to nobody"


async def test_the_issuer_in_the_answer_is_wanted_where_it_is_announced(stand: Stand) -> None:
    stand.forger.metadata["authorization_response_iss_parameter_supported"] = True
    assert await stand.refused() is OidcProblem.UNTRUSTED
    assert await stand.sign_in(iss=ISSUER) == MARA

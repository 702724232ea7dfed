"""Which ID tokens are believed (OpenID Connect Core 1.0, 3.1.3.7; ASVS 5.0, 9.1 and 9.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import structlog

from app.auth import (
    OidcProblem,
)
from tests.auth.forger import CLIENT_ID, ISSUER, Forger
from tests.auth.oidc_stand import OTHER, Stand
from tests.auth.world import MARA, StandingClock

Spoil = Callable[[Forger], object]


def _claims(**claims: Any) -> Spoil:
    return lambda forger: forger.claims.update(claims)


def _without(name: str) -> Spoil:
    return lambda forger: forger.left_out.add(name)


def _at(minutes: float) -> Callable[[Forger], int]:
    return lambda forger: int(forger.clock().timestamp() + minutes * 60)


def _time(name: str, minutes: float) -> Spoil:
    return lambda forger: forger.claims.update({name: _at(minutes)(forger)})


def _other_key(forger: Forger) -> None:
    forger.use_key("two")
    forger.header["kid"] = "one"


def _no_name(forger: Forger) -> None:
    forger.published.append("two")
    del forger.header["kid"]


SPOILT: dict[str, Spoil] = {
    "signed by nobody": lambda forger: forger.header.update(alg="none"),
    "signed with a shared secret": Forger.use_shared_secret,
    "signed in a way that is not in the settings": lambda forger: forger.header.update(alg="RS512"),
    "signed with a key of somebody else's": _other_key,
    "signed with a key that it brings": Forger.bring_key,
    "names no key, of several": _no_name,
    "wants what we do not know": lambda forger: forger.header.update(crit=["exp"], exp=1),
    "of another issuer": _claims(iss=OTHER),
    "of almost this issuer": _claims(iss=f"{ISSUER}/"),
    "of a list of issuers": _claims(iss=[ISSUER]),
    "of no issuer": _without("iss"),
    "for another": _claims(aud="somebody"),
    "for others too": _claims(aud=[CLIENT_ID, "somebody"]),
    "for others too, and says it is for us": _claims(aud=[CLIENT_ID, "somebody"], azp=CLIENT_ID),
    "for us, and made for another": _claims(azp="somebody"),
    "for nobody": _without("aud"),
    "over": _time("exp", -3),
    "never over": _without("exp"),
    "over at no time": _claims(exp="2030"),
    "from before the sign-in": _time("iat", -10),
    "from the future": _time("iat", 10),
    "from no time": _without("iat"),
    "not good yet": _time("nbf", 10),
    "of another sign-in": _claims(nonce="x" * 43),
    "of any sign-in": _without("nonce"),
    "of a list of sign-ins": lambda forger: forger.claims.update(nonce=["x"]),
    "of nobody": _without("sub"),
    "of an empty name": _claims(sub=""),
    "of a number": _claims(sub=7),
    "of a name too long": _claims(sub="x" * 256),
    "of a name with a line end": _claims(sub="x\n"),
    "with the hash of another access token": _claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "too large": _claims(more="x" * 16_000),
    "no token": lambda forger: forger.token.update(id_token=None),
    "a number": lambda forger: forger.token.update(id_token=7),
    "two dots": lambda forger: forger.token.update(id_token=".."),
    "no header": lambda forger: forger.token.update(id_token="e30.e30.AA"),
    "no JSON inside": lambda forger: forger.token.update(id_token=forger.signed(b"no JSON")),
    "a list inside": lambda forger: forger.token.update(id_token=forger.signed(b"[]")),
}


@pytest.mark.parametrize("how", SPOILT)
async def test_a_spoilt_token_signs_nobody_in(stand: Stand, how: str) -> None:
    SPOILT[how](stand.forger)
    with structlog.testing.capture_logs() as lines:
        assert await stand.refused() is OidcProblem.UNTRUSTED
    assert [line["event"] for line in lines] == ["sign-in refused"]
    assert stand.people.asked == []


async def test_a_token_for_us_alone_may_say_so_in_a_list(stand: Stand) -> None:
    stand.forger.claims.update(aud=[CLIENT_ID], azp=CLIENT_ID)
    assert await stand.sign_in() == MARA


async def test_a_providers_clock_may_differ_a_little(stand: Stand, clock: StandingClock) -> None:
    stand.forger.clock = lambda: clock() + timedelta(seconds=100)
    assert await stand.sign_in() == MARA
    stand.forger.clock = lambda: clock() - timedelta(seconds=100)
    assert await stand.sign_in() == MARA


async def test_the_only_key_needs_no_name(stand: Stand) -> None:
    del stand.forger.header["kid"]
    assert await stand.sign_in() == MARA


async def test_keys_that_we_cannot_use_are_passed_over(stand: Stand) -> None:
    odd: list[Any] = [7, {}, {"kty": "RSA"}, {"kty": "new"}, {"kty": "oct", "k": "AA"}]
    stand.forger.more_keys = [*odd, {**stand.forger.public_key("two"), "use": "enc"}]
    del stand.forger.header["kid"]
    assert await stand.sign_in() == MARA


async def test_new_keys_are_looked_for_when_a_token_names_one(
    stand: Stand, clock: StandingClock
) -> None:
    assert await stand.sign_in() == MARA
    stand.forger.use_key("two")
    assert await stand.refused() is OidcProblem.UNTRUSTED
    assert stand.forger.asked.count("GET /keys") == 1, "not so soon again"
    stand.forger.published = ["two"]
    clock.move(seconds=31)
    assert await stand.sign_in() == MARA
    assert stand.forger.asked.count("GET /keys") == 2

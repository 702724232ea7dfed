"""Signing in at an identity provider: what is believed, and what is not (OpenID Connect Core 1.0,
RFC 9700, RFC 9207; ASVS 5.0, 10.1 to 10.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import structlog

from app.actions import Level
from app.auth import (
    OidcProblem,
    ProviderAnswer,
    ProviderRefused,
    ProviderSignIns,
    Sessions,
    new_secret,
)
from app.auth import oidc_provider as provider_module
from app.auth import oidc_talk as talk_module
from app.auth.oidc import WORKS_FOR
from app.auth.oidc_accounts import KEPT_FOR
from app.auth.tables import provider_accounts, provider_sign_ins
from app.database import Database
from app.recharge import RechargeError
from tests.auth.forger import CLIENT_ID, CLIENT_SECRET, ISSUER, SUBJECT, Forger
from tests.auth.world import EMAILS, JONAS, MARA, StandingClock, make_settings
from tests.web.shop import People

PROVIDER = {
    "issuer": ISSUER,
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "label": "Harbor ID",
}
OTHER = "https://other.example/tenant/"


class Stand:
    """The providers of the settings, and a browser that goes there and comes back."""

    def __init__(self, database: Database, clock: StandingClock, **oidc: Any) -> None:
        settings = make_settings(
            public_url="https://account.shop.example", oidc=oidc or {"harbor": PROVIDER}
        )
        self.forger = Forger(clock)
        self.other = Forger(clock, OTHER.rstrip("/"))
        self.other.metadata["issuer"] = OTHER
        self.other.claims["iss"] = OTHER
        self.people = People()
        self.sessions = Sessions(database, settings, clock)
        self.sign_ins = ProviderSignIns(
            database,
            settings,
            self.sessions,
            self.people,
            clock,
            transport=httpx.MockTransport(self._to_either),
        )
        self.visitor = new_secret()

    async def _to_either(self, request: httpx.Request) -> httpx.Response:
        forger = self.other if request.url.host == "other.example" else self.forger
        return await forger.transport.handle_async_request(request)

    async def begin(self, name: str = "harbor", target: str = "/schedule") -> str:
        return await self.sign_ins.begin(name, visitor=self.visitor, target=target)

    async def finish(self, back: dict[str, str], name: str = "harbor", **options: Any) -> Any:
        answer = ProviderAnswer(
            state=back.get("state", ""),
            code=back.get("code", ""),
            issuer=back.get("iss"),
            error=back.get("error", ""),
        )
        visitor = options.pop("visitor", self.visitor)
        return await self.sign_ins.finish(name, answer, visitor=visitor, **options)

    async def sign_in(self, **back: str | None) -> int:
        """There and back: the id of who is signed in."""
        done = await self.finish(self.forger.press(await self.begin(), **back))
        principal = await self.sessions.read(done.cookie)
        assert principal
        assert principal.level is Level.CODE
        assert principal.method == "provider"
        assert done.target == "/schedule"
        return principal.customer_id

    async def refused(self, **back: str | None) -> OidcProblem:
        """There and back, and refused: why."""
        with pytest.raises(ProviderRefused) as refused:
            await self.sign_in(**back)
        assert refused.value.target == "/schedule"
        return refused.value.problem


@pytest.fixture
def stand(database: Database, clock: StandingClock) -> Stand:
    return Stand(database, clock)


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


@pytest.fixture
def both(database: Database, clock: StandingClock) -> Stand:
    return Stand(
        database, clock, harbor=PROVIDER, other={**PROVIDER, "issuer": OTHER, "label": "Other"}
    )


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


# What the ID token must be


Spoil = Callable[[Forger], object]


def _claims(**claims: Any) -> Spoil:
    return lambda forger: forger.claims.update(claims)


def _without(name: str) -> Spoil:
    return lambda forger: forger.left_out.add(name)


def _at(minutes: float) -> Callable[[Forger], int]:
    return lambda forger: int(forger.clock().timestamp() + minutes * 60)


def _time(name: str, minutes: float) -> Spoil:
    return lambda forger: forger.claims.update({name: _at(minutes)(forger)})


SPOILT: dict[str, Spoil] = {
    "signed by nobody": lambda forger: forger.header.update(alg="none"),
    "signed with a shared secret": Forger.use_shared_secret,
    "signed with a key of somebody else's": lambda forger: (
        forger.use_key("two"),
        forger.header.update(kid="one"),
    ),
    "signed with a key that it brings": Forger.bring_key,
    "names no key, of several": lambda forger: (
        forger.published.append("two"),
        forger.header.pop("kid"),
    ),
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


# What the provider tells of itself


async def test_the_issuer_of_the_metadata_is_that_of_the_settings(stand: Stand) -> None:
    stand.forger.metadata["issuer"] = f"{ISSUER}/"
    with pytest.raises(ProviderRefused) as refused:
        await stand.begin()
    assert refused.value.problem is OidcProblem.UNTRUSTED
    assert "another issuer" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token_endpoint", None),
        ("token_endpoint", "http://id.example/token"),
        ("token_endpoint", "file:///etc/passwd"),
        ("authorization_endpoint", "https://id.example/a b"),
        ("authorization_endpoint", "https://id.example/\r\nSet-Cookie: x=y"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("authorization_endpoint", "https://id.example@evil.example/"),
        ("jwks_uri", 7),
    ],
)
async def test_addresses_must_be_https_addresses(stand: Stand, name: str, value: Any) -> None:
    stand.forger.metadata[name] = value
    with pytest.raises(ProviderRefused) as refused:
        await stand.begin()
    assert refused.value.problem is OidcProblem.UNTRUSTED


async def test_one_provider_that_is_wrong_does_not_stop_another(both: Stand) -> None:
    both.forger.metadata["issuer"] = "https://evil.example"
    with pytest.raises(ProviderRefused):
        await both.begin()
    assert await both.finish(both.other.press(await both.begin("other")), "other")


async def test_what_a_provider_tells_is_kept_for_an_hour(
    stand: Stand, clock: StandingClock
) -> None:
    for _ in range(3):
        await stand.begin()
    assert len(stand.forger.asked) == 1
    clock.move(minutes=61)
    await stand.begin()
    assert len(stand.forger.asked) == 2


async def test_a_secret_is_told_as_the_provider_takes_it(
    database: Database, clock: StandingClock
) -> None:
    told: list[str] = []

    def token(request: httpx.Request) -> httpx.Response:
        told.append(f"{request.headers.get('authorization')} {request.content.decode()}")
        return httpx.Response(400, json={"error": "invalid_client"})

    for methods, secret in ((["client_secret_post"], CLIENT_SECRET), (None, None)):
        stand = Stand(database, clock, harbor={**PROVIDER, "client_secret": secret})
        stand.forger.metadata["token_endpoint_auth_methods_supported"] = methods
        stand.forger.answers["/token"] = token
        assert await stand.refused() is OidcProblem.UNTRUSTED
    post, none = told
    assert post.startswith("None ")
    assert "client_secret=a+secret+of+ours" in post
    assert none.startswith("None ")
    assert f"client_id={CLIENT_ID}" in none
    assert "client_secret" not in none


# Providers that do not answer


async def never(_: httpx.Request) -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError


def _raises(error: Exception) -> Callable[[httpx.Request], Any]:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


class Drip(httpx.AsyncByteStream):
    """A byte now and then, for ever."""

    async def __aiter__(self) -> Any:
        while True:
            await asyncio.sleep(0)
            yield b" "


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (never, OidcProblem.UNREACHABLE),
        (_raises(httpx.ConnectError("no")), OidcProblem.UNREACHABLE),
        (_raises(OSError("no")), OidcProblem.UNREACHABLE),
        (lambda _: httpx.Response(503), OidcProblem.UNREACHABLE),
        (lambda _: httpx.Response(302, headers={"location": "/x"}), OidcProblem.UNREACHABLE),
        (lambda _: httpx.Response(200, stream=Drip()), OidcProblem.UNREACHABLE),
        (lambda _: httpx.Response(200, content=b"[" * 300_000), OidcProblem.UNREACHABLE),
        (
            lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, content=b""),
            OidcProblem.UNREACHABLE,
        ),
        (lambda _: httpx.Response(200, content=b"<html>"), OidcProblem.UNTRUSTED),
        (lambda _: httpx.Response(200, content=b"[" * 100_000), OidcProblem.UNTRUSTED),
        (lambda _: httpx.Response(200, json=[1]), OidcProblem.UNTRUSTED),
        (lambda _: httpx.Response(200, json={}), OidcProblem.UNTRUSTED),
        (lambda _: httpx.Response(200, json={"error": ["x"]}), OidcProblem.UNTRUSTED),
        (lambda _: httpx.Response(200, json={"expires_in": []}), OidcProblem.UNTRUSTED),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
async def test_no_answer_is_told_as_that(
    stand: Stand,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    answer: Callable[[httpx.Request], Any],
    problem: OidcProblem,
) -> None:
    monkeypatch.setattr(provider_module, "METADATA_SECONDS", 0.2)
    monkeypatch.setattr(provider_module, "SIGN_IN_SECONDS", 0.4)
    stand.forger.answers[path] = answer
    with structlog.testing.capture_logs() as lines:
        assert await stand.refused() is problem
    assert len(lines) == 1


async def test_the_whole_of_an_answer_has_a_bound(stand: Stand) -> None:
    """Also of one that never ends, and comes fast."""

    class Flood(httpx.AsyncByteStream):
        sent = 0

        async def __aiter__(self) -> Any:
            while True:
                self.sent += 1000
                yield b" " * 1000

    flood = Flood()
    stand.forger.answers["/keys"] = lambda _: httpx.Response(200, stream=flood)
    assert await stand.refused() is OidcProblem.UNREACHABLE
    assert flood.sent <= talk_module.LARGEST_ANSWER + 2000


async def test_a_provider_that_is_down_is_not_asked_by_everybody(
    stand: Stand, clock: StandingClock
) -> None:
    stand.forger.answers["/.well-known/openid-configuration"] = lambda _: httpx.Response(503)
    results = await asyncio.gather(*(stand.refused() for _ in range(5)))
    assert set(results) == {OidcProblem.UNREACHABLE}
    assert len(stand.forger.asked) == 1
    stand.forger.answers.clear()
    clock.move(seconds=11)
    assert await stand.sign_in() == MARA


async def test_what_a_provider_says_stands_in_no_log(stand: Stand) -> None:
    canary = "canary-of-the-provider"

    def token(_: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"error": canary, "error_description": canary})

    stand.forger.answers["/token"] = token
    with structlog.testing.capture_logs() as lines:
        await stand.refused()
        await stand.refused(error=canary, code=None)
        await stand.refused(iss=canary)
        stand.forger.answers.clear()
        stand.forger.claims["sub"] = canary
        stand.forger.claims["email"] = f"{canary}@example.com"
        await stand.refused()
    assert [line["reason"] for line in lines] == ["untrusted"] * 3 + ["stranger"]
    assert canary not in str(lines)
    assert CLIENT_SECRET not in str(lines)


# Whose account it is


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

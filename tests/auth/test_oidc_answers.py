"""What is believed of a provider's answers, and how long they are waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import structlog

from app.auth import (
    OidcProblem,
    ProviderRefused,
)
from app.auth import oidc_provider as provider_module
from app.auth import oidc_talk as talk_module
from app.database import Database
from tests.auth.forger import CLIENT_ID, CLIENT_SECRET, ISSUER
from tests.auth.oidc_stand import PROVIDER, Stand
from tests.auth.world import MARA, StandingClock

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


@pytest.mark.parametrize(
    ("methods", "secret", "told"),
    [
        (None, "plain-secret", "Basic"),
        (["client_secret_post", "client_secret_basic"], "plain-secret", "Basic"),
        (["client_secret_post"], "plain-secret", "client_secret=plain-secret"),
        (["client_secret_post", "client_secret_basic"], "a+b/c", "client_secret=a%2Bb%2Fc"),
        (["client_secret_basic"], "a+b/c", "Basic"),
        (None, None, ""),
    ],
)
async def test_a_secret_is_told_as_the_provider_takes_it(
    database: Database,
    clock: StandingClock,
    methods: list[str] | None,
    secret: str | None,
    told: str,
) -> None:
    asked: list[httpx.Request] = []

    def token(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(400, json={"error": "invalid_client"})

    stand = Stand(database, clock, harbor={**PROVIDER, "client_secret": secret})
    stand.forger.metadata["token_endpoint_auth_methods_supported"] = methods
    stand.forger.answers["/token"] = token
    assert await stand.refused() is OidcProblem.UNTRUSTED
    [request] = asked
    header, form = request.headers.get("authorization", ""), request.content.decode()
    assert (told == "Basic") is header.startswith("Basic ")
    assert ("client_secret" in form) is told.startswith("client_secret")
    if told != "Basic":
        assert told in form
        assert f"client_id={CLIENT_ID}" in form


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
        (lambda _: httpx.Response(302, json={"id_token": "x"}), OidcProblem.UNREACHABLE),
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

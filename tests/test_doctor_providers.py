"""What the doctor says of identity providers."""

from __future__ import annotations

import httpx

from app.auth import Provider
from app.doctor import examine_provider
from app.settings_ways import OidcProvider
from tests.auth.forger import CLIENT_ID, ISSUER, Forger
from tests.auth.world import StandingClock

BACK = "https://account.shop.example/sign-in/with/harbor/back"


def provider_at(forger: Forger) -> Provider:
    settings = OidcProvider(issuer=ISSUER, client_id=CLIENT_ID, label="Harbor ID")
    return Provider(settings, BACK, transport=forger.transport, clock=forger.clock)


async def test_a_provider_that_is_well_is_told_where_it_must_lead_back_to() -> None:
    found = await examine_provider("harbor", provider_at(Forger(StandingClock())))
    assert found.is_well
    assert found.subject == "Sign in with Harbor ID"
    assert found.note == f"it must lead back to {BACK}"


async def test_what_is_wrong_is_told_with_the_setting() -> None:
    forger = Forger(StandingClock())
    forger.metadata["issuer"] = "https://evil.example"
    found = await examine_provider("harbor", provider_at(forger))
    assert found.advice == (
        "metadata: it is of another issuer than the settings name. Check harbor in DOORSTEP_OIDC."
    )


async def test_without_keys_nobody_could_be_checked() -> None:
    forger = Forger(StandingClock())
    forger.published = []
    assert "keys: none" in (await examine_provider("harbor", provider_at(forger))).advice
    forger = Forger(StandingClock())
    forger.answers["/keys"] = lambda _: httpx.Response(503)
    assert "answered with 503" in (await examine_provider("harbor", provider_at(forger))).advice

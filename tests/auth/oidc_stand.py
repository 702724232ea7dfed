"""Providers that a test makes right or wrong, and a browser that goes there and comes back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.actions import Level
from app.auth import (
    OidcProblem,
    ProviderAnswer,
    ProviderRefused,
    ProviderSignIns,
    Sessions,
    new_secret,
)
from app.database import Database
from tests.auth.forger import CLIENT_ID, CLIENT_SECRET, ISSUER, Forger
from tests.auth.world import StandingClock, make_settings
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

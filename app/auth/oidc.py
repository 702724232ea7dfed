"""Signing in with an identity provider (OpenID Connect Core 1.0, code flow).

A sign-in is bound to the browser that began it. The nonce and the PKCE verifier are made from the
browser's own cookie and the sign-in's `state`, so neither is kept, and an answer is worth nothing
in another browser. Each `state` works once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import httpx
import structlog
from sqlalchemy import delete, insert

from app.actions import Level
from app.auth.limits import PROVIDERS_PER_NETWORK, Limits, network
from app.auth.links import SignedIn
from app.auth.oidc_accounts import ProviderAccounts
from app.auth.oidc_provider import Identity, Provider
from app.auth.oidc_talk import OidcError, Problem
from app.auth.secrets import digest, is_secret, new_secret
from app.auth.sessions import Sessions
from app.auth.tables import provider_sign_ins as table
from app.clock import Clock, utc_now
from app.database import Database
from app.mail import mail_address
from app.meters import REFUSALS
from app.recharge import RechargeError
from app.settings import Settings

_log = structlog.get_logger(__name__)

WORKS_FOR: Final = timedelta(minutes=10)
"""How long a person may take at the provider."""
METHOD: Final = "provider"
"""The way in, as the session remembers it."""
PATH: Final = "/sign-in/with/{provider}"
_GID: Final = "gid://shopify/Customer/"
"""Shopify's own way of writing a customer's id, of which Recharge keeps the number."""
_LONGEST_CODE: Final = 4_096
_SAID_NO: Final = frozenset({"access_denied", "login_required", "interaction_required"})


class Finder(Protocol):
    """Who knows customers: `app.mirror.Mirror`."""

    async def find_customer(
        self, *, email: str | None = None, hash: str | None = None, external_id: str | None = None
    ) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from a provider, in the query of the address: each at most once."""

    state: str = ""
    code: str = ""
    issuer: str | None = None
    error: str = ""


class Refused(OidcError):
    """Nobody was signed in; `target` is where the person wanted to go."""

    def __init__(self, problem: Problem, target: str, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.target = target


class ProviderSignIns:
    """Sends people to the providers of the settings, and signs in who comes back.

    transport: the way to the providers, for tests
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        sessions: Sessions,
        customers: Finder,
        clock: Clock = utc_now,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._customers = customers
        self._clock = clock
        self._limits = Limits(database)
        self._accounts = ProviderAccounts(database, sessions.shop, clock)
        self.providers: Mapping[str, Provider] = providers_of(
            settings, transport=transport, clock=clock
        )

    async def refused_until(self, host: str) -> datetime | None:
        """Count one more sign-in that is begun from the network of `host`; None, or the moment from
        which it helps again."""
        checks = [(limit, network(host)) for limit in PROVIDERS_PER_NETWORK]
        return await self._limits.refused_until(checks, self._clock())

    async def begin(self, name: str, *, visitor: str, target: str = "/") -> str:
        """The provider's address to send a person to.

        visitor: the browser's cookie from before signing in
        target:  where to go on to, a `local_path`

        Raises:
            Refused: the provider cannot be used at this moment.
            KeyError: there is none of this name.
        """
        provider = self.providers[name]
        state, now = new_secret(), self._clock()
        nonce, verifier = _bound(visitor, state)
        try:
            address = await provider.address(state=state, nonce=nonce, verifier=verifier)
        except OidcError as error:
            raise self._refused(name, target, error) from None
        values = {
            "digest": digest(state),
            "shop": self._sessions.shop,
            "provider": name,
            "browser": digest(visitor),
            "target": target,
            "began_at": now,
            "expires_at": now + WORKS_FOR,
        }
        async with self._database.begin() as connection:
            await connection.execute(delete(table).where(table.c.expires_at <= now))
            await connection.execute(insert(table).values(values))
        return address

    async def finish(
        self,
        name: str,
        answer: Answer,
        *,
        visitor: str,
        replacing: str | None = None,
        user_agent: str = "",
    ) -> SignedIn:
        """Sign in who came back. `replacing` and `user_agent` are as in `Sessions.start`.

        Raises:
            Refused: nobody is signed in, and nothing was changed.
            KeyError: there is no provider of this name.
        """
        provider = self.providers[name]
        begun = await self._take(name, answer.state, visitor)
        if begun is None:
            raise self._refused(name, "/", OidcError(Problem.STALE))
        target, began_at = begun
        try:
            if answer.error or not 0 < len(answer.code) <= _LONGEST_CODE:
                said_no = answer.error in _SAID_NO
                raise OidcError(Problem.DENIED if said_no else Problem.UNTRUSTED, "no code came")
            nonce, verifier = _bound(visitor, answer.state)
            identity = await provider.identify(
                code=answer.code,
                issuer=answer.issuer,
                nonce=nonce,
                verifier=verifier,
                began_at=began_at,
            )
            customer_id = await self._customer_of(provider, identity)
        except OidcError as error:
            raise self._refused(name, target, error) from None
        except RechargeError:
            raise self._refused(name, target, OidcError(Problem.LATER)) from None
        cookie, _principal = await self._sessions.start(
            customer_id,
            method=METHOD,
            level=Level.CODE,
            replacing=replacing,
            user_agent=user_agent,
        )
        return SignedIn(cookie, target)

    async def _take(self, name: str, state: str, visitor: str) -> tuple[str, datetime] | None:
        """The target of a sign-in that this browser began, and when: once. One of another browser
        is left alone, so that nobody can use up somebody else's."""
        if not is_secret(state):
            return None
        is_theirs = (
            (table.c.digest == digest(state))
            & (table.c.shop == self._sessions.shop)
            & (table.c.provider == name)
            & (table.c.browser == digest(visitor))
            & (table.c.expires_at > self._clock())
        )
        used = delete(table).where(is_theirs).returning(table.c.target, table.c.began_at)
        async with self._database.begin() as connection:
            row = (await connection.execute(used)).first()
        return (row.target, row.began_at) if row else None

    async def _customer_of(self, provider: Provider, identity: Identity) -> int:
        """Whose account it is: by the claim that the settings name, or by the verified address.

        Raises:
            OidcError: nobody's, or not surely theirs.
            RechargeError: customers cannot be looked up.
        """
        claim = provider.settings.customer_claim
        if claim:
            account = _account_of(identity.claims.get(claim))
            customer_id = await self._customers.find_customer(external_id=account)
            if customer_id is None:
                raise OidcError(Problem.STRANGER)
            return customer_id
        told = identity.claims.get("email")
        email = mail_address(told) if isinstance(told, str) else None
        verified = identity.claims.get("email_verified")
        # Some providers write the truth value as a text.
        if email is None or not (verified is True or verified == "true"):
            raise OidcError(Problem.UNVERIFIED)
        customer_id = await self._customers.find_customer(email=email)
        if customer_id is None:
            raise OidcError(Problem.STRANGER)
        if not await self._accounts.is_theirs(
            customer_id,
            issuer=identity.issuer,
            client_id=provider.settings.client_id,
            subject=identity.subject,
            email=email.lower(),
        ):
            raise OidcError(Problem.ANOTHER)
        return customer_id

    def _refused(self, name: str, target: str, error: OidcError) -> Refused:
        REFUSALS.labels("provider", error.problem.value).inc()
        tell = _log.error if error.problem is Problem.UNTRUSTED else _log.warning
        tell("sign-in refused", provider=name, reason=error.problem.value, detail=str(error))
        return Refused(error.problem, target, str(error))


def providers_of(
    settings: Settings,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    clock: Clock = utc_now,
) -> dict[str, Provider]:
    """The providers of the settings by their names. None is asked for anything yet."""
    return {
        name: Provider(
            one,
            f"{settings.origin}{PATH.format(provider=name)}/back",
            transport=transport,
            clock=clock,
        )
        for name, one in settings.oidc.items()
    }


def _bound(visitor: str, state: str) -> tuple[str, str]:
    """The nonce and the PKCE verifier of a sign-in: 256 bits each, which only the server can make,
    and only while it has the browser's cookie (OpenID Connect Core 1.0, 15.5.2)."""
    return _made(visitor, f"nonce:{state}"), _made(visitor, f"verifier:{state}")


def _made(visitor: str, what: str) -> str:
    value = hmac.new(visitor.encode(), f"provider {what}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _account_of(claim: Any) -> str:
    """The id of an account in the shop, as Recharge writes it; empty where the claim is none."""
    if isinstance(claim, int) and not isinstance(claim, bool):
        return str(claim)
    return claim.removeprefix(_GID) if isinstance(claim, str) else ""

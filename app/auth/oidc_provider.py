"""One identity provider: what it tells of itself, and how a person is sent there and comes back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from urllib.parse import urlsplit

import httpx
from joserfc.jwk import Key
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from app.auth.oidc_talk import OidcError, Problem, client, in_time
from app.auth.oidc_tokens import UnknownKey, check_id_token, read_keys
from app.clock import Clock, utc_now
from app.settings_ways import OidcProvider

METADATA_SECONDS: Final = 5.0
SIGN_IN_SECONDS: Final = 12.0
"""For all that is asked while a person waits to be signed in."""
_GOOD_FOR: Final = timedelta(hours=1)
_FAILED_FOR: Final = timedelta(seconds=10)
"""How long a failure is believed, so that a provider that is down is not asked by everybody."""
_NEW_KEYS_EVERY: Final = timedelta(seconds=30)
"""How often an unknown key may make us look for new ones."""
_AT_A_TIME: Final = 16
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~-]+")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who came, as the provider vouches for it.

    issuer, subject: name the account for ever, and are given to nobody else
    claims:          what else is told of the person
    """

    issuer: str
    subject: str
    claims: Mapping[str, Any]


class Metadata(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3). The rest is not read."""

    model_config = ConfigDict(frozen=True, strict=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] | None = None
    authorization_response_iss_parameter_supported: bool = False

    @field_validator("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if not (value.isascii() and value.isprintable() and " " not in value and parts.hostname):
            raise ValueError("no address")
        if parts.scheme not in ("https", "http") or "@" in parts.netloc or parts.fragment:
            raise ValueError("no address")
        return value

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Every address that is spoken to."""
        named = self.authorization_endpoint, self.token_endpoint, self.jwks_uri
        return (*named, self.userinfo_endpoint) if self.userinfo_endpoint else named


class Provider:
    """Sends people to one provider, and finds out who came back.

    settings:     of this provider
    redirect_uri: where it leads back to, as it is registered there; no other provider has the same
    transport:    the way to it, for tests
    """

    def __init__(
        self,
        settings: OidcProvider,
        redirect_uri: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self.settings = settings
        self.redirect_uri = redirect_uri
        self._transport = transport
        self._clock = clock
        self._metadata = _Kept(self._ask_metadata, clock)
        self._keys = _Kept(self._ask_keys, clock)
        self._room = asyncio.Semaphore(_AT_A_TIME)

    @property
    def label(self) -> str:
        """What its button says after "Sign in with"."""
        return self.settings.label

    async def examine(self) -> None:
        """Ask for all that is needed before anybody comes.

        Raises:
            OidcError: nobody can sign in with it as it is.
        """
        await self._metadata.get()
        if not await self._keys.get():
            raise OidcError(Problem.UNTRUSTED, "keys: none that signatures can be checked with")

    async def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send a person.

        verifier: the secret of RFC 7636 (PKCE), of which the address holds a digest

        Raises:
            OidcError: what the provider tells of itself cannot be had, or is another's.
        """
        metadata = await self._metadata.get()
        async with client(
            self._transport,
            client_id=self.settings.client_id,
            scope=self.settings.scope,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
        ) as talk:
            address, _state = talk.create_authorization_url(
                metadata.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(address)

    async def identify(
        self, *, code: str, issuer: str | None, nonce: str, verifier: str, began_at: datetime
    ) -> Identity:
        """Who came back with a code.

        issuer: the parameter `iss` that came with the code (RFC 9207), which tells an answer of
                another provider apart

        Raises:
            OidcError: the provider cannot be reached, or what came proves nothing.
        """
        async with in_time(SIGN_IN_SECONDS, "sign-in"):
            metadata = await self._metadata.get()
            is_due = metadata.authorization_response_iss_parameter_supported
            if issuer != self.settings.issuer and (is_due or issuer is not None):
                raise OidcError(Problem.UNTRUSTED, "the answer is of another provider")
            async with self._room:
                return await self._exchange(metadata, code, nonce, verifier, began_at)

    async def _exchange(
        self, metadata: Metadata, code: str, nonce: str, verifier: str, began_at: datetime
    ) -> Identity:
        secret = self.settings.client_secret
        async with client(
            self._transport,
            client_id=self.settings.client_id,
            client_secret=secret.get_secret_value() if secret else None,
            token_endpoint_auth_method=self._auth_method(metadata),
            redirect_uri=self.redirect_uri,
        ) as talk:
            async with in_time(SIGN_IN_SECONDS, "token"):
                try:
                    token = await talk.fetch_token(
                        metadata.token_endpoint,
                        grant_type="authorization_code",
                        code=code,
                        code_verifier=verifier,
                    )
                except (TypeError, AttributeError):  # of another shape than authlib takes it to be
                    raise OidcError(Problem.UNTRUSTED, "the answer is no token") from None
            claims = await self._claims(token, nonce, began_at)
            subject = claims["sub"]
            if metadata.userinfo_endpoint and self._lacks(claims):
                async with in_time(SIGN_IN_SECONDS, "userinfo"):
                    answer = await talk.get(metadata.userinfo_endpoint)
                    answer.raise_for_status()
                    more = answer.json()
                # OpenID Connect Core 1.0, 5.3.2: else it may be about somebody else.
                if not isinstance(more, dict) or more.get("sub") != subject:
                    raise OidcError(Problem.UNTRUSTED, "userinfo: of another person")
                claims = _filled(claims, more)
        return Identity(self.settings.issuer, subject, claims)

    async def _claims(
        self, token: Mapping[str, Any], nonce: str, began_at: datetime
    ) -> dict[str, Any]:
        """What the ID token says. A key that is not known may be a new one: looked for once."""
        keys = await self._keys.get()
        for is_last in (False, True):
            try:
                return check_id_token(
                    token.get("id_token"),
                    keys,
                    issuer=self.settings.issuer,
                    client_id=self.settings.client_id,
                    algorithms=self.settings.algorithms,
                    nonce=nonce,
                    access_token=token.get("access_token"),
                    began_at=began_at,
                    now=self._clock(),
                )
            except UnknownKey:
                if is_last:
                    raise
                keys = await self._keys.get(at_most=_NEW_KEYS_EVERY)
        raise AssertionError("the loop above ends by return or raise")

    def _auth_method(self, metadata: Metadata) -> str:
        """How we prove that we are the client. What is not told is the default of the standard."""
        if self.settings.client_secret is None:
            return "none"
        known = metadata.token_endpoint_auth_methods_supported
        if known is None:
            return "client_secret_basic"
        # Some want other signs in a header written in a way of their own (RFC 6749, 2.3.1), and
        # some do not; in a form all agree.
        secret = self.settings.client_secret.get_secret_value()
        is_plain = _PLAIN.fullmatch(self.settings.client_id + secret) is not None
        if "client_secret_post" in known and not is_plain:
            return "client_secret_post"
        is_basic = "client_secret_basic" in known
        return "client_secret_basic" if is_basic else "client_secret_post"

    def _lacks(self, claims: Mapping[str, Any]) -> bool:
        """Whether the ID token leaves out what a customer is found by. Many providers tell it at
        the userinfo endpoint only."""
        if self.settings.customer_claim:
            return self.settings.customer_claim not in claims
        return not {"email", "email_verified"} <= claims.keys()

    async def _ask_metadata(self) -> Metadata:
        issuer = self.settings.issuer
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        async with in_time(METADATA_SECONDS, "metadata"):
            document = await self._ask(address)
            try:
                found = Metadata.model_validate(document)
            except ValidationError as error:
                wrong = ".".join(map(str, error.errors(include_input=False)[0]["loc"]))
                raise OidcError(Problem.UNTRUSTED, f"{wrong} is missing or wrong") from None
            if found.issuer != issuer:
                raise OidcError(Problem.UNTRUSTED, "it is of another issuer than the settings name")
            if issuer.startswith("https:") and any(
                not one.startswith("https:") for one in found.endpoints
            ):
                raise OidcError(Problem.UNTRUSTED, "an address is not https")
        return found

    async def _ask_keys(self) -> tuple[Key, ...]:
        metadata = await self._metadata.get()
        async with in_time(METADATA_SECONDS, "keys"):
            return read_keys(await self._ask(metadata.jwks_uri))

    async def _ask(self, address: str) -> Any:
        async with client(self._transport) as talk:
            answer = await talk.request("GET", address, withhold_token=True)
            answer.raise_for_status()
            return answer.json()


class _Kept(Generic[T]):
    """What was asked for once and is good for an hour. Who asks at the same time waits for the same
    answer; a failure is told to all for a moment."""

    def __init__(self, ask: Callable[[], Awaitable[T]], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._turn = asyncio.Lock()
        self._value: T | None = None
        self._at: datetime | None = None
        self._failure: tuple[OidcError, datetime] | None = None

    async def get(self, at_most: timedelta = _GOOD_FOR) -> T:
        """The value, `at_most` so old.

        Raises:
            OidcError: it cannot be had. One that is a day old is not used instead: keys are changed
                because they must not be believed any more.
        """
        async with self._turn:
            now = self._clock()
            if self._value is not None and self._at is not None and now - self._at < at_most:
                return self._value
            if self._failure is not None and now - self._failure[1] < _FAILED_FOR:
                raise OidcError(self._failure[0].problem, str(self._failure[0]))
            try:
                value = await self._ask()
            except OidcError as error:
                self._failure = error, now
                raise
            self._value, self._at, self._failure = value, now, None
            return value


def _filled(claims: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The token's claims, with what it left out. An address and whether it is verified are taken
    from one place: each may be about another address."""
    found = {**more, **claims}
    if not {"email", "email_verified"} <= claims.keys():
        for name in ("email", "email_verified"):
            found.pop(name, None)
            if name in more:
                found[name] = more[name]
    return found

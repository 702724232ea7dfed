"""An identity provider that does what a test tells it: right, wrong, or not at all."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.registry import Header

ISSUER = "https://id.example"
CLIENT_ID, CLIENT_SECRET = "doorstep", "a secret of ours"
SUBJECT = "account-1"

_keys = {name: RSAKey.generate_key(2048, {"kid": name, "use": "sig"}) for name in ("one", "two")}
"""Made once: it takes longer than a test."""


class Forger:
    """Answers for `issuer` like a provider, except for what a test has changed.

    metadata, token: change what it tells, in place
    claims:          of the next ID token; those of a good one are filled in
    userinfo:        what the userinfo endpoint says; nothing of the kind where None
    key, published:  what tokens are signed with, and the names of the keys that are published
    header:          of the next ID token
    answers:         stand in for an address's own answer, by its path
    """

    def __init__(self, clock: Callable[[], datetime], issuer: str = ISSUER) -> None:
        self.clock = clock
        self.issuer = issuer
        self.metadata: dict[str, Any] = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        }
        self.claims: dict[str, Any] = {
            "email": "mara.lindqvist@example.com",
            "email_verified": True,
        }
        self.left_out: set[str] = set()
        self.userinfo: dict[str, Any] | None = None
        self.token: dict[str, Any] = {}
        self.key: Key | None = _keys["one"]
        self.published = ["one"]
        self.more_keys: list[Any] = []
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.answers: dict[str, Callable[[httpx.Request], Any]] = {}
        self.asked: list[str] = []
        self.codes: dict[str, Mapping[str, str]] = {}
        self.transport = httpx.MockTransport(self._answer)

    def press(self, address: str, **changed: str | None) -> dict[str, str]:
        """A person says yes at the provider: what it sends the browser back with."""
        given = dict(parse_qsl(urlsplit(address).query, strict_parsing=True))
        code = f"code-{len(self.codes)}"
        self.codes[code] = given
        back = {"code": code, "state": given["state"]} | changed
        return {name: value for name, value in back.items() if value is not None}

    def id_token(self, given: Mapping[str, str]) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": SUBJECT,
            "aud": given["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": given["nonce"],
        } | self.claims
        claims = {name: value for name, value in claims.items() if name not in self.left_out}
        if self.header["alg"] == "none":
            return f"{_b64(self.header)}.{_b64(claims)}."
        assert self.key
        return jwt.encode(self.header, claims, self.key, registry=_Careless([self.header["alg"]]))

    def public_key(self, name: str = "one") -> dict[str, Any]:
        return dict(_keys[name].as_dict(private=False))

    def use_key(self, name: str) -> None:
        """Sign with another key from now on."""
        self.key = _keys[name]
        self.header = {"alg": "RS256", "kid": name}

    def use_shared_secret(self) -> None:
        """Sign with what everybody knows: the text of the public key."""
        pem = _keys["one"].as_pem(private=False)
        # The library refuses such a key; a forger's would not.
        self.key = OctKey.import_key(hashlib.sha256(pem).digest())
        self.header = {"alg": "HS256", "kid": "one"}
        self.more_keys = [{**self.key.as_dict(), "kid": "one", "alg": "HS256"}]

    def bring_key(self) -> None:
        """Sign with a key of a stranger's that stands in the token itself."""
        self.key = ECKey.generate_key("P-256")
        self.header = {"alg": "ES256", "jwk": self.key.as_dict(private=False)}

    def signed(self, text: bytes) -> str:
        """Something that is signed like a token."""
        assert self.key
        return jws.serialize_compact(self.header, text, self.key, [self.header["alg"]])

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(urlsplit(self.issuer).path)
        self.asked.append(f"{request.method} {path}")
        if path in self.answers:
            answer = self.answers[path](request)
            return answer if isinstance(answer, httpx.Response) else await answer
        match path:
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self.metadata)
            case "/keys":
                keys = [*map(self.public_key, self.published), *self.more_keys]
                return httpx.Response(200, json={"keys": keys})
            case "/token":
                return self._token(request)
            case "/userinfo":
                assert request.headers["authorization"] == "Bearer opaque"
                return httpx.Response(200, json=self.userinfo)
        return httpx.Response(404)

    def _token(self, request: httpx.Request) -> httpx.Response:
        """RFC 6749, 4.1.3 and RFC 7636, 4.6: the code once, to who asked for it, with the verifier
        of which the address held a digest."""
        asked = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        given = self.codes.pop(asked.get("code", ""), None)
        login = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {login}":
            return httpx.Response(401, json={"error": "invalid_client"})
        if given is None or asked["redirect_uri"] != given["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        assert given["code_challenge_method"] == "S256"
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        if given["code_challenge"] != base64.urlsafe_b64encode(digest).decode().rstrip("="):
            return httpx.Response(400, json={"error": "invalid_grant"})
        token = {
            "access_token": "opaque",
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.id_token(given),
        } | self.token
        return httpx.Response(200, json=token)


class _Careless(JWSRegistry):
    """Signs whatever stands in the header."""

    def __init__(self, algorithms: list[str]) -> None:
        super().__init__(algorithms=algorithms)

    def check_header(self, header: Header) -> None:
        pass


def _b64(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

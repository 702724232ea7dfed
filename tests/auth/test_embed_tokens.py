"""Tokens of the shop's server: what lets somebody in, and everything that does not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from app.auth import BadEmbedToken, EmbedFault, EmbedTokens, SingleUse, Vouched
from app.database import Database
from app.settings import Settings
from tests.auth.embed_shop import EMBEDDING, KEY_ID, PORTAL, SECRET, SHOP, claims, minted
from tests.auth.world import MARA, StandingClock, make_settings

SHOP_RSA = RSAKey.generate_key(2048)
SHOP_EC = ECKey.generate_key("P-256")


def pem(key: RSAKey | ECKey) -> str:
    return key.as_pem(private=False).decode()


SMALL_RSA = (
    rsa.generate_private_key(65537, 1024)
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


@pytest.fixture
def tokens(database: Database, clock: StandingClock) -> EmbedTokens:
    return make(database, clock, **EMBEDDING)


def make(database: Database, clock: StandingClock, **values: Any) -> EmbedTokens:
    return EmbedTokens(make_settings(**values), SingleUse(database, clock), clock)


async def fault(tokens: EmbedTokens, token: str) -> EmbedFault:
    with pytest.raises(BadEmbedToken) as caught:
        await tokens.use(token)
    assert caught.value.words
    return caught.value.fault


async def test_a_good_token_says_whose_page_it_is(
    tokens: EmbedTokens, clock: StandingClock
) -> None:
    assert await tokens.use(minted(clock())) == Vouched(str(MARA), is_account=False)
    account = minted(clock(), sub="7001", sub_type="account")
    assert await tokens.use(account) == Vouched("7001", is_account=True)
    assert await tokens.use(minted(clock(), sub=str(2**63 - 1)))
    assert await tokens.use(minted(clock(), nbf=int(clock().timestamp()), more="unknown"))


async def test_both_keys_are_good_while_the_shop_changes_them(
    tokens: EmbedTokens, clock: StandingClock
) -> None:
    assert await tokens.use(minted(clock(), secret=SECRET[::-1], header={"kid": "2026-12"}))
    assert await tokens.use(minted(clock()))


@pytest.mark.parametrize(("key", "algorithm"), [(SHOP_RSA, "RS256"), (SHOP_EC, "ES256")])
async def test_a_public_key_will_do(
    database: Database, clock: StandingClock, key: RSAKey | ECKey, algorithm: str
) -> None:
    keys = json.dumps({KEY_ID: pem(key)})
    tokens = make(database, clock, embed_origins=SHOP, embed_keys=keys)
    header = {"alg": algorithm, "typ": "portal-embed+jwt", "kid": KEY_ID}
    token = jwt.encode(header, claims(clock()), key, algorithms=[algorithm])
    assert (await tokens.use(token)).subject == str(MARA)

    # What is public is no secret: nobody signs with it.
    forged = hand_made({**header, "alg": "HS256"}, claims(clock()), secret=pem(key))
    assert await fault(tokens, forged) is EmbedFault.KEY


WRONG_CLAIMS: list[tuple[EmbedFault, dict[str, Any]]] = [
    (EmbedFault.ISSUER, {"iss": None}),
    (EmbedFault.ISSUER, {"iss": "https://evil.example"}),
    (EmbedFault.ISSUER, {"iss": [SHOP]}),
    (EmbedFault.ISSUER, {"iss": SHOP + "/"}),
    (EmbedFault.AUDIENCE, {"aud": None}),
    (EmbedFault.AUDIENCE, {"aud": "https://evil.example"}),
    (EmbedFault.AUDIENCE, {"aud": [PORTAL]}),
    (EmbedFault.AUDIENCE, {"aud": PORTAL + "/"}),
    (EmbedFault.SUBJECT, {"sub": None}),
    (EmbedFault.SUBJECT, {"sub": MARA}),
    (EmbedFault.SUBJECT, {"sub": ""}),
    (EmbedFault.SUBJECT, {"sub": "0101"}),
    (EmbedFault.SUBJECT, {"sub": "-1"}),
    (EmbedFault.SUBJECT, {"sub": "101\n"}),
    (EmbedFault.SUBJECT, {"sub": "１０１"}),
    (EmbedFault.SUBJECT, {"sub": "1" * 20}),
    (EmbedFault.SUBJECT, {"sub": str(2**63)}),
    (EmbedFault.SUBJECT, {"sub": ["101"]}),
    (EmbedFault.SUBJECT, {"sub": "101/../102"}),
    (EmbedFault.SUBJECT, {"sub_type": "e-mail"}),
    (EmbedFault.SUBJECT, {"sub_type": None, "sub": "mara@example.com"}),
    (EmbedFault.SUBJECT, {"sub_type": ["account"]}),
    (EmbedFault.ID, {"jti": None}),
    (EmbedFault.ID, {"jti": 1}),
    (EmbedFault.ID, {"jti": "short"}),
    (EmbedFault.ID, {"jti": "x" * 129}),
    (EmbedFault.ID, {"jti": "with a space in it"}),
    (EmbedFault.LIFE, {"exp": None}),
    (EmbedFault.LIFE, {"iat": None}),
    (EmbedFault.LIFE, {"exp": "later"}),
    (EmbedFault.LIFE, {"exp": True}),
    (EmbedFault.LIFE, {"exp": 1e300}),
    (EmbedFault.LIFE, {"exp": 253_402_300_799}),
    (EmbedFault.LIFE, {"exp": 10**30}),
    (EmbedFault.LIFE, {"iat": -1}),
    (EmbedFault.LIFE, {"nbf": "now"}),
]


@pytest.mark.parametrize(("expected", "changes"), WRONG_CLAIMS, ids=repr)
async def test_a_wrong_claim_lets_nobody_in(
    tokens: EmbedTokens, clock: StandingClock, expected: EmbedFault, changes: dict[str, Any]
) -> None:
    assert await fault(tokens, minted(clock(), **changes)) is expected


@pytest.mark.parametrize(
    ("made", "ends", "expected"),
    [
        (0, 300, None),
        (0, 301, EmbedFault.LIFE),
        (0, 0, EmbedFault.LIFE),
        (0, -1, EmbedFault.LIFE),
        (30, 330, None),
        (31, 331, EmbedFault.EARLY),
        (-300, 0, None),
        (-329, -29, None),
        (-330, -30, EmbedFault.EXPIRED),
        (-3600, -3300, EmbedFault.EXPIRED),
        (-3600, 300, EmbedFault.LIFE),
    ],
)
async def test_a_token_is_young_and_short_lived(
    tokens: EmbedTokens, clock: StandingClock, made: int, ends: int, expected: EmbedFault | None
) -> None:
    now = int(clock().timestamp())
    token = minted(clock(), iat=now + made, exp=now + ends)
    if expected is None:
        assert await tokens.use(token)
    else:
        assert await fault(tokens, token) is expected


async def test_one_that_is_for_later_waits(tokens: EmbedTokens, clock: StandingClock) -> None:
    later = int(clock().timestamp()) + 60
    assert await fault(tokens, minted(clock(), nbf=later)) is EmbedFault.EARLY


@pytest.mark.parametrize(
    ("expected", "header"),
    [
        (EmbedFault.MALFORMED, {"typ": "JWT"}),
        (EmbedFault.MALFORMED, {"typ": None}),
        (EmbedFault.MALFORMED, {"typ": "PORTAL-EMBED+JWT"}),
        (EmbedFault.MALFORMED, {"kid": None}),
        (EmbedFault.MALFORMED, {"jku": "https://evil.example/keys"}),
        (EmbedFault.MALFORMED, {"jwk": {"kty": "oct", "k": "AAAA"}}),
        (EmbedFault.MALFORMED, {"x5u": "https://evil.example/chain"}),
        (EmbedFault.KEY, {"kid": "2025-01"}),
        (EmbedFault.KEY, {"alg": "HS512"}),
        (EmbedFault.KEY, {"alg": "HS384"}),
    ],
)
async def test_a_header_chooses_nothing(
    tokens: EmbedTokens, clock: StandingClock, expected: EmbedFault, header: dict[str, Any]
) -> None:
    assert await fault(tokens, minted(clock(), header=header)) is expected


GOOD_HEADER = {"alg": "HS256", "typ": "portal-embed+jwt", "kid": KEY_ID}
FORGERIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "no algorithm": lambda said: hand_made({**GOOD_HEADER, "alg": "none"}, said, secret=None),
    "NONE": lambda said: hand_made({**GOOD_HEADER, "alg": "NONE"}, said, secret=None),
    "no signature": lambda said: hand_made(GOOD_HEADER, said, secret=None),
    "another secret": lambda said: hand_made(GOOD_HEADER, said, secret="b" * 40),
    "an empty secret": lambda said: hand_made(GOOD_HEADER, said, secret=""),
    "the other key's secret": lambda said: hand_made(GOOD_HEADER, said, secret=SECRET[::-1]),
    "crit": lambda said: hand_made({**GOOD_HEADER, "crit": ["exp"]}, said),
    "b64": lambda said: hand_made({**GOOD_HEADER, "b64": False}, said),
    "kid is a list": lambda said: hand_made({**GOOD_HEADER, "kid": [KEY_ID]}, said),
    "alg is a list": lambda said: hand_made({**GOOD_HEADER, "alg": ["HS256"]}, said),
    "alg twice": lambda said: raw(
        b'{"alg":"none","alg":"HS256","typ":"portal-embed+jwt","kid":"2026-11"}', as_json(said)
    ),
    "sub twice": lambda said: raw(
        as_json(GOOD_HEADER), as_json(said)[:-1] + b',"sub":"102"}'
    ),
    "not a number": lambda said: raw(as_json(GOOD_HEADER), as_json(said)[:-1] + b',"x":NaN}'),
    "a list": lambda said: raw(as_json(GOOD_HEADER), b"[]"),
    "nothing": lambda said: raw(as_json(GOOD_HEADER), b""),
    "no text": lambda said: raw(as_json(GOOD_HEADER), b"\xff\xfe"),
    "nested": lambda said: raw(as_json(GOOD_HEADER), b"[" * 1500),
    "a nested header": lambda said: raw(b"[" * 1500, as_json(said)),
    "two parts": lambda said: hand_made(GOOD_HEADER, said).rpartition(".")[0],
    "four parts": lambda said: hand_made(GOOD_HEADER, said) + ".AAAA",
    "five parts": lambda said: "a.b.c.d.e",
    "padding": lambda said: hand_made(GOOD_HEADER, said).replace(".", "=.", 1),
    "spaces": lambda said: " " + hand_made(GOOD_HEADER, said),
    "a line end": lambda said: hand_made(GOOD_HEADER, said) + "\n",
    "too large": lambda said: hand_made(GOOD_HEADER, {**said, "more": "x" * 4000}),
    "other letters": lambda said: hand_made(GOOD_HEADER, said).replace("e", "е"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forgery_lets_nobody_in(
    tokens: EmbedTokens, clock: StandingClock, name: str
) -> None:
    said = claims(clock())
    assert await tokens.use(hand_made(GOOD_HEADER, {**said, "jti": "x" * 16})), (
        "else it proves nothing"
    )
    assert await fault(tokens, FORGERIES[name](said)) in (
        EmbedFault.MALFORMED, EmbedFault.KEY, EmbedFault.SIGNATURE
    )  # fmt: skip
    assert await tokens.use(hand_made(GOOD_HEADER, said)), "and used nothing up"


async def test_a_changed_token_lets_nobody_in(tokens: EmbedTokens, clock: StandingClock) -> None:
    head, body, signature = minted(clock()).split(".")
    other = encoded(as_json(claims(clock(), sub="102")))
    assert await fault(tokens, f"{head}.{other}.{signature}") is EmbedFault.SIGNATURE
    assert await fault(tokens, f"{head}.{body}.{signature[::-1]}") is EmbedFault.SIGNATURE
    assert await fault(tokens, f"{head}.{body}.{signature[:20]}") is EmbedFault.SIGNATURE


async def test_a_token_works_once_as_long_as_it_would_work(
    database: Database, tokens: EmbedTokens, clock: StandingClock
) -> None:
    token = minted(clock())
    assert await tokens.use(token)
    elsewhere = make(database, clock, **EMBEDDING)
    for _ in range(12):
        assert await fault(elsewhere, token) in (EmbedFault.USED, EmbedFault.EXPIRED)
        clock.move(seconds=30)
        await tokens.use(minted(clock()))  # what is over is forgotten meanwhile
    assert await fault(tokens, token) is EmbedFault.EXPIRED


async def test_an_id_is_used_once_whichever_key_signs(
    tokens: EmbedTokens, clock: StandingClock
) -> None:
    assert await tokens.use(minted(clock(), jti="x" * 16))
    again = minted(clock(), jti="x" * 16, secret=SECRET[::-1], header={"kid": "2026-12"})
    assert await fault(tokens, again) is EmbedFault.USED


async def test_one_that_lets_nobody_in_uses_no_id_up(
    tokens: EmbedTokens, clock: StandingClock
) -> None:
    """Else a stranger's forgery would stop the good one."""
    token = minted(clock())
    said = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    await fault(tokens, hand_made(GOOD_HEADER, said, secret="b" * 40))
    await fault(tokens, minted(clock(), jti=said["jti"], aud="https://elsewhere.example"))
    assert await tokens.use(token)


async def test_without_keys_no_token_is_good(database: Database, clock: StandingClock) -> None:
    tokens = make(database, clock)
    assert not tokens.are_on
    assert await fault(tokens, minted(clock())) is EmbedFault.OFF


@pytest.mark.parametrize(
    "keys",
    [
        {KEY_ID: "short"},
        {KEY_ID: "  " + "x" * 31 + "  "},
        {KEY_ID: SECRET, "2": SECRET, "3": SECRET},
        {},
        {"a key": SECRET},
        {KEY_ID: SHOP_RSA.as_pem(private=True).decode()},
        {KEY_ID: SHOP_EC.as_pem(private=True).decode()},
        {KEY_ID: SMALL_RSA},
        {KEY_ID: pem(ECKey.generate_key("P-384"))},
        {KEY_ID: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"},
        {KEY_ID: 40 * 1},
    ],
    ids=lambda keys: str(list(keys))[:40],
)
def test_keys_that_prove_nothing_are_refused_at_start(keys: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"(?i)embed_keys|secret|key"):
        make_settings(embed_origins=SHOP, embed_keys=json.dumps(keys))


def test_keys_need_somebody_whose_they_are() -> None:
    with pytest.raises(ValueError, match="embed_issuer"):
        make_settings(embed_keys=EMBEDDING["embed_keys"])
    settings: Settings = make_settings(embed_keys=EMBEDDING["embed_keys"], embed_issuer="harbor")
    assert settings.issuer == "harbor"


async def test_a_fault_is_told_without_the_token(tokens: EmbedTokens, clock: StandingClock) -> None:
    token = minted(clock() - timedelta(hours=1))
    with pytest.raises(BadEmbedToken) as caught:
        await tokens.use(token)
    assert token not in str(caught.value) + caught.value.words


def as_json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def raw(header: bytes, body: bytes, secret: str | None = SECRET) -> str:
    """A token by hand, so that it may hold what no library writes."""
    signed = f"{encoded(header)}.{encoded(body)}"
    if secret is None:
        return f"{signed}."
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{encoded(mac)}"


def hand_made(header: dict[str, Any], said: dict[str, Any], secret: str | None = SECRET) -> str:
    return raw(as_json(header), as_json(said), secret)

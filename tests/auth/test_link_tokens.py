"""The signed text of a quick link: what is believed, and what is not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.actions.quick.wishes import What, WishedLink
from app.auth import LinkSigner
from tests.auth.world import StandingClock

ORIGIN = "https://account.shop.example"
OLD, NEW = "the old secret, which was long enough", "the new secret, which is long enough"
WISH = WishedLink(what=What.SKIP, customer=101, subscription=301, days=3)


@pytest.fixture
def signer(clock: StandingClock) -> LinkSigner:
    return LinkSigner([NEW, OLD], ORIGIN, clock)


def token_of(signer: LinkSigner, wish: WishedLink = WISH) -> str:
    return signer.sign(wish).path.rpartition("/")[2]


def part(token: str, number: int) -> dict[str, Any]:
    text = token.split(".")[number]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def forged(
    token: str, secret: str = NEW, header: dict[str, Any] | None = None, **claims: Any
) -> str:
    """A token signed with a secret of ours, with other things in it."""
    text = json.dumps({**part(token, 1), **claims})
    head = {**part(token, 0), **(header or {})}
    return jws.serialize_compact(
        head, text, OctKey.import_key(secret), algorithms=["HS256", "HS384", "HS512"]
    )


def test_what_is_signed_is_read(signer: LinkSigner, clock: StandingClock) -> None:
    link = signer.read(token_of(signer))
    assert link is not None
    assert link.wish == WISH.wish
    assert (link.made_at, link.is_over) == (clock.now, False)
    clock.move(days=3, seconds=-1)
    still = signer.read(forged(token_of(signer), iat=int(link.made_at.timestamp())))
    assert still is not None
    clock.move(seconds=1)
    ended = LinkSigner([NEW], ORIGIN, clock).read(
        forged(
            token_of(signer),
            iat=int(link.made_at.timestamp()),
            exp=int(link.expires_at.timestamp()),
        )
    )
    assert ended is not None
    assert ended.is_over


def test_no_two_links_are_the_same(signer: LinkSigner) -> None:
    names = {link.name for _ in range(50) if (link := signer.read(token_of(signer)))}
    assert len(names) == 50


def test_secrets_are_changed_one_after_the_other(signer: LinkSigner, clock: StandingClock) -> None:
    before = LinkSigner([OLD], ORIGIN, clock)
    assert signer.read(token_of(before)) is not None
    assert before.read(token_of(signer)) is None
    assert LinkSigner([NEW], ORIGIN, clock).read(token_of(before)) is None


def test_a_link_fits_into_a_mail(signer: LinkSigner) -> None:
    longest = WishedLink(
        what=What.ADD, customer=10**18, subscription=10**18, variant="v" * 255, quantity=99
    )
    assert len(signer.sign(WISH).url) < 400
    token = token_of(signer, longest)
    assert signer.read(token) is not None


def test_without_a_secret_nothing_is_signed_or_believed(
    signer: LinkSigner, clock: StandingClock
) -> None:
    none = LinkSigner([], ORIGIN, clock)
    assert not none.can_sign
    with pytest.raises(LookupError):
        none.sign(WISH)
    assert none.read(token_of(signer)) is None


@pytest.mark.parametrize("number", range(3))
def test_a_token_changed_anywhere_is_none_of_ours(signer: LinkSigner, number: int) -> None:
    parts = token_of(signer).split(".")
    middle = len(parts[number]) // 2
    other = "A" if parts[number][middle] != "A" else "B"
    parts[number] = parts[number][:middle] + other + parts[number][middle + 1 :]
    assert signer.read(".".join(parts)) is None


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "portal-embed+jwt"},
        {"kid": "other"},
        {"kid": ""},
        {"alg": "HS512"},
        {"crit": ["exp"]},
        {"jku": "https://evil.example"},
    ],
)
def test_a_header_that_is_not_ours_is_not_believed(
    signer: LinkSigner, header: dict[str, Any]
) -> None:
    """ASVS 5.0, 9.1.2 and 9.2.2; RFC 8725, 3.1 and 3.11."""
    try:
        token = forged(token_of(signer), header=header)
    except JoseError:  # the library itself does not sign it
        token = token_of(signer)
        parts = token.split(".")
        text = json.dumps({**part(token, 0), **header}).encode()
        parts[0] = base64.urlsafe_b64encode(text).decode().rstrip("=")
        token = ".".join(parts)
    assert signer.read(token) is None


def test_nor_is_none_as_an_algorithm(signer: LinkSigner) -> None:
    token = token_of(signer)
    head = base64.urlsafe_b64encode(json.dumps({**part(token, 0), "alg": "none"}).encode())
    body = token.split(".")[1]
    for signature in ("", token.split(".")[2], "AA"):
        assert signer.read(f"{head.decode().rstrip('=')}.{body}.{signature}") is None


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://other.example"},
        {"aud": [ORIGIN]},
        {"sub": "101 "},
        {"sub": "0"},
        {"sub": ["101"]},
        {"do": "skip"},
        {"do": {"what": "cancel"}},
        {"do": {"what": "skip", "customer": 102}},
        {"do": {"what": "skip", "weeks": 2}},
        {"do": {"what": "skip", "other": 1}},
        {"jti": ""},
        {"jti": 7},
        {"exp": 10**15},
        {"exp": 1e300},
        {"exp": "1795950143"},
        {"exp": True},
        {"iat": 1},
        {"iat": 2_000_000_000, "exp": 2_000_000_100},
        {"exp": 1},
        {"nbf": 1},
    ],
)
def test_claims_that_are_not_as_we_sign_them_are_not_believed(
    signer: LinkSigner, claims: dict[str, Any]
) -> None:
    assert signer.read(forged(token_of(signer))) is not None
    assert signer.read(forged(token_of(signer), **claims)) is None


@pytest.mark.parametrize(
    "text",
    ["", ".", "..", "a.b.c", "a.b", "a.b.c.d", "é.b.c", "a" * 3000, "a.b.c\n", "[].W10.c"],
)
def test_nonsense_is_none_of_ours(signer: LinkSigner, text: str) -> None:
    assert signer.read(text) is None


def test_a_deep_body_is_none_of_ours(signer: LinkSigner) -> None:
    key = OctKey.import_key(NEW)
    head = part(token_of(signer), 0)
    for text in ("[" * 600 + "]" * 600, '"x"', "7", "null", "{"):
        assert signer.read(jws.serialize_compact(head, text, key)) is None

"""What docs/embedding.md says of tokens is so: its samples are run, its lists are whole."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.auth import EmbedFault, EmbedTokens, SingleUse, Vouched
from app.auth.embed_tokens import LARGEST_TOKEN
from app.auth.newcomers import MOST, MOST_OF_NETWORK
from app.clock import utc_now
from app.database import Database
from app.state.deeds import EVENTS
from tests.auth.embed_shop import EMBEDDING, KEY_ID, PORTAL, SECRET, SHOP
from tests.auth.world import make_settings

DOCUMENT = (Path(__file__).parents[2] / "docs" / "embedding.md").read_text(encoding="utf-8")
SAYS: dict[str, Any] = {
    "EMBED_SECRET": SECRET, "EMBED_KEY_ID": KEY_ID, "SHOP": SHOP, "PORTAL": PORTAL,
}  # fmt: skip
HOW_TO_RUN = {
    "python": ([sys.executable, "-c"], "\nprint(embed_token(101), end='')"),
    "js": (["node", "-e"], "\nprocess.stdout.write(embedToken(101));"),
}


def samples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)


def run(command: list[str]) -> str:
    return subprocess.run(
        command, env={**os.environ, **SAYS}, capture_output=True, check=True, text=True
    ).stdout


def minting(language: str) -> str:
    """The sample that makes a token in that language."""
    (found,) = [one for one in samples(language) if "portal-embed+jwt" in one]
    return found


@pytest.mark.parametrize("language", HOW_TO_RUN)
async def test_the_token_of_a_sample_is_let_in(database: Database, language: str) -> None:
    command, call = HOW_TO_RUN[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not here")
    made = run([*command, minting(language) + call])
    tokens = EmbedTokens(make_settings(**EMBEDDING), SingleUse(database), utc_now)
    assert await tokens.use(made) == Vouched("101", is_account=False)


@pytest.mark.parametrize("language", ["python", "js", "php", "ruby"])
def test_every_sample_says_all_that_a_token_must(language: str) -> None:
    sample = minting(language)
    for name in ("alg", "typ", "kid", "iss", "aud", "sub", "iat", "exp", "jti"):
        assert re.search(rf"\b{name}\b", sample), name
    assert re.search(r"\+ 60\b", sample)
    assert "HS256" in sample
    for name in SAYS:
        assert name in sample
    if language in ("php", "ruby"):  # by hand: base64 for addresses, without padding
        for part in ("+/", "-_", "="):
            assert part in sample


def test_the_sample_of_the_theme_asks_where_the_portal_answers() -> None:
    (sample,) = samples("liquid")
    assert 'data-token-url="/apps/portal/embed-code" data-token-method="GET"' in sample
    assert "fetch" not in sample


def test_the_example_is_what_comes_out() -> None:
    (example,) = samples("text")
    secret, header, claims, token = re.findall(r"^\w+ +(.+)$", example, re.MULTILINE)

    def encoded(text: bytes) -> str:
        return base64.urlsafe_b64encode(text).decode().rstrip("=")

    signed = f"{encoded(header.encode())}.{encoded(claims.encode())}"
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    assert token == f"{signed}.{encoded(mac)}"


def test_every_reason_and_every_event_is_there() -> None:
    tables = [line for line in DOCUMENT.splitlines() if line.startswith("|")]
    words = {word for line in tables for word in re.findall(r"`([\w:-]+)`", line)}
    assert {fault.value for fault in EmbedFault} <= words
    assert {f"doorstep:{event}" for event in EVENTS} <= words


def test_the_numbers_are_those_that_hold() -> None:
    assert f"{LARGEST_TOKEN:,} characters at most" in DOCUMENT
    assert MOST_OF_NETWORK == 20
    assert f"all together {MOST}" in DOCUMENT

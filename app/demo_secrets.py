"""Words and secrets that the demo has without anybody setting them. None of them is good for a real
service."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from app.settings import Settings

FILES: Final = Path("var")
"""Where the demo keeps what it has made."""
DEMO_MERCHANT_WORD: Final = "demo-merchant-only-on-this-machine"
"""The word for the merchant's pages where the settings have none. In the demo everybody may know
it; the sign-in page shows it."""

DEMO_SUPPORT_WORD: Final = "demo-support-only-on-this-machine"
"""The same for the shop's people, who look at the portal as a customer sees it."""


def link_keys(settings: Settings) -> tuple[str, ...]:
    """The secrets of quick links: those of the settings. The demo makes itself one at its first
    start, and keeps it, so that the command line signs with the same."""
    if settings.link_keys or not settings.is_demo:
        return settings.link_keys
    FILES.mkdir(exist_ok=True)
    file = FILES / "link-secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    return (file.read_text(encoding="utf-8"),)


def merchant_word(settings: Settings) -> str:
    """The merchant's word; empty where there is none: then nobody can give it."""
    if settings.merchant_token is not None:
        return settings.merchant_token.get_secret_value()
    return DEMO_MERCHANT_WORD if settings.is_demo else ""


def support_word(settings: Settings) -> str:
    """The word of the shop's people; empty where there is none: then nobody looks."""
    if settings.support_token is not None:
        return settings.support_token.get_secret_value()
    return DEMO_SUPPORT_WORD if settings.is_demo else ""

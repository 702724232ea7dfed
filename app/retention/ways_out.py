"""The ways out that stand at the foot of every page, signed in or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from babel import Locale
from babel.core import get_global

from app.i18n import Message, say
from app.mirror import Shop
from app.retention.regions import rules_of

CANCEL_PATH: Final = "/cancel"
WITHDRAW_PATH: Final = "/withdraw"


@dataclass(frozen=True)
class WayOut:
    """A link at the foot of a page.

    language: BCP 47, where the words are a law's and so in its language; empty where they are ours
    """

    path: str
    words: Message
    language: str = ""


def ways_out(shop: Shop | None, language: str) -> tuple[WayOut, WayOut]:
    """The links to cancel and to withdraw without signing in, in the words that the law of the
    shop's country prescribes.

    shop:     None where it is not known yet
    language: the reader's, BCP 47: where the law has several languages, or the country is not known
    """
    labels = rules_of(country_of(shop, language)).labels_in(language)
    cancel, withdraw = (labels.cancel, labels.withdraw) if labels else ("", "")
    return (
        WayOut(CANCEL_PATH, say("{words}", words=cancel), labels.language)
        if labels and cancel
        else WayOut(CANCEL_PATH, say("Cancel a subscription without signing in")),
        WayOut(WITHDRAW_PATH, say("{words}", words=withdraw), labels.language)
        if labels and withdraw
        else WayOut(WITHDRAW_PATH, say("Withdraw from contract here")),
    )


def country_of(shop: Shop | None, language: str) -> str | None:
    """The shop's country, ISO 3166-1. Recharge does not tell it, its zone does; else it is that of
    the language, where that names one ("de-DE")."""
    if shop is not None:
        found = get_global("zone_territories").get(shop.timezone.key)
        if found and found not in ("001", "ZZ"):
            return str(found)
    try:
        return Locale.parse(language, sep="-").territory
    except (ValueError, LookupError):
        return None

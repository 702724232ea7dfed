"""What a browser runs on, in the words of its owner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_BROWSERS: Final = (
    # The first that fits counts: most of them also call themselves Chrome and Safari.
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|OPiOS/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"DuckDuckGo/|Ddg/", "DuckDuckGo"),
    (r"Vivaldi/", "Vivaldi"),
    (r"YaBrowser/", "Yandex Browser"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrom(e|ium)/|CriOS/", "Chrome"),
    (r"Version/.*Safari/", "Safari"),
)
_SYSTEMS: Final = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Macintosh|Mac OS X", "Mac"),
    (r"Linux|X11", "Linux"),
)
_LONGEST: Final = 1000
"""Characters of what a browser says of itself that are looked at: anybody may write anything."""


@dataclass(frozen=True, slots=True)
class Device:
    """One session of a customer, as they can tell it from their others.

    name:       of the session; not its secret
    browser, system: "Firefox", "Windows"; empty where that is not known
    method:     the way in ("link", "theme token")
    first_seen: when it signed in
    last_seen:  its last sign of life, to the minute
    is_here:    the one that is asking
    """

    name: str
    browser: str
    system: str
    method: str
    first_seen: datetime
    last_seen: datetime
    is_here: bool


def browser_and_system(user_agent: str) -> tuple[str, str]:
    """Out of the header that a browser sends; empty words for what is not known.

    Only names from our own lists come back, so nothing that a stranger wrote is kept or shown.
    """
    said = user_agent[:_LONGEST]
    return _first(_BROWSERS, said), _first(_SYSTEMS, said)


def _first(kinds: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for pattern, name in kinds if re.search(pattern, said)), "")

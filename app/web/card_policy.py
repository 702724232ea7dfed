"""What a page with a card form may load: nothing but what its maker names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_BASE: Final[Mapping[str, tuple[str, ...]]] = {
    "default-src": ("'none'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:"),
    "form-action": ("'self'",),
    "base-uri": ("'none'",),
    "object-src": ("'none'",),
    "frame-ancestors": ("'none'",),
}
_MAY_BE_NAMED: Final = frozenset(
    {"script-src", "frame-src", "connect-src", "style-src", "img-src", "font-src"}
)
_SOURCE: Final = re.compile(
    r"https?://(\*\.)?[A-Za-z0-9.\[\]:-]+(/[\w./-]*)?|'self'|'sha(256|384|512)-[A-Za-z0-9+/=]+'"
)

SCRIPTS: Final[Mapping[str, bytes]] = {
    file.name: file.read_bytes() for file in (Path(__file__).parent / "static").glob("card_*.js")
}
"""The scripts of ours that forms may run, by name."""


def card_policy(allows: Mapping[str, tuple[str, ...]], script: str = "") -> str:
    """The content security policy of a page with a card form.

    allows: sources by directive, as the maker names them: origins, hashes, or ``'self'``
    script: the address of the one script of ours that the page runs; none where empty

    Raises:
        ValueError: a directive or a source is none that a maker may name, such as ``*`` or
            ``'unsafe-inline'``.
    """
    policy = dict(_BASE)
    for name, sources in allows.items():
        wrong = [source for source in sources if not _SOURCE.fullmatch(source)]
        if name not in _MAY_BE_NAMED or wrong:
            raise ValueError(f"no source for a page with a card form: {name} {' '.join(wrong)}")
        policy[name] = (*policy.get(name, ()), *sources)
    if script:
        policy["script-src"] = (script, *policy.get("script-src", ()))
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())

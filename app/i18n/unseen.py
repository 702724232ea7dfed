"""Signs that nobody sees, and that change how what is around them is read."""

from __future__ import annotations

import re
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters, line breaks among them
    "\u2028\u2029"  # more line breaks
    "\u202a-\u202e\u2066-\u2069"  # turn the direction of what follows
    "\ufff9-\ufffb\U000e0000-\U000e007f]"  # mark and tag texts
)


def has_unseen(text: str) -> bool:
    """Whether a text of one line holds signs that can make a label, a mail or a table say something
    else than what was written. Marks that scripts need, such as joiners and the marks of direction
    between two words, are none of them."""
    return _UNSEEN.search(text) is not None

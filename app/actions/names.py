"""What a customer calls a product."""

from __future__ import annotations

from typing import Final

from app.i18n import Message, say

NO_VARIANT: Final = "Default Title"
"""What Shopify calls the only variant of a product that has no variants. Nobody is shown it."""


def called(title: str, variant_title: str | None, quantity: int = 1) -> Message:
    """A product with its variant, and how many there are: "2 × House Blend (Whole bean)"."""
    if variant_title and variant_title != NO_VARIANT:
        if quantity == 1:
            return say("{title} ({variant})", title=title, variant=variant_title)
        return say(
            "{quantity} × {title} ({variant})",
            quantity=quantity,
            title=title,
            variant=variant_title,
        )
    if quantity == 1:
        return say("{title}", title=title)
    return say("{quantity} × {title}", quantity=quantity, title=title)

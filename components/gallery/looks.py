"""The gallery's bands: one of the shop's people is here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from app.i18n import Texts
from app.recharge import Customer
from app.state import LookShown
from components.gallery.example import Example
from components.gallery.made_up import MadeUpPortal
from components.looks_band import LooksBand

_UNTIL = datetime(2026, 11, 23, 12, 30, tzinfo=ZoneInfo("America/New_York"))
_MARA = Customer(
    id=101,
    first_name="Mara",
    last_name="Lindqvist",
    email="mara.lindqvist@example.com",
    backup_payment_methods_enabled=False,
)


def _example(case: str, language: str = "en", *, is_known: bool = True, **values: Any) -> Example:
    def draw(texts: Texts) -> LooksBand:
        portal = MadeUpPortal(status="ready" if is_known else "loading")
        if portal.snapshot is not None:
            cast(Any, portal.snapshot).customer = _MARA
        look = LookShown(name="Noor of the help desk", until=_UNTIL, **values)
        return LooksBand.show(portal, texts, look, "a token")

    return Example(LooksBand, case, draw, language)


EXAMPLES = (
    _example("looking"),
    _example("looking, and may act", can_switch=True),
    _example("acting for the customer", may_change=True),
    _example("before the records are there", is_known=False),
    _example("in Arabic", "ar", can_switch=True),
)

"""A shop with two customers, and a mailer that keeps what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.mail import Mail, MailError
from app.mirror import Shop
from tests.auth.world import EMAILS, HASHES, JONAS, MARA

ACCOUNTS = {"7001": MARA, "7002": JONAS}
"""Customers by the ids of their shop accounts."""


class People:
    """Who is a customer. Counts how often somebody was looked for."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.name = "Northbound Coffee & Pantry"
        self.failure: Exception | None = None
        self.left: set[str] = set()
        """Addresses that their customers have given up."""

    async def shop(self) -> Shop:
        if self.failure is not None:
            raise self.failure
        return Shop(
            name=self.name,
            currency="USD",
            timezone=ZoneInfo("America/New_York"),
            email="hello@northbound.example",
            switches={},
            settings={},
            loaded_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
        )

    async def find_customer(
        self, *, email: str | None = None, hash: str | None = None, external_id: str | None = None
    ) -> int | None:
        self.asked.append({"email": email, "hash": hash, "external_id": external_id})
        if self.failure is not None:
            raise self.failure
        if external_id is not None:
            return ACCOUNTS.get(external_id)
        if email in self.left:
            return None
        known, wanted = (EMAILS, (email or "").casefold()) if email else (HASHES, hash)
        return next((one for one, value in known.items() if value == wanted), None)


class Outbox:
    """Keeps mails, or fails when it is told to."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.failure: MailError | None = None

    async def send(self, mail: Mail) -> None:
        if self.failure is not None:
            raise self.failure
        self.mails.append(mail)

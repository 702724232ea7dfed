"""Looks at a real configuration and says what to mend. It writes nothing to Recharge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiosmtplib
from sqlalchemy import text

from app.database import Database, DatabaseError
from app.recharge import RechargeClient, RechargeError
from app.settings import Settings, variable

SCOPES = (
    "read_customers",
    "read_orders",
    "read_payment_methods",
    "read_products",
    "read_subscriptions",
    "store_info",
    "write_customers",
    "write_orders",
    "write_subscriptions",
)
"""What the token must be allowed to do for what customers can do here. Skipping a charge is a
change of orders; skipping a date without one goes by its address."""

_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `advice` says what to mend, and is empty when it is well."""

    subject: str
    advice: str = ""

    @property
    def is_well(self) -> bool:
        return not self.advice


async def examine(settings: Settings, client: RechargeClient | None) -> AsyncIterator[Finding]:
    """Every finding, as it is made. `client` is None in the demo, which has nothing to mend."""
    yield _address(settings)
    yield _proxy(settings)
    yield await examine_database(settings)
    yield await _mail(settings)
    if client is None:
        yield Finding(
            "Recharge", f"{variable('recharge_api_token')} is not set, so this would be the demo."
        )
        return
    try:
        token = await client.token_information.get()
        missing = [scope for scope in SCOPES if scope not in token.scopes]
        yield Finding(
            "Recharge token",
            f"Give the token these permissions: {', '.join(missing)}." if missing else "",
        )
        await client.store.get()
        yield Finding("Recharge store")
    except RechargeError as error:
        yield Finding(
            "Recharge",
            f"{error}. Check {variable('recharge_api_token')} and {variable('recharge_api_url')}.",
        )


def _address(settings: Settings) -> Finding:
    name = variable("public_url")
    if not settings.public_url:
        return Finding("Address", f"Set {name} to the address that customers see.")
    host = urlsplit(settings.origin).hostname
    if not settings.is_secure and host not in {"localhost", "127.0.0.1", "::1"}:
        return Finding("Address", f"{name} must start with https://, or cookies can be stolen.")
    return Finding("Address")


def _proxy(settings: Settings) -> Finding:
    if settings.is_secure and not settings.trusted_proxies:
        return Finding(
            "Proxy",
            f"Name the proxy that ends TLS in {variable('trusted_proxies')}, or all customers look "
            "like one network and share its limit of sign-in links.",
        )
    return Finding("Proxy")


async def examine_database(settings: Settings) -> Finding:
    """Whether the database can be used. It is brought up to date on the way."""
    try:
        database = Database(settings.database_url)
        try:
            await database.upgrade()
            async with database.read() as connection:
                await connection.execute(text("SELECT 1"))
        finally:
            await database.close()
    except DatabaseError as error:
        return Finding("Database", f"{variable('database_url')}: {error}.")
    except Exception as error:
        # The driver's own text may hold the password of the address.
        return Finding(
            "Database",
            f"{variable('database_url')}: the database cannot be reached ({type(error).__name__}).",
        )
    return Finding("Database")


async def _mail(settings: Settings) -> Finding:
    name = variable("smtp_url")
    if settings.smtp_url is None:
        return Finding("Mail", f"Set {name}: customers sign in by e-mailed links.")
    parts = urlsplit(settings.smtp_url.get_secret_value())
    is_tls = parts.scheme == "smtps"
    server = aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or (465 if is_tls else 587),
        use_tls=is_tls,
        timeout=_SECONDS,
    )
    try:
        await server.connect()
        await server.quit()
    except (aiosmtplib.SMTPException, OSError) as error:
        return Finding(
            "Mail", f"The mail server cannot be reached ({type(error).__name__}). Check {name}."
        )
    return Finding("Mail")

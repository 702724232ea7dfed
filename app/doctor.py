"""Looks at a real configuration and says what to mend. It writes nothing to Recharge. At Stripe it
makes an attempt to add a card, for nobody, and cancels it: nothing else tells whether both keys are
of one account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import aiosmtplib
from pydantic import SecretStr
from sqlalchemy import text

from app.actions import (
    Action,
    ApplyDiscountToAll,
    CancelMembership,
    CancelSubscription,
    ChangeRhythm,
    DelaySubscription,
    MoveToAddress,
    NotPossible,
    PauseSubscription,
    SkipAndGift,
    SkipDelivery,
    SwapProduct,
    look_up,
)
from app.auth import OidcError, Provider, providers_of
from app.clock import utc_now
from app.database import Database, DatabaseError
from app.mirror import Shop, read_shop
from app.recharge import RechargeClient, RechargeError
from app.retention import (
    DEFAULT_MEMBERSHIP_REASONS,
    DEFAULT_REASONS,
    TABLE,
    Incentive,
    Plan,
    Reason,
    RetentionFile,
    RetentionFileError,
    load_retention_file,
    plan_of,
)
from app.settings import Settings, variable

SCOPES = (
    "read_customers",
    "read_orders",
    "read_payment_methods",
    "read_products",
    "read_subscriptions",
    "store_info",
    "write_customers",
    "write_notifications",
    "write_orders",
    "write_payment_methods",
    "write_subscriptions",
)
"""What the token must be allowed to do for what customers can do here. Skipping a charge is a
change of orders; skipping a date without one goes by its address."""

_SECONDS = 10.0

_CARRIED_OUT_BY: Final[Mapping[Incentive, type[Action]]] = {
    Incentive.SKIP: SkipDelivery,
    Incentive.DELAY: DelaySubscription,
    Incentive.PAUSE: PauseSubscription,
    Incentive.SWAP: SwapProduct,
    Incentive.DISCOUNT: ApplyDiscountToAll,
    Incentive.RHYTHM: ChangeRhythm,
    Incentive.GIFT: SkipAndGift,
    Incentive.ADDRESS: MoveToAddress,
}
"""Of each offer to a customer who wants to leave, the action behind it. A contact needs none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `advice` says what to mend, and is empty when it is well;
    `note` is worth knowing then."""

    subject: str
    advice: str = ""
    note: str = ""

    @property
    def is_well(self) -> bool:
        return not self.advice


async def examine(settings: Settings, client: RechargeClient | None) -> AsyncIterator[Finding]:
    """Every finding, as it is made. `client` is None in the demo, which has nothing to mend."""
    yield _address(settings)
    yield _proxy(settings)
    yield await examine_database(settings)
    yield await _mail(settings)
    if settings.stripe_secret_key is not None:
        yield await _stripe(settings, settings.stripe_secret_key)
    for name, provider in providers_of(settings).items():
        yield await examine_provider(name, provider)
    file, found = _retention_file(settings)
    yield found
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
        if found.is_well:
            now = utc_now()
            shop = await read_shop(client, settings.switches, now)
            async for each in _leaving(client, shop, file, now):
                yield each
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


async def _stripe(settings: Settings, secret_key: SecretStr) -> Finding:
    """Whether Stripe takes both keys, and takes them for one account."""
    from app.payments.stripe import why_keys_do_not_work  # large, and only some shops have it

    wrong = await why_keys_do_not_work(
        settings.stripe_public_key, secret_key, settings.stripe_api_url
    )
    if not wrong:
        return Finding("Stripe")
    names = f"{variable('stripe_public_key')} and {variable('stripe_secret_key')}"
    return Finding("Stripe", f"{wrong} Check {names}.")


async def examine_provider(name: str, provider: Provider) -> Finding:
    """Whether customers can be sent to an identity provider, and its answers can be checked."""
    subject = f"Sign in with {provider.label}"
    try:
        await provider.examine()
    except OidcError as error:
        return Finding(subject, f"{error}. Check {name} in {variable('oidc')}.")
    return Finding(subject, note=f"it must lead back to {provider.redirect_uri}")


def _retention_file(settings: Settings) -> tuple[RetentionFile | None, Finding]:
    name = variable("retention")
    if settings.retention is None:
        return None, Finding("Retention file", note=f"{name} is not set; Recharge's settings hold")
    try:
        return load_retention_file(settings.retention), Finding("Retention file")
    except RetentionFileError as error:
        return None, Finding("Retention file", f"{name}: {error}")


async def _leaving(
    client: RechargeClient, shop: Shop, file: RetentionFile | None, now: datetime
) -> AsyncIterator[Finding]:
    """What customers who want to leave are asked and offered, and whether it can be done."""
    plan = plan_of(shop, file)
    yield Finding("Leaving a subscription", note=_told(plan, DEFAULT_REASONS))
    if shop.has_memberships:
        members = plan_of(shop, file, "membership")
        yield Finding("Leaving a membership", note=_told(members, DEFAULT_MEMBERSHIP_REASONS))
    if not CancelSubscription.is_offered(shop):
        contact = plan.contact or shop.email
        yield Finding("Cancelling", _closed(CancelSubscription.switch, contact))
    if shop.has_memberships and not CancelMembership.is_offered(shop):
        contact = members.contact or shop.email
        yield Finding("Cancelling memberships", _closed(CancelMembership.switch, contact))
    offered = {one.incentive for one in plan.reasons if one.incentive in _CARRIED_OUT_BY}
    for incentive in sorted(filter(None, offered)):
        action = _CARRIED_OUT_BY[incentive]
        if not action.is_offered(shop):
            yield Finding(
                f"Offer {incentive}",
                f"No customer sees it while {action.switch} is off. Switch that on, or offer "
                "something else.",
            )
    for code in dict.fromkeys(filter(None, (one.discount_code for one in plan.reasons))):
        yield await _discount(client, code, now)


def _closed(switch: str | None, contact: str) -> str:
    """What it means that the merchant has switched the end off."""
    places = ", ".join(key for key, rules in TABLE.items() if rules.may_close)
    whom = f"to write to {contact}" if contact else "to write to the shop, whose address is unknown"
    return (
        f"{switch} is off. That counts in few places only ({places}): customers there are told "
        f"{whom}. Everywhere else the law wants the end online, and it stays there. Switch it on "
        "to treat all alike."
    )


def _told(plan: Plan, defaults: tuple[Reason, ...]) -> str:
    is_ours = [one.key for one in plan.reasons] == [one.key for one in defaults]
    where = ", Doorstep's own, since the shop has named none" if is_ours else ""
    offers = sorted({str(one.incentive) for one in plan.reasons if one.incentive})
    count = len(plan.reasons)
    return (
        f"{count} {'reason' if count == 1 else 'reasons'}{where}; "
        f"offers: {', '.join(offers) or 'none'}"
    )


async def _discount(client: RechargeClient, code: str, now: datetime) -> Finding:
    subject = f"Discount {code}"
    try:
        await look_up(client, code, now)
    except NotPossible:
        return Finding(
            subject,
            "Customers who want to leave are offered this code, and it cannot be used in the "
            "portal. Make it in Recharge, enable it there, or offer something else.",
        )
    except RechargeError as error:
        return Finding(subject, f"It could not be looked up ({error}).")
    return Finding(subject)

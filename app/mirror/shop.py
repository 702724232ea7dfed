"""What concerns the whole shop: its name, zone and currency, its switches, its products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from pydantic import ValidationError
from sqlalchemy import select

from app.clock import Clock
from app.database import Database, upsert
from app.mirror import tables
from app.mirror.catalogue import NOTHING, Catalogue, catalogue_of, document_of
from app.mirror.changes import Changes
from app.mirror.shop_document import read_document, sent_to
from app.mirror.tasks import Tasks
from app.recharge import (
    BundleSelection,
    MembershipProgram,
    NotFound,
    Plan,
    Priority,
    Product,
    RateLimited,
    RechargeClient,
    Refused,
    RetentionStrategy,
    Store,
    Unauthorized,
)

_log = structlog.get_logger(__name__)

SHOP_AGE: Final = timedelta(minutes=15)
"""The shop's settings are read again in the background when they are older."""

CATALOGUE_AGE: Final = timedelta(hours=24)
"""The products are read again in the background when they are older."""

MOST_PRODUCTS: Final = 5000
"""Products that are kept; what is beyond shows the pictures of its charges' items."""

SYNC_SECONDS: Final = 120.0
"""How long a read in the background may wait for its place in line."""

SWITCHES: Final[Mapping[str, bool]] = {
    "add_product": True,
    "cancel_subscription": True,
    "change_product": True,
    "change_quantity": True,
    "change_variant": True,
    "discount_input": True,
    "edit_scheduled_date": True,
    "edit_shipping_address": True,
    "enable_membership_programs": False,
    "membership_allow_membership_cancellation_in_customer_portal": True,
    "onetime_enabled": True,
    "order_now": True,
    "reactivate_subscription": True,
    "retry_failed_payment": True,
    "show_credits": True,
    "skip_and_gift": True,
    "skip_prepaid_order": True,
    "skip_scheduled_order": True,
    "view_memberships": True,
    "view_order_schedule": True,
    "view_recharge_payment_methods": True,
    "view_subscriptions": True,
}
"""What customers may do where the store does not say. The names are those of the Theme Engine's
`settings.customer_portal`: those under `subscription` as they are, those under another group with
its name in front (`onetime.enabled` is ``onetime_enabled``). The Theme Engine has none for
`order_now`, `retry_failed_payment` and `skip_and_gift`: these are ours."""


_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """The shop.

    currency:   ISO 4217, in which the store keeps its books
    timezone:   the zone in which its delivery dates are dates
    email:      where customers can write to
    switches:   what customers may do, from the store's settings and the local ones over them
    currencies: other currencies that customers may pay in
    settings:   the store's `customer_portal` settings as they came: some are not yes or no
    shipping_countries: the countries that the store sends to, by ISO code, with the name and the
                code of each of their provinces; None where it does not say: then it is all
    strategies: reasons to cancel and what stands against each, for all kinds of end; the oldest
                first, since Recharge keeps no order of its own and shows them so
    loaded_at:  when it was last read from Recharge
    """

    name: str
    currency: str
    timezone: ZoneInfo
    email: str
    switches: Mapping[str, bool]
    currencies: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    shipping_countries: Mapping[str, tuple[tuple[str, str], ...]] | None = None
    strategies: tuple[RetentionStrategy, ...] = ()
    loaded_at: datetime = _NEVER

    def allows(self, switch: str) -> bool:
        """Whether the merchant lets customers do this. What nobody has switched off is allowed."""
        return self.switches.get(switch, True)

    @property
    def has_memberships(self) -> bool:
        """Whether there is such a thing in this shop. Where it does not say so, nobody asks."""
        return self.switches.get("enable_membership_programs", False)


class ShopMirror:
    """Keeps the shop in memory and in the database."""

    def __init__(
        self,
        *,
        database: Database,
        client: RechargeClient,
        tasks: Tasks,
        changes: Changes,
        clock: Clock,
        overrides: Mapping[str, bool],
    ) -> None:
        self._database = database
        self._client = client
        self._tasks = tasks
        self._changes = changes
        self._clock = clock
        self._overrides = dict(overrides)
        self._shop: Shop | None = None
        self._catalogue = NOTHING

    async def get(self) -> Shop:
        """The shop. It is read from Recharge when nothing is kept of it (4 calls), and again in the
        background when what is kept is older than `SHOP_AGE`.

        Raises:
            RechargeError: nothing is kept and it could not be read.
        """
        if self._shop is None:
            await self._tasks.once("shop", self._restore_shop)
        assert self._shop is not None  # noqa: S101
        if abs(self._clock() - self._shop.loaded_at) > SHOP_AGE:
            self._tasks.start("shop", lambda: self._read_shop(Priority.REPAIR))
        return self._shop

    def catalogue(self) -> Catalogue:
        """The products and plans; nothing at first, while they are read in the background.

        When they have come, all who watch a customer are told.
        """
        if self._is_old(self._catalogue):
            self._tasks.start("catalogue", self._bring_catalogue)
        return self._catalogue

    def forget(self) -> None:
        """Keep nothing in memory."""
        self._shop = None
        self._catalogue = NOTHING

    async def _restore_shop(self) -> None:
        if kept := await self._kept("shop"):
            document, loaded_at = kept
            with suppress(ValidationError):  # kept by a release with other ideas of a shop
                self._shop = _shop(document, self._overrides, loaded_at)
        if self._shop is None:
            await self._read_shop(Priority.MISS)

    async def _read_shop(self, priority: Priority) -> None:
        loaded_at = self._clock()
        document = await read_document(self._client.with_options(priority=priority))
        await self._keep("shop", document, loaded_at)
        before, self._shop = self._shop, _shop(document, self._overrides, loaded_at)
        if before is not None:
            self._changes.publish_to_all()

    async def _bring_catalogue(self) -> None:
        """From the database if it is young enough, else from Recharge."""
        if self._catalogue is NOTHING and (kept := await self._kept("catalogue")):
            document, loaded_at = kept
            # Kept by a release with other ideas of a catalogue: it is read anew.
            with suppress(ValidationError, KeyError):
                self._catalogue = catalogue_of(document, loaded_at)
        if self._is_old(self._catalogue):
            await self._read_catalogue()
        self._changes.publish_to_all()

    def _is_old(self, catalogue: Catalogue) -> bool:
        loaded_at = catalogue.loaded_at
        if self._has_memberships and not catalogue.has_programs:
            return True
        return loaded_at is None or self._clock() - loaded_at > CATALOGUE_AGE

    @property
    def _has_memberships(self) -> bool:
        return self._shop is not None and self._shop.has_memberships

    async def _programs(self, client: RechargeClient) -> list[MembershipProgram]:
        try:
            return await client.membership_programs.list(
                include=["membership_benefits"], limit=250
            ).all()
        except RateLimited:
            raise
        except Refused as error:
            # Known from Recharge's storefront client only.
            _log.info("the store does not list its membership programs", error=str(error))
            return []

    async def _read_catalogue(self) -> None:
        client = self._client.with_options(priority=Priority.SYNC, timeout=SYNC_SECONDS)
        loaded_at = self._clock()
        products: list[Product] = []
        plans: list[Plan] = []
        is_refused = False
        try:
            async for product in client.products.list(limit=250):
                if len(products) >= MOST_PRODUCTS:
                    _log.warning("the shop has more products than are kept", kept=MOST_PRODUCTS)
                    break
                products.append(product)
        except Refused as error:
            # Reported of stores on Shopify: 422 for the whole list. Items of charges have pictures.
            _log.info("the store does not list its products", error=str(error))
            is_refused = True
        try:
            plans = await client.plans.list(limit=250).all()
        except Refused as error:
            _log.info("the store does not list its plans", error=str(error))
        contents: Sequence[BundleSelection] = ()
        try:
            contents = (await client.bundle_selections.list(limit=250).page()).records
        except (NotFound, Refused, Unauthorized) as error:
            # Bundles come with the larger plans of Recharge only.
            _log.info("the store has no bundles", error=str(error))
        programs = await self._programs(client) if self._has_memberships else None
        document = document_of(products, plans, contents, programs, is_refused=is_refused)
        await self._keep("catalogue", document, loaded_at)
        self._catalogue = catalogue_of(document, loaded_at)

    async def _kept(self, name: Literal["shop", "catalogue"]) -> tuple[Any, datetime] | None:
        columns = tables.shops.c.document, tables.shops.c.loaded_at
        query = select(*columns).where(tables.shops.c.name == name)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else (row.document, row.loaded_at)

    async def _keep(self, name: str, document: Any, loaded_at: datetime) -> None:
        row = {"name": name, "document": document, "loaded_at": loaded_at}
        async with self._database.begin() as connection:
            await upsert(connection, tables.shops, [row], ("name",))


def switches_of(portal: Mapping[str, Any]) -> dict[str, bool]:
    """The yes-or-no settings of `customer_portal`, flat: see `SWITCHES`."""
    found: dict[str, bool] = {}
    for name, value in portal.items():
        if isinstance(value, bool):
            found[name] = value
        elif isinstance(value, Mapping):
            prefix = "" if name == "subscription" else f"{name}_"
            found |= {
                f"{prefix}{inner}": setting
                for inner, setting in value.items()
                if isinstance(setting, bool)
            }
    return found


async def read_shop(
    client: RechargeClient, overrides: Mapping[str, bool], loaded_at: datetime
) -> Shop:
    """The shop as Recharge has it now, for whoever keeps nothing of it (4 calls).

    Raises:
        RechargeError: it could not be read.
    """
    return _shop(await read_document(client), overrides, loaded_at)


def _shop(document: Any, overrides: Mapping[str, bool], loaded_at: datetime) -> Shop:
    store = Store.model_validate(document["store"])
    portal = document["customer_portal"]
    strategies = map(RetentionStrategy.model_validate, document.get("strategies", ()))
    return Shop(
        name=store.name,
        currency=store.currency,
        timezone=_zone(store.timezone.iana_name),
        email=store.email or "",
        switches={**SWITCHES, **switches_of(portal), **overrides},
        settings=portal,
        shipping_countries=sent_to(document),
        strategies=tuple(sorted(strategies, key=lambda strategy: strategy.id)),
        currencies=tuple(store.enabled_presentment_currencies),
        loaded_at=loaded_at,
    )


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "")
    except (ZoneInfoNotFoundError, ValueError):
        # Recharge's own calendar for a shop that names no zone.
        _log.warning("the store's time zone is unknown", timezone=name)
        return ZoneInfo("America/New_York")

"""The store: its name, currency and zone, and what its customers may do."""

from __future__ import annotations

from app.recharge.resource import Resource
from app.recharge.sending import Call
from app.recharge.values import Moment, Record


class Timezone(Record):
    """`iana_name` such as America/New_York; `name` is for people."""

    iana_name: str | None = None
    name: str | None = None


class CurrencySymbol(Record):
    """How a currency is written: `location` is before or after the amount."""

    currency: str = ""
    location: str | None = None
    suffix: str | None = None
    symbol: str | None = None


class Store(Record):
    """The shop that the token belongs to. Its dates are dates in `timezone`."""

    id: int
    checkout_logo_url: str | None = None
    checkout_platform: str | None = None
    created_at: Moment | None = None
    currency: str = ""
    customer_portal_base_url: str | None = None
    default_api_version: str | None = None
    disabled_currencies_historical: tuple[str, ...] = ()
    email: str | None = None
    enabled_presentment_currencies: tuple[str, ...] = ()
    enabled_presentment_currencies_symbols: tuple[CurrencySymbol, ...] = ()
    external_platform: str | None = None
    identifier: str | None = None
    merchant_portal_base_url: str | None = None
    name: str = ""
    phone: str | None = None
    timezone: Timezone = Timezone()
    updated_at: Moment | None = None
    weight_unit: str | None = None


class SubscriptionSettings(Record):
    """What customers may do with subscriptions; None where the store does not tell."""

    add_product: bool | None = None
    cancel_subscription: bool | None = None
    cancellation_email_contact: str | None = None
    cancellation_enable_pause_options: bool | None = None
    cancellation_enable_pause_options_values: str | None = None
    cancellation_minimum_order_count: int | None = None
    cancellation_reason_optional: bool | None = None
    change_product: bool | None = None
    change_quantity: bool | None = None
    change_variant: bool | None = None
    edit_order_frequency: bool | str | None = None
    edit_scheduled_date: bool | None = None
    reactivate_subscription: bool | None = None
    skip_prepaid_order: bool | None = None
    skip_scheduled_order: bool | None = None
    zero_inventory_purchase: bool | None = None


class OnetimeSettings(Record):
    """What customers may do with one-times; None where the store does not tell."""

    available_products: str | None = None
    enabled: bool | None = None
    shopify_collection_id: int | None = None
    zero_inventory_purchase: bool | None = None


class MembershipSettings(Record):
    """What customers may do with memberships; None where the store does not tell."""

    allow_membership_cancellation_after: int | None = None
    """Orders before a membership may be cancelled."""
    allow_membership_cancellation_in_customer_portal: bool | None = None
    membership_cancellation_reason_optional: bool | None = None


class PortalSettings(Record):
    """The merchant's switches for the customer portal; None where the store does not tell. The
    names are those of the Theme Engine's settings object."""

    collection_ids: tuple[int, ...] = ()
    discount_input: bool | None = None
    edit_shipping_address: bool | None = None
    enable_membership_programs: bool | None = None
    force_customer_portal_accounts: bool | None = None
    hosted_customer_portal: bool | None = None
    inventory_behaviour: str | None = None
    membership: MembershipSettings = MembershipSettings()
    onetime: OnetimeSettings = OnetimeSettings()
    show_credits: bool | None = None
    subscription: SubscriptionSettings = SubscriptionSettings()
    view_memberships: bool | None = None
    view_order_schedule: bool | None = None
    view_recharge_payment_methods: bool | None = None
    view_subscriptions: bool | None = None


class ShopSettings(Record):
    """The store's settings."""

    customer_portal: PortalSettings = PortalSettings()
    has_shopify_connector: bool | None = None
    multicurrency_enabled: bool | None = None
    shop_id: int | None = None


class Province(Record):
    """A state, province or prefecture as the store names it: addresses keep the name."""

    id: int | None = None
    code: str | None = None
    name: str


class ShippingCountry(Record):
    """A country that the store sends to. `code` is ISO 3166-1 alpha-2."""

    id: int | str | None = None
    code: str
    country_id: int | None = None
    name: str | None = None
    provinces: tuple[Province, ...] = ()


class Stores(Resource[Store]):
    """`client.store`. Scope: store_info."""

    _path = "/store"
    _singular = "store"
    _plural = "store"
    _model = Store

    async def get(self) -> Store:
        """GET /store."""
        return await self._one(Call("GET", "/store"))

    async def settings(self) -> ShopSettings:
        """GET /shop/settings. Known from Recharge's storefront client only: expect NotFound, and
        fall back on settings of your own."""
        return await self._ask(Call("GET", "/shop/settings"), "shop_settings", ShopSettings)

    async def shipping_countries(self) -> tuple[ShippingCountry, ...]:
        """GET /shop/shipping_countries. Known from Recharge's storefront client only: expect
        NotFound, and take it that the store sends everywhere."""
        call = Call("GET", "/shop/shipping_countries")
        page = await self._ask_all(call, "shipping_countries", ShippingCountry)
        return page.records

"""The Recharge API, version 2021-11, as records and verbs::

    from app.recharge import Priority, RechargeClient

    client = RechargeClient(token)
    customer = await client.customers.get(101, include=["addresses"])
    async for charge in client.charges.list(customer_id=101, status="queued"): ...
    await client.with_options(customer_id=101).charges.skip(501, purchase_item_ids=[301])

One module per noun holds its model and its resource. The tree of errors is drawn in
`app.recharge.errors`; the order in which calls are sent is told in `app.recharge.budget`.
"""

from app.recharge import inclusions as _inclusions  # noqa: F401 - completes the models
from app.recharge.addresses import Address, Addresses, AddressInclude
from app.recharge.budget import Budget, BudgetStats, LocalBudget, Priority
from app.recharge.bundle_selections import BundleItem, BundleSelection, BundleSelections
from app.recharge.charges import (
    Charge,
    ChargeInclude,
    Charges,
    ChargeStatus,
    ChargeType,
    ExternalTransactionId,
)
from app.recharge.client import RechargeClient
from app.recharge.collections import Collection, CollectionProduct, Collections, CollectionType
from app.recharge.credits import (
    AdjustmentType,
    CreditAccount,
    CreditAccountInclude,
    CreditAccounts,
    CreditAdjustment,
    CreditAdjustments,
    CreditSummary,
    CreditSummaryInclude,
    CreditType,
)
from app.recharge.customers import Customer, CustomerInclude, Customers
from app.recharge.delivery_schedule import (
    DeliverySchedule,
    ScheduledCustomer,
    ScheduledDelivery,
    ScheduledLineItem,
    ScheduledOrder,
    ScheduledPaymentMethod,
)
from app.recharge.discounts import (
    AppliesTo,
    Discount,
    DiscountChannel,
    DiscountChannels,
    Discounts,
    DiscountStatus,
    UsageLimits,
)
from app.recharge.errors import (
    BudgetExceeded,
    Conflict,
    ConnectFailed,
    InvalidArgument,
    NoAnswer,
    NotFound,
    NotSent,
    RateLimited,
    RechargeError,
    Refused,
    Unauthorized,
    UpstreamFailed,
)
from app.recharge.metafields import Metafield, MetafieldOwner, Metafields, MetafieldValueType
from app.recharge.notifications import Notifications, NotificationTemplate, TemplateVariables
from app.recharge.onetimes import Onetime, OnetimeInclude, Onetimes
from app.recharge.orders import Order, OrderCharge, OrderInclude, Orders, OrderStatus
from app.recharge.parts import (
    AnalyticsData,
    AppliedDiscount,
    ClientDetails,
    CustomerReference,
    DiscountValueType,
    Images,
    IntervalUnit,
    LineItem,
    PostalAddress,
    Property,
    PurchaseItemType,
    ShippingLine,
    TaxLine,
    UtmParams,
)
from app.recharge.payment_methods import (
    PaymentDetails,
    PaymentMethod,
    PaymentMethodInclude,
    PaymentMethods,
    PaymentMethodStatus,
    PaymentType,
)
from app.recharge.plans import (
    Plan,
    PlanChannel,
    PlanChannels,
    Plans,
    PlanType,
    SubscriptionPreferences,
)
from app.recharge.products import (
    Dimensions,
    OptionValue,
    Prices,
    Product,
    ProductOption,
    Products,
    Variant,
)
from app.recharge.resource import Listing, Page
from app.recharge.retention_strategies import (
    CancellationFlow,
    Incentive,
    RetentionStrategies,
    RetentionStrategy,
)
from app.recharge.store import (
    CurrencySymbol,
    MembershipSettings,
    OnetimeSettings,
    PortalSettings,
    ShopSettings,
    Store,
    Stores,
    SubscriptionSettings,
    Timezone,
)
from app.recharge.subscriptions import (
    Subscription,
    SubscriptionChanges,
    SubscriptionInclude,
    Subscriptions,
    SubscriptionStatus,
)
from app.recharge.subscriptions_bulk import BulkChange, SubscriptionsBulk
from app.recharge.token_information import TokenClient, TokenInformation, TokenInformations
from app.recharge.values import ExternalId, OpenEnum, Record, valid_id
from app.recharge.webhooks import Webhook, Webhooks

__all__ = [
    "Address",
    "AddressInclude",
    "Addresses",
    "AdjustmentType",
    "AnalyticsData",
    "AppliedDiscount",
    "AppliesTo",
    "Budget",
    "BudgetExceeded",
    "BudgetStats",
    "BulkChange",
    "BundleItem",
    "BundleSelection",
    "BundleSelections",
    "CancellationFlow",
    "Charge",
    "ChargeInclude",
    "ChargeStatus",
    "ChargeType",
    "Charges",
    "ClientDetails",
    "Collection",
    "CollectionProduct",
    "CollectionType",
    "Collections",
    "Conflict",
    "ConnectFailed",
    "CreditAccount",
    "CreditAccountInclude",
    "CreditAccounts",
    "CreditAdjustment",
    "CreditAdjustments",
    "CreditSummary",
    "CreditSummaryInclude",
    "CreditType",
    "CurrencySymbol",
    "Customer",
    "CustomerInclude",
    "CustomerReference",
    "Customers",
    "DeliverySchedule",
    "Dimensions",
    "Discount",
    "DiscountChannel",
    "DiscountChannels",
    "DiscountStatus",
    "DiscountValueType",
    "Discounts",
    "ExternalId",
    "ExternalTransactionId",
    "Images",
    "Incentive",
    "IntervalUnit",
    "InvalidArgument",
    "LineItem",
    "Listing",
    "LocalBudget",
    "MembershipSettings",
    "Metafield",
    "MetafieldOwner",
    "MetafieldValueType",
    "Metafields",
    "NoAnswer",
    "NotFound",
    "NotSent",
    "NotificationTemplate",
    "Notifications",
    "Onetime",
    "OnetimeInclude",
    "OnetimeSettings",
    "Onetimes",
    "OpenEnum",
    "OptionValue",
    "Order",
    "OrderCharge",
    "OrderInclude",
    "OrderStatus",
    "Orders",
    "Page",
    "PaymentDetails",
    "PaymentMethod",
    "PaymentMethodInclude",
    "PaymentMethodStatus",
    "PaymentMethods",
    "PaymentType",
    "Plan",
    "PlanChannel",
    "PlanChannels",
    "PlanType",
    "Plans",
    "PortalSettings",
    "PostalAddress",
    "Prices",
    "Priority",
    "Product",
    "ProductOption",
    "Products",
    "Property",
    "PurchaseItemType",
    "RateLimited",
    "RechargeClient",
    "RechargeError",
    "Record",
    "Refused",
    "RetentionStrategies",
    "RetentionStrategy",
    "ScheduledCustomer",
    "ScheduledDelivery",
    "ScheduledLineItem",
    "ScheduledOrder",
    "ScheduledPaymentMethod",
    "ShippingLine",
    "ShopSettings",
    "Store",
    "Stores",
    "Subscription",
    "SubscriptionChanges",
    "SubscriptionInclude",
    "SubscriptionPreferences",
    "SubscriptionSettings",
    "SubscriptionStatus",
    "Subscriptions",
    "SubscriptionsBulk",
    "TaxLine",
    "TemplateVariables",
    "Timezone",
    "TokenClient",
    "TokenInformation",
    "TokenInformations",
    "Unauthorized",
    "UpstreamFailed",
    "UsageLimits",
    "UtmParams",
    "Variant",
    "Webhook",
    "Webhooks",
    "valid_id",
]

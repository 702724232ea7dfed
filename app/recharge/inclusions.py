"""Completes the models that hold one another.

A subscription may hold its customer, who may hold subscriptions. So the modules name each other's
models for the type checker alone, and the models are completed here, where all of them are known.
"""

from app.recharge.addresses import Address, AddressInclude
from app.recharge.charges import Charge, ChargeInclude
from app.recharge.credits import CreditAccount, CreditAccountInclude
from app.recharge.customers import Customer, CustomerInclude
from app.recharge.discounts import Discount
from app.recharge.metafields import Metafield
from app.recharge.onetimes import Onetime, OnetimeInclude
from app.recharge.orders import Order, OrderInclude
from app.recharge.payment_methods import PaymentMethod, PaymentMethodInclude
from app.recharge.subscriptions import Subscription, SubscriptionInclude

COMPLETED = (
    Address,
    AddressInclude,
    Charge,
    ChargeInclude,
    CreditAccount,
    CreditAccountInclude,
    Customer,
    CustomerInclude,
    Onetime,
    OnetimeInclude,
    Order,
    OrderInclude,
    PaymentMethod,
    PaymentMethodInclude,
    Subscription,
    SubscriptionInclude,
)
_NAMES = {model.__name__: model for model in (*COMPLETED, Discount, Metafield)}

for _model in COMPLETED:
    _model.model_rebuild(_types_namespace=_NAMES)

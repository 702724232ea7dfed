"""The client: one token, one pool of connections, one budget, every noun of the API.

The same code runs in production, against a look-alike in this process and against one over HTTP;
`transport=` and `base_url=` make the difference.
"""

from __future__ import annotations

import asyncio
import logging
import re
from types import TracebackType
from typing import Self

import httpx

from app.recharge.addresses import Addresses
from app.recharge.budget import Budget, LocalBudget, Priority
from app.recharge.bundle_selections import BundleSelections
from app.recharge.charges import Charges
from app.recharge.collections import Collections
from app.recharge.credits import CreditAccounts, CreditAdjustments
from app.recharge.customers import Customers
from app.recharge.discounts import Discounts
from app.recharge.errors import InvalidArgument
from app.recharge.memberships import MembershipPrograms, Memberships
from app.recharge.metafields import Metafields
from app.recharge.notifications import Notifications
from app.recharge.onetimes import Onetimes
from app.recharge.orders import Orders
from app.recharge.payment_methods import PaymentMethods
from app.recharge.plans import Plans
from app.recharge.products import Products
from app.recharge.retention_strategies import RetentionStrategies
from app.recharge.sending import Channel, Options, Sender, Sleep
from app.recharge.store import Stores
from app.recharge.subscriptions import Subscriptions
from app.recharge.subscriptions_bulk import SubscriptionsBulk
from app.recharge.token_information import TokenInformations
from app.recharge.values import valid_id
from app.recharge.webhooks import Webhooks

# httpx writes every address it calls to the log, with the e-mail address that a customer is looked
# up by in its query.
logging.getLogger("httpx").setLevel(logging.WARNING)


class RechargeClient:
    """Speaks to the Recharge API, version 2021-11::

        async with RechargeClient(token) as client:
            customer = await client.customers.get(101, include=["addresses"])
            async for charge in client.charges.list(customer_id=101, status="queued"): ...

    Args:
        token: the shop's Admin API token. It is in no repr, error or log line.
        base_url: where the API answers.
        transport: what carries requests; None is the network.
        budget: the limiter of this token; None makes one with the API's standard figures.
        sleep: waits between repeats, so that tests need not.

    Raises:
        InvalidArgument: the token cannot stand in a header.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str = "https://api.rechargeapps.com",
        transport: httpx.AsyncBaseTransport | None = None,
        budget: Budget | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        if not re.fullmatch(r"[!-~]+", token):
            raise InvalidArgument("the token must be printable ASCII without spaces")
        self.budget = budget or LocalBudget()
        self._channel = Channel(token, base_url, transport, self.budget, sleep)
        self._attach(Options())

    def _attach(self, options: Options) -> None:
        self._options = options
        sender = Sender(self._channel, options)
        self.addresses = Addresses(sender)
        self.bundle_selections = BundleSelections(sender)
        self.charges = Charges(sender)
        self.collections = Collections(sender)
        self.credit_accounts = CreditAccounts(sender)
        self.credit_adjustments = CreditAdjustments(sender)
        self.customers = Customers(sender)
        self.discounts = Discounts(sender)
        self.membership_programs = MembershipPrograms(sender)
        self.memberships = Memberships(sender)
        self.metafields = Metafields(sender)
        self.notifications = Notifications(sender)
        self.onetimes = Onetimes(sender)
        self.orders = Orders(sender)
        self.payment_methods = PaymentMethods(sender)
        self.plans = Plans(sender)
        self.products = Products(sender)
        self.retention_strategies = RetentionStrategies(sender)
        self.store = Stores(sender)
        self.subscriptions = Subscriptions(sender)
        self.subscriptions_bulk = SubscriptionsBulk(sender)
        self.token_information = TokenInformations(sender)
        self.webhooks = Webhooks(sender)

    def with_options(
        self,
        *,
        priority: Priority | None = None,
        customer_id: int | None = None,
        timeout: float | None = None,
    ) -> Self:
        """The same client for calls in another name; what is not given stays as it is.

        It shares connections and budget, and is cheap. `priority` is the place in line,
        `customer_id` whose turn it is, `timeout` the seconds that a call may take in all (10 for
        reads, 20 for writes and 30 for processing a charge, unless told).
        """
        view = type(self).__new__(type(self))
        view.budget = self.budget
        view._channel = self._channel
        mine = self._options
        view._attach(
            Options(
                priority=mine.priority if priority is None else priority,
                customer_id=mine.customer_id if customer_id is None else valid_id(customer_id),
                timeout=mine.timeout if timeout is None else timeout,
            )
        )
        return view

    async def aclose(self) -> None:
        """Closes the connections, for all views."""
        await self._channel.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"RechargeClient(base_url={str(self._channel.http.base_url)!r})"

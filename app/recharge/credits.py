"""Credits: money of the shop's that a customer can spend.

A customer's sum is ``client.customers.credit_summary(id)``; the next recurring charge uses it after
``client.customers.update(id, apply_credit_to_next_recurring_charge=True)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Required, TypedDict, Unpack

from pydantic import Field, JsonValue

from app.recharge.filters import Ids, Paging, Since
from app.recharge.resource import Listing, Resource
from app.recharge.sending import Call
from app.recharge.values import Amount, Moment, OpenEnum, Record

if TYPE_CHECKING:
    from app.recharge.customers import Customer


class CreditType(OpenEnum):
    """Why a credit was given."""

    REWARD = "reward"
    MANUAL = "manual"
    GIFT = "gift"


class AdjustmentType(OpenEnum):
    """Whether an adjustment adds to a credit or takes from it."""

    CREDIT = "credit"
    DEBIT = "debit"


class CreditSummaryInclude(Record):
    """What came along with a summary; None where it was not asked for."""

    credit_details: JsonValue = None


class CreditSummary(Record):
    """All that a customer can spend, in one currency."""

    customer_id: int
    currency_code: str | None = None
    include: CreditSummaryInclude = CreditSummaryInclude()
    max_redemption_limit: Amount | None = None
    max_redemption_limit_set: JsonValue = None
    total_available_balance: Amount | None = None
    total_available_balance_by_credit_type: JsonValue = None
    total_available_balance_set: JsonValue = None


class CreditAccountInclude(Record):
    """What came along with a credit account; None where it was not asked for."""

    customer: Customer | None = None


class CreditAccount(Record):
    """A credit that was given, and what is left of it."""

    id: int
    api_client_id: int | None = None
    customer_id: int | None = None
    store_id: int | None = None
    api_client_restricted: bool = False
    available_balance: Amount | None = None
    available_balance_set: JsonValue = None
    created_at: Moment | None = None
    currency_code: str | None = None
    expires_at: Moment | None = None
    include: CreditAccountInclude = Field(default_factory=lambda: CreditAccountInclude())
    initial_balance: Amount | None = None
    name: str | None = None
    redemption_code: str | None = Field(default=None, repr=False)
    type: CreditType | None = None
    updated_at: Moment | None = None


class CreditAdjustment(Record):
    """A credit that was added to (credit) or spent from (debit)."""

    id: int
    credit_account_id: int | None = None
    amount: Amount | None = None
    created_at: Moment | None = None
    currency_code: str | None = None
    ending_balance: Amount | None = None
    note: str | None = None
    type: AdjustmentType | None = None
    updated_at: Moment | None = None


class CreditAccountFilters(Paging, Ids, total=False):
    """What credit accounts are listed by."""

    credit_type: CreditType | str | None
    customer_id: int | None
    expires_at_max: Since | None
    expires_at_min: Since | None
    include: Sequence[Literal["customer"]]


class CreditAccountChanges(TypedDict, total=False):
    """What can be changed about a credit."""

    expires_at: datetime | None
    name: str


class NewCreditAccount(CreditAccountChanges, total=False):
    """A credit to be given."""

    currency_code: str
    customer_id: Required[int]
    initial_balance: Required[Decimal]
    type: CreditType | str


class CreditAccounts(Resource[CreditAccount]):
    """`client.credit_accounts`. Scope: read_credit_accounts. Only the list is confirmed; the other
    routes are told of by third parties."""

    _path = "/credit_accounts"
    _singular = "credit_account"
    _plural = "credit_accounts"
    _model = CreditAccount

    async def get(self, id: int) -> CreditAccount:
        """GET /credit_accounts/{id}. NotFound for an unknown id."""
        return await self._get(id)

    def list(self, **filters: Unpack[CreditAccountFilters]) -> Listing[CreditAccount]:
        """GET /credit_accounts."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewCreditAccount]) -> CreditAccount:
        """POST /credit_accounts. Never repeated: it gives money away."""
        return await self._create(values)

    async def update(self, id: int, **changes: Unpack[CreditAccountChanges]) -> CreditAccount:
        """PUT /credit_accounts/{id}."""
        return await self._update(id, changes)


class NewCreditAdjustment(TypedDict, total=False):
    """An amount to be added to a credit, or taken from it."""

    amount: Required[Decimal]
    note: str
    type: Required[AdjustmentType | str]


class CreditAdjustments(Resource[CreditAdjustment]):
    """`client.credit_adjustments`. Scope: read_credit_adjustments. Told of by third parties."""

    _path = "/credit_adjustments"
    _singular = "credit_adjustment"
    _plural = "credit_adjustments"
    _model = CreditAdjustment

    def list(self, **filters: Unpack[Paging]) -> Listing[CreditAdjustment]:
        """GET /credit_adjustments."""
        return self._list(filters)

    def list_of_account(
        self, credit_account_id: int, **filters: Unpack[Paging]
    ) -> Listing[CreditAdjustment]:
        """GET /credit_accounts/{id}/credit_adjustments. NotFound for an unknown account."""
        route = "/credit_accounts/{id}/credit_adjustments"
        return self._listing(route, (credit_account_id,), filters, self._plural, self._model)

    async def create(
        self, credit_account_id: int, **values: Unpack[NewCreditAdjustment]
    ) -> CreditAdjustment:
        """POST /credit_accounts/{id}/credit_adjustments. Never repeated: it moves money."""
        route = "/credit_accounts/{id}/credit_adjustments"
        return await self._one(Call("POST", route, (credit_account_id,), body=values))

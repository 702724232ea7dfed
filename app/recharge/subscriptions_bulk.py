"""Several subscriptions of one address in one call.

These routes answer under version 2021-01 only, in its words: external ids are numbers named after
Shopify, intervals are texts, statuses are in capitals. Callers see 2021-11 on both sides, as with
Recharge's own storefront client.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, Required

from app.recharge.errors import InvalidArgument
from app.recharge.resource import Resource
from app.recharge.sending import Call
from app.recharge.subscriptions import NewSubscription, Subscription, SubscriptionChanges
from app.recharge.values import ExternalId

OLD_VERSION: Final = "2021-01"
MOST: Final = 20
"""Subscriptions in one call, as documented."""
ROUTE: Final = "/addresses/{id}/subscriptions-bulk"

_OLD_NAMES: Final = {
    "external_product_id": "shopify_product_id",
    "external_variant_id": "shopify_variant_id",
    "use_external_variant_defaults": "use_shopify_variant_defaults",
}
_TEXTS: Final = ("charge_interval_frequency", "order_interval_frequency")


class BulkChange(SubscriptionChanges, total=False):
    """A change of one subscription, by its id."""

    id: Required[int]
    force_update: bool


class SubscriptionsBulk(Resource[Subscription]):
    """`client.subscriptions_bulk`. Scope: write_subscriptions."""

    _path = ROUTE
    _singular = "subscription"
    _plural = "subscriptions"
    _model = Subscription

    async def create(
        self,
        address_id: int,
        subscriptions: Sequence[NewSubscription],
        *,
        commit_update: bool | None = None,
        allow_onetimes: bool | None = None,
    ) -> tuple[Subscription, ...]:
        """POST /addresses/{id}/subscriptions-bulk. Never repeated.

        Raises:
            InvalidArgument: none or more than 20 subscriptions.
        """
        call = _call("POST", address_id, subscriptions, commit_update, allow_onetimes)
        return await self._changed(call)

    async def update(
        self,
        address_id: int,
        subscriptions: Sequence[BulkChange],
        *,
        commit_update: bool | None = None,
        allow_onetimes: bool | None = None,
    ) -> tuple[Subscription, ...]:
        """PUT /addresses/{id}/subscriptions-bulk.

        Raises:
            InvalidArgument: none or more than 20 subscriptions.
        """
        call = _call("PUT", address_id, subscriptions, commit_update, allow_onetimes)
        return await self._changed(call)

    async def delete(
        self, address_id: int, subscription_ids: Sequence[int], *, send_email: bool | None = None
    ) -> None:
        """DELETE /addresses/{id}/subscriptions-bulk: removes them for good.

        Raises:
            InvalidArgument: none or more than 20 subscriptions.
        """
        extra = {} if send_email is None else {"send_email": send_email}
        listed = [{"id": id} for id in subscription_ids]
        await self._sender.send(_call("DELETE", address_id, listed, None, None, **extra))

    async def _changed(self, call: Call) -> tuple[Subscription, ...]:
        answer = await self._sender.send(call)
        found = answer.get(self._plural)
        renewed = [_new(item) for item in found] if isinstance(found, list) else found
        return self._page(call, {self._plural: renewed}, self._plural, self._model).records


def _call(
    method: Literal["POST", "PUT", "DELETE"],
    address_id: int,
    subscriptions: Sequence[Mapping[str, Any]],
    commit_update: bool | None,
    allow_onetimes: bool | None,
    **extra: object,
) -> Call:
    if not 1 <= len(subscriptions) <= MOST:
        raise InvalidArgument(f"give 1 to {MOST} subscriptions, not {len(subscriptions)}")
    body: dict[str, object] = {"subscriptions": [_old(item) for item in subscriptions], **extra}
    if commit_update is not None:
        body["commit_update"] = commit_update
    return Call(
        method,
        ROUTE,
        (address_id,),
        query={"allow_onetimes": allow_onetimes},
        body=body,
        repeat_is_safe=method != "POST",
        version=OLD_VERSION,
    )


def _old(values: Mapping[str, Any]) -> dict[str, Any]:
    """A subscription's fields in the words of 2021-01."""
    return {_OLD_NAMES.get(name, name): _old_value(name, value) for name, value in values.items()}


def _old_value(name: str, value: Any) -> Any:
    if isinstance(value, ExternalId):
        if not (value.ecommerce or "").isdecimal():
            raise InvalidArgument(f"{name}: these routes take ids of digits only")
        return int(value.ecommerce or 0)
    if name in _TEXTS:
        return str(value)
    if name == "status":
        return str(value).upper()
    return value


def _new(item: Any) -> Any:
    """A subscription of 2021-01 in the words of 2021-11; what is 2021-11 already stays."""
    if not isinstance(item, dict):
        return item
    renewed = dict(item)
    for new, old in _OLD_NAMES.items():
        if old in renewed:
            number = renewed.pop(old)
            renewed.setdefault(new, {"ecommerce": None if number is None else str(number)})
    if isinstance(renewed.get("status"), str):
        renewed["status"] = renewed["status"].lower()
    return renewed

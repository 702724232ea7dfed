"""Webhooks: what Recharge tells us by itself.

A delivery names no topic, so each topic needs an address of its own. After 20 failed tries within
48 hours Recharge deletes the webhook.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Required, TypedDict, Unpack

from app.recharge.filters import Paging
from app.recharge.resource import Listing, Resource
from app.recharge.sending import Call
from app.recharge.values import Moment, Record


class Webhook(Record):
    """Where deliveries of a topic such as ``subscription/updated`` go."""

    id: int
    address: str = ""
    created_at: Moment | None = None
    included_objects: tuple[str, ...] = ()
    topic: str = ""
    updated_at: Moment | None = None
    version: str | None = None


class WebhookChanges(TypedDict, total=False):
    """What can be changed about a webhook."""

    address: str
    included_objects: Sequence[str]
    topic: str
    version: str


class NewWebhook(TypedDict, total=False):
    """A webhook to be made."""

    address: Required[str]
    included_objects: Sequence[str]
    topic: Required[str]
    version: str


class Webhooks(Resource[Webhook]):
    """`client.webhooks`. Scope: the read scope of the topic's noun."""

    _path = "/webhooks"
    _singular = "webhook"
    _plural = "webhooks"
    _model = Webhook

    async def get(self, id: int) -> Webhook:
        """GET /webhooks/{id}. NotFound for an unknown id."""
        return await self._get(id)

    def list(self, **filters: Unpack[Paging]) -> Listing[Webhook]:
        """GET /webhooks."""
        return self._list(filters)

    async def create(self, **values: Unpack[NewWebhook]) -> Webhook:
        """POST /webhooks. Refused for an unknown topic, and after 10 of one topic."""
        return await self._create(values)

    async def update(self, id: int, **changes: Unpack[WebhookChanges]) -> Webhook:
        """PUT /webhooks/{id}."""
        return await self._update(id, changes)

    async def delete(self, id: int) -> None:
        """DELETE /webhooks/{id}."""
        await self._delete(id)

    async def test(self, id: int) -> None:
        """POST /webhooks/{id}/test: sends a sample delivery."""
        await self._sender.send(Call("POST", "/webhooks/{id}/test", (id,)))

"""Reading what concerns the whole shop, into the document that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from app.recharge import (
    NotFound,
    RateLimited,
    RechargeClient,
    Refused,
    RetentionStrategy,
    Unauthorized,
    UpstreamFailed,
)

_log = structlog.get_logger(__name__)


async def read_document(client: RechargeClient) -> dict[str, Any]:
    """The shop as it is kept (4 calls).

    Raises:
        RechargeError: it could not be read.
    """
    store = await client.store.get()
    try:
        settings = await client.store.settings()
        portal = settings.customer_portal.model_dump(mode="json", exclude_none=True)
    except (NotFound, Unauthorized):
        # Recharge documents this route for its own portal only. Any other failure must not
        # pass for "everything is allowed".
        portal = {}
    return {
        "store": store.model_dump(mode="json", exclude_unset=True),
        "customer_portal": portal,
        "shipping_countries": await _shipping_countries(client),
        "strategies": [
            strategy.model_dump(mode="json", exclude_unset=True)
            for strategy in await _strategies(client)
        ],
    }


async def _shipping_countries(client: RechargeClient) -> dict[str, list[list[str]]] | None:
    """The provinces of each country, as they are kept."""
    try:
        found = await client.store.shipping_countries()
    except RateLimited:
        raise
    except (Refused, UpstreamFailed) as error:
        # Recharge documents this route for its own portal only; nothing else depends on it.
        _log.info("the store does not list the countries that it sends to", error=str(error))
        return None
    return {
        country.code.upper(): [[one.name, one.code or ""] for one in country.provinces]
        for country in found
    }


def sent_to(document: Mapping[str, Any]) -> dict[str, tuple[tuple[str, str], ...]] | None:
    """The countries that are sent to, from the document. An empty list says nothing, since no store
    sends nowhere; a document of an earlier release has none."""
    found = document.get("shipping_countries")
    if not found:
        return None
    return {
        code: tuple((name, short) for name, short in provinces) for code, provinces in found.items()
    }


async def _strategies(client: RechargeClient) -> list[RetentionStrategy]:
    try:
        return await client.retention_strategies.list(limit=250).all()
    except RateLimited:
        raise
    except Refused as error:
        # They come with some plans of Recharge only, and the token may not be allowed to see them.
        _log.info("the store does not list its retention strategies", error=str(error))
        return []

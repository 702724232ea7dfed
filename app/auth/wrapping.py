"""Puts handlers in front of others, so that they can be taken off again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Handler = Callable[..., Any]


def over(stock: Handler, ours: Callable[..., Awaitable[Any]]) -> Handler:
    """Our handler, remembering the one behind it, so that a later guard does not wrap this one."""

    async def handler(*arguments: Any) -> Any:
        return await ours(*arguments)

    handler.stock = stock  # type: ignore[attr-defined]
    return handler


def stock_of(handler: Handler) -> Handler:
    """The handler that was there before ours."""
    found: Handler = getattr(handler, "stock", handler)
    return found


async def ignore(_sid: str, *_packet: object) -> None:
    """Nothing that a browser says goes into the log."""

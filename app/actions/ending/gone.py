"""What came of something that is not in the customer's list any more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.actions.errors import NothingKnown
from app.recharge import NotFound, RechargeError, Record

R = TypeVar("R", bound=Record)


async def has_ended(asked: Awaitable[R], is_over: Callable[[R], bool]) -> bool:
    """Whether it is gone, or over. `asked` is the call for this record alone.

    That a list does not hold it proves nothing: it may be active and unreadable, or the list may be
    refused.

    Raises:
        NothingKnown: it is not known to be gone, and cannot be read.
    """
    try:
        return is_over(await asked)
    except NotFound:
        return True
    except RechargeError as error:
        raise NothingKnown(str(error)) from error

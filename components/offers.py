"""What a customer is offered to do with a subscription or a delivery: the buttons, in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.i18n import Message
from app.state import State
from components.base import Component
from components.icons import IconName
from components.prescribed import Prescribed

S = TypeVar("S", bound=State)


@dataclass(frozen=True)
class Offer(Generic[S]):
    """One button.

    key:        names it across redraws and in tests ("swap"); unique among the offers of a state
    label:      what the button says, short ("Swap product")
    described:  what a screen reader says: with the name of what it is about
    is_offered: whether to show it: the merchant offers it and it is possible now. Asked for every
                card on a page, so it must be cheap: no schedule of a year is made for it.
    open:       asks the question, from the component that the button stands in
    path:       where it leads, for one that has a page of its own instead: then it is a link
    prescribed: words of the law that stand on it in place of `label`, where there are any
    """

    key: str
    label: Message
    icon: IconName
    is_offered: Callable[[S], bool]
    open: Callable[[Component[Any], S], Awaitable[None]] | None = None
    described: Callable[[S], Message] | None = None
    path: Callable[[S], str] | None = None
    prescribed: Callable[[S, str], Prescribed | None] | None = None

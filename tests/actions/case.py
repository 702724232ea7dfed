"""One action of one customer, as a case that `test_every_action` walks through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from app.actions import Action, Principal, Services
from tests.actions.shop import ALL, Restore, Shop

__all__ = ["ALL", "Case", "Disturb", "Find", "Restore"]

Find: TypeAlias = Callable[[Shop, Services, Principal], Awaitable[Action]]
"""Gives the action. It may prepare the shop, and has the mirror read what it changed. Annotate it
with the class of action that it gives: so the test that no action is without a case can tell."""

Disturb: TypeAlias = Callable[[Shop, Action], Awaitable[None]]
"""Changes in the shop (through `shop.client`) something that the customer decides by. The mirror
reads it afterwards by itself."""


@dataclass(frozen=True)
class Case:
    """An action on a customer's records.

    name:             "move a subscription to a later date"
    who:              whose it is: `signed_in(101)`
    find:             see `Find`
    route:            the write that is counted: "POST /subscriptions/{id}/set_next_charge_date"
    disturb:          see `Disturb`
    is_undoable:      whether it has an inverse
    restores:         what undo brings back, where that is not everything; say why in a comment
    writes:           how many executed calls of `route` one run makes
    unforeseen:       titles of products whose place only Recharge knows; say why in a comment
    other_way:        whether it is done in another way where Recharge refuses `route`: a call for
                      many is then made as one for each, to tell which of them is refused
    is_mirrored:      whether what changes stands in the mirror. Where it does not, a second tab
                      that asks for the same finds it done, and is told so without a write.
    changes_records:  whether it changes anything in the shop that can be read again. A mail does
                      not: whether it went out can be told by its own answer alone.
    """

    name: str
    who: Principal
    find: Find
    route: str
    disturb: Disturb
    is_undoable: bool = True
    restores: Restore = ALL
    writes: int = 1
    unforeseen: tuple[str, ...] = ()
    other_way: bool = False
    is_mirrored: bool = True
    changes_records: bool = True

    @property
    def method(self) -> str:
        """The method of the counted write."""
        return self.route.split()[0]

    @property
    def path(self) -> str:
        """The path of the counted write, as the plan of a fault names it."""
        parts = self.route.split()[1].split("/")
        return "/".join("*" if part.startswith("{") else part for part in parts)

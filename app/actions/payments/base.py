"""What the actions on payment methods have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Self

from app.actions.at_address import Id
from app.actions.base import Action
from app.actions.errors import NotPossible, UnknownObject
from app.actions.payments import texts
from app.actions.payments.standing import READ_ONLY
from app.actions.situation import Situation
from app.mirror import Snapshot
from app.recharge import PaymentMethod

SWITCH = "view_recharge_payment_methods"
"""The merchant's switch for payment methods, and all that is done with them: the Theme Engine has
no other."""


class PaymentMethodAction(Action):
    """A change of one payment method."""

    switch: ClassVar[str | None] = SWITCH

    payment_method_id: Id

    @property
    def object(self) -> str:
        return f"payment method {self.payment_method_id}"

    def check_owner(self, situation: Situation) -> None:
        check_method(situation, self.payment_method_id)

    def check(self, situation: Situation) -> None:
        self.foreseen(situation)

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def method(self, situation: Situation) -> PaymentMethod:
        """The method.

        Raises:
            NotPossible: it is not there any more.
        """
        return method_in(situation, self.payment_method_id)

    def changeable(self, situation: Situation) -> PaymentMethod:
        """The method, where Recharge's API changes it.

        Raises:
            NotPossible: it is not there any more, or its processor alone can change it.
        """
        found = self.method(situation)
        if found.processor_name in READ_ONLY:
            raise NotPossible(notice=texts.read_only())
        return found


def check_method(situation: Situation, id: int) -> None:
    """It is this customer's.

    Raises:
        UnknownObject: it is not there, or is another customer's.
    """
    if situation.snapshot.payment_method(id) is None:
        raise UnknownObject(f"payment method {id}")


def method_in(situation: Situation, id: int) -> PaymentMethod:
    """The method.

    Raises:
        NotPossible: it is not there any more.
    """
    found = situation.snapshot.payment_method(id)
    if found is None:
        raise NotPossible(notice=texts.gone())
    return found


def with_method(snapshot: Snapshot, method: PaymentMethod) -> Snapshot:
    """The records with this method in the place of the one with its id."""
    kept = (method if one.id == method.id else one for one in snapshot.payment_methods)
    return replace(snapshot, payment_methods=tuple(kept))

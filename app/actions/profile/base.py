"""What all changes of a customer's own record have in common: ``PUT /customers/{id}``."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any

from app.actions.at_address import Id
from app.actions.base import Action, Upstream
from app.actions.effect import Shown
from app.actions.errors import NotPossible, UnknownObject
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Snapshot
from app.recharge import Customer, CustomerChanges


class ProfileAction(Action):
    """A change of the customer's own record.

    customer_id: whose; it is the signed-in customer's own, or there is no such object
    """

    customer_id: Id

    @property
    def object(self) -> str:
        return f"customer {self.customer_id}"

    def check_owner(self, situation: Situation) -> None:
        if situation.snapshot.customer.id != self.customer_id:
            raise UnknownObject(self.object)

    @abstractmethod
    def values(self, customer: Customer) -> CustomerChanges:
        """The fields as they will be.

        Raises:
            ActionError: they cannot be so.
        """

    @abstractmethod
    def now(self, customer: Customer) -> Message:
        """What it is now, in one sentence."""

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        customer = situation.snapshot.customer
        held = "\0".join(f"{name}={getattr(customer, name)!r}" for name in self.fields)
        return (Shown("profile", held, self.now(customer)),)

    @property
    @abstractmethod
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that are changed."""

    def foreseen(self, situation: Situation) -> Snapshot:
        customer = situation.snapshot.customer
        values: dict[str, Any] = dict(self.values(customer))
        if _holds(customer, values):
            raise NotPossible(notice=say("That is how it is already. Nothing was changed."))
        return replace(situation.snapshot, customer=customer.model_copy(update=values))

    def check(self, situation: Situation) -> None:
        self.foreseen(situation)

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("customer",)

    async def run(self, upstream: Upstream) -> None:
        changes = self.values(upstream.situation.snapshot.customer)
        answer = await upstream.client.customers.update(self.customer_id, **changes)
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        customer = upstream.situation.snapshot.customer
        return _holds(customer, dict(self.values(customer)))


def _holds(customer: Customer, values: dict[str, Any]) -> bool:
    return all(getattr(customer, name) == value for name, value in values.items())

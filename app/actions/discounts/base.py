"""What the actions on discount codes have in common."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import Field

from app.actions.at_address import AddressAction
from app.actions.base import Upstream
from app.actions.discounts import texts
from app.actions.discounts.terms import ItemKind, Terms, ValueType, look_up, recharged
from app.actions.errors import NotPossible
from app.actions.foresight import regenerated
from app.actions.onetimes.changes import VariantId
from app.actions.situation import Situation
from app.mirror import Snapshot
from app.recharge import Address, AppliedDiscount, Charge, ChargeStatus

LONGEST_CODE = 100

Code = Annotated[str, Field(min_length=1, max_length=LONGEST_CODE, pattern=r"^\S+( \S+)*$")]
Sum = Annotated[Decimal, Field(ge=0, lt=10**9, allow_inf_nan=False)]


class DiscountAction(AddressAction):
    """A change of what is taken off."""

    switch: ClassVar[str | None] = "discount_input"

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("addresses", "charges")

    def check(self, situation: Situation) -> None:
        self.foreseen(situation)

    def _address(self, situation: Situation) -> Address:
        address = situation.snapshot.address(self.address_id)
        if address is None:
            raise NotPossible(notice=texts.gone())
        return address


class WithCode(DiscountAction):
    """What takes a code. Its terms are what the customer was told of it, without which only the
    code itself is promised; before anything is written they are looked up again."""

    code: Code
    value: Sum | None = None
    value_type: ValueType | None = None
    minimum: Sum | None = None
    item_kind: ItemKind = "all"
    product_ids: Annotated[tuple[VariantId, ...], Field(max_length=500)] = ()

    @property
    def terms(self) -> Terms:
        """What the code gives, as far as the customer was told."""
        return Terms(
            code=self.code,
            value=self.value,
            value_type=self.value_type,
            minimum=self.minimum,
            item_kind=self.item_kind,
            product_ids=self.product_ids,
        )

    async def _still_holds(self, upstream: Upstream) -> None:
        """The code can be used, and gives what the customer was told.

        Raises:
            NotPossible: it does not.
        """
        found = await look_up(upstream.client, self.code, upstream.situation.now)
        if self.value is not None and found != replace(self.terms, code=found.code):
            raise NotPossible(notice=texts.changed_since(self.code))


def queued_charge(situation: Situation, address_id: int, day: datetime.date) -> Charge | None:
    """The queued charge of a delivery."""
    for charge in situation.snapshot.charges:
        if (charge.address_id, charge.scheduled_at) == (address_id, day) and (
            charge.status == ChargeStatus.QUEUED
        ):
            return charge
    return None


def code_of(discounts: tuple[AppliedDiscount, ...]) -> str | None:
    return next((one.code for one in discounts if one.code), None)


def is_on(record: Charge | Address, code: str) -> bool:
    return any((one.code or "").casefold() == code.casefold() for one in record.discounts)


def is_standing(address: Address, code: str | None) -> bool:
    return code is not None and is_on(address, code)


def with_standing(snapshot: Snapshot, address: Address, terms: Terms | None) -> Snapshot:
    """The records with this discount on the address and on its queued charges, in place of what
    was there."""
    standing = (terms.applied(),) if terms else ()
    changed = address.model_copy(update={"discounts": standing})
    after = replace(
        snapshot,
        addresses=tuple(changed if one.id == address.id else one for one in snapshot.addresses),
    )
    queued = [
        charge
        for charge in snapshot.charges
        if charge.address_id == address.id and charge.status == ChargeStatus.QUEUED
    ]
    if terms is not None and any(terms.off(charge) is None for charge in queued):
        # No total is better than a wrong one: what comes is planned, and its cost an estimate.
        return regenerated(
            after, [(address.id, one.scheduled_at) for one in queued if one.scheduled_at]
        )
    return with_charges(after, {charge.id: recharged(charge, terms) for charge in queued})


def with_charges(snapshot: Snapshot, changed: dict[int, Charge]) -> Snapshot:
    return replace(
        snapshot, charges=tuple(changed.get(charge.id, charge) for charge in snapshot.charges)
    )

"""What is asked about payment methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.actions import (
    Action,
    EditBillingAddress,
    GiveCard,
    GiveCardToSeveral,
    MakeDefault,
    PostalInput,
    RemoveCard,
    ReplaceCard,
)
from app.actions.payments.standing import addresses_of
from app.recharge import Address, PaymentMethod
from app.state.question import Question
from app.state.questions.postal import PostalQuestion

if TYPE_CHECKING:
    from app.state.payment_method import PaymentMethodState


class MakeDefaultQuestion(Question):
    """Whether to make a method the default."""

    def __init__(self, method: PaymentMethodState) -> None:
        super().__init__(method.portal)
        self.method = method

    @property
    def action(self) -> MakeDefault:
        return MakeDefault(payment_method_id=self.method.key)


class GiveCardQuestion(Question):
    """For the deliveries to which addresses a method should pay.

    address_ids: at first the only other address, where there is only one
    """

    def __init__(self, method: PaymentMethodState) -> None:
        super().__init__(method.portal)
        self.method = method
        others = self.addresses
        self.address_ids: tuple[int, ...] = (others[0].id,) if len(others) == 1 else ()

    @property
    def addresses(self) -> list[Address]:
        """Where something else pays, or nothing."""
        found = self.portal.records.addresses
        return [each for each in found if each.payment_method_id != self.method.key]

    def pays(self, address: Address) -> PaymentMethod | None:
        """What pays there now."""
        return self.portal.records.payment_method(address.payment_method_id)

    @property
    def action(self) -> Action | None:
        known = {each.id for each in self.addresses}
        chosen = tuple(id for id in self.address_ids if id in known)
        if not chosen:
            return None
        if len(chosen) == 1:
            return GiveCard.of(address_id=chosen[0], payment_method_id=self.method.key)
        return GiveCardToSeveral.of(payment_method_id=self.method.key, address_ids=chosen)


class RemoveCardQuestion(Question):
    """Whether to remove a method; and where it still pays, what pays there instead.

    by_id: what takes its place; None at first, and where it pays for nothing
    """

    def __init__(self, method: PaymentMethodState) -> None:
        super().__init__(method.portal)
        self.method = method
        self.by_id: int | None = None

    @property
    def used_at(self) -> tuple[Address, ...]:
        """Where it pays."""
        return addresses_of(self.portal.situation, self.method.key)

    @property
    def others(self) -> tuple[PaymentMethod, ...]:
        """What could pay in its place."""
        return self.method.others

    @property
    def action(self) -> Action | None:
        used, others = self.used_at, {one.id for one in self.others}
        if not used or not others:
            return RemoveCard(payment_method_id=self.method.key)
        if self.by_id is None or self.by_id not in others:
            return None  # what pays there instead is still to be chosen
        return ReplaceCard.of(
            payment_method_id=self.method.key,
            by_id=self.by_id,
            address_ids=tuple(one.id for one in used),
        )


class BillingQuestion(PostalQuestion):
    """The billing address of a method. Where none is known, the country is at first that of the
    address that it pays for."""

    def __init__(self, method: PaymentMethodState) -> None:
        known = method.billing
        places = method.uses
        super().__init__(
            method.portal,
            before=None if known == PostalInput() else known,
            country_code=(places[0].address.country_code or "") if places else "",
            usage="billing",
        )
        self.method = method

    def with_address(self, address: PostalInput) -> EditBillingAddress | None:
        if not self.draft.is_changed:
            return None
        return EditBillingAddress.of(payment_method_id=self.method.key, address=address)


def can_edit_billing(method: PaymentMethodState) -> bool:
    """Whether to offer it: not where only the processor can change it."""
    return method.portal.is_offered(EditBillingAddress) and not method.is_read_only


def can_make_default(method: PaymentMethodState) -> bool:
    """Whether to offer it."""
    return method.portal.can(MakeDefault(payment_method_id=method.key))


def can_give_card(method: PaymentMethodState) -> bool:
    """Whether to offer to have it pay somewhere: there is an address where it does not."""
    portal = method.portal
    other = next(
        (one for one in portal.records.addresses if one.payment_method_id != method.key), None
    )
    if other is None:
        return False
    return portal.can(GiveCard(address_id=other.id, payment_method_id=method.key))


def can_remove_card(method: PaymentMethodState) -> bool:
    """Whether to offer its removal: where it still pays, the question says where, and what can pay
    instead."""
    return method.portal.is_offered(RemoveCard)

"""Change the billing address of a payment method."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from app.actions.addresses.postal import PostalInput
from app.actions.base import Upstream
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.foresight import with_address
from app.actions.payments import texts
from app.actions.payments.base import PaymentMethodAction, with_method
from app.actions.payments.names import card_named
from app.actions.payments.standing import addresses_of
from app.actions.situation import Situation
from app.i18n import countries, say
from app.mirror import Snapshot
from app.recharge import PaymentMethod, PostalAddress


class EditBillingAddress(PaymentMethodAction):
    """Give a method another billing address, the whole of it: ``PUT /payment_methods/{id}``. Where
    deliveries go is another matter, and stays.

    address: any country: what the shop sends to does not limit where a bill goes
    is_back: it is what stood there before, so it is not for us to find fault with
    """

    name = "edit billing address"
    needs_code = True

    address: PostalInput
    is_back: bool = False

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        method = situation.snapshot.payment_method(self.payment_method_id)
        old = billing_of(method) if method else PostalInput()
        now = say("Its billing address is now: {address}", address=old.line)
        return (
            Shown("billing", repr(old), now),
            texts.shown_method(situation, self.payment_method_id),
        )

    def foreseen(self, situation: Situation) -> Snapshot:
        method = self._otherwise(situation)
        billing = PostalAddress.model_validate(dict(self._document()))
        changed = method.model_copy(update={"billing_address": billing})
        after = with_method(situation.snapshot, changed)
        for address in addresses_of(situation, method.id):
            after = with_address(after, address)  # its charges name the billing address too
        return after

    def effect(self, situation: Situation) -> Effect:
        method = self._otherwise(situation)
        card = card_named(method)
        return Effect(
            question=say("Change the billing address of {card}?", card=card),
            confirm=say("Save the billing address"),
            done=say("The billing address of {card} is changed.", card=card),
            changes=(
                Change(
                    "billing",
                    say(
                        "{card} gets this billing address: {address}",
                        card=card,
                        address=", ".join([self.address.name, *self.address.lines]),
                    ),
                ),
            ),
            stays=(
                say("Your deliveries go where they went before."),
                say("Nothing is charged now, and no date changes."),
            ),
        )

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("payment_methods", "charges")

    async def run(self, upstream: Upstream) -> None:
        answer = await upstream.client.payment_methods.update(
            self.payment_method_id, billing_address=self._document()
        )
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.payment_method(self.payment_method_id)
        return found is not None and billing_of(found) == self.address

    def inverse(self, before: Situation) -> EditBillingAddress | None:
        old = billing_of(self.method(before))
        if old == PostalInput():
            return None  # an address that is there cannot be taken away
        return EditBillingAddress(
            payment_method_id=self.payment_method_id, address=old, is_back=True
        )

    def _otherwise(self, situation: Situation) -> PaymentMethod:
        """The method, whose billing address is another one and can be this.

        Raises:
            NotPossible: it cannot be changed, or there is nothing to change.
            WrongParts: the address is not fine.
        """
        method = self.changeable(situation)
        old = billing_of(method)
        if old == self.address:
            raise NotPossible(notice=say("This is the billing address already."))
        if not self.is_back:
            self.address.checked(None, before=old)
        return method

    def _document(self) -> Mapping[str, JsonValue]:
        """As Recharge takes it: the country by its code and by its name."""
        code = self.address.country_code
        name = dict(countries("en")).get(code, code)
        return {**self.address.document(), "country": name}  # type: ignore[dict-item]


def billing_of(method: PaymentMethod) -> PostalInput:
    """The billing address as it is kept; all parts empty where there is none. Older ones tell their
    country by its name alone."""
    kept = method.billing_address
    if kept is None:
        return PostalInput()
    found = PostalInput.of(kept)
    if found.country_code or not kept.country:
        return found
    codes = {name: code for code, name in countries("en")}
    return found.model_copy(update={"country_code": codes.get(kept.country, "")})

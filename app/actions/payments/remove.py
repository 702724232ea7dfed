"""Remove a payment method."""

from __future__ import annotations

from dataclasses import replace

from app.actions.base import Upstream
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.payments import texts
from app.actions.payments.base import PaymentMethodAction
from app.actions.payments.names import card_named
from app.actions.payments.standing import addresses_of
from app.actions.situation import Situation
from app.i18n import Message, say
from app.mirror import Snapshot
from app.recharge import NotFound, PaymentMethod


class RemoveCard(PaymentMethodAction):
    """Remove a method that pays for nothing: ``DELETE /payment_methods/{id}``. There is no way
    back: its details are with the payment service alone."""

    name = "remove card"
    needs_code = True

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        id = self.payment_method_id
        return texts.shown_method(situation, id), texts.shown_use(situation, id)

    def foreseen(self, situation: Situation) -> Snapshot:
        found = self._unused(situation)
        kept = (each for each in situation.snapshot.payment_methods if each.id != found.id)
        return replace(situation.snapshot, payment_methods=tuple(kept))

    def effect(self, situation: Situation) -> Effect:
        found = self._unused(situation)
        card = card_named(found)
        text = say("{card} is removed from your account with this shop.", card=card)
        changes = [Change("method", text, before=card)]
        if found.default:
            changes.append(
                Change("default", say("It was your default. Please choose another one."))
            )
        changes.append(
            Change("final", say("This cannot be undone: to use it again, you add it again."))
        )
        return Effect(
            question=say("Remove {card}?", card=card),
            confirm=say("Remove {card}", card=card),
            done=say("{card} is removed.", card=card),
            changes=tuple(changes),
            stays=(say("No delivery is paid with it, so all of them stay as they are."),),
        )

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("payment_methods", "addresses")

    async def run(self, upstream: Upstream) -> None:
        try:
            await upstream.client.payment_methods.delete(self.payment_method_id)
        except NotFound:
            return  # it is gone, which is what was wished

    async def is_done(self, upstream: Upstream) -> bool:
        return upstream.situation.snapshot.payment_method(self.payment_method_id) is None

    def if_refused(self) -> Message:
        return say(
            "The shop does not let this payment method be removed, so nothing was changed. "
            "Perhaps something is paid with it that is not shown here: please ask the shop."
        )

    def _unused(self, situation: Situation) -> PaymentMethod:
        """The method, where nothing is paid with it.

        Raises:
            NotPossible: it is not there any more, or some address uses it.
        """
        found = self.method(situation)
        if used := addresses_of(situation, found.id):
            raise NotPossible(notice=texts.still_pays(found, used))
        return found

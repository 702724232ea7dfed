"""Choose which payment method is the default."""

from __future__ import annotations

from dataclasses import replace

from app.actions.base import Upstream
from app.actions.effect import Change, Effect, Shown
from app.actions.errors import NotPossible
from app.actions.payments import texts
from app.actions.payments.base import PaymentMethodAction
from app.actions.payments.names import card_named
from app.actions.situation import Situation
from app.i18n import say
from app.mirror import Snapshot
from app.recharge import PaymentMethod


class MakeDefault(PaymentMethodAction):
    """Make a method the customer's default: ``PUT /payment_methods/{id}``. What pays for the
    deliveries to an address stays as it is: that is `GiveCard`."""

    name = "make default"
    needs_code = True

    def shown(self, situation: Situation) -> tuple[Shown, ...]:
        other = _default(situation)
        now = (
            say("No payment method is the default now.")
            if other is None
            else say("{card} is the default now.", card=card_named(other))
        )
        return (
            Shown("default", "none" if other is None else str(other.id), now),
            texts.shown_method(situation, self.payment_method_id),
        )

    def foreseen(self, situation: Situation) -> Snapshot:
        method = self._other_than_default(situation)
        return replace(
            situation.snapshot,
            payment_methods=tuple(
                each.model_copy(update={"default": each.id == method.id})
                for each in situation.snapshot.payment_methods
            ),
        )

    def effect(self, situation: Situation) -> Effect:
        method = self._other_than_default(situation)
        old, card = _default(situation), card_named(method)
        changes = [
            Change(
                "default",
                say("{card} becomes your default payment method.", card=card),
                before=say("none") if old is None else card_named(old),
                after=card,
            ),
            *texts.warnings(situation, method),
        ]
        return Effect(
            question=say("Make {card} your default?", card=card),
            confirm=say("Make it the default"),
            done=say("{card} is your default now.", card=card),
            changes=tuple(changes),
            stays=(
                say("What pays for your deliveries stays as it is: that is chosen by address."),
            ),
        )

    def touches(self, before: Situation) -> tuple[str, ...]:
        return ("payment_methods",)

    async def run(self, upstream: Upstream) -> None:
        answer = await upstream.client.payment_methods.update(self.payment_method_id, default=True)
        upstream.answers.append(answer)

    async def is_done(self, upstream: Upstream) -> bool:
        found = upstream.situation.snapshot.payment_method(self.payment_method_id)
        return found is not None and found.default

    def inverse(self, before: Situation) -> MakeDefault | None:
        old = _default(before)
        return None if old is None else MakeDefault(payment_method_id=old.id)

    def _other_than_default(self, situation: Situation) -> PaymentMethod:
        found = self.changeable(situation)
        if found.default:
            raise NotPossible(notice=texts.is_default_already(found))
        return found


def _default(situation: Situation) -> PaymentMethod | None:
    return next((each for each in situation.snapshot.payment_methods if each.default), None)

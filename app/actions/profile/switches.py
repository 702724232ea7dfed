"""What the customer may leave to the shop, or not: paying with another card, and store credit."""

from __future__ import annotations

from typing import ClassVar, Self

from app.actions.effect import Change, Effect
from app.actions.principal import Level
from app.actions.profile.base import ProfileAction
from app.actions.situation import Situation
from app.i18n import Message, say
from app.recharge import Customer, CustomerChanges


class UseBackupPayment(ProfileAction):
    """Whether the shop may try the customer's other payment methods when a payment fails.

    Recharge keeps ``backup_payment_methods_enabled`` as yes, no, or nothing: then the shop's own
    rule holds. Nothing cannot be chosen, so the way back from a first choice is the other one.
    """

    name = "use backup payment"
    switch: ClassVar[str | None] = "view_recharge_payment_methods"
    level = Level.CODE

    is_on: bool

    @property
    def fields(self) -> tuple[str, ...]:
        return ("backup_payment_methods_enabled",)

    def values(self, customer: Customer) -> CustomerChanges:
        return {"backup_payment_methods_enabled": self.is_on}

    def now(self, customer: Customer) -> Message:
        match customer.backup_payment_methods_enabled:
            case True:
                return say("Your other payment methods may be tried when a payment fails.")
            case False:
                return say("Your other payment methods are not tried when a payment fails.")
            case _:
                return say("The shop decides whether your other payment methods are tried.")

    def effect(self, situation: Situation) -> Effect:
        self.check(situation)
        if self.is_on:
            return Effect(
                question=say("Use another payment method when a payment fails?"),
                confirm=say("Turn it on"),
                done=say("When a payment fails, your other payment methods may be tried."),
                changes=(
                    Change(
                        "backup payment",
                        say(
                            "When a payment fails, the shop may try your other payment methods, so "
                            "that your delivery still comes."
                        ),
                    ),
                ),
                stays=(say("What each delivery is paid with at first stays as it is."),),
            )
        return Effect(
            question=say("Use only the payment method you chose?"),
            confirm=say("Turn it off"),
            done=say("When a payment fails, your other payment methods are not tried."),
            changes=(
                Change(
                    "backup payment",
                    say(
                        "When a payment fails, nothing else of yours is charged. Your delivery "
                        "waits until the payment goes through."
                    ),
                ),
            ),
            stays=(say("Your payment methods stay in your account."),),
        )

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def inverse(self, before: Situation) -> UseBackupPayment | None:
        known = before.snapshot.customer.backup_payment_methods_enabled
        if known is None:
            return None
        return UseBackupPayment(customer_id=self.customer_id, is_on=known)


class UseCredit(ProfileAction):
    """Whether store credit pays for the next delivery that is charged:
    ``apply_credit_to_next_recurring_charge``."""

    name = "use credit"
    switch: ClassVar[str | None] = "show_credits"
    level = Level.CODE

    is_on: bool

    @property
    def fields(self) -> tuple[str, ...]:
        return ("apply_credit_to_next_recurring_charge",)

    def values(self, customer: Customer) -> CustomerChanges:
        return {"apply_credit_to_next_recurring_charge": self.is_on}

    def now(self, customer: Customer) -> Message:
        if customer.apply_credit_to_next_recurring_charge:
            return say("Your store credit is used for your next payment.")
        return say("Your store credit is not used for your next payment.")

    def effect(self, situation: Situation) -> Effect:
        self.check(situation)
        if self.is_on:
            return Effect(
                question=say("Use your store credit for the next payment?"),
                confirm=say("Use my credit"),
                done=say("Your store credit is used for your next payment."),
                changes=(
                    Change(
                        "credit",
                        say(
                            "Your store credit is taken off your next payment, as far as it goes. "
                            "Only the rest is charged."
                        ),
                    ),
                ),
                stays=(say("What is left of your credit stays yours."),),
            )
        return Effect(
            question=say("Keep your store credit for later?"),
            confirm=say("Keep my credit"),
            done=say("Your store credit is kept for later."),
            changes=(Change("credit", say("Your next payment is charged in full.")),),
            stays=(say("Your store credit stays yours."),),
        )

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def inverse(self, before: Situation) -> UseCredit:
        known = before.snapshot.customer.apply_credit_to_next_recurring_charge
        return UseCredit(customer_id=self.customer_id, is_on=known)

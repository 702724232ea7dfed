"""The customer's e-mail address: what they sign in with."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from app.actions.effect import Change, Effect
from app.actions.profile.base import ProfileAction
from app.actions.receipt_state import veiled
from app.actions.receipts import Receipt, ReceiptKind
from app.actions.situation import Situation
from app.i18n import Message, say
from app.recharge import Customer, CustomerChanges


class ChangeEmail(ProfileAction):
    """Change the e-mail address of the account.

    Whoever has the new mailbox signs in as the customer from then on. So a code that was sent
    there has to be given first (`proof`), and the address from before is told of it afterwards.
    All other sessions end with it (`app.auth.EndOthers`). There is no undo: the way back takes a
    code too.

    email: an address that was typed by a person and checked by `app.mail.mail_address`
    """

    name = "change email"
    needs_code = True

    email: Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^\s@]+@[^\s@]+$")]

    @property
    def fields(self) -> tuple[str, ...]:
        return ("email",)

    @property
    def proof(self) -> str:
        return email_proof(self.email)

    def values(self, customer: Customer) -> CustomerChanges:
        if customer.email.strip().lower() == self.email.lower():
            # Also where only capitals differ: signing in does not ask for them.
            return {"email": customer.email}
        return {"email": self.email}

    def now(self, customer: Customer) -> Message:
        return say("Your e-mail address is {email} now.", email=customer.email)

    def effect(self, situation: Situation) -> Effect:
        self.check(situation)
        old = situation.snapshot.customer.email
        stays = []
        if situation.snapshot.customer.external_customer_id.ecommerce:
            stays.append(
                say(
                    "An account that you have with the shop itself may keep its own address. "
                    "Please look there too."
                )
            )
        return Effect(
            question=say("Change your e-mail address?"),
            confirm=say("Change my address"),
            done=say("Your e-mail address is now {email}.", email=self.email),
            changes=(
                Change(
                    "email",
                    say("You sign in with {email} from now on.", email=self.email),
                    before=old or None,
                    after=self.email,
                ),
                Change("mails", say("Mails about your deliveries go there too.")),
                Change("devices", say("You are signed out on all your other devices.")),
                *(
                    [Change("told", say("We tell {email} that it was changed.", email=old))]
                    if old
                    else []
                ),
            ),
            stays=tuple(stays),
        )

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def if_refused(self) -> Message:
        # Who reads this has shown that the mailbox is theirs.
        return say(
            "The shop did not take this address: another account may have it already. "
            "Your address stays as it is. Please use another one, or write to the shop."
        )

    def receipt(self, before: Situation, effect: Effect) -> Receipt | None:
        """What the address from before is told, and what to do about it."""
        shop, old = before.snapshot.shop, before.snapshot.customer.email.strip()
        if not old:
            return None
        at_once = say(
            "Was this not you? Then write to the shop at once, from this address. They can put "
            "it back, and stop what you did not order."
        )
        if shop.email:
            at_once = say(
                "Was this not you? Then write to {email} at once, from this address. They can "
                "put it back, and stop what you did not order.",
                email=shop.email,
            )
        return Receipt(
            kind=ReceiptKind.EMAIL_CHANGED,
            about=self.object,
            title=say("Your e-mail address was changed"),
            if_open=say("Your e-mail address was not changed"),
            changes=(
                say(
                    "Your account has another e-mail address now: {email}", email=veiled(self.email)
                ),
                say("Mails to sign in go there from now on, and none come here any more."),
                say(
                    "Wherever else your account was open, it was signed out. Links in mails that "
                    "you have here sign nobody in any more."
                ),
            ),
            hints=(
                at_once,
                say(
                    "Whoever changed it had your account open, and could read the new mailbox. "
                    "If you think that somebody reads this one, change its password."
                ),
            ),
            to=old,
        )


def email_proof(email: str) -> str:
    """What a code proves that was sent to this address and given back."""
    return f"mailbox {email.strip().lower()}"

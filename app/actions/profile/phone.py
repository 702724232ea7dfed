"""The customer's phone number."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from app.actions.effect import Change, Effect
from app.actions.errors import WrongParts
from app.actions.principal import Level
from app.actions.profile.base import ProfileAction
from app.actions.situation import Situation
from app.i18n import Message, parsed_phone, say
from app.mirror import Snapshot
from app.recharge import Customer, CustomerChanges


class ChangePhone(ProfileAction):
    """Change the phone number of the account, or remove it.

    phone:        as it was written; None removes it
    country_code: the country whose numbers are written without a country code; spelled out it is
                  empty, and `phone` is as it is kept
    """

    name = "change phone"
    level = Level.CODE

    phone: Annotated[str, Field(max_length=60)] | None
    country_code: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""

    @property
    def fields(self) -> tuple[str, ...]:
        return ("phone",)

    def values(self, customer: Customer) -> CustomerChanges:
        return {"phone": self._kept(customer)}

    def now(self, customer: Customer) -> Message:
        if customer.phone:
            return say("Your phone number is {phone} now.", phone=customer.phone)
        return say("Your account has no phone number now.")

    def effect(self, situation: Situation) -> Effect:
        old, new = situation.snapshot.customer.phone, self.after(situation).snapshot.customer.phone
        if new is None:
            question, confirm = say("Remove your phone number?"), say("Remove the number")
            done = say("Your phone number is removed.")
            text = say("Your account has no phone number any more.")
        else:
            question, confirm = say("Change your phone number?"), say("Save the number")
            done = say("Your phone number is now {phone}.", phone=new)
            text = say("Your account has the phone number {phone}.", phone=new)
        return Effect(
            question=question,
            confirm=confirm,
            done=done,
            changes=(Change("phone", text, before=old or None, after=new),),
            stays=(say("The phone numbers in your addresses stay as they are."),),
        )

    def spelled_out(self, situation: Situation) -> Self:
        kept = self._kept(situation.snapshot.customer)
        return self.model_copy(update={"phone": kept, "country_code": ""})

    def inverse(self, before: Situation) -> ChangePhone:
        # What stood there may be no number by our rules: it goes back exactly as it was.
        return ChangePhone(customer_id=self.customer_id, phone=before.snapshot.customer.phone)

    def _kept(self, customer: Customer) -> str | None:
        if self.phone is None or not self.country_code:
            return self.phone
        found = parsed_phone(self.phone, self.country_code)
        if found is None:
            text = say(
                "This does not look like a phone number. "
                "Write it with its country code, such as +44 20 7946 0018."
            )
            raise WrongParts(f"{self.name}: phone", parts={"phone": text}, notice=text)
        return found


def country_of(snapshot: Snapshot) -> str:
    """The country whose phone numbers the customer most likely writes: that of their newest
    address; the United States' where there is none."""
    codes = (one.country_code.upper() for one in reversed(snapshot.addresses) if one.country_code)
    return next((code for code in codes if len(code) == 2 and code.isalpha()), "US")

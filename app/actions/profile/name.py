"""The customer's name."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field

from app.actions.effect import Change, Effect
from app.actions.errors import WrongParts
from app.actions.principal import Level
from app.actions.profile.base import ProfileAction
from app.actions.situation import Situation
from app.i18n import UNSEEN, Message, has_unseen, say
from app.recharge import Customer, CustomerChanges

LONGEST_NAME: Final = 255
"""Characters of a first or last name that Recharge takes."""

Name = Annotated[str, Field(max_length=LONGEST_NAME)]


class ChangeName(ProfileAction):
    """Change the name of the account. It is kept exactly as it is written, in any script."""

    name = "change name"
    level = Level.CODE

    first_name: Name
    last_name: Name

    @property
    def fields(self) -> tuple[str, ...]:
        return ("first_name", "last_name")

    def values(self, customer: Customer) -> CustomerChanges:
        first, last = self.first_name.strip(), self.last_name.strip()
        wrong: dict[str, Message] = {}
        if not first:
            wrong["first_name"] = say("Please write your first name.")
        if not last:
            wrong["last_name"] = say("Please write your last name.")
        notice = say("Please write both names. Nothing was changed.")
        for part, text in (("first_name", first), ("last_name", last)):
            if has_unseen(text):
                wrong[part] = UNSEEN
                notice = say("Please check the name. Nothing was changed.")
        if wrong:  # Recharge takes no empty one
            raise WrongParts(f"{self.name}: {', '.join(wrong)}", parts=wrong, notice=notice)
        return {"first_name": first, "last_name": last}

    def now(self, customer: Customer) -> Message:
        return say("Your name is {name} now.", name=full_name(customer))

    def effect(self, situation: Situation) -> Effect:
        old, new = (full_name(one.snapshot.customer) for one in (situation, self.after(situation)))
        return Effect(
            question=say("Change your name?"),
            confirm=say("Save the name"),
            done=say("Your name is now {name}.", name=new),
            changes=(
                Change(
                    "name",
                    say("Your account has the name {name}.", name=new),
                    before=old or None,
                    after=new,
                ),
            ),
            stays=(say("The names on your addresses and cards stay as they are."),),
        )

    def spelled_out(self, situation: Situation) -> Self:
        return self

    def inverse(self, before: Situation) -> ChangeName | None:
        customer = before.snapshot.customer
        if not (customer.first_name.strip() and customer.last_name.strip()):
            return None
        return ChangeName(
            customer_id=self.customer_id,
            first_name=customer.first_name,
            last_name=customer.last_name,
        )


def full_name(customer: Customer) -> str:
    """The name in the order in which it is kept; empty where there is none."""
    return " ".join(part for part in (customer.first_name, customer.last_name) if part)

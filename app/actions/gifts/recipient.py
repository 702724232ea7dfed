"""Somebody who is sent a gift: name, address and e-mail, and what is wrong with them."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import Field, JsonValue

from app.actions.addresses.postal import PostalInput
from app.actions.errors import WrongParts
from app.i18n import Countries, Message, say

_EMAIL: Final = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")


class Recipient(PostalInput):
    """Where a gift goes, and to whom the shop writes about it."""

    email: Annotated[str, Field(max_length=254)]

    @property
    def wrong_email(self) -> Message | None:
        """What is wrong with the e-mail address."""
        if _EMAIL.fullmatch(self.email):
            return None
        return say("Please check the e-mail address: it should look like name@example.com.")

    def checked(self, countries: Countries | None, *, before: PostalInput | None = None) -> None:
        super().checked(countries, before=before)
        if (wrong := self.wrong_email) is not None:
            raise WrongParts("email", parts={"email": wrong}, notice=wrong)

    def recipient_address(self) -> dict[str, JsonValue]:
        """As Recharge takes it: without what is empty."""
        return {name: value for name, value in self.model_dump(mode="json").items() if value}

"""What stands above the pages of a card that is being added."""

from __future__ import annotations

from typing import Final

from app.actions.payments.adding import Kind
from app.i18n import Message, say

TITLES: Final[dict[Kind, Message]] = {
    "confirmed": say("Your card is not in your account yet"),
    "adding": say("Your card is on its way into your account"),
    "done": say("Your card is in your account"),
    "left": say("This form is over"),
    "started": say("Your new card"),
}

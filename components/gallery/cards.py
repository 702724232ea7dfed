"""Examples of cards that are not in the account yet."""

from __future__ import annotations

from app.i18n import say
from app.state import CardsState, OpenCard, State
from components.gallery.example import Example
from components.open_cards import OpenCards


class MadeUpCards(CardsState):
    """Cards as given."""

    open: tuple[OpenCard, ...] = ()

    def __init__(self, *open: OpenCard) -> None:
        State.__init__(self)
        self.open = open


_CONFIRMED = OpenCard(
    "one",
    say("A card is confirmed, but not in your account yet"),
    say(
        "The payment service has confirmed {card}. Nothing in your account has changed. "
        "You do not have to type it again.",
        card="Visa ending in 4242",
    ),
    say("Go on"),
    "/payment-methods/add/one",
)
_ADDING = OpenCard(
    "two",
    say("A card is on its way into your account"),
    say(
        "We are looking up if {card} is in your account, and go on with it by ourselves. "
        "Please do not add it again.",
        card="Mastercard ending in 4444",
    ),
    say("See how it stands"),
    "/payment-methods/add/two",
)


def _cards(case: str, *open: OpenCard, language: str = "en") -> Example:
    return Example(
        OpenCards, case, lambda texts: OpenCards.show(MadeUpCards(*open), texts), language
    )


EXAMPLES: tuple[Example, ...] = (
    _cards("confirmed, and on its way", _CONFIRMED, _ADDING),
    _cards("nothing open"),
    _cards("from right to left", _CONFIRMED, language="ar"),
)

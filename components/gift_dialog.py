"""The question whom to give the next delivery to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.i18n import Message, Texts, say
from app.state import DeliveryState, GiftQuestion, can_give
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.fields import Answer, Option, TextKind, select, text_field
from components.offers import Offer

_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Two letters in the list of names that no parcel goes to."""


class GiftDialog(ActionDialog[GiftQuestion]):
    """Who gets the next delivery, in the customer's place and once."""

    def title(self) -> Message:
        return say("Who gets your delivery of {date}?", date=self.model.date)

    def press(self) -> Message:
        return say("Send it")

    def keep(self) -> Message:
        return say("Not now")

    def choices(self) -> None:
        with html.div(class_="ds-fields"):
            with html.div(class_="ds-pair"):
                self.field(self.t("First name"), "first_name")
                self.field(self.t("Last name"), "last_name")
            self.field(self.t("Their e-mail address"), "email", "email", longest=254)
            self.field(self.t("Street and number"), "address1")
            self.field(self.t("Apartment, floor (if any)"), "address2")
            with html.div(class_="ds-pair"):
                self.field(self.t("Postcode"), "zip", longest=20)
                self.field(self.t("City"), "city")
            with html.div(class_="ds-pair"):
                self.field(self.t("State or province (if any)"), "province")
                select(
                    self.t("Country"),
                    [Option(code, name) for code, name in countries(self.texts)],
                    self.model.country_code or None,
                    lambda code: self.model.choose(country_code=code),
                    key="country_code",
                )

    def field(self, label: str, name: str, kind: TextKind = "text", *, longest: int = 255) -> None:
        """One part of the name or address."""
        text_field(
            label,
            getattr(self.model, name),
            self._give(name),
            key=name,
            kind=kind,
            longest=longest,
        )

    def unanswered(self) -> None:
        html.p(
            self.t("Write who gets it, and you see what changes before anything is sent."),
            class_="ds-muted",
        )

    def _give(self, name: str) -> Callable[[str], Answer]:
        return lambda text: self.model.choose(**{name: text})


def countries(texts: Texts) -> list[tuple[str, str]]:
    """The codes of countries with their names in the customer's language, by name."""
    names = texts.locale.territories
    found = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
    return sorted(found, key=lambda each: each[1].casefold())


async def _open(opener: Component[Any], state: DeliveryState) -> None:
    await GiftDialog.open(opener, GiftQuestion(state))


GIFT: Offer[DeliveryState] = Offer(
    key="gift",
    label=say("Give as a gift"),
    icon="gift",
    is_offered=can_give,
    open=_open,
    described=lambda state: say("Give as a gift: the delivery of {date}", date=state.delivery.date),
)

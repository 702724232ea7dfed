"""Cards that were begun and are not in the account yet: where each stands, and the way on."""

from __future__ import annotations

from app.state import CardsState, OpenCard
from components import html
from components.base import Component
from components.icons import icon


class OpenCards(Component[CardsState]):
    """What became of cards that the customer has begun to add; nothing where all are in the
    account.

    ::

        OpenCards (section)
        └── body       for each: how it stands, whether anything has changed, and the way on
    """

    sections = ("body",)

    def build(self) -> None:
        self.set(class_="ds-troubles")
        super().build()

    def body(self) -> None:
        found = self.model.open
        self.set(aria_label=self.t("Cards that are not in your account yet") if found else None)
        for card in found:
            self.card(card)

    def card(self, card: OpenCard) -> None:
        """One of them. What leads on is a form: a link of ours would be taken for a view of this
        page."""
        with html.div(class_="ds-note ds-trouble", data_tone="info", data_key=f"card-{card.key}"):
            icon("card")
            with html.div():
                html.strong(self.say(card.title))
                html.p(self.say(card.text))
                with (
                    html.div(class_="ds-trouble-actions"),
                    html.Tag("form", method="get", action=card.path, class_="ds-inline"),
                ):
                    html.Tag(
                        "button",
                        self.say(card.press),
                        type="submit",
                        class_="ds-button ds-compact",
                        data_key=f"card-on-{card.key}",
                    )

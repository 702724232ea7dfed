"""Searching the shop's products, in a dialog."""

from __future__ import annotations

from typing import TypeVar

from app.actions.products.texts import rhythm
from app.i18n import Message
from app.mirror import Offering
from app.recharge import Plan
from app.state.questions.products import Search
from components import html
from components.action_dialog import ActionDialog
from components.fields import Option, radios, text_field

Q = TypeVar("Q", bound=Search)


class ProductSearch(ActionDialog[Q]):
    """A question that is answered with a product.

    ::

        choices
        ├── search line
        ├── found      pictures, names and prices of what was found
        └── plans      how often it should come, where that is to be chosen
    """

    def choices(self) -> None:
        if self.model.is_unlisted:
            html.p(
                self.t(
                    "This shop does not let its products be listed here. Please write to the shop "
                    "to get something else."
                ),
                class_="ds-note",
            )
            return
        text_field(
            self.t("Search the shop's products"),
            self.model.words,
            lambda words: self.model.choose(words=words),
            key="words",
            kind="search",
            longest=80,
        )
        self.section("found")
        self.section("plans")

    def found(self) -> None:
        """What the words find."""
        if self.state.is_being_read:
            html.p(self.t("The shop's products are being read…"), class_="ds-muted", role="status")
            return
        offerings = self.state.offerings
        if not offerings:
            html.p(self.t("Nothing was found. Try another word."), class_="ds-muted", role="status")
            return
        radios(
            self.t("Products"),
            [self.option(one) for one in offerings],
            self.model.variant_id,
            lambda variant_id: self.model.choose(variant_id=variant_id, plan_id=None),
            key="product",
            is_legend_seen=False,
        )

    def option(self, offering: Offering) -> Option[str]:
        """One product of the list."""
        return Option(
            offering.variant.external_variant_id,
            offering.title,
            detail=offering.variant_title or "",
            picture=offering.picture or "",
            amount=self.amount(offering),
        )

    def amount(self, offering: Offering) -> str:
        """What stands at the end of a product's line."""
        return self.texts.money(offering.price)

    def plans(self) -> None:
        """How often it should come."""
        plans = self.state.plans
        if not plans:
            return
        chosen = self.model.plan
        radios(
            self.t("How often it should come"),
            [Option(plan.id, self.rhythm(plan)) for plan in plans],
            chosen.id if chosen else None,
            lambda plan_id: self.model.choose(plan_id=plan_id),
            key="plan",
        )

    def rhythm(self, plan: Plan) -> str:
        """How often a plan comes, at the beginning of a line."""
        return capitalised(self.say(words_of(plan)))


def words_of(plan: Plan) -> Message:
    """How often a plan comes, in words."""
    its = plan.subscription_preferences
    return rhythm(its.charge_interval_frequency, its.order_interval_frequency, its.interval_unit)


def capitalised(text: str) -> str:
    """With a capital at its beginning, as a line of a list has it."""
    return text[:1].upper() + text[1:]

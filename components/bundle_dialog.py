"""What a customer has put into a bundle."""

from __future__ import annotations

from typing import Any

from app.actions import ChangeBundle
from app.actions.products.bundles import is_bundle
from app.i18n import Message, say
from app.mirror import Offering
from app.state import BundleQuestion, SubscriptionState
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.fields import Option, radios, stepper, text_field
from components.offers import Offer


class BundleDialog(ActionDialog[BundleQuestion]):
    """How many of what, and what else can go in.

    ::

        choices
        ├── inside   what is in it, each with a number to count up and down
        ├── count    how many are chosen of how many
        ├── search line
        └── found    what else can go in: choosing one puts it in
    """

    def title(self) -> Message:
        return say("What should be in {name}?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Change what is in it")

    def choices(self) -> None:
        if self.state.bundle is None:
            return
        self.section("inside")
        self.section("count")
        text_field(
            self.t("Put something else in"),
            self.model.words,
            lambda words: self.model.choose(words=words),
            key="words",
            kind="search",
            longest=80,
        )
        self.section("found")

    def inside(self) -> None:
        """What is in it."""
        for id in self.state.variant_ids:
            stepper(
                self._name(id),
                self.model.quantity(id),
                lambda quantity, id=id: self.model.put(id, quantity),  # type: ignore[misc]
                texts=self.texts,
                least=0,
                most=self.model.size,
                key="piece-" + id,
            )

    def count(self) -> None:
        """How many are chosen of how many."""
        html.p(
            self.t("{count} of {size} chosen", count=self.state.count, size=self.model.size),
            class_="ds-muted",
            role="status",
        )

    def found(self) -> None:
        """What else can go in."""
        offerings = self.state.offerings
        if not offerings:
            html.p(self.t("Nothing was found. Try another word."), class_="ds-muted", role="status")
            return
        radios(
            self.t("Products"),
            [self.option(one) for one in offerings],
            None,
            lambda id: self.model.put(id, 1),
            key="product",
            is_legend_seen=False,
        )

    def option(self, offering: Offering) -> Option[str]:
        """One product that can go in."""
        return Option(
            offering.variant.external_variant_id,
            offering.title,
            detail=offering.variant_title or "",
            picture=offering.picture or "",
        )

    def unanswered(self) -> None:
        left = self.model.size - self.model.count
        if left > 0:
            html.p(self.t("Please choose {count} more.", count=left), class_="ds-note")
        elif left < 0:
            html.p(
                self.t("That is {count} too many. Please take some out.", count=-left),
                class_="ds-note",
            )

    def _name(self, variant_id: str) -> str:
        offering = self.model.offering(variant_id)
        if offering is None:
            return self.t("something that is not listed any more")
        if offering.variant_title is None:
            return offering.title
        return self.t("{title} ({variant})", title=offering.title, variant=offering.variant_title)


def _is_offered(state: SubscriptionState) -> bool:
    portal, record = state.portal, state.subscription
    if state.status not in ("active", "paused") or not portal.is_offered(ChangeBundle):
        return False
    day = record.next_charge_scheduled_at
    is_open = day is None or not portal.situation.is_too_late(day)
    return is_open and is_bundle(portal.records, record)


async def _open(opener: Component[Any], state: SubscriptionState) -> None:
    await BundleDialog.open(opener, BundleQuestion(state))


BUNDLE: Offer[SubscriptionState] = Offer(
    key="bundle",
    label=say("Change contents"),
    icon="box",
    is_offered=_is_offered,
    open=_open,
    described=lambda state: say("Change contents of {name}", name=state.title),
)

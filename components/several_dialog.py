"""Changing several subscriptions at once: which, what, and what that does to each."""

from __future__ import annotations

from typing import Any, Final

from app.actions import Change
from app.actions.products.texts import rhythm as rhythm_words
from app.i18n import Message, say
from app.recharge import Address
from app.state import Portal, SeveralKind, SeveralQuestion, SubscriptionState
from components import html
from components.action_dialog import ActionDialog
from components.base import Component
from components.day_picker import DayChoice, DayPicker
from components.fields import Option, checks, radios, select, stepper
from components.parts import short_address
from components.product_search import capitalised

KINDS: Final[dict[SeveralKind, Message]] = {
    "quantity": say("Quantity"),
    "rhythm": say("How often"),
    "date": say("Next date"),
    "address": say("Address"),
    "cancel": say("Cancel"),
    "reactivate": say("Start again"),
}


class SeveralDialog(ActionDialog[SeveralQuestion]):
    """What to change, for which subscriptions, and to what; below, a line for each of them.

    ::

        SeveralDialog (dialog)
        ├── header     the question
        ├── choices
        │   ├── kind         what changes
        │   ├── value        what it changes to
        │   └── candidates   the subscriptions
        ├── body       what would change, item by item; which are left out, and why
        └── actions
    """

    def title(self) -> Message:
        return say("Change several subscriptions")

    def press(self) -> Message:
        return say("Change them")

    def choices(self) -> None:
        self.kind()
        self.section("value")
        self.section("candidates")

    def kind(self) -> None:
        """What changes."""
        select(
            self.t("What to change"),
            [Option(kind, self.say(KINDS[kind])) for kind in self.model.kinds],
            self.model.kind,
            self._choose_kind,
            key="kind",
        )

    def value(self) -> None:
        """What it changes to."""
        question = self.model
        match self.state.kind:
            case "quantity":
                stepper(
                    self.t("How many of each"),
                    question.quantity,
                    lambda quantity: question.choose(quantity=quantity),
                    texts=self.texts,
                    key="quantity",
                )
            case "rhythm":
                self.section("rhythms")
            case "date":
                choice = DayChoice(
                    chosen=question.date,
                    is_allowed=question.is_allowed,
                    first=question.first,
                    last=question.last,
                    suggested=(),
                    choose=lambda day: question.choose(date=day),
                    today=question.today,
                )
                DayPicker.show(choice, self.texts, legend=self.t("Next date"), key="date")
            case "address":
                radios(
                    self.t("Where they go"),
                    [_place(address) for address in question.addresses],
                    question.address_id,
                    lambda id: question.choose(address_id=id),
                    key="address",
                )

    def rhythms(self) -> None:
        """The rhythms that are offered for all that are chosen."""
        question = self.model
        rhythms = self.seen(lambda: question.rhythms)
        if not rhythms:
            html.p(self.t("The shop offers no choice that fits all of these."), class_="ds-muted")
            return
        select(
            self.t("How often they come"),
            [Option(one, capitalised(self.say(rhythm_words(*one)))) for one in rhythms],
            question.rhythm,
            lambda one: question.choose(rhythm=one),
            key="rhythm",
        )

    def candidates(self) -> None:
        """The subscriptions."""
        question = self.model
        candidates = self.seen(lambda: question.candidates)
        self.seen(lambda: question.kind)
        checks(
            self.t("Which subscriptions"),
            [self.option(one) for one in candidates],
            question.chosen,
            lambda chosen: question.choose(chosen=chosen),
            key="which",
        )

    def option(self, one: SubscriptionState) -> Option[int]:
        """One line of the list."""
        return listed(self, one)

    def change(self, change: Change) -> None:
        if not item_change(self, change):
            super().change(change)

    def body(self) -> None:
        super().body()
        left_out = self.seen(lambda: self.model.left_out)
        if not left_out:
            return
        html.h3(self.t("Left out"), class_="ds-small-heading")
        with html.ul(class_="ds-stays"):
            for one, reason in left_out:
                html.li(self.t("{name}: {reason}", name=one.title, reason=reason))

    def unanswered(self) -> None:
        html.p(self.t("Choose subscriptions to see what changes."), class_="ds-muted")

    async def _choose_kind(self, kind: SeveralKind) -> None:
        known = {one.key for one in self.model.candidates}
        self.model.kind = kind
        now = {one.key for one in self.model.candidates}
        kept = self.model.chosen if known == now else ()
        await self.model.choose(kind=kind, chosen=kept)


def item_change(component: Component[Any], change: Change) -> bool:
    """Draw what changes for one of several, old and new beside its name. False: it is no such."""
    name = change.text.values.get("name")
    if not change.name.startswith("item ") or not isinstance(name, Message):
        return False
    if change.before is None or change.after is None:
        return False
    texts = component.texts
    with html.li():
        html.span(texts.render(change.text), class_="ds-unseen")
        html.span(texts.render(name), aria_hidden="true", dir="auto")
        with html.span("", class_="ds-before-after", aria_hidden="true"):
            html.Tag("s", texts.t("{value}", value=change.before))
            html.strong(texts.t("{value}", value=change.after))
    return True


def listed(component: Component[Any], one: SubscriptionState) -> Option[int]:
    """A subscription in a list to choose from."""
    texts = component.texts
    words = [one.variant_title or ""]
    if one.quantity > 1:
        words.append(texts.t("{quantity} each time", quantity=one.quantity))
    day = one.subscription.next_charge_scheduled_at
    words.append(texts.date(day) if day else texts.render(one.status_text))
    return Option(one.key, one.title, " · ".join(word for word in words if word), one.picture)


def _place(address: Address) -> Option[int]:
    name = " ".join(part for part in (address.first_name, address.last_name) if part)
    return Option(address.id, short_address(address), name)


def can_change_several(portal: Portal) -> bool:
    """Whether there are several subscriptions that something can be changed of."""
    return bool(SeveralQuestion(portal).kinds)


async def change_several(opener: Component[Any], portal: Portal) -> None:
    """Ask what to change of several subscriptions."""
    await SeveralDialog.open(opener, SeveralQuestion(portal))

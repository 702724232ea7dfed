"""Where a subscription goes, or one delivery: to an address that is there, or to a new one."""

from __future__ import annotations

from typing import Any, TypeVar

from app.actions import Change
from app.i18n import Message, say
from app.state import (
    AddressQuestion,
    DeliveryState,
    ElsewhereQuestion,
    PlaceQuestion,
    SubscriptionState,
    can_move_to_address,
    can_send_elsewhere,
)
from app.state.questions.addresses import NEW
from components import html
from components.address_form import AddressForm
from components.base import Component
from components.fields import Option, checks, radios
from components.offers import Offer
from components.parts import short_address
from components.postal_dialog import PostalDialog
from components.several_dialog import item_change, listed

P = TypeVar("P", bound=PlaceQuestion)


class PlaceDialog(PostalDialog[P]):
    """The customer's other addresses and, where none of them is meant, the form of a new one.

    ::

        PlaceDialog (dialog)
        ├── header     the question
        ├── choices
        │   ├── places     where it goes
        │   ├── form       the new address, where it goes to one
        │   └── more       what else is chosen
        ├── body       what would change
        └── actions
    """

    def choices(self) -> None:
        self.section("places")
        self.section("new")
        self.section("more")

    def places(self) -> None:
        """Where it goes."""
        question = self.model
        others = question.addresses
        if not others:
            return  # the form alone
        options: list[Option[int | str]] = [
            Option(
                one.id,
                short_address(one),
                " ".join(part for part in (one.first_name, one.last_name) if part),
            )
            for one in others
        ]
        options.append(Option(NEW, self.t("A new address")))
        radios(self.t("Address"), options, question.place, question.go_to, key="address")

    def new(self) -> None:
        """The form of a new address."""
        if self.seen(lambda: self.model.is_new):
            self.form = AddressForm.show(self.model.draft, self.texts)

    def more(self) -> None:
        """What else is chosen."""

    def is_ready(self) -> bool:
        if self.seen(lambda: self.model.is_new):
            return super().is_ready()
        return self.state.preview is not None

    async def _confirm(self) -> None:
        if self.model.is_new:
            await super()._confirm()
        else:
            await super(PostalDialog, self)._confirm()


class AddressMoveDialog(PlaceDialog[AddressQuestion]):
    """Where a subscription goes, for what, when it comes there, and what goes along."""

    def title(self) -> Message:
        return say("Where should {name} go?", name=self.model.subscription.title)

    def press(self) -> Message:
        return say("Change the address")

    def more(self) -> None:
        self.section("scope")
        self.section("when")
        self.section("along")

    def scope(self) -> None:
        """What the other address is for."""
        question = self.model
        scopes = self.seen(lambda: question.scopes)
        if len(scopes) < 2:
            return
        radios(
            self.t("What is the change for?"),
            [
                Option(one.scope, self.say(one.label), self.say(one.detail) if one.detail else "")
                for one in scopes
            ],
            question.chosen,
            lambda scope: question.choose(scope=scope),
            key="scope",
        )

    def when(self) -> None:
        """When it comes next there: as planned, or with what comes there anyway."""
        question = self.model
        dates = self.seen(lambda: [(one.date, one.reason) for one in question.dates])
        planned = question.subscription.subscription.next_charge_scheduled_at
        if not dates or planned is None:
            return
        radios(
            self.t("Next delivery"),
            [
                Option(planned, self.t("As planned"), self.texts.date(planned)),
                *(Option(day, self.texts.date(day), self.say(reason)) for day, reason in dates),
            ],
            question.date or planned,
            lambda day: question.choose(date=day),
            key="when",
        )

    def along(self) -> None:
        """What else goes there."""
        question = self.model
        is_asked = self.seen(lambda: not question.is_new and question.chosen == "subscription")
        if not is_asked or not question.companions:
            return
        checks(
            self.t("What else goes there"),
            [listed(self, one) for one in question.companions],
            question.along,
            lambda along: question.choose(along=along),
            key="along",
        )

    def change(self, change: Change) -> None:
        if not item_change(self, change):
            super().change(change)

    def unanswered(self) -> None:
        html.p(self.t("Choose an address to see what changes."), class_="ds-muted")


class ElsewhereDialog(PlaceDialog[ElsewhereQuestion]):
    """Where one delivery goes, this once."""

    def title(self) -> Message:
        return say("Where should your delivery of {date} go?", date=self.model.delivery.date)

    def press(self) -> Message:
        return say("Send it there this once")

    def unanswered(self) -> None:
        html.p(self.t("Choose an address to see what changes."), class_="ds-muted")


async def _open(opener: Component[Any], state: SubscriptionState) -> None:
    await AddressMoveDialog.open(opener, AddressQuestion(state))


async def _send(opener: Component[Any], state: DeliveryState) -> None:
    await ElsewhereDialog.open(opener, ElsewhereQuestion(state))


MOVE_ADDRESS: Offer[SubscriptionState] = Offer(
    key="change-address",
    label=say("Change address"),
    icon="pin",
    is_offered=can_move_to_address,
    open=_open,
    described=lambda state: say("Change address of {name}", name=state.title),
)
SEND_ELSEWHERE: Offer[DeliveryState] = Offer(
    key="send-elsewhere",
    label=say("Send elsewhere once"),
    icon="pin",
    is_offered=can_send_elsewhere,
    open=_send,
    described=lambda state: say(
        "Send elsewhere once: the delivery of {date}", date=state.delivery.date
    ),
)

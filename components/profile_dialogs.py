"""The questions before something of the customer's own record changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.i18n import Message, say
from app.state import BackupQuestion, CreditQuestion, NameQuestion, PhoneQuestion, Question
from components import html
from components.action_dialog import ActionDialog
from components.field_errors import FieldError
from components.fields import Answer, TextKind, text_field

Q = TypeVar("Q", bound=Question)

LONGEST_NAME = 255
LONGEST_PHONE = 60


class ProfileDialog(ActionDialog[Q]):
    """Some fields, each with what is wrong with it below it once it was left."""

    errors: dict[str, FieldError]
    """By the name of the field."""

    def keep(self) -> Message:
        return say("Keep it as it is")

    def field(
        self,
        name: str,
        label: str,
        *,
        kind: TextKind = "text",
        autocomplete: str = "",
        help: str = "",
        longest: int,
    ) -> None:
        """The field of one choice. What is typed is not noted as read: it draws nothing anew."""
        field = text_field(
            label,
            getattr(self.model, name),
            self._give(name),
            key=f"profile-{name}",
            kind=kind,
            autocomplete=autocomplete,
            help=help,
            longest=longest,
        )
        self.errors[name] = FieldError(field)

    def choices(self) -> None:
        self.errors = {}
        with html.div(class_="ds-fields"):
            self.fields()

    def fields(self) -> None:
        """The fields, in their order."""

    def is_ready(self) -> bool:
        failure = self.state.failure
        return super().is_ready() or bool(failure and failure.parts)

    def body(self) -> None:
        failure = self.state.failure
        if failure is None or not failure.parts:  # else it stands at the fields
            super().body()

    def redraw(self) -> None:
        super().redraw()
        failure = self.model.failure
        parts = failure.parts if failure else {}
        for name, error in self.errors.items():
            if not error.entry.is_deleted:
                error.show(self.say(parts[name]) if name in parts else "")

    async def _confirm(self) -> None:
        for error in self.errors.values():
            if error.text:
                error.focus()
                return
        await super()._confirm()

    def _give(self, name: str) -> Callable[[str], Answer]:
        return lambda text: self.model.choose(**{name: text})


class NameDialog(ProfileDialog[NameQuestion]):
    """What the customer wants to be called."""

    def title(self) -> Message:
        return say("Change your name?")

    def press(self) -> Message:
        return say("Save the name")

    def fields(self) -> None:
        with html.div(class_="ds-pair"):
            self.field(
                "first_name",
                self.t("First name"),
                autocomplete="given-name",
                longest=LONGEST_NAME,
            )
            self.field(
                "last_name",
                self.t("Last name"),
                autocomplete="family-name",
                longest=LONGEST_NAME,
            )


class PhoneDialog(ProfileDialog[PhoneQuestion]):
    """How the customer can be rung up."""

    def title(self) -> Message:
        return say("Change your phone number?")

    def press(self) -> Message:
        return say("Save the number")

    def fields(self) -> None:
        self.field(
            "phone",
            self.t("Phone number"),
            kind="tel",
            autocomplete="tel",
            help=self.t("Leave it empty to remove it."),
            longest=LONGEST_PHONE,
        )


class BackupDialog(ActionDialog[BackupQuestion]):
    """Whether other payment methods may be tried when a payment fails."""

    def title(self) -> Message:
        if self.model.is_on:
            return say("Use another payment method when a payment fails?")
        return say("Use only the payment method you chose?")

    def press(self) -> Message:
        return say("Turn it on") if self.model.is_on else say("Turn it off")

    def keep(self) -> Message:
        return say("Keep it as it is")


class CreditDialog(ActionDialog[CreditQuestion]):
    """Whether store credit pays for the next delivery."""

    def title(self) -> Message:
        if self.model.is_on:
            return say("Use your store credit for the next payment?")
        return say("Keep your store credit for later?")

    def press(self) -> Message:
        return say("Use my credit") if self.model.is_on else say("Keep my credit")

    def keep(self) -> Message:
        return say("Keep it as it is")

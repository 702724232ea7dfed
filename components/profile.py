"""Who the customer is to the shop, and what they leave to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import ClassVar

from app.actions import UseBackupPayment, UseCredit, full_name
from app.i18n import Texts
from app.state import (
    AccountState,
    BackupQuestion,
    CreditQuestion,
    EmailQuestion,
    NameQuestion,
    PhoneQuestion,
    Portal,
)
from components import html
from components.base import Component
from components.email_dialog import EmailDialog
from components.profile_dialogs import BackupDialog, CreditDialog, NameDialog, PhoneDialog


class ProfileCard(Component[Portal]):
    """The customer's name, e-mail address and phone number, each with the way to another.

    ::

        ProfileCard (section)
        ├── header     its heading
        ├── body       a line for each
        └── waiting    a new address that waits for its code
    """

    sections: ClassVar[tuple[str, ...]] = ("header", "body", "waiting")

    def __init__(self, state: Portal, texts: Texts, account: AccountState | None = None) -> None:
        self.account = account
        self._let_go = account.changed.subscribe(self.redraw) if account else None
        super().__init__(state, texts)
        self.set(class_="ds-card ds-profile", data_key="profile")

    def header(self) -> None:
        html.h2(self.t("Your details"))

    def body(self) -> None:
        customer = self.seen(lambda: self.state.records.customer)
        with html.ul(class_="ds-rows"):
            name = full_name(customer)
            row(self, "name", self.t("Name"), name, self.t("Change your name"), self.ask_name)
            row(
                self,
                "email",
                self.t("E-mail"),
                customer.email,
                self.t("Change your e-mail address"),
                self.ask_email if self.account else None,
            )
            row(
                self,
                "phone",
                self.t("Phone"),
                customer.phone or "",
                self.t("Change your phone number"),
                self.ask_phone,
            )

    def waiting(self) -> None:
        account = self.account
        awaited = self.seen(lambda: account.awaited if account else None)
        if awaited is None:
            return
        with html.div(class_="ds-note", data_tone="info"):
            with html.p():
                html.span(self.t("A code was sent to your new address, {email}.", email=awaited))
            html.Button(
                self.t("Enter the code"), self.ask_email, key="email-waiting", class_="ds-button"
            )

    async def ask_name(self) -> None:
        """Ask for another name."""
        await NameDialog.open(self, NameQuestion(self.model))

    async def ask_phone(self) -> None:
        """Ask for another phone number."""
        await PhoneDialog.open(self, PhoneQuestion(self.model))

    async def ask_email(self) -> None:
        """Ask for another e-mail address, or for the code that was sent to it."""
        if self.account is not None:
            await EmailDialog.open(self, EmailQuestion(self.account))

    def _handle_delete(self) -> None:
        let_go = getattr(self, "_let_go", None)
        if let_go is not None:
            let_go()
        super()._handle_delete()


class PayingCard(Component[Portal]):
    """What the customer leaves to the shop when something is paid.

    ::

        PayingCard (section)
        ├── header     its heading
        └── body       a line for each, with what holds now and the way to change it
    """

    sections: ClassVar[tuple[str, ...]] = ("header", "body")

    def build(self) -> None:
        self.set(class_="ds-card ds-profile", data_key="paying")
        super().build()

    @staticmethod
    def is_empty(portal: Portal) -> bool:
        """Whether the merchant leaves nothing of it to the customer."""
        return not (portal.is_offered(UseBackupPayment) or portal.is_offered(UseCredit))

    def header(self) -> None:
        html.h2(self.t("Your payment choices"))

    def body(self) -> None:
        offered = self.seen(
            lambda: (self.state.is_offered(UseBackupPayment), self.state.is_offered(UseCredit))
        )
        customer = self.seen(lambda: self.state.records.customer)
        with html.ul(class_="ds-rows"):
            if offered[0]:
                self.switch(
                    "backup",
                    self.t("Backup payment"),
                    customer.backup_payment_methods_enabled,
                    on=self.t("If a payment fails, your other payment methods may be tried"),
                    off=self.t("If a payment fails, no other payment method is tried"),
                    ask=self.ask_backup,
                )
            if offered[1]:
                self.switch(
                    "credit",
                    self.t("Use store credit"),
                    customer.apply_credit_to_next_recurring_charge,
                    on=self.t("Used for your next payment"),
                    off=self.t("Kept for later"),
                    ask=self.ask_credit,
                )

    def switch(
        self,
        key: str,
        label: str,
        is_on: bool | None,
        *,
        on: str,
        off: str,
        ask: Callable[[bool], Awaitable[None]],
    ) -> None:
        """One of two ways, and the buttons to the other; both where neither was chosen."""
        with html.li(class_="ds-row", data_key=f"row-{key}"):
            with html.div(class_="ds-row-words"):
                html.span(label, class_="ds-muted")
                undecided = self.t("As the shop has it")
                html.strong(undecided if is_on is None else on if is_on else off)
            with html.div(class_="ds-row-actions"):
                for wanted, text in ((True, self.t("Turn on")), (False, self.t("Turn off"))):
                    if is_on is not wanted:
                        html.Button(
                            text,
                            partial(ask, wanted),
                            key=f"{key}-{'on' if wanted else 'off'}",
                            class_="ds-button ds-compact",
                            aria_label=self.t("{button}: {what}", button=text, what=label),
                        )

    async def ask_backup(self, is_on: bool) -> None:
        """Ask whether to turn it on, or off."""
        await BackupDialog.open(self, BackupQuestion(self.model, is_on))

    async def ask_credit(self, is_on: bool) -> None:
        """Ask whether to use it, or to keep it."""
        await CreditDialog.open(self, CreditQuestion(self.model, is_on))


def row(
    card: Component[Portal],
    key: str,
    label: str,
    value: str,
    described: str,
    ask: Callable[[], Awaitable[None]] | None,
) -> None:
    """One line: what it is called, what stands there, and the button that changes it."""
    with html.li(class_="ds-row", data_key=f"row-{key}"):
        with html.div(class_="ds-row-words"):
            html.span(label, class_="ds-muted")
            if value:
                local, at, domain = value.rpartition("@")
                with html.Tag("strong", None if at else value, dir="auto"):
                    if at:
                        html.span(local)
                        html.span(at + domain)
            else:
                html.span(card.t("Not given"))
        if ask is not None:
            text = card.t("Change") if value else card.t("Add")
            html.Button(
                text,
                ask,
                key=f"change-{key}",
                class_="ds-button ds-compact",
                aria_label=described,
            )

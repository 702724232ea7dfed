"""The customer's account: who they are, and the ways to everything else that is theirs."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from app.i18n import Message, Texts, say, say_many
from app.pages.view import View
from app.state import (
    ACCOUNT,
    ACTIVITY,
    ADDRESSES,
    CREDIT,
    PAYMENT_METHODS,
    AccountState,
    Portal,
    shows,
)
from components import DeviceList, PayingCard, ProfileCard, html, icon
from components.icons import IconName

DEVICES = f"{ACCOUNT}/devices"
DATA_FILE = f"{ACCOUNT}/data.zip"
"""Where all data is downloaded: not a page."""

PLACES: tuple[tuple[str, IconName, Message, Message], ...] = (
    (ADDRESSES, "pin", say("Addresses"), say("Where your deliveries go")),
    (PAYMENT_METHODS, "card", say("Payment methods"), say("What your deliveries are paid with")),
    (CREDIT, "gift", say("Store credit"), say("What the shop has given you to spend")),
    (ACTIVITY, "clock", say("Activity"), say("What was changed here, and what can be put back")),
)
"""The pages that belong to the account. One that the merchant does not show is not drawn."""


class AccountPage(View):
    """``/account``

    ::

        AccountPage (div)
        ├── header
        └── content
            ├── profile    name, e-mail, phone
            ├── paying     what is left to the shop when something is paid
            ├── places     the other pages of the account
            ├── devices    where the customer is signed in, and the ways out
            └── data       everything to take along
    """

    slot_elements: ClassVar[dict[str, str]] = {
        **View.slot_elements,
        "places": "nav",
        "devices": "section",
        "data": "section",
    }

    def __init__(
        self,
        state: Portal,
        texts: Texts,
        account: AccountState | None = None,
        sign_out_token: str = "",
    ) -> None:
        self.account = account
        self.sign_out_token = sign_out_token
        self._let_go = account.changed.subscribe(self.redraw) if account else None
        super().__init__(state, texts)
        if account is not None:
            # It stays until it is done, though the customer may go on to another view.
            self._opening = asyncio.create_task(account.open())

    def heading(self) -> str:
        return self.t("Account")

    def ready(self) -> None:
        with html.div(class_="ds-account"):
            with html.div(class_="ds-account-main"):
                ProfileCard.show(self.state, self.texts, self.account)
                if not self.seen(lambda: PayingCard.is_empty(self.state)):
                    PayingCard.show(self.state, self.texts)
            with html.div(class_="ds-account-more"):
                self.section("places").set(aria_label=self.t("More of your account"))
                self.section("devices").set(class_="ds-card ds-profile")
                self.section("data").set(class_="ds-card ds-profile")

    def places(self) -> None:
        shown = self.seen(lambda: tuple(path for path, *_ in PLACES if shows(self.state, path)))
        with html.ul(class_="ds-places"):
            for path, drawing, name, detail in PLACES:
                if path not in shown:
                    continue
                with html.li(), html.a(path, class_="ds-place"):
                    icon(drawing)
                    with html.span(class_="ds-row-words"):
                        html.strong(self.say(name))
                        html.span(self.say(detail), class_="ds-muted")

    def devices(self) -> None:
        html.h2(self.t("Signed in"))
        account = self.account
        others = self.seen(lambda: account.others if account else 0)
        if account is not None and not account.is_theirs:
            text = say_many(
                "The customer is signed in on {count} device.",
                "The customer is signed in on {count} devices.",
                others,
            )
            html.p(self.say(text))
            with html.div(class_="ds-row-actions"):
                html.a(DEVICES, self.t("Your devices"), class_="ds-button")
            return
        if others:
            text = say_many(
                "You are signed in here and on {count} other device.",
                "You are signed in here and on {count} other devices.",
                others,
            )
            html.p(self.say(text))
        else:
            html.p(self.t("You are signed in on this device only."))
        with html.div(class_="ds-row-actions"):
            if account is not None:
                html.a(DEVICES, self.t("Your devices"), class_="ds-button")
            self.way_out(self.t("Sign out here"), everywhere=False)
            self.way_out(self.t("Sign out everywhere"), everywhere=True)

    def way_out(self, text: str, *, everywhere: bool) -> None:
        """A form, which works without the page's socket."""
        with html.Tag("form", method="post", action="/sign-out"):
            html.Tag("input", type="hidden", name="form", value=self.sign_out_token)
            if everywhere:
                html.Tag("input", type="hidden", name="everywhere", value="yes")
            html.Tag("button", text, type="submit", class_="ds-button")

    def data(self) -> None:
        html.h2(self.t("Your data"))
        html.p(
            self.t(
                "Everything that the shop's subscription system and this page keep about you, in "
                "one archive: as tables, and as JSON for programs."
            )
        )
        with html.div(class_="ds-row-actions"):
            html.a(DATA_FILE, self.t("Download my data"), download=True, class_="ds-button")

    def _handle_delete(self) -> None:
        let_go = getattr(self, "_let_go", None)
        if let_go is not None:
            let_go()
        super()._handle_delete()


class DevicesPage(View):
    """``/account/devices``: where the customer is signed in."""

    def __init__(self, state: Portal, texts: Texts, account: AccountState | None) -> None:
        self.account = account
        super().__init__(state, texts)
        if account is not None:
            self._opening = asyncio.create_task(account.open())

    def header(self) -> None:
        html.a(ACCOUNT, self.t("Account"), class_="ds-back")
        super().header()
        html.p(
            self.t(
                "Is there one that you do not know? Sign it out: its open pages close at once, and "
                "the link that it came by does not let it in again."
            )
        )

    def heading(self) -> str:
        return self.t("Your devices")

    def ready(self) -> None:
        if self.account is not None:
            DeviceList.show(self.account, self.texts)

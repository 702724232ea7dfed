"""A payment method that only its processor can change: what to do, and how it stands."""

from __future__ import annotations

from app.i18n import Message, say
from app.state import HostedUpdateState, UpdateMailQuestion
from components import html
from components.action_dialog import ActionDialog
from components.base import Component


class UpdateMailDialog(ActionDialog[UpdateMailQuestion]):
    """The question before a mail with the link is asked for: where it goes, and what it is for."""

    def title(self) -> Message:
        return say("Send yourself a link to change this payment method?")

    def press(self) -> Message:
        return say("Send the link")

    def keep(self) -> Message:
        return say("Not now")


class HostedUpdate(Component[HostedUpdateState]):
    """The mail by which a payment method is changed: ask for it, and see how it stands.

    ::

        HostedUpdate (div)
        ├── body       why it is changed elsewhere; where the mail went, and what to do if none came
        └── actions    ask for the mail, or for another; look whether it has worked
    """

    element = "div"
    sections = ("body", "actions")

    def build(self) -> None:
        if not self.state.is_shown:
            return
        self.set(
            class_="ds-hosted",
            data_key="hosted-" + str(self.state.payment_method_id),
            data_stage=self.state.stage,
        )
        super().build()

    def body(self) -> None:
        match self.state.stage:
            case "none":
                self.explain()
            case "asked":
                self.asked()
            case "unclear":
                self.unclear()
            case "changed":
                with html.p(class_="ds-note", data_tone="success"):
                    html.span(self.t("Your new payment details have arrived."))

    def explain(self) -> None:
        """Why it is changed elsewhere, before anything was asked for."""
        html.p(
            self.t(
                "{shop} keeps this payment method with a service that takes a new card only on "
                "its own page. You get the link to that page by e-mail.",
                shop=self.state.shop,
            ),
            class_="ds-muted",
        )
        if not self.state.email:
            html.p(self.t("We know no e-mail address of yours. Please write to the shop."))

    def asked(self) -> None:
        """Where the mail went, and what to do if none came."""
        with html.p(class_="ds-note", data_tone="info"):
            html.span(
                self.t(
                    "A mail with the link is on its way to {email}. It comes from {shop}, or from "
                    "its payment service.",
                    email=self.state.email,
                    shop=self.state.shop,
                )
            )
        self.when()
        self.if_none_comes()

    def unclear(self) -> None:
        """Nobody knows whether a mail was sent."""
        with html.p(class_="ds-note", data_tone="warning"):
            html.span(
                self.t(
                    "The shop has not said if it sent the mail to {email}. It may still come.",
                    email=self.state.email,
                )
            )
        self.when()
        self.if_none_comes()

    def when(self) -> None:
        """When it was asked for, and whether another can be."""
        asked_at = self.state.asked_at
        with html.p(class_="ds-small"):
            if asked_at is not None:
                html.span(self.t("Asked for on {moment} shop time", moment=asked_at))
                html.local_time(asked_at, self.t("(your time: {time})", time="{time}"))
        if self.state.again_at is not None:
            html.p(
                self.t("It can take a few minutes. After that you can ask for another one here."),
                class_="ds-small",
            )

    def if_none_comes(self) -> None:
        """What to do when the mail never comes."""
        with html.details(self.t("No mail?"), class_="ds-past ds-follow"), html.ul():
            html.li(self.t("Look among your junk mail, too."))
            html.li(self.t("Ask for another link. Only the newest one works."))
            html.li(
                self.t(
                    "Is {email} not your address any more? Change it in your account first.",
                    email=self.state.email,
                )
            )
            if self.state.contact:
                html.li(
                    self.t(
                        "If none comes at all, write to {shop}: {contact}",
                        shop=self.state.shop,
                        contact=self.state.contact,
                    )
                )
            else:
                html.li(self.t("If none comes at all, write to the shop."))

    def actions(self) -> None:
        stage = self.state.stage
        key = f"hosted-{self.state.payment_method_id}"
        if self.state.can_ask:
            is_first = stage in ("none", "changed")
            html.Button(
                self.t("Send me the link") if is_first else self.t("Send another link"),
                self.ask,
                key=f"{key}-send",
                class_="ds-button ds-compact",
            )
        if stage in ("asked", "unclear"):
            html.Button(
                self.t("See if it worked"),
                self.state.look,
                key=f"{key}-look",
                class_="ds-button ds-compact",
                aria_busy="true" if self.state.is_busy else None,
            )

    async def ask(self) -> None:
        """Ask before the mail is asked for."""
        await UpdateMailDialog.open(self, UpdateMailQuestion(self.state))

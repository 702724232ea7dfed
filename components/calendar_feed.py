"""Following one's deliveries in one's own calendar."""

from __future__ import annotations

from app.i18n import Message, Texts, say
from app.state import CalendarFeedState
from components import html
from components.base import Component
from components.browser import Browser
from components.dialog import ConfirmDialog


class CalendarFeed(Component[CalendarFeedState]):
    """The secret address for the customer's calendar program: make it, copy it, revoke it.

    ::

        CalendarFeed (div)
        ├── body       what it is; the address right after it was made; when it was used last
        └── actions    make it, make another, end it; or take the deliveries along as a file
    """

    element = "div"
    sections = ("body", "actions")

    def build(self) -> None:
        self.set(class_="ds-feed")
        super().build()

    def body(self) -> None:
        html.p(
            self.t(
                "Your calendar can follow your deliveries by a secret address. Whoever has the "
                "address can see what comes and when: no prices, no addresses, no names."
            ),
            class_="ds-muted",
        )
        feed, address, webcal = self.state.feed, self.state.address, self.state.webcal
        if address is not None and webcal is not None:
            html.p(self.t("This is your address. It is shown only now, so copy it or open it."))
            with html.div(class_="ds-feed-address"):
                html.Tag(
                    "input",
                    type="text",
                    readonly=True,
                    value=address,
                    aria_label=self.t("Address of your calendar"),
                    data_key="feed-address",
                )
                html.Tag(
                    "button",
                    self.t("Copy"),
                    type="button",
                    class_="ds-button",
                    data_key="feed-copy",
                    data_copy=address,
                    data_copied=self.t("Copied"),
                )
                html.a(webcal, self.t("Open in my calendar"), class_="ds-button ds-primary")
        elif feed is not None:
            with html.p():
                html.span(self.t("Your calendar follows your deliveries."))
                made = self.t("Its address was made: {time}.", time="{time}")
                html.local_time(feed.made_at, made, data_style="short")
                if feed.last_used_at is None:
                    html.span(" " + self.t("No calendar has asked for it yet."))
                else:
                    used = self.t("Last asked for: {time}.", time="{time}")
                    html.local_time(feed.last_used_at, used, data_style="short")

    def actions(self) -> None:
        if not self.state.may_change:
            html.p(self.t("Only the customer can make such an address, or end it."))
            return
        if self.state.status == "none":
            html.Button(
                self.t("Make a calendar address"),
                self.state.make,
                key="feed-make",
                class_="ds-button",
            )
        elif self.state.status == "there":
            html.Button(
                self.t("Make a new address"), self.ask_anew, key="feed-make", class_="ds-button"
            )
            html.Button(
                self.t("Stop following"), self.ask_end, key="feed-end", class_="ds-button ds-quiet"
            )
        html.a(
            "/schedule.ics",
            self.t("Download as a file"),
            download=True,
            class_="ds-button ds-quiet",
        )

    async def ask_anew(self) -> None:
        """Ask before the address that is in use stops working."""
        self._ask(is_end=False)

    async def ask_end(self) -> None:
        """Ask before calendars stop following."""
        self._ask(is_end=True)

    def _ask(self, *, is_end: bool) -> None:
        with Browser.root(self.client):
            CalendarFeedDialog.show(self.model, self.texts, is_end=is_end).ask()


class CalendarFeedDialog(ConfirmDialog[CalendarFeedState]):
    """The question before a calendar address stops working."""

    def __init__(self, state: CalendarFeedState, texts: Texts, *, is_end: bool) -> None:
        self.is_end = is_end
        super().__init__(state, texts)

    def body(self) -> None:
        if self.is_end:
            html.p(self.t("Calendars that follow your deliveries get nothing new any more."))
        else:
            html.p(
                self.t(
                    "The address from before stops working. Give the new one to every calendar "
                    "that is to go on."
                )
            )
        html.p(self.t("Your deliveries stay as they are."), class_="ds-muted")

    def question(self) -> Message:
        return say("Stop following?") if self.is_end else say("Make a new address?")

    def confirm(self) -> Message:
        return say("Stop following") if self.is_end else say("Make a new address")

    async def act(self) -> None:
        await (self.model.revoke() if self.is_end else self.model.make())

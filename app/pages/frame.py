"""What stands around every view: the shop's name, the navigation, notices, and the way out."""

from __future__ import annotations

from typing import ClassVar

from app.i18n import Message, Texts, say
from app.pages.view import shop_name
from app.pages.views import Views
from app.retention import ways_out
from app.state import (
    ACCOUNT,
    ORDERS,
    SCHEDULE,
    SUBSCRIPTIONS,
    AccountState,
    CalendarFeedState,
    Deed,
    LookShown,
    Portal,
    chapter,
    shows,
)
from components import Component, LooksBand, NoticeBar, StepUpDialog, html, icon
from components.browser import Browser
from components.icons import IconName

NAVIGATION: tuple[tuple[str, Message, IconName], ...] = (
    ("/", say("Overview"), "home"),
    (SUBSCRIPTIONS, say("Subscriptions"), "box"),
    (SCHEDULE, say("Schedule"), "calendar"),
    (ORDERS, say("Orders"), "receipt"),
    (ACCOUNT, say("Account"), "person"),
)
"""Addresses in the navigation, with their names and icons. One that the merchant does not show
is not drawn."""


class Frame(Component[Portal]):
    """The page around its views.

    ::

        Frame (div)
        ├── skip          a link past all this, for keyboards
        ├── header        the shop's name, the navigation, and sign-out
        ├── main          the view
        ├── footer        the ways to leave, and how old the records are, when that matters
        └── notices       what just happened

    `sign_out_token` proves to ``/sign-out`` that the form is ours. `calendar` is the address for
    the customer's calendar, where one is offered; `account` is what the account's page works with.
    `is_framed`: a page of the shop's may be around this one. `look`: one of the shop's people is
    here; a band above all says so.
    """

    element = "div"
    sections = ("skip", "header", "main", "footer", "notices")
    slot_elements: ClassVar[dict[str, str]] = {
        "header": "header",
        "navigation": "nav",
        "main": "main",
        "footer": "footer",
    }

    def __init__(
        self,
        state: Portal,
        texts: Texts,
        browser: Browser,
        sign_out_token: str = "",
        calendar: CalendarFeedState | None = None,
        account: AccountState | None = None,
        is_framed: bool = False,
        look: LookShown | None = None,
    ) -> None:
        self.is_framed = is_framed
        self.look = look
        self.browser = browser
        self.calendar = calendar
        self.account = account
        self.sign_out_token = sign_out_token
        self.links: dict[str, html.Tag] = {}
        self.path = ""
        self.views: Views | None = None
        super().__init__(state, texts)
        self.set(class_="ds-frame")
        state.step_up.opener = lambda: StepUpDialog.open(self, state.step_up)

    def build(self) -> None:
        if self.look is not None:
            LooksBand.show(self.model, self.texts, self.look, self.sign_out_token)
        super().build()

    def skip(self) -> None:
        html.a("#content", self.t("Skip to content"), class_="ds-to-content")

    def header(self) -> None:
        with html.div(class_="ds-top"):
            self.section("shop")
            self.section("navigation").set(class_="ds-nav", aria_label=self.t("Your account"))
            self.way_out()

    def shop(self) -> None:
        """The shop's name, which leads to the overview."""
        name = self.seen(lambda: shop_name(self.state))
        html.a("/", name or self.t("Your account"), class_="ds-shop", dir="auto")

    def navigation(self) -> None:
        """The views that there are. At phone size this stands at the foot of the screen."""
        shown = self.seen(
            lambda: tuple(path for path, _, _ in NAVIGATION if shows(self.state, path))
        )
        self.links = {}
        for path, name, drawing in NAVIGATION:
            if path in shown:
                with html.a(path) as link:
                    icon(drawing)
                    html.span(self.say(name))
                self.links[path] = link
        if self.path:
            self._mark()

    def way_out(self) -> None:
        """Signing out is a form that works without the page's socket."""
        if self.is_framed:
            text = self.t("Open in a new tab")
            html.a("/", text, target="_blank", data_tab=True, class_="ds-button ds-quiet ds-tab")
        if self.look is not None:  # the band has the way out
            return
        with html.Tag("form", method="post", action="/sign-out"):
            html.Tag("input", type="hidden", name="form", value=self.sign_out_token)
            html.Tag("button", self.t("Sign out"), type="submit", class_="ds-button ds-quiet")

    def main(self) -> None:
        with html.div(class_="ds-main", id="content", tabindex=-1):
            self.views = Views(self)

    def footer(self) -> None:
        age = self.seen(lambda: self._age())
        with html.div(class_="ds-foot"):
            self.ways_out()
            if age is None:
                return
            pattern = self.t("Last checked {ago}", ago="{ago}")
            with html.div(class_="ds-age", data_age=age, data_pattern=pattern):
                html.span("")
                html.Button(
                    self.t("Check now"), self.state.reload, key="check", class_="ds-button ds-quiet"
                )

    def ways_out(self) -> None:
        """The ways to leave that need no sign-in: the law wants them reachable always. They are
        forms, as links of ours would be taken for views of this page."""
        shop = self.seen(lambda: self.state.snapshot.shop if self.state.snapshot else None)
        with html.Tag("nav", class_="ds-ways", aria_label=self.t("Without signing in")):
            for way in ways_out(shop, self.texts.language):
                with html.Tag("form", method="get", action=way.path):
                    html.Tag(
                        "button",
                        self.say(way.words),
                        type="submit",
                        class_="ds-button ds-quiet",
                        lang=way.language or None,
                    )

    def notices(self) -> None:
        NoticeBar.show(self.state, self.texts)

    def tell(self, deed: Deed) -> None:
        """Something was done: the shop's page around us is told."""
        self.browser.tell(deed.event, {"action": deed.action, "about": deed.about})

    def arrived(self, path: str, *, is_first: bool) -> None:
        """A view is shown: mark its link, and unless the page has just loaded, move focus to it."""
        self.path = path
        self._mark()
        if not is_first:
            self.browser.arrive(path)

    def redraw(self) -> None:
        """The merchant may show other views than before: then also the one on screen may go."""
        super().redraw()
        if self.views is not None and not self.views.is_deleted:
            self.views.follow()

    def _mark(self) -> None:
        """Mark the link of the view on screen."""
        top = chapter(self.path)
        for address, link in self.links.items():
            current = None if address != top else "page" if address == self.path else "true"
            link.set(aria_current=current)

    def _age(self) -> int | None:
        """Seconds since the records were read, to the minute: the browser counts on from there."""
        age = self.state.age
        return None if age is None else int(age.total_seconds()) // 60 * 60

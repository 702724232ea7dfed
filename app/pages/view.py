"""What the views of the page have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from nicegui import ui

from app.i18n import Message, Texts, say
from app.state import Portal
from components import (
    Component,
    Empty,
    EmptyState,
    ErrorState,
    Failure,
    Skeleton,
    SubscriptionCard,
    SubscriptionDetails,
    html,
)


class View(Component[Portal]):
    """One address of the page: its heading, and what it shows once the records are known.

    While they are not, it shows that they are loading, or why they cannot be shown. It never shows
    an empty list for what it does not know.

    ::

        View (div)
        ├── header     the heading, which is also the name of the browser's tab
        └── content    skeleton, error, or `ready`
    """

    element = "div"
    sections = ("header", "content")

    def __init__(self, state: Portal, texts: Texts) -> None:
        super().__init__(state, texts)
        self.set(class_="ds-view")

    def header(self) -> None:
        html.h1(self.heading())
        shop = self.seen(lambda: shop_name(self.state))
        title = self.title()
        ui.page_title(self.t("{title} · {shop}", title=title, shop=shop) if shop else title)

    @abstractmethod
    def heading(self) -> str:
        """The heading."""

    def title(self) -> str:
        """The name of the browser's tab."""
        return self.heading()

    def content(self) -> None:
        if self.state.status == "loading":
            Skeleton.show(2, self.texts)
        elif self.state.status == "failed":
            failure = self.state.failure
            ErrorState.show(
                Failure(
                    title=say("We cannot show your deliveries right now"),
                    text=failure.message if failure else say("Please try again in a moment."),
                    retry=self.state.reload,
                ),
                self.texts,
            )
        else:
            self.ready()

    @abstractmethod
    def ready(self) -> None:
        """Draw what is known."""

    def redraw(self) -> None:
        """Cards show the next date, which follows from the whole schedule: they look again too."""
        super().redraw()
        for element in list(self.descendants()):
            if isinstance(element, SubscriptionCard | SubscriptionDetails):
                element.redraw()


class RecordView(View):
    """The page of one record: it leads back to what that is one of.

    A record that is not this customer's is not found, exactly as one that does not exist.

    back: the address that the page leads back to, and how it is called
    kind: the heading while nothing of the record is known
    """

    back: ClassVar[tuple[str, Message]]
    kind: ClassVar[Message]

    @property
    @abstractmethod
    def is_missing(self) -> bool:
        """The records are known, and it is not among them."""

    @abstractmethod
    def name(self) -> str | None:
        """What the record is called; None while it is not known."""

    def header(self) -> None:
        path, text = self.back
        html.a(path, self.say(text), class_="ds-back")
        super().header()

    def heading(self) -> str:
        if self.seen(lambda: self.is_missing):
            return self.t("Not found")
        return self.seen(self.name) or self.say(self.kind)

    def content(self) -> None:
        if self.seen(lambda: self.is_missing):
            not_found(self.texts)
        else:
            super().content()


def shop_name(portal: Portal) -> str:
    """The shop's name, or nothing while it is not known."""
    return portal.snapshot.shop.name if portal.snapshot else ""


def not_found(texts: Texts) -> EmptyState:
    """What is shown for an address that leads nowhere, or to what is not this customer's."""
    return EmptyState.show(
        Empty(
            title=say("There is nothing here"),
            text=say("The address may be mistyped, or what it led to is gone."),
            icon="info",
            path="/",
            link=say("To the overview"),
        ),
        texts,
    )

"""The part of the page that lives in the browser: see `browser.js`."""

from __future__ import annotations

from nicegui import Client, ui

from app.i18n import Texts


class Browser(ui.element, component="browser.js"):
    """Stands around everything on the page.

    Sets the page's language and direction, keeps focus where it belongs, sends one press per
    button, writes times on the reader's clock, and tells calmly of a lost connection.
    """

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        with self._props.suspend_updates():
            self._props["language"] = texts.language
            self._props["direction"] = texts.direction
            self._props["lost"] = texts.t(
                "The connection is lost. You can go on reading; changes wait until it is back."
            )
            self._props["back"] = texts.t("The connection is back.")
            self._props["unsent"] = texts.t(
                "Nothing was sent: the connection is lost. Please try again when it is back."
            )
            self._props["stuck"] = texts.t(
                "This page cannot reach the shop. Please reload it in a moment."
            )

    def arrive(self, path: str) -> None:
        """The view of `path` is shown: close dialogs, and move focus to its heading."""
        self.run_method("arrive", path)

    def warn(self, words: str) -> None:
        """Say something over the dialog that is open, which covers what the page says. Where none
        is, nothing: the page says it too."""
        self.run_method("warn", words)

    def tell(self, event: str, detail: dict[str, str]) -> None:
        """Something was done: the shop's page is told, where the page stands in a frame of it."""
        self.run_method("tell", event, detail)

    @staticmethod
    def root(client: Client) -> ui.element:
        """Where things that belong to no view, such as dialogs, are drawn."""
        for element in client.content.default_slot.children:
            if isinstance(element, Browser):
                return element
        return client.content

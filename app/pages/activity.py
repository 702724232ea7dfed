"""What was done: when, by whom, what came of it, and the way back."""

from __future__ import annotations

import asyncio

from app.i18n import Texts
from app.pages.view import View
from app.state import Portal
from components import ActivityList, html

PATH = "/activity"
"""Where the record stands. As a file it is at ``/activity.csv``."""


class ActivityPage(View):
    """``/activity``"""

    def __init__(self, state: Portal, texts: Texts) -> None:
        super().__init__(state, texts)
        if self.model.activities.activities is None:
            # It stays until it is done, though the customer may go on to another view.
            self._opening = asyncio.create_task(self.model.activities.open())

    def heading(self) -> str:
        return self.t("Activity")

    def header(self) -> None:
        super().header()
        html.p(self.t("What was changed here, and what can be put back as it was."))

    def ready(self) -> None:
        ActivityList.show(self.state.activities, self.texts)
        with html.p(class_="ds-below"):
            text = self.t("Download as a table (CSV)")
            html.a("/activity.csv", text, download=True, class_="ds-link")

"""The question before a delivery is skipped."""

from __future__ import annotations

from app.i18n import Message, say
from app.state import SkipQuestion
from components.action_dialog import ActionDialog


class SkipDialog(ActionDialog[SkipQuestion]):
    """States what skipping changes, and what stays as it is."""

    def title(self) -> Message:
        return say("Skip your delivery of {date}?", date=self.model.date)

    def press(self) -> Message:
        return say("Skip {date}", date=self.model.date)

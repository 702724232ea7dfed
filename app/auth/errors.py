"""What can go wrong around being signed in. `str(error)` is for the log, `error.notice` for the
customer.
"""

from __future__ import annotations

from app.i18n import Message, say


class AuthError(Exception):
    """Signing in, or staying so, did not work."""

    def __init__(self, log: str = "", *, notice: Message | None = None) -> None:
        self.notice = notice or self._notice()
        super().__init__(log or str(self.notice))

    def _notice(self) -> Message:
        return say("That did not work, and nothing was changed. Please try again.")


class TooManyPages(AuthError):
    """One session, or all together, hold as many open pages as the settings permit."""

    def _notice(self) -> Message:
        return say(
            "This page is open too often at the moment. "
            "Please close the tabs you no longer need, then reload."
        )

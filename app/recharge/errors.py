"""What can go wrong between us and Recharge::

    RechargeError
    ├── NotSent              nothing left this process                         executed = no
    │   ├── InvalidArgument    what we were asked to send cannot be sent (also a ValueError)
    │   ├── BudgetExceeded     the token's calls are spent until after the deadline
    │   └── ConnectFailed      no connection was made
    ├── NoAnswer             sent, nothing known: timeout, cut connection, answer too large
    ├── Refused              the API said no (4xx), with its reasons            executed = no
    │   ├── NotFound           404
    │   ├── Conflict           409: another change to the same address is running
    │   ├── RateLimited        429, with `retry_after`
    │   └── Unauthorized       401, 403, 426: the token or the API version is not accepted
    └── UpstreamFailed       5xx, a redirect, HTML or nonsense instead of JSON

`executed` tells whether a change may have been made: ``"no"`` or ``"unknown"``. A read changes
nothing, so its errors always say ``"no"``. `str(error)` is for the log: method, route template,
status and names of fields; never values, since those are personal data. `error.notice` is for the
customer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from app.i18n import Message, say

Executed = Literal["no", "unknown"]


class RechargeError(Exception):
    """A call to Recharge gave no usable answer.

    Attributes:
        method, route: what was called, the route as a template such as ``/charges/{id}/skip``.
        status: HTTP status of the answer, None when there was none.
        fields: what the API says of single fields, by dotted name (``billing_address.zip``).
        messages: what it says of the call as a whole.
        executed: whether a change may have been made.
    """

    _executed: ClassVar[Executed] = "no"

    def __init__(
        self,
        reason: str,
        *,
        method: str = "",
        route: str = "",
        status: int | None = None,
        fields: Mapping[str, list[str]] | None = None,
        messages: Sequence[str] = (),
    ) -> None:
        self.reason = reason
        self.method = method
        self.route = route
        self.status = status
        self.fields: dict[str, list[str]] = dict(fields or {})
        self.messages = tuple(messages)
        super().__init__(reason)

    @property
    def executed(self) -> Executed:
        return "no" if self.is_read else self._executed

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    @property
    def notice(self) -> Message:
        """What the customer is told: what happened, whether anything changed, what to do."""
        if self.executed == "unknown":
            return say(
                "The shop's system gave no clear answer, so we do not know whether your change "
                "was made. Please look again in a minute before you try again."
            )
        if self.is_read:
            return say(
                "The shop's system cannot be reached at the moment. Nothing was changed. "
                "Please try again in a minute."
            )
        return self._not_done

    @property
    def _not_done(self) -> Message:
        return say(
            "The shop's system cannot be reached at the moment. Your change was not made. "
            "Please try again in a minute."
        )

    def __str__(self) -> str:
        call = f"{self.method} {self.route}".strip()
        answer = " ".join(
            part for part in (str(self.status) if self.status else "", self.reason) if part
        )
        names = ", ".join(sorted(self.fields))
        return (f"{call}: " if call else "") + answer + (f" (fields: {names})" if names else "")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


class NotSent(RechargeError):
    """Nothing left this process, so nothing was changed."""


class InvalidArgument(NotSent, ValueError):
    """What we were asked to send cannot be sent: an id that is none, an unclear filter."""

    @property
    def notice(self) -> Message:
        return say("This cannot be done. Nothing was changed. Please reload the page.")


class BudgetExceeded(NotSent):
    """The token's calls are spent until after the deadline."""

    @property
    def notice(self) -> Message:
        return say("The shop is very busy. Nothing was changed. Please try again in a minute.")


class ConnectFailed(NotSent):
    """No connection to the API was made."""


class NoAnswer(RechargeError):
    """The call was sent and nothing is known of it: timeout, cut connection, answer too large."""

    _executed = "unknown"


class Refused(RechargeError):
    """The API refused the call (4xx); `fields` and `messages` hold its reasons, in English."""

    @property
    def notice(self) -> Message:
        return say(
            "The shop's system did not accept this. Nothing was changed. "
            "Please check what you entered, or contact the shop."
        )


class NotFound(Refused):
    """The API knows no such record (404)."""

    @property
    def notice(self) -> Message:
        return say("This is no longer there. Nothing was changed. Please reload the page.")


class Conflict(Refused):
    """Another change to the same address, or to something under it, is running (409)."""

    @property
    def notice(self) -> Message:
        return say(
            "Another change to this delivery is still being made. Nothing was changed by this one. "
            "Please try again in a few seconds."
        )


class RateLimited(Refused):
    """More calls than the token may make (429).

    `retry_after` is the wait in seconds that the answer asks for, None where it names none.
    """

    retry_after: float | None = None

    @property
    def notice(self) -> Message:
        return say("The shop is very busy. Nothing was changed. Please try again in a minute.")


class Unauthorized(Refused):
    """The token is wrong or lacks a scope, or the API version is unknown (401, 403, 426)."""

    @property
    def notice(self) -> Message:
        return say(
            "The shop's connection to its subscription system does not work at the moment. "
            "Nothing was changed. Please contact the shop."
        )


class UpstreamFailed(RechargeError):
    """The API failed: 5xx, a redirect, HTML or nonsense instead of JSON."""

    _executed = "unknown"

"""What can stop an action.

::

    ActionError
    ├── SignedOut          the session has ended
    ├── TooMany            too many changes in a short time
    ├── InvalidInput       the input does not fit the action
    ├── WrongParts         parts of an address are missing or wrong (`parts` says which, and how)
    ├── UnknownObject      not there, or not this customer's: both look the same
    ├── SwitchedOff        the merchant does not offer this
    ├── LooksOnly          the shop looks as the customer, and may not do this
    ├── NeedsStepUp        the customer has to give a code first (`what` says what it proves)
    ├── NotPossible        the state of things does not allow it, such as a passed cut-off
    ├── Stale              what the customer saw has changed since (`changes` says what)
    ├── InProgress         the same change is being made at this moment
    ├── KeyReused          the idempotency key belongs to another change
    ├── Declined           the payment was tried and refused: no money was taken
    ├── UpstreamRefused    Recharge said no, or could not be asked
    ├── PartlyDone         a change of several steps, of which only some were made
    └── NothingKnown       sent, but no answer: it may or may not have happened

`str(error)` is for the log. `error.notice` is for the customer. `error.changed` says whether
anything was changed: "part" for PartlyDone, "unknown" for InProgress and NothingKnown, else "no".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from app.i18n import Message, say


class ActionError(Exception):
    """An action was not done, or is not known to be done."""

    changed: ClassVar[Literal["no", "part", "unknown"]] = "no"
    can_retry: ClassVar[bool] = False
    """Whether the same press may help a moment later."""

    def __init__(
        self, log: str = "", *, notice: Message | None = None, activity_id: str | None = None
    ) -> None:
        self.notice = notice or self._notice()
        self.activity_id = activity_id
        super().__init__(log or str(self.notice))

    def _notice(self) -> Message:
        return say("That did not work, and nothing was changed. Please try again.")


class SignedOut(ActionError):
    """The session has ended."""

    def _notice(self) -> Message:
        return say("You are signed out, so nothing was changed. Please sign in again.")


class TooMany(ActionError):
    """Too many changes in a short time. `retry_after` is in seconds."""

    can_retry = True

    def __init__(self, log: str = "", *, retry_after: float = 60.0) -> None:
        self.retry_after = retry_after
        super().__init__(log)

    def _notice(self) -> Message:
        return say(
            "That was a lot of changes at once, so this one was not made. "
            "Please wait a minute and try again."
        )


class InvalidInput(ActionError):
    """The input does not fit the action."""

    def _notice(self) -> Message:
        return say(
            "We could not make sense of that, so nothing was changed. "
            "Please check it and try again."
        )


class WrongParts(ActionError):
    """Parts of an address are missing or wrong, as we see it or as Recharge does.

    `parts` has a sentence for each, by the part's name in Recharge: it stands at the field.
    """

    def __init__(
        self,
        log: str = "",
        *,
        parts: Mapping[str, Message],
        notice: Message | None = None,
        activity_id: str | None = None,
    ) -> None:
        self.parts = dict(parts)
        super().__init__(log, notice=notice, activity_id=activity_id)

    def _notice(self) -> Message:
        return say(
            "Something in the address is not right, so nothing was changed. Please check it."
        )


class UnknownObject(ActionError):
    """Not there, or not this customer's. Nothing was sent to Recharge."""

    def _notice(self) -> Message:
        return say("We could not find that in your account. Nothing was changed.")


class SwitchedOff(ActionError):
    """The merchant does not offer this."""

    def _notice(self) -> Message:
        return say(
            "The shop does not offer this change here, so nothing was changed. "
            "Please write to the shop if you need it."
        )


class LooksOnly(ActionError):
    """The shop looks as the customer, and may not do this: nothing at all, or not this."""

    def _notice(self) -> Message:
        return say("You are only looking, so nothing was changed.")


class NeedsStepUp(ActionError):
    """The customer has to give a code first. `what` is what it proves: see `Services.is_proven`."""

    def __init__(self, log: str = "", *, what: str = "") -> None:
        self.what = what
        super().__init__(log)

    def _notice(self) -> Message:
        return say("Please confirm that it is you first. Nothing was changed.")


class NotPossible(ActionError):
    """The state of things does not allow it. `notice` gives the reason."""


class Stale(ActionError):
    """What the customer saw has changed since. `changes` says what, a sentence each."""

    def __init__(self, log: str = "", *, changes: Sequence[Message] = ()) -> None:
        self.changes = tuple(changes)
        super().__init__(log)

    def _notice(self) -> Message:
        if not self.changes:
            return say(
                "Something here has changed since you opened this page, so we did nothing. "
                "Please look again."
            )
        return say(
            "Something here has changed since you opened this page, so we did nothing. "
            "{changes} Please look again.",
            changes=sentences(self.changes),
        )


class InProgress(ActionError):
    """The same change is being made at this moment."""

    changed = "unknown"
    can_retry = True

    def _notice(self) -> Message:
        return say("We are still working on your change. One moment, please.")


class KeyReused(ActionError):
    """The idempotency key belongs to another change."""

    def _notice(self) -> Message:
        return say("This page is out of date, so nothing was changed. Please reload it.")


class Declined(ActionError):
    """The payment was tried and refused. No money was taken; `notice` says why and what to do."""

    def _notice(self) -> Message:
        return say(
            "The payment did not go through, so you were not charged and nothing was ordered. "
            "Please use another card, or ask your bank."
        )


class UpstreamRefused(ActionError):
    """Recharge said no, or could not be asked. Nothing was changed."""

    can_retry = True

    def _notice(self) -> Message:
        return say("The shop could not make this change, so everything stays as it was.")


class PartlyDone(ActionError):
    """A change of several steps, of which only some were made."""

    changed = "part"

    def _notice(self) -> Message:
        return say(
            "Only a part of your change could be made. "
            "Please look at what is shown now, and try the rest again."
        )


class NothingKnown(ActionError):
    """Sent, but no answer: it may or may not have happened. It is being settled by reading."""

    changed = "unknown"

    def _notice(self) -> Message:
        return say(
            "The shop has not answered, so we do not know yet if your change was made. "
            "We are checking, and will tell you here."
        )


def sentences(messages: Sequence[Message]) -> Message:
    """Several sentences, one after the other."""
    if len(messages) == 1:
        return messages[0]
    return say("{first} {rest}", first=messages[0], rest=sentences(messages[1:]))

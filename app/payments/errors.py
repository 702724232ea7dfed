"""Why a card did not come out of its form.

::

    PaymentFormError
    ├── FormUnavailable   the processor does not answer, or not to us
    ├── CardRefused       the card was tried, and refused
    ├── NotFinished       the form was not sent, or the bank's question was left open
    └── StillRunning      the processor is at it

`str(error)` is for the log. `error.notice` is for the customer: what happened, that nothing was
changed, and what to do. None of them ever holds anything that was typed.
"""

from __future__ import annotations

from app.i18n import Message, say


class PaymentFormError(Exception):
    """No card came out of a form. Nothing in the customer's account was changed."""

    def __init__(self, log: str = "", *, notice: Message | None = None) -> None:
        self.notice = notice or self._notice()
        super().__init__(log or str(self.notice))

    def _notice(self) -> Message:
        return say("Your card was not added, and nothing was changed. Please try again.")


class FormUnavailable(PaymentFormError):
    """The processor does not answer, or does not accept what we ask."""

    def _notice(self) -> Message:
        return say(
            "The payment service does not answer at the moment. Your card was not added, and "
            "nothing was changed. Please try again in a few minutes."
        )


class CardRefused(PaymentFormError):
    """The card was tried and refused. Give `notice` where the reason is known."""

    def _notice(self) -> Message:
        return say(
            "Your bank did not accept this card, so it was not added, and nothing was changed. "
            "Please check what you entered, or use another card."
        )


class NotFinished(PaymentFormError):
    """The form was not sent, or the bank's question was left open."""

    def _notice(self) -> Message:
        return say(
            "The card form was not finished, so no card was added, and nothing was changed. "
            "You can go on below."
        )


class StillRunning(PaymentFormError):
    """The processor has not decided yet."""

    def _notice(self) -> Message:
        return say(
            "The payment service is still checking your card. Nothing was changed so far. "
            "Please look again in a minute."
        )

"""What is said of codes that were mailed, wherever they are given back."""

from __future__ import annotations

from typing import Final, Literal, Protocol

from app.i18n import Message, say, say_many

Given = Literal["right", "wrong", "used up", "gone", "too many"]
"""What came of giving a code: see `app.auth.Codes`."""

Sent = Literal["sent", "too many", "busy", "not theirs"]
"""What came of asking for one: on its way; too many were asked for; no mail can be sent now; where
the shop sits there in the customer's place, none is."""

_DIGITS: Final = 6


class OpenCode(Protocol):
    """A code that was sent: `app.auth.OpenCode`. `about` is what it proves."""

    @property
    def about(self) -> str: ...
    @property
    def tries_left(self) -> int: ...
    @property
    def is_proven(self) -> bool: ...


NO_CODE: Final = say("The code has six digits. It stands in the mail.")
SENT_AGAIN: Final = say("A new code is on its way. The one before does not count any more.")
TOO_MANY: Final = say(
    "Too many codes were asked for, so none was sent. Please try again in an hour."
)
NO_MAIL: Final = say("We cannot send mail at this moment. Please try again in a few minutes.")

_WRONG: Final[dict[Given, Message]] = {
    "wrong": say("This is not the code that we sent. Please look at the mail again."),
    "used up": say("That was the wrong code too often. Please have a new one sent."),
    "gone": say("This code has expired. Please have a new one sent."),
    "too many": say("Too many codes were tried. Please wait an hour, then try again."),
}


def code_in(text: str) -> str | None:
    """The code that was typed or pasted, whatever stands between its digits and in whatever script
    they are; None where it is none."""
    code = "".join(text.split()).replace("-", "")
    if len(code) != _DIGITS or not code.isdecimal():
        return None
    return "".join(str(int(each)) for each in code)


def told_wrong(given: Given, left: OpenCode | None = None) -> Message:
    """What to say of a code that was not the right one; `left` is what still counts after it."""
    if given == "wrong" and left is not None:
        return say_many(
            "This is not the code that we sent. You can try {count} more time.",
            "This is not the code that we sent. You can try {count} more times.",
            left.tries_left,
        )
    return _WRONG[given]

"""Another e-mail address: a code goes there first, and then it is asked what that changes."""

from __future__ import annotations

from typing import Final, Literal

from app.actions import ChangeEmail, Outcome
from app.i18n import Message, say, say_many
from app.mail import mail_address
from app.state.account import AccountState, Given
from app.state.question import Previewed, Question

_WRONG: Final[dict[Given, Message]] = {
    "wrong": say("This is not the code that we sent. Please look at the mail again."),
    "used up": say("That was the wrong code too often. Please have a new one sent."),
    "gone": say("This code has expired. Please have a new one sent."),
    "too many": say("Too many codes were tried. Please wait an hour, then try again."),
}


class EmailQuestion(Question):
    """Which address, the code that was sent there, and then the change.

    email:  what was typed
    code:   what was typed as the code
    stage:  "address" until a code is on its way; then "code"
    sent_to: the address that it went to
    wrong:  what is wrong with what was typed, by the name of the field
    note:   what was done last, such as that a new code was sent
    """

    def __init__(self, account: AccountState) -> None:
        super().__init__(account.portal)
        self.account = account
        self.email = ""
        self.code = ""
        self.sent_to = account.awaited or ""
        self.stage: Literal["address", "code"] = "code" if self.sent_to else "address"
        self.wrong: dict[str, Message] = {}
        self.note: Message | None = None

    @property
    def action(self) -> ChangeEmail | None:
        if not self.sent_to:
            return None
        return ChangeEmail.of(customer_id=self.portal.principal.customer_id, email=self.sent_to)

    async def write(self, **typed: str) -> None:
        """Take up what was typed. Nothing is judged before a press."""
        for name, text in typed.items():
            setattr(self, name, text)

    async def send(self) -> bool:
        """Send a code to the address that was typed; whether it is on its way.

        The answer is the same whosever address it is.
        """
        if self.is_busy:
            return False
        email = mail_address(self.email)
        own = self.portal.records.customer.email
        if email is None:
            text = say(
                "This does not look like an e-mail address. It should be like name@example.com."
            )
            return self._is_wrong("email", text)
        if email.lower() == own.strip().lower():
            return self._is_wrong("email", say("That is your address already."))
        return await self._send(email, None)

    async def send_again(self) -> bool:
        """Send a new code to the same address: the one before does not count any more."""
        if self.is_busy:
            return False
        note = say("A new code is on its way. The one before does not count any more.")
        return await self._send(self.sent_to, note)

    async def start_again(self) -> None:
        """Another address after all: the code that was sent counts no more."""
        await self.account.doors.emails.forget(self.portal.principal)
        self.email, self.code, self.sent_to, self.stage = self.sent_to, "", "", "address"
        self.wrong, self.note = {}, None
        await self.account.look()
        await self.ask()

    async def give(self) -> bool:
        """Give the code that was typed; whether it is right, so that the change can be made."""
        if self.is_busy:
            return False
        emails, principal = self.account.doors.emails, self.portal.principal
        code = "".join(self.code.split())
        known = await emails.find(principal)
        if known is not None and known.is_proven and known.about == self.sent_to:
            return True  # it was given, and the change was not made: such as when nobody answered
        if not (len(code) == 6 and code.isdecimal()):
            return self._is_wrong("code", say("The code has six digits. It stands in the mail."))
        self.is_busy = True
        try:
            given = await emails.give(principal, "".join(str(int(each)) for each in code))
        finally:
            self.is_busy = False
        if given == "right":
            self.wrong = {}
            return True
        text = _WRONG[given]
        left = await emails.find(principal) if given == "wrong" else None
        if left is not None:
            text = say_many(
                "This is not the code that we sent. You can try {count} more time.",
                "This is not the code that we sent. You can try {count} more times.",
                left.tries_left,
            )
        return self._is_wrong("code", text)

    async def confirm(self, pressed: Previewed | None = None) -> Outcome | None:
        """Make the change. Once it is made, the code has done its work."""
        outcome = await super().confirm(pressed)
        if outcome is not None:
            await self.account.doors.emails.forget(self.portal.principal)
        await self.account.look()
        return outcome

    async def _send(self, email: str, note: Message | None) -> bool:
        self.is_busy = True
        self.changed.emit()
        try:
            sent = await self.account.doors.emails.ask(self.portal.principal, email)
        finally:
            self.is_busy = False
        field = "code" if self.stage == "code" else "email"
        if sent == "too many":
            text = say(
                "Too many codes were asked for, so none was sent. Please try again in an hour."
            )
            return self._is_wrong(field, text)
        if sent == "busy":
            text = say("We cannot send mail at this moment. Please try again in a few minutes.")
            return self._is_wrong(field, text)
        self.sent_to, self.stage, self.code = email, "code", ""
        self.wrong, self.note = {}, note
        await self.account.look()
        await self.ask()
        return True

    def _is_wrong(self, field: str, text: Message) -> bool:
        self.wrong, self.note = {field: text}, None
        self.changed.emit()
        return False

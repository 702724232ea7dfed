"""Another e-mail address: a code goes there first, and then it is asked what that changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from app.actions import THEIRS_ALONE, ChangeEmail, Outcome
from app.i18n import Message, say
from app.mail import mail_address
from app.state.account import AccountState
from app.state.codes import NO_CODE, NO_MAIL, SENT_AGAIN, TOO_MANY, code_in, told_wrong
from app.state.question import Previewed, Question

_NOT_SENT: Final[Mapping[str, Message]] = {
    "too many": TOO_MANY,
    "busy": NO_MAIL,
    "not theirs": THEIRS_ALONE,
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
        return self._change(self.sent_to) if self.sent_to else None

    @property
    def to_be_cleared(self) -> ChangeEmail | None:
        """Before a code goes to the new address, one goes to that on record: else whoever sits at
        an open page could have us write to anybody."""
        if self.stage == "code":
            return self.action
        email = mail_address(self.email)
        return self._change(email) if email else None

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
        return await self._send(self.sent_to, SENT_AGAIN)

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
        known = await emails.find(principal)
        if known is not None and known.is_proven and known.about == self.sent_to:
            return True  # it was given, and the change was not made: such as when nobody answered
        code = code_in(self.code)
        if code is None:
            return self._is_wrong("code", NO_CODE)
        self.is_busy = True
        try:
            given = await emails.give(principal, code)
        finally:
            self.is_busy = False
        if given == "right":
            self.wrong = {}
            return True
        left = await emails.find(principal) if given == "wrong" else None
        return self._is_wrong("code", told_wrong(given, left))

    async def confirm(self, pressed: Previewed | None = None) -> Outcome | None:
        """Make the change. Once it is made, the code has done its work."""
        outcome = await super().confirm(pressed)
        if outcome is not None:
            await self.account.doors.emails.forget(self.portal.principal)
        await self.account.look()
        return outcome

    def _change(self, email: str) -> ChangeEmail:
        return ChangeEmail.of(customer_id=self.portal.principal.customer_id, email=email)

    async def _send(self, email: str, note: Message | None) -> bool:
        self.is_busy = True
        self.changed.emit()
        try:
            sent = await self.account.doors.emails.ask(self.portal.principal, email)
        finally:
            self.is_busy = False
        field = "code" if self.stage == "code" else "email"
        if sent != "sent":
            return self._is_wrong(field, _NOT_SENT[sent])
        self.sent_to, self.stage, self.code = email, "code", ""
        self.wrong, self.note = {}, note
        await self.account.look()
        await self.ask()
        return True

    def _is_wrong(self, field: str, text: Message) -> bool:
        self.wrong, self.note = {field: text}, None
        self.changed.emit()
        return False

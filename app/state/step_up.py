"""Whether it is the customer: a code from their mailbox, asked for at the press that needs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, Protocol

from app.actions import (
    THEIRS_ALONE,
    Acting,
    Action,
    ActionError,
    Principal,
    needs_step_up,
)
from app.i18n import Message, say
from app.state.base import State
from app.state.codes import (
    NO_CODE,
    NO_MAIL,
    SENT_AGAIN,
    TOO_MANY,
    Given,
    OpenCode,
    code_in,
    told_wrong,
)

if TYPE_CHECKING:
    from app.state.portal import Portal

Asked = Literal["sent", "proven", "too soon", "too many", "busy", "no address", "not theirs"]
"""What came of asking for a code: `proven` where one was given a moment ago already, `no address`
where none is on record, `not theirs` where the shop sits there in the customer's place."""

CONFIRM_TITLE: Final = say("Please confirm that it is you")
NOT_SENT: Final[dict[Asked, Message]] = {
    "too soon": say(
        "The code is on its way, so no other was sent. It may take a moment to arrive. Please "
        "look among the unwanted mail too."
    ),
    "too many": TOO_MANY,
    "busy": NO_MAIL,
    "no address": say(
        "The shop has no e-mail address of yours to send a code to, so nothing was changed. "
        "Please write to the shop."
    ),
    "not theirs": THEIRS_ALONE,
}
"""Why none was sent."""


class StepUpCodes(Protocol):
    """Who sends codes to customers' own mailboxes and takes them back: `app.web.StepUpPost`."""

    async def ask(self, principal: Principal) -> Asked: ...

    async def find(self, principal: Principal) -> OpenCode | None: ...

    async def give(self, principal: Principal, code: str) -> Given: ...

    async def pause(self, principal: Principal) -> float: ...

    async def sent_to(self, principal: Principal) -> str: ...


class StepUpState(State):
    """The code that a press waits for.

    ::

        if await step_up.is_needed(action) and await step_up.begin():
            …                                   # the page shows a field for it
            await step_up.write("123 456")
            if await step_up.give(): …          # now the press goes on

    codes:    who sends them; without it nothing is asked here, and what needs a code is refused
    opener:   opens a dialog for a press that has none of its own, such as Undo
    code:     what was typed
    sent_to:  where the code went, told so that only its owner knows it; empty where none did
    may_send: whether another may be asked for by now
    wrong:    what is wrong with what was typed, or why no code was sent
    note:     what was done last, such as that a new code was sent
    """

    def __init__(self, portal: Portal) -> None:
        super().__init__()
        self.portal = portal
        self.codes: StepUpCodes | None = None
        self.opener: Callable[[], None] | None = None
        self.code = ""
        self.sent_to = ""
        self.may_send = True
        self.wrong: Message | None = None
        self.note: Message | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: asyncio.Future[bool] | None = None

    async def is_needed(self, action: Action) -> bool:
        """Whether the customer must give a code before this is done. The shop in the customer's
        place is asked for none: what needs one is refused."""
        portal = self.portal
        if portal.principal.acting is not Acting.SELF or portal.snapshot is None:
            return False
        try:
            return await needs_step_up(portal.services, portal.principal, action, portal.situation)
        except ActionError:
            return False  # it is not possible at all, which is told otherwise

    async def begin(self) -> bool:
        """Have a code sent, unless one is on its way; whether there is something to wait for."""
        if self.codes is None:
            return False
        self.code, self.wrong, self.note = "", None, None
        # Who has closed the dialog to look for the mail finds that code still good.
        known = await self.codes.find(self.portal.principal)
        is_open = known is not None and not known.is_proven
        asked: Asked = "too soon" if is_open else await self.codes.ask(self.portal.principal)
        await self._look()
        if asked not in ("sent", "proven", "too soon"):
            self.wrong = NOT_SENT[asked]
        self.changed.emit()
        return asked != "proven"

    async def write(self, text: str) -> None:
        """Take up what was typed. Nothing is judged before a press."""
        self.code = text

    async def send_again(self) -> bool:
        """Send a new code: the one before does not count any more. Whether it is on its way."""
        if self.is_busy or not self.may_send or self.codes is None:
            return False
        self.is_busy = True
        self.changed.emit()
        try:
            asked = await self.codes.ask(self.portal.principal)
        finally:
            self.is_busy = False
        await self._look()
        self.note, self.wrong = None, NOT_SENT.get(asked)
        if asked == "sent":
            self.note = SENT_AGAIN
        self.changed.emit()
        return asked == "sent"

    async def give(self) -> bool:
        """Give the code that was typed; whether it is right, so that the press goes on."""
        codes, principal = self.codes, self.portal.principal
        if self.is_busy or codes is None:
            return False
        known = await codes.find(principal)
        if known is not None and known.is_proven:
            return True  # in another window of this session
        if not self.sent_to:
            await self.begin()  # none was sent: this press asks for one again
            return False
        code = code_in(self.code)
        if code is None:
            return self._is_wrong(NO_CODE)
        self.is_busy = True
        try:
            given = await codes.give(principal, code)
        finally:
            self.is_busy = False
        if given == "right":
            self.code, self.wrong, self.note = "", None, None
            return True
        left = await codes.find(principal) if given == "wrong" else None
        return self._is_wrong(told_wrong(given, left))

    async def is_cleared(self, action: Action) -> bool:
        """For a press without a dialog of its own: ask in one, and wait for what comes of it."""
        if self.opener is None or not await self.is_needed(action) or not await self.begin():
            return True
        return await self._asked(self.opener)

    async def is_sure(self) -> bool:
        """For a press that no action stands for, by who came by a link: ask in a dialog, unless a
        code was given a moment ago, and wait for what comes of it."""
        if self.codes is None or self.opener is None:
            return False
        if not await self.begin():
            return True
        return await self._asked(self.opener)

    async def _asked(self, opener: Callable[[], None]) -> bool:
        self.leave()
        self._waiting = asyncio.get_running_loop().create_future()
        opener()
        return await self._waiting

    def go_on(self) -> None:
        """The code was right: what waits for it goes on."""
        self._answer(True)

    def leave(self) -> None:
        """The customer does not want to: what waits for it is not done."""
        self._answer(False)

    def close(self) -> None:
        self.leave()
        if self._timer is not None:
            self._timer.cancel()
        super().close()

    def _answer(self, is_proven: bool) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(is_proven)
        self._waiting = None

    def _is_wrong(self, text: Message) -> bool:
        self.wrong, self.note = text, None
        self.changed.emit()
        return False

    async def _look(self) -> None:
        """Look up where the code went, and when another may be asked for."""
        if self.codes is None:
            return
        is_sent = await self.codes.find(self.portal.principal) is not None
        self.sent_to = await self.codes.sent_to(self.portal.principal) if is_sent else ""
        pause = await self.codes.pause(self.portal.principal)
        self.may_send = pause <= 0
        if self._timer is not None:
            self._timer.cancel()
        if not self.may_send:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(pause, self._is_late)

    def _is_late(self) -> None:
        self._timer, self.may_send = None, True
        self.changed.emit()

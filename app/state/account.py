"""What is about the customer's account as such: where they are signed in, and a change of e-mail
address that waits for its code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.actions import Acting, LooksOnly, Principal
from app.i18n import say, say_many
from app.state.base import State
from app.state.codes import Given, OpenCode, Sent
from app.state.notice import Notice, notice_of
from app.state.portal import Portal
from app.state.step_up import StepUpCodes


class Device(Protocol):
    """One session of the customer: `app.auth.Device`."""

    @property
    def name(self) -> str: ...
    @property
    def browser(self) -> str: ...
    @property
    def system(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def first_seen(self) -> datetime: ...
    @property
    def last_seen(self) -> datetime: ...
    @property
    def is_here(self) -> bool: ...


class Devices(Protocol):
    """Who knows the sessions: `app.auth.Sessions`."""

    async def devices(self, principal: Principal) -> Sequence[Device]: ...

    async def end_device(self, principal: Principal, name: str) -> bool: ...

    async def end_others(self, principal: Principal) -> int: ...


class EmailCodes(Protocol):
    """Who sends codes to new addresses and takes them back: `app.web.EmailCodePost`."""

    async def ask(self, principal: Principal, email: str) -> Sent: ...

    async def find(self, principal: Principal) -> OpenCode | None: ...

    async def give(self, principal: Principal, code: str) -> Given: ...

    async def forget(self, principal: Principal) -> None: ...


@dataclass(frozen=True, slots=True)
class AccountDoors:
    """What the customer's page works with besides the records.

    step_up: without it no code to the customer's own mailbox is asked for on the page
    """

    devices: Devices
    emails: EmailCodes
    step_up: StepUpCodes | None = None


class AccountState(State):
    """The customer's sessions, and the change of e-mail address that is under way.

    devices: this session first, then those seen last; None while they are being looked up
    awaited: the address that a code was sent to, until it is given or has expired
    """

    def __init__(self, portal: Portal, doors: AccountDoors) -> None:
        super().__init__()
        self.portal = portal
        self.doors = doors
        self.devices: tuple[Device, ...] | None = None
        self.awaited: str | None = None

    @property
    def is_theirs(self) -> bool:
        """Whether it is the customer who is here, and nobody of the shop's."""
        return self.portal.principal.acting is Acting.SELF

    @property
    def others(self) -> int:
        """How many other sessions there are."""
        return sum(not one.is_here for one in self.devices or ())

    async def open(self) -> None:
        """Look both up."""
        principal = self.portal.principal
        self.devices = tuple(await self.doors.devices.devices(principal))
        await self.look()

    async def look(self) -> None:
        """Look up whether a change of address waits for its code."""
        code = await self.doors.emails.find(self.portal.principal)
        self.awaited = code.about if code else None
        self.changed.emit()

    async def sign_out(self, device: Device) -> None:
        """End one of the other sessions. Its pages close."""
        if not self.portal.principal.may_change:
            self.portal.tell(notice_of(LooksOnly()))
            return
        gone = await self.doors.devices.end_device(self.portal.principal, device.name)
        await self.open()
        done = say("That device is signed out. Its open pages close now.")
        over = say("That device was signed out already.")
        self.portal.tell(Notice("success" if gone else "info", done if gone else over))

    async def sign_out_others(self) -> None:
        """End every session but this one."""
        if not self.portal.principal.may_change:
            self.portal.tell(notice_of(LooksOnly()))
            return
        count = await self.doors.devices.end_others(self.portal.principal)
        await self.open()
        text = say_many(
            "{count} other device is signed out. Its open pages close now.",
            "{count} other devices are signed out. Their open pages close now.",
            count,
        )
        self.portal.tell(Notice("success", text))

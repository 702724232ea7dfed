"""The gallery's account: who the customer is, and where they are signed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from app.actions import Change, Effect, Preview
from app.i18n import say
from app.recharge import Customer
from app.state import (
    AccountState,
    BackupQuestion,
    CreditQuestion,
    Device,
    EmailQuestion,
    NameQuestion,
    Notice,
    PhoneQuestion,
    State,
)
from components.devices import DeviceList
from components.email_dialog import EmailDialog
from components.gallery.example import Example
from components.gallery.made_up import MadeUpPortal, made_up_question
from components.profile import PayingCard, ProfileCard
from components.profile_dialogs import BackupDialog, CreditDialog, NameDialog, PhoneDialog

_MARA = Customer(
    id=101,
    first_name="Mara",
    last_name="Lindqvist",
    email="mara.lindqvist@example.com",
    phone="+12075550101",
    backup_payment_methods_enabled=False,
)
_NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
_NEW = "mara@a-very-long-domain-name-of-somewhere.example.com"


@dataclass(frozen=True)
class MadeUpDevice:
    """A session that is not there."""

    name: str
    browser: str
    system: str
    method: str = "link"
    first_seen: datetime = _NOW - timedelta(hours=5)
    last_seen: datetime = _NOW
    is_here: bool = False


class MadeUpAccount(AccountState):
    """An account's state without anything behind it."""

    def __init__(self, devices: Sequence[Device] | None = None, awaited: str | None = None) -> None:
        State.__init__(self)
        self.portal = MadeUpPortal()
        self.devices = None if devices is None else tuple(devices)
        self.awaited = awaited

    async def open(self) -> None:
        self.changed.emit()

    async def sign_out(self, device: Device) -> None:
        self.devices = tuple(one for one in self.devices or () if one is not device)
        self.changed.emit()

    async def sign_out_others(self) -> None:
        self.devices = tuple(one for one in self.devices or () if one.is_here)
        self.changed.emit()


def _portal(customer: Customer = _MARA) -> MadeUpPortal:
    portal = MadeUpPortal()
    cast(Any, portal.snapshot).customer = customer
    return portal


def _profile(case: str, customer: Customer, awaited: str | None = None) -> Example:
    def draw(texts: Any) -> ProfileCard:
        account = MadeUpAccount(awaited=awaited)
        return ProfileCard.show(_portal(customer), texts, account)

    return Example(ProfileCard, case, draw, "ar" if case == "right to left" else "en")


def _paying(case: str, is_on: bool | None) -> Example:
    customer = _MARA.model_copy(
        update={
            "backup_payment_methods_enabled": is_on,
            "apply_credit_to_next_recurring_charge": bool(is_on),
        }
    )
    return Example(PayingCard, case, lambda texts: PayingCard.show(_portal(customer), texts))


def _devices(case: str, make: Callable[[], Sequence[Device] | None]) -> Example:
    return Example(
        DeviceList, case, lambda texts: DeviceList.show(MadeUpAccount(devices=make()), texts)
    )


_HERE = MadeUpDevice("1", "Firefox", "Windows", is_here=True)
_PHONE = MadeUpDevice("2", "Safari", "iPhone", "theme token")
_UNKNOWN = MadeUpDevice("3", "", "", "a way of tomorrow")

_NEW_NAME = Preview(
    Effect(
        question=say("Change your name?"),
        confirm=say("Save the name"),
        done=say("Your name is now {name}.", name="Mara Lind"),
        changes=(
            Change(
                "name",
                say("Your account has the name {name}.", name="Mara Lind"),
                before="Mara Lindqvist",
                after="Mara Lind",
            ),
        ),
        stays=(say("The names on your addresses and cards stay as they are."),),
    ),
    "",
)
_NEW_EMAIL = Preview(
    Effect(
        question=say("Change your e-mail address?"),
        confirm=say("Change my address"),
        done=say("Your e-mail address is now {email}.", email=_NEW),
        changes=(
            Change("email", say("You sign in with {email} from now on.", email=_NEW)),
            Change("mails", say("Mails about your deliveries go there too.")),
        ),
    ),
    "",
)


def _name(case: str, **values: Any) -> Example:
    fields = {"first_name": "Mara", "last_name": "Lind", **values}
    return Example(
        NameDialog,
        case,
        lambda texts: NameDialog.show(made_up_question(NameQuestion, **fields), texts),
    )


def _phone(case: str, **values: Any) -> Example:
    return Example(
        PhoneDialog,
        case,
        lambda texts: PhoneDialog.show(made_up_question(PhoneQuestion, **values), texts),
    )


def _email(case: str, **values: Any) -> Example:
    fields: dict[str, Any] = {
        "email": "",
        "code": "",
        "stage": "address",
        "sent_to": "",
        "wrong": {},
        "note": None,
        **values,
    }
    return Example(
        EmailDialog,
        case,
        lambda texts: EmailDialog.show(made_up_question(EmailQuestion, **fields), texts),
    )


_NO_NAME = Notice(
    "warning",
    say("Please write both names. Nothing was changed."),
    parts={"last_name": say("Please write your last name.")},
)
_NO_NUMBER = Notice(
    "warning",
    say("This does not look like a phone number."),
    parts={"phone": say("This does not look like a phone number.")},
)
_SENT: dict[str, Any] = {"stage": "code", "sent_to": _NEW}

EXAMPLES: tuple[Example, ...] = (
    _profile("complete", _MARA),
    _profile("bare", Customer(id=112, email="nobody@example.com")),
    _profile("a code was sent", _MARA, _NEW),
    _profile(
        "right to left",
        _MARA.model_copy(update={"first_name": "ليلى", "last_name": "خوري"}),
    ),
    _paying("off", False),
    _paying("on", True),
    _paying("not chosen", None),
    _devices("one", lambda: (_HERE,)),
    _devices("several", lambda: (_HERE, _PHONE, _UNKNOWN)),
    _devices("loading", lambda: None),
    _name("as it is"),
    _name("another", preview=_NEW_NAME),
    _name("a part is missing", last_name="", failure=_NO_NAME),
    _phone("as it is", phone="+12075550101"),
    _phone("no number", phone="12", failure=_NO_NUMBER),
    _email("which address"),
    _email("no address", email="mara", wrong={"email": say("This is no e-mail address.")}),
    _email("the code", preview=_NEW_EMAIL, **_SENT),
    _email(
        "a wrong code",
        preview=_NEW_EMAIL,
        wrong={"code": say("This is not the code that we sent.")},
        **_SENT,
    ),
    _email("a new code", preview=_NEW_EMAIL, note=say("A new code is on its way."), **_SENT),
    Example(
        BackupDialog,
        "on",
        lambda texts: BackupDialog.show(made_up_question(BackupQuestion, is_on=True), texts),
    ),
    Example(
        CreditDialog,
        "off",
        lambda texts: CreditDialog.show(made_up_question(CreditQuestion, is_on=False), texts),
    ),
)

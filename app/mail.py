"""Mail to customers, over SMTP.

::

    MailError
    ├── BadMail        an address or a header cannot be used; sending again is of no use
    └── NotDelivered   the mail server did not take it; nothing was sent
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

__all__ = ["BadMail", "Mail", "MailError", "Mailer", "NotDelivered", "SmtpMailer", "mail_address"]

_SECONDS = 20.0
"""How long one step of the conversation with the mail server may take."""

# Addresses are compared in small letters. The sign for kelvin becomes a plain "k" by that: whoever
# has a mailbox with it would be taken for whoever has the one without.
_PART = r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f\u212a]"
_ADDRESS = re.compile(rf"{_PART}{{1,64}}@{_PART}+")
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class MailError(Exception):
    """A mail was not sent. The text is for the log and holds no address."""


class BadMail(MailError):
    """An address or a header cannot be used; sending again is of no use."""


class NotDelivered(MailError):
    """The mail server did not take the mail, or was not there. Nothing was sent."""


def mail_address(text: str) -> str | None:
    """The one e-mail address that a person typed, or None when it is not one.

    Quoted and bracketed forms are refused: nobody's account has them, and lists of addresses and
    header injections do.
    """
    address = text.strip()
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        return None
    domain = address.rpartition("@")[2]
    if "." not in domain or domain.startswith((".", "-")) or ".." in address:
        return None
    return address


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one customer, as text and as HTML.

    `name` is equal for the same mail sent again, so that a mailbox can tell it is the same: 1 to 64
    letters, digits and hyphens. Without it the mail gets a name of its own.

    Raises:
        BadMail: `to` is not one address, or `subject` holds control characters, which could start
            a header of their own; or `name` holds what it must not.
    """

    to: str
    subject: str
    text: str
    html: str
    name: str = ""

    def __post_init__(self) -> None:
        if mail_address(self.to) != self.to:
            raise BadMail("the recipient is not one e-mail address")
        if not self.subject or _CONTROL.search(self.subject):
            raise BadMail("the subject is empty or holds control characters")
        if self.name and not _NAME.fullmatch(self.name):
            raise BadMail("the name holds other characters than letters, digits and hyphens")


class Mailer(Protocol):
    """Sends mail: `SmtpMailer`, or what the demo puts in its place."""

    async def send(self, mail: Mail) -> None:
        """Hand one mail over.

        Raises:
            MailError: it was not sent.
        """


class SmtpMailer:
    """Sends through one mail server.

    `url` is ``smtp://user:password@host:587``, which turns to TLS where the server offers it, or
    ``smtps://…``, which is TLS from the start (port 465). `sender` is an address, with or without
    a name before it, or a function that finds one, such as the store's.
    """

    def __init__(self, url: str, sender: str | Callable[[], Awaitable[str]]) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._is_tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        sender = self._sender if isinstance(self._sender, str) else await self._sender()
        message = _message(mail, sender)
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._is_tls,
                start_tls=False if self._is_tls else None,
                timeout=_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            # The server's words often repeat the address, so only the kind of failure is told.
            raise NotDelivered(type(error).__name__) from None


def _message(mail: Mail, sender: str) -> EmailMessage:
    name, address = parseaddr(sender)
    if mail_address(address) != address or _CONTROL.search(sender):
        raise BadMail("the sender is not an e-mail address")
    local, _, domain = address.rpartition("@")
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(name, local, domain)
        message["To"] = mail.to
        message["Subject"] = mail.subject
    except ValueError:
        raise BadMail("a header cannot be used") from None
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{mail.name}@{domain}>" if mail.name else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message

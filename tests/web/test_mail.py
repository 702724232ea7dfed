"""Mail goes out over SMTP: encrypted where the server offers it, and never with a second header."""

from __future__ import annotations

import email
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage, Message
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.mail import BadMail, Mail, Mailer, NotDelivered, SmtpMailer, mail_address

MAIL = Mail(
    to="mara.lindqvist@example.com",
    subject="Sign in to Café – Northbound",
    text="Open this link:\nhttps://account.shop.example/sign-in/x\n",
    html="<p>Open <a href='https://account.shop.example/sign-in/x'>this link</a></p>",
)


class Sink:
    """A mail server that keeps what it is given, and how it was given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.was_encrypted: list[bool] = []
        self.refuses = False

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return "554 5.7.1 mara.lindqvist@example.com is not wanted here"
        assert isinstance(envelope.content, bytes)
        message: Message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        assert smtp.transport is not None
        from_start = smtp.transport.get_extra_info("ssl_object") is not None
        self.was_encrypted.append(from_start or session.ssl is not None)
        return "250 OK"


class Server(Controller):
    """Listens at a port of its own choosing."""

    def __init__(self, sink: Sink, **options: Any) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        super().__init__(sink, hostname="127.0.0.1", port=port, **options)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def server(sink: Sink) -> Iterator[Server]:
    server = Server(sink)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("certificate")
    key, chain = folder / "key.pem", folder / "chain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", chain, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, chain


def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate[1], certificate[0])
    return context


async def test_a_mail_arrives_with_text_and_html(sink: Sink, server: Server) -> None:
    mailer: Mailer = SmtpMailer(
        f"smtp://127.0.0.1:{server.port}", "Northbound Coffee <hello@northbound.example>"
    )

    await mailer.send(MAIL)

    (mail,) = sink.mails
    assert mail["To"] == MAIL.to
    assert mail["From"] == "Northbound Coffee <hello@northbound.example>"
    assert mail["Subject"] == MAIL.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] is not None
    assert mail["Message-ID"].endswith("@northbound.example>")
    text, html = mail.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert text.get_content_type() == "text/plain"
    assert "https://account.shop.example/sign-in/x" in text.get_content()
    assert html.get_content_type() == "text/html"
    assert sink.recipients == [[MAIL.to]]


async def test_a_mail_with_a_name_has_it_each_time(sink: Sink, server: Server) -> None:
    mailer = SmtpMailer(f"smtp://127.0.0.1:{server.port}", "hello@northbound.example")
    for _ in range(2):
        await mailer.send(replace(MAIL, name="receipt-1"))
    assert [mail["Message-ID"] for mail in sink.mails] == ["<receipt-1@northbound.example>"] * 2


@pytest.mark.parametrize("name", ["a b", "x>\r\nBcc: y", "a@b", "x" * 65])
def test_a_mails_name_is_no_header(name: str) -> None:
    with pytest.raises(BadMail):
        replace(MAIL, name=name)


async def test_the_sender_may_be_found_when_it_is_needed(sink: Sink, server: Server) -> None:
    async def store() -> str:
        return "hello@northbound.example"

    await SmtpMailer(f"smtp://127.0.0.1:{server.port}", store).send(MAIL)

    assert sink.mails[0]["From"] == "hello@northbound.example"


async def test_the_password_goes_over_tls_where_the_server_offers_it(
    sink: Sink, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bytes, bytes]] = []

    def check(*given: Any) -> AuthResult:
        data = given[-1]
        assert isinstance(data, LoginPassword)
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    server = Server(
        sink,
        tls_context=tls(certificate),
        authenticator=check,
        auth_required=True,
        require_starttls=True,
    )
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    url = f"smtp://mail%40shop:p%2Fss@localhost:{server.port}"
    try:
        await SmtpMailer(url, "hello@northbound.example").send(MAIL)
    finally:
        server.stop()

    assert sink.was_encrypted == [True]
    assert seen == [(b"mail@shop", b"p/ss")]


async def test_tls_from_the_start(
    sink: Sink, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(sink, ssl_context=tls(certificate))
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    try:
        await SmtpMailer(f"smtps://localhost:{server.port}", "hello@northbound.example").send(MAIL)
    finally:
        server.stop()

    assert sink.was_encrypted == [True]


async def test_a_server_with_a_strange_certificate_gets_nothing(
    sink: Sink, certificate: tuple[Path, Path]
) -> None:
    server = Server(sink, tls_context=tls(certificate))
    server.start()
    try:
        mailer = SmtpMailer(f"smtp://localhost:{server.port}", "hello@northbound.example")
        with pytest.raises(NotDelivered):
            await mailer.send(MAIL)
    finally:
        server.stop()
    assert sink.mails == []


async def test_a_refusal_is_told_without_the_address(sink: Sink, server: Server) -> None:
    sink.refuses = True

    with pytest.raises(NotDelivered) as failure:
        await SmtpMailer(f"smtp://127.0.0.1:{server.port}", "hello@northbound.example").send(MAIL)

    assert "mara" not in str(failure.value)


async def test_no_server_is_told() -> None:
    with socket.socket() as taken:  # bound, but not listening
        taken.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(NotDelivered):
            await SmtpMailer(url, "hello@northbound.example").send(MAIL)


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("mara@example.com\r\nBcc: x@evil.example", "Sign in"),
        ("mara@example.com, x@evil.example", "Sign in"),
        ("Mara <mara@example.com>", "Sign in"),
        ("mara@example.com", "Sign in\r\nBcc: x@evil.example"),
        ("mara@example.com", "Sign in\nBcc: x@evil.example"),
        ("mara@example.com", "Sign in\x85Bcc: x@evil.example"),
        ("mara@example.com", "Sign in\u2028Bcc: x@evil.example"),
        ("mara@example.com", ""),
        ("", "Sign in"),
    ],
)
def test_no_header_is_smuggled_in(to: str, subject: str) -> None:
    with pytest.raises(BadMail):
        Mail(to=to, subject=subject, text="x", html="x")


@pytest.mark.parametrize("sender", ["", "x", "a@b.example\r\nBcc: x@evil.example", "@", "a b"])
async def test_a_bad_sender_sends_nothing(sink: Sink, server: Server, sender: str) -> None:
    with pytest.raises(BadMail):
        await SmtpMailer(f"smtp://127.0.0.1:{server.port}", sender).send(MAIL)

    assert sink.mails == []


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" mara@example.com ", "mara@example.com"),
        ("o'neill+shop@mail.example.co.uk", "o'neill+shop@mail.example.co.uk"),
        ("用户@例え.jp", "用户@例え.jp"),
        ("mara", None),
        ("mara@localhost", None),
        ("mara@example..com", None),
        ('"mara"@example.com', None),
        ("x" * 65 + "@example.com", None),
        ("mi\u212ae@example.com", None),  # the sign for kelvin is a "k" in small letters
    ],
)
def test_what_counts_as_an_address(typed: str, address: str | None) -> None:
    assert mail_address(typed) == address

"""What the tests of receipts by mail share: a mailer that keeps mails, and receipts to send."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from app.actions import CancelSubscription, Receipt, ReceiptKind, Result, Services
from app.actions.effect import Effect
from app.actions.receipt_rows import ReceiptRow
from app.i18n import Texts, say
from app.mail import Mail
from app.web import Pages, ReceiptPost
from tests.actions.shop import press, signed_in

JONAS = signed_in(102)
HIS = "jonas.weber@example.com"
ORIGIN = "https://account.shop.example"
SHOP = "Northbound Coffee & Pantry"


def pages(language: str = "en-GB") -> Pages:
    async def name() -> str:
        return SHOP

    return Pages(Texts(language), name)


def post_by(services: Services, mailer: Any) -> ReceiptPost:
    return ReceiptPost(services, mailer, pages(), ORIGIN)


class Box:
    """Keeps mails. `fails` may raise in place of that."""

    def __init__(self, fails: Callable[[Mail], None] = lambda _: None) -> None:
        self.mails: list[Mail] = []
        self.fails = fails

    async def send(self, mail: Mail) -> None:
        self.fails(mail)
        self.mails.append(mail)


async def row_of(services: Services, activity_id: str, customer_id: int = 102) -> ReceiptRow:
    row = await services.journal.receipts.of(customer_id, activity_id)
    assert row is not None
    return row


async def made_up(services: Services, receipt: Receipt, **options: Any) -> str:
    """A change with this receipt, recorded as done; nothing was sent to Recharge."""
    action = CancelSubscription(address_id=203, subscription_id=310)
    now = services.clock()
    claim, _ = await services.journal.claim(JONAS, action, press(), None, now)
    claim = await services.journal.begin(
        JONAS,
        claim,
        action,
        Effect(say("Cancel?"), say("Cancel"), say("Cancelled."), ()),
        inverse=None,
        undo_until=None,
        undoes=None,
        before={},
        now=now,
        receipt=receipt,
    )
    await services.journal.finish(claim, Result.DONE, say("Cancelled."), now=now, **options)
    return claim.activity_id


def about_coffee(name: str = "Coffee", **more: Any) -> Receipt:
    values: dict[str, Any] = {
        "kind": ReceiptKind.CANCELLED,
        "about": "subscription 310",
        "title": say("Your subscription to {name} is cancelled", name=name),
        "if_open": say("{name} is not cancelled", name=name),
        "changes": (say("{name} does not come any more.", name=name),),
    }
    return Receipt(**(values | more))


def both(mail: EmailMessage) -> tuple[str, str]:
    """The text and the HTML of a mail."""
    text, html = mail.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return text.get_content(), html.get_content()

"""What became of the receipt of an activity, for the customer's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.actions.base import Upstream
from app.actions.principal import Principal
from app.actions.receipt_rows import ReceiptState
from app.actions.receipts import Receipt
from app.actions.services import Services
from app.actions.write import read_back
from app.mirror import UnknownCustomer
from app.recharge import Priority


@dataclass(frozen=True, slots=True)
class IssuedReceipt:
    """A receipt that goes out by mail.

    number: what the customer can name it by: "C-7K2M-94QX"
    moment: when the customer asked for what it tells of, in the shop's zone
    state:  what became of the mail
    content: what it says
    to:     where it goes or went, told so that only its owner knows it: "m…@example.com"; empty
            where there is no address
    """

    number: str
    moment: datetime
    state: ReceiptState
    content: Receipt
    to: str


async def receipt_of(
    services: Services, principal: Principal, activity_id: str
) -> IssuedReceipt | None:
    """The receipt of an activity of this customer's; None where it has none, or none yet."""
    row = await services.journal.receipts.of(principal.customer_id, activity_id)
    if row is None:
        return None
    snapshot = await services.mirror.customer(principal.customer_id).snapshot()
    return IssuedReceipt(
        number=row.number,
        moment=row.at.astimezone(snapshot.shop.timezone),
        state=row.state,
        content=row.receipt,
        to=veiled(row.receipt.to or snapshot.customer.email or ""),
    )


async def address_of(services: Services, customer_id: int) -> str:
    """Where a customer gets mail, as the mirror has it now; empty where that is not known.

    Raises:
        RechargeError: Recharge had to be asked and did not answer.
    """
    try:
        snapshot = await services.mirror.customer(customer_id).snapshot()
    except UnknownCustomer:
        return ""
    return (snapshot.customer.email or "").strip()


async def shows(services: Services, customer_id: int, activity_id: str) -> bool:
    """Whether what was done shows in Recharge, by reading it now: for a result that could not be
    read back when it was recorded.

    Raises:
        RechargeError, MirrorError: it could not be read.
        ActionError: it is settled otherwise, or is under way upstream.
    """
    claim = await services.journal.find(customer_id, activity_id)
    if claim is None or claim.action is None:
        return False
    snapshot = await services.mirror.customer(customer_id).snapshot()
    nouns = claim.action.touches(services.situation(snapshot))
    after = await read_back(services, customer_id, nouns)
    client = services.client.with_options(priority=Priority.REPAIR, customer_id=customer_id)
    return await claim.action.is_done(Upstream(client, after))


def veiled(address: str) -> str:
    """An e-mail address of which only its owner knows the whole: "m…@example.com"."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local[:1]}…@{domain}" if at else ""

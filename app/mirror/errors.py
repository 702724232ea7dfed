"""What can go wrong with the mirror itself."""

from __future__ import annotations


class MirrorError(Exception):
    """The mirror cannot answer. The text is for the log."""


class UnknownCustomer(MirrorError):
    """Recharge knows no such customer. Nothing is kept of them."""

    def __init__(self, customer_id: int) -> None:
        super().__init__(f"customer {customer_id} is unknown to Recharge")
        self.customer_id = customer_id


class ForeignRow(MirrorError):
    """A record belongs to somebody else. Nothing of its transaction was stored."""

    def __init__(self, noun: str, record_id: int, owner: int | None, customer_id: int) -> None:
        whose = "nobody" if owner is None else f"customer {owner}"
        super().__init__(f"{noun} {record_id} is of {whose}, not of customer {customer_id}")
        self.customer_id = customer_id

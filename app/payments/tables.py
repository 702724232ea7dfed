"""The table of cards that are being added."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table

from app.database import Json, Moment, metadata

card_setups = Table(
    "card_setups",
    metadata,
    Column("id", String(43), primary_key=True),
    Column("shop", String(64), nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("maker", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    # The addresses that it is to pay for, and what else is wished.
    Column("address_ids", Json, nullable=False),
    Column("make_default", Boolean, nullable=False),
    Column("retry_charges", Boolean, nullable=False),
    # The processor's names, and what it tells of the card: never a number.
    Column("reference", String(255), nullable=False),
    Column("customer_token", String(255), nullable=False),
    Column("tokens", Json),
    # What puts it into the account, once.
    Column("key", String(64), nullable=False),
    Column("revision", String, nullable=False),
    Column("activity_id", String(32)),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
Index(None, card_setups.c.customer_id, card_setups.c.state)
Index(None, card_setups.c.expires_at)

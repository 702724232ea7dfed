"""A code beside each sign-in link, and rows for mails that nobody gets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_sign_in_codes"
down_revision = "0017_hand_offs"


def upgrade() -> None:
    # SQLite copies the table, since it cannot make a column of it optional.
    with op.batch_alter_table("sign_in_links") as table:
        table.alter_column("customer_id", existing_type=sa.BigInteger, nullable=True)
        for column in (
            sa.Column("visitor_digest", sa.String(64)),
            sa.Column("mailbox", sa.String(64)),
            sa.Column("code_salt", sa.String(64)),
            sa.Column("code_digest", sa.String(64)),
            sa.Column("code_length", sa.Integer),
            sa.Column("code_tries", sa.Integer, nullable=False, server_default="0"),
        ):
            table.add_column(column)
    op.create_index("ix_sign_in_links_visitor_digest", "sign_in_links", ["visitor_digest"])

"""Sign-ins that are under way at an identity provider, and the accounts there that customers use;
customers are looked up by their account in the shop too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_oidc"
down_revision = "0018_sign_in_codes"


def upgrade() -> None:
    # Empty until a customer's record is read again: who is not found here is asked for upstream.
    op.add_column("mirror_customers", sa.Column("external_customer_id", sa.String))
    op.create_index(
        "ix_mirror_customers_external_customer_id", "mirror_customers", ["external_customer_id"]
    )
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "provider_sign_ins",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_provider_sign_ins"),
    )
    op.create_index("ix_provider_sign_ins_expires_at", "provider_sign_ins", ["expires_at"])
    op.create_table(
        "provider_accounts",
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("realm", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("mailbox", sa.String(64), nullable=False),
        sa.Column("used_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("shop", "realm", "subject", name="pk_provider_accounts"),
    )
    op.create_index("ix_provider_accounts_used_at", "provider_accounts", ["used_at"])
    op.create_index(
        "ix_provider_accounts_customer_id",
        "provider_accounts",
        ["shop", "realm", "customer_id"],
        unique=True,
    )

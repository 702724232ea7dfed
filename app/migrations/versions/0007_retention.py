"""Wishes to leave, what became of them, the discounts that were taken instead, and who looks at all
that on the merchant's side."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_retention"
down_revision = "0006_once"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "retention_flows",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.BigInteger, nullable=False),
        sa.Column("door", sa.String(16), nullable=False),
        sa.Column("region", sa.String(16), nullable=False),
        sa.Column("may_offer", sa.Boolean, nullable=False),
        sa.Column("group", sa.String(16), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("open_as", sa.String(160)),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("reason_text", sa.Text, nullable=False),
        sa.Column("comments", sa.Text, nullable=False),
        sa.Column("offer", sa.String(16)),
        sa.Column("offered_at", moment),
        sa.Column("decision", sa.String(16)),
        sa.Column("decided_at", moment),
        sa.Column("saved_by", sa.String(16)),
        sa.Column("activity_id", sa.String(32)),
        sa.Column("presses", sa.Integer, nullable=False),
        sa.Column("is_made_up", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_retention_flows"),
        sa.UniqueConstraint("open_as", name="uq_retention_flows_open_as"),
    )
    op.create_index("ix_retention_flows_shop_started_at", "retention_flows", ["shop", "started_at"])
    op.create_index(
        "ix_retention_flows_customer_id_subject_id",
        "retention_flows",
        ["customer_id", "subject_id"],
    )
    op.create_table(
        "retention_follow_ups",
        sa.Column("flow_id", sa.String(32), nullable=False),
        sa.Column("days", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("taken_until", moment),
        sa.Column("is_active", sa.Boolean),
        sa.Column("checked_at", moment),
        sa.PrimaryKeyConstraint("flow_id", "days", name="pk_retention_follow_ups"),
    )
    op.create_index(
        "ix_retention_follow_ups_shop_checked_at_due_at",
        "retention_follow_ups",
        ["shop", "checked_at", "due_at"],
    )
    op.create_table(
        "retention_discounts",
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("slot", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("flow_id", sa.String(32), nullable=False),
        sa.Column("taken_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("shop", "customer_id", "slot", name="pk_retention_discounts"),
        sa.UniqueConstraint("flow_id", name="uq_retention_discounts_flow_id"),
    )
    op.create_table(
        "merchant_sessions",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_merchant_sessions"),
    )
    op.create_index("ix_merchant_sessions_expires_at", "merchant_sessions", ["expires_at"])

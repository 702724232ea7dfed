"""Short-lived bearers of framed sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_embed"
down_revision = "0019_oidc"


def upgrade() -> None:
    op.create_table(
        "embed_bearers",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_embed_bearers"),
    )
    op.create_index("ix_embed_bearers_session", "embed_bearers", ["session"])

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

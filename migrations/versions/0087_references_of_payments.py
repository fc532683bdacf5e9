"""Whether a payment has a reference: sealed columns cannot be searched.

Safe beside the previous release: no page of it writes payments.
"""

import sqlalchemy as sa
from alembic import op

revision = "0087_references_of_payments"
down_revision = "0086_evidence_bundles"


def upgrade() -> None:
    op.add_column("payment", sa.Column("has_reference", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("payment", "has_reference")

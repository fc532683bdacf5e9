"""Domains of whose addresses an event takes registrations in public.

Safe beside the previous release, which takes any address.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061_allowed_domains"
down_revision = "0060_certificate_code"


def upgrade() -> None:
    op.add_column("event", sa.Column("allowed_domains", sa.String(length=2000), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("event", "allowed_domains")

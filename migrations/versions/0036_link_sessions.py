"""Codes for the owners of links, and who may see what was told under them.

Safe beside the previous release: it does not know these tables, and shows what it showed.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0036_link_sessions"
down_revision = "0035_retention"


def upgrade() -> None:
    op.create_table(
        "link_code",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("link_id", name="pk_link_code"),
    )
    op.create_table(
        "link_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_session"),
        sa.UniqueConstraint("token_hash", name="uq_link_session_token_hash"),
    )
    op.create_index("ix_link_session_about_id", "link_session", ["about_id"])


def downgrade() -> None:
    op.drop_table("link_session")
    op.drop_table("link_code")

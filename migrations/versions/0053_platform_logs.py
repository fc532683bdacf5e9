"""Logs of online platforms.

Safe beside the previous release: to it the table is not there.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0053_platform_logs"
down_revision = "0052_scans"


def upgrade() -> None:
    op.create_table(
        "platform_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("least_minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.Column("applied_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_platform_log_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_log")),
    )
    op.create_index("ix_platform_log_event_id", "platform_log", ["event_id"])


def downgrade() -> None:
    op.drop_table("platform_log")

"""Sign-in sheets stay as they were made.

Safe beside the previous release: to it the table is not there.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0046_sheet_versions"
down_revision = "0045_attendance_records"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sheet_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet", sa.String(length=13), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("layout", document, nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sheet_version_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_version")),
        sa.UniqueConstraint("sheet", "version", name=op.f("uq_sheet_version_sheet_version")),
    )
    op.create_index(op.f("ix_sheet_version_event_id"), "sheet_version", ["event_id"])


def downgrade() -> None:
    op.drop_table("sheet_version")

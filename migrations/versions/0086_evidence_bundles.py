"""Bundles of evidence of a sheet.

Safe beside the previous release: the table is new.
"""

import sqlalchemy as sa
from alembic import op

revision = "0086_evidence_bundles"
down_revision = "0085_payments"


def upgrade() -> None:
    op.create_table(
        "evidence_bundle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_evidence_bundle_event_id_event")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["per_diem_sheet.id"], name=op.f("fk_evidence_bundle_sheet_id_per_diem_sheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_bundle")),
        sa.UniqueConstraint("sheet_id", name=op.f("uq_evidence_bundle_sheet_id")),
    )
    op.create_index(op.f("ix_evidence_bundle_event_id"), "evidence_bundle", ["event_id"])


def downgrade() -> None:
    op.drop_table("evidence_bundle")

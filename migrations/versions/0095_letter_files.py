"""Files of letters that jobs make.

Safe beside the previous release: the table is new.
"""

import sqlalchemy as sa
from alembic import op

revision = "0095_letter_files"
down_revision = "0094_payer_of_a_batch"


def upgrade() -> None:
    op.create_table(
        "letter_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("ending", sa.String(length=3), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_letter_file_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_file")),
        sa.UniqueConstraint("event_id", "kind", name=op.f("uq_letter_file_event_id_kind")),
    )


def downgrade() -> None:
    op.drop_table("letter_file")

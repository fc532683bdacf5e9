"""What people with parts in sessions were told.

Safe beside the previous release: to it there is no such table, and it tells them nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030_parts"
down_revision = "0029_topics"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "part_told",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content", document, nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_part_told_session_id_session")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_part_told_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_told")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_part_told_session_id_person_id")),
    )
    op.create_index(op.f("ix_part_told_person_id"), "part_told", ["person_id"])


def downgrade() -> None:
    op.drop_table("part_told")

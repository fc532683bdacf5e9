"""Remembered headings of lists.

Safe beside the previous release: it knows nothing of this table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014_headings"
down_revision = "0013_privacy"


def upgrade() -> None:
    op.create_table(
        "remembered_heading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("heading", sa.String(length=120), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_remembered_heading_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered_heading")),
        sa.UniqueConstraint("project_id", "heading", name=op.f("uq_remembered_heading_project_id_heading")),
    )


def downgrade() -> None:
    op.drop_table("remembered_heading")

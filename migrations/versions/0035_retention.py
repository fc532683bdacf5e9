"""What was announced and forgotten, what is on hold, and which day has been looked through.

Safe beside the previous release: it forgets nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0035_retention"
down_revision = "0034_told_in_confidence"


def upgrade() -> None:
    op.create_table(
        "forgetting",
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("announced_for", sa.Date(), nullable=True),
        sa.Column("forgotten_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_forgetting_project_id_project")),
        sa.PrimaryKeyConstraint("about_id", name=op.f("pk_forgetting")),
    )
    op.create_index(op.f("ix_forgetting_project_id"), "forgetting", ["project_id"])
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("held_at", UTCDateTime(), nullable=False),
        sa.Column("released_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_hold_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_project_id"), "hold", ["project_id"])
    op.create_index(
        "uq_hold_open",
        "hold",
        ["about_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "retention_day",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_retention_day")),
    )


def downgrade() -> None:
    for table in ("retention_day", "hold", "forgetting"):
        op.drop_table(table)

"""Institutions have an English name too, are added together, and two records of one are merged.

Safe beside the previous release: to it institutions have one name, and there are no such tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0041_institutions_in_bulk"
down_revision = "0040_list_imports"


def upgrade() -> None:
    op.create_table(
        "distinct_institutions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_distinct_institutions_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_institutions")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_distinct_institutions_first_id_second_id")),
    )
    op.create_index(op.f("ix_distinct_institutions_project_id"), "distinct_institutions", ["project_id"])

    op.create_table(
        "institution_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("added", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_institution_batch_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_batch")),
    )
    op.create_index(op.f("ix_institution_batch_project_id"), "institution_batch", ["project_id"])

    op.create_table(
        "institution_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("search", sa.String(length=250), nullable=False),
        sa.Column("search_en", sa.String(length=250), nullable=False),
        sa.Column("merged_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("merged", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("moved", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("removed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["kept_id"], ["institution.id"], name=op.f("fk_institution_merge_kept_id_institution")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_institution_merge_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_merge")),
    )
    op.create_index(op.f("ix_institution_merge_kept_id"), "institution_merge", ["kept_id"])
    op.create_index(op.f("ix_institution_merge_merged_id"), "institution_merge", ["merged_id"])
    op.create_index(op.f("ix_institution_merge_project_id"), "institution_merge", ["project_id"])

    with op.batch_alter_table("institution") as batch_op:
        batch_op.add_column(sa.Column("name_en", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("search_en", sa.String(length=250), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_institution_search_en"), ["search_en"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("institution") as batch_op:
        batch_op.drop_index(batch_op.f("ix_institution_search_en"))
        batch_op.drop_column("search_en")
        batch_op.drop_column("name_en")

    op.drop_table("institution_merge")

    op.drop_table("institution_batch")

    op.drop_table("distinct_institutions")

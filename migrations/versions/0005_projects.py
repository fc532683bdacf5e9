"""A project with its period, languages, retention and logos.

Safe beside the previous release: every new column has a default that it does not need to know.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_projects"
down_revision = "0004_directory"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "logo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_logo_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logo")),
    )
    with op.batch_alter_table("logo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_logo_project_id"), ["project_id"], unique=False)

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("languages", document, nullable=False, server_default='["tr", "en"]'))
        batch_op.add_column(sa.Column("keep_years", sa.Integer(), nullable=False, server_default="7"))
        batch_op.add_column(sa.Column("forget_months", sa.Integer(), nullable=False, server_default="24"))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_column("revision")
        batch_op.drop_column("forget_months")
        batch_op.drop_column("keep_years")
        batch_op.drop_column("languages")
        batch_op.drop_column("ends_on")
        batch_op.drop_column("starts_on")

    with op.batch_alter_table("logo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_logo_project_id"))

    op.drop_table("logo")

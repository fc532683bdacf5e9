"""Who gets the monthly report of a project, and which went.

Safe beside the previous release: to it the tables are not there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0089_monthly_reports"
down_revision = "0088_absences"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report_reader",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("file_format", sa.String(length=32), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("last_for", sa.Date(), nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("is_stopped_by_reader", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_report_reader_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_reader")),
        sa.UniqueConstraint("project_id", "address_key", name=op.f("uq_report_reader_project_id_address_key")),
    )
    op.create_index(op.f("ix_report_reader_project_id"), "report_reader", ["project_id"])
    op.create_table(
        "report_sent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_report_sent_project_id_project")),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["report_reader.id"], name=op.f("fk_report_sent_reader_id_report_reader")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_sent")),
        sa.UniqueConstraint("reader_id", "month", "key", name=op.f("uq_report_sent_reader_id_month_key")),
    )
    op.create_index(op.f("ix_report_sent_project_id"), "report_sent", ["project_id"])


def downgrade() -> None:
    op.drop_table("report_sent")
    op.drop_table("report_reader")

"""Certificates are issued with a number, and a project says who signs them.

Safe beside the previous release: to it the table and the columns are not there.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0047_certificates"
down_revision = "0046_sheet_versions"


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_certificate_project_id_project")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_certificate_event_id_event")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_certificate_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint(
            "project_id", "year", "serial", "issue", name=op.f("uq_certificate_project_id_year_serial_issue")
        ),
        sa.UniqueConstraint("code_hash", name=op.f("uq_certificate_code_hash")),
    )
    op.create_index(op.f("ix_certificate_event_id"), "certificate", ["event_id"])
    op.create_index(op.f("ix_certificate_registration_id"), "certificate", ["registration_id"])
    with op.batch_alter_table("project") as batch_op:
        batch_op.add_column(sa.Column("signatory", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(sa.Column("signatory_function", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("project") as batch_op:
        batch_op.drop_column("signatory_function")
        batch_op.drop_column("signatory")
    op.drop_table("certificate")

"""Every source of attendance keeps what it said, and an event says how much of it counts as attended.

Safe beside the previous release: to it the table is not there, and the column has a default. What it enters meanwhile
counts, without a record.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.ids import new_id

revision = "0045_attendance_records"
down_revision = "0044_inbound_message"


def upgrade() -> None:
    op.create_table(
        "attendance_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half", sa.String(length=32), nullable=False),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("happened_at", UTCDateTime(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_attendance_record_event_id_event")),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_attendance_record_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_record")),
    )
    op.create_index("ix_attendance_record_event_id", "attendance_record", ["event_id"])
    op.create_index("ix_attendance_record_evidence_id", "attendance_record", ["evidence_id"])
    op.create_index("ix_attendance_record_of", "attendance_record", ["registration_id", "day"])
    _record_what_counts()
    with op.batch_alter_table("event") as batch_op:
        batch_op.add_column(sa.Column("attendance_threshold", sa.Integer(), nullable=False, server_default="80"))


def downgrade() -> None:
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_column("attendance_threshold")
    op.drop_table("attendance_record")


def _columns() -> list[sa.ColumnClause[Any]]:
    uuids = [sa.column(name, sa.Uuid()) for name in ("event_id", "registration_id")]
    return [*uuids, sa.column("day", sa.Date()), sa.column("half"), sa.column("entered_at", UTCDateTime())]


def _more() -> list[sa.ColumnClause[Any]]:
    return [sa.column("id", sa.Uuid()), sa.column("is_present"), sa.column("source"), sa.column("reason")]


def _record_what_counts() -> None:
    """What counted before was entered from signed sheets."""
    counted, records = sa.table("attendance", *_columns()), sa.table("attendance_record", *_columns(), *_more())
    rows = op.get_bind().execute(sa.select(counted)).mappings().all()
    said = {"is_present": True, "source": "sheet", "reason": ""}
    for start in range(0, len(rows), 1000):
        op.bulk_insert(records, [{**row, "id": new_id(), **said} for row in rows[start : start + 1000]])

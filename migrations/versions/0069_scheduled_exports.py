"""Lists of participants that go out by themselves.

Safe beside the previous release: to it the tables are not there.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0069_scheduled_exports"
down_revision = "0068_rooming_lists"


def upgrade() -> None:
    op.create_table(
        "scheduled_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("rhythm", sa.String(length=32), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("mark", sa.String(length=32), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("last_for", sa.Date(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("end", sa.String(length=32), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_scheduled_export_a_day_of_the_week"),
        sa.CheckConstraint("days_before BETWEEN 1 AND 60", name="ck_scheduled_export_days_before_the_event"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_scheduled_export_event_id", "scheduled_export", ["event_id"])
    op.create_table(
        "scheduled_export_reader",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["export_id"], ["scheduled_export.id"]),
        sa.PrimaryKeyConstraint("export_id", "account_id"),
    )


def downgrade() -> None:
    op.drop_table("scheduled_export_reader")
    op.drop_table("scheduled_export")

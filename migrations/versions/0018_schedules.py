"""Mails that go by themselves.

Safe beside the previous release: it knows nothing of this table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018_schedules"
down_revision = "0017_campaigns"


def upgrade() -> None:
    op.create_table(
        "scheduled",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("anchor", sa.String(length=32), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=5), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("done_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_scheduled_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled")),
        sa.UniqueConstraint(
            "event_id", "purpose", "anchor", "days", name=op.f("uq_scheduled_event_id_purpose_anchor_days")
        ),
    )
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.create_index(
            "ix_scheduled_is_on",
            ["is_on"],
            unique=False,
            sqlite_where=sa.text("is_on"),
            postgresql_where=sa.text("is_on"),
        )


def downgrade() -> None:
    with op.batch_alter_table("scheduled", schema=None) as batch_op:
        batch_op.drop_index("ix_scheduled_is_on", sqlite_where=sa.text("is_on"), postgresql_where=sa.text("is_on"))

    op.drop_table("scheduled")

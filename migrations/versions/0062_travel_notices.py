"""What travellers were told last of their journeys.

Safe beside the previous release: to it the table is not there.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0062_travel_notices"
down_revision = "0061_allowed_domains"


def upgrade() -> None:
    op.create_table(
        "travel_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_travel_notice_event_id_event")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_travel_notice_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_notice")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_travel_notice_registration_id")),
    )
    with op.batch_alter_table("travel_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_travel_notice_event_id"), ["event_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("travel_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_travel_notice_event_id"))

    op.drop_table("travel_notice")

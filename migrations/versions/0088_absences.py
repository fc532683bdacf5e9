"""When people were away, and private nights.

Safe beside the previous release: to it the table is not there, and nights that it enters are not private.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0088_absences"
down_revision = "0087_references_of_payments"


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("leaves_at", UTCDateTime(), nullable=False),
        sa.Column("leaves_zone", sa.String(length=64), nullable=False),
        sa.Column("returns_at", UTCDateTime(), nullable=False),
        sa.Column("returns_zone", sa.String(length=64), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("returns_at > leaves_at", name=op.f("ck_absence_back_after_leaving")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_absence_event_id_event")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_absence_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_absence_registration_id")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_event_id"), ["event_id"], unique=False)
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_personal", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.drop_column("is_personal")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_event_id"))
    op.drop_table("absence")

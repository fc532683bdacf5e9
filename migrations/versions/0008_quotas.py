"""Quotas by category and institution.

Safe beside the previous release: it sells places by the event's own number, as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_quotas"
down_revision = "0007_materials"


def upgrade() -> None:
    op.create_table(
        "quota",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("category IS NOT NULL OR institution_id IS NOT NULL", name=op.f("ck_quota_of_something")),
        sa.CheckConstraint("places >= 0", name=op.f("ck_quota_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_quota_event_id_event")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_quota_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
    )
    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quota_institution_id"), ["institution_id"], unique=False)

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(length=32), nullable=False, server_default="participant"))


def downgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_column("category")

    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quota_institution_id"))
        batch_op.drop_index(batch_op.f("ix_quota_event_id"))

    op.drop_table("quota")

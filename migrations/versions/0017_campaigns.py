"""Campaigns and suppression.

Safe beside the previous release: it sends bulk mail to nobody and knows no suppression.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017_campaigns"
down_revision = "0016_guests"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "suppression",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint("address_key", name=op.f("uq_suppression_address_key")),
    )
    op.create_table(
        "unsubscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsubscription_person_id_person")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_unsubscription_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsubscription")),
        sa.UniqueConstraint("person_id", "project_id", name=op.f("uq_unsubscription_person_id_project_id")),
    )
    with op.batch_alter_table("unsubscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unsubscription_person_id"), ["person_id"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subject_en", sa.String(length=200), nullable=False),
        sa.Column("subject_tr", sa.String(length=200), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("text_tr", sa.String(), nullable=False),
        sa.Column("wanted", document, nullable=False),
        sa.Column("materials", document, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_campaign_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_event_id"), ["event_id"], unique=False)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_bulk", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("is_bulk")

    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_event_id"))

    op.drop_table("campaign")
    with op.batch_alter_table("unsubscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unsubscription_person_id"))

    op.drop_table("unsubscription")
    op.drop_table("suppression")

"""Shared calendars.

Safe beside the previous release: it knows nothing of this table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021_shared_feeds"
down_revision = "0020_sent_at"


def upgrade() -> None:
    op.create_table(
        "shared_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("component_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("as_days", sa.Boolean(), nullable=False),
        sa.Column("alarm_minutes", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["component_id"], ["component.id"], name=op.f("fk_shared_feed_component_id_component")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_shared_feed_event_id_event")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shared_feed_person_id_person")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_shared_feed_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shared_feed_token_hash")),
    )
    with op.batch_alter_table("shared_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shared_feed_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shared_feed_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shared_feed_project_id"), ["project_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("shared_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shared_feed_project_id"))
        batch_op.drop_index(batch_op.f("ix_shared_feed_person_id"))
        batch_op.drop_index(batch_op.f("ix_shared_feed_event_id"))

    op.drop_table("shared_feed")

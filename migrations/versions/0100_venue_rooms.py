"""Rooms of a venue with their seats, and a revision of sessions, so that a lost update of one is refused.

Safe beside the previous release: it knows neither, and a session that it writes keeps its revision.
"""

import sqlalchemy as sa
from alembic import op

revision = "0100_venue_rooms"
down_revision = "0099_pasted_sessions"


def upgrade() -> None:
    op.create_table(
        "venue_room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("equipment", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_venue_room_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_room")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_venue_room_event_id_name")),
    )
    with op.batch_alter_table("session") as table:
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("session") as table:
        table.drop_column("revision")
    op.drop_table("venue_room")

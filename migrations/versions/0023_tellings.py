"""What people were told of an event.

Safe beside the previous release: to it there is no such table, and it tells changes without naming them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023_tellings"
down_revision = "0022_feed_options"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "telling",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("content", document, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_telling_event_id_event")),
        sa.PrimaryKeyConstraint("event_id", "sequence", name=op.f("pk_telling")),
    )


def downgrade() -> None:
    op.drop_table("telling")

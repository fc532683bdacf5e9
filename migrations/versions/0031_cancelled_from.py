"""What an event was before it was called off.

Safe beside the previous release: it calls events off without saying what they were, and these count as published.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031_cancelled_from"
down_revision = "0030_parts"


def upgrade() -> None:
    with op.batch_alter_table("event") as event:
        event.add_column(sa.Column("cancelled_from", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("event") as event:
        event.drop_column("cancelled_from")

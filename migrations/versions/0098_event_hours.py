"""When an event starts on its first day and ends on its last, by the clock of its zone.

Safe beside the previous release: the columns may be empty, and it does not know them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0098_event_hours"
down_revision = "0097_message_batches"


def upgrade() -> None:
    op.add_column("event", sa.Column("start_time", sa.Time(), nullable=True))
    op.add_column("event", sa.Column("end_time", sa.Time(), nullable=True))


def downgrade() -> None:
    op.drop_column("event", "end_time")
    op.drop_column("event", "start_time")
